//! A face.

use leptos::prelude::*;

use crate::i18n::creators as words;
use crate::media::{Width, presented};

/// The picture, or the name's first letter.
#[component]
pub fn Portrait(
    /// Where the picture is, if there is one.
    url: Option<String>,
    /// Whose.
    name: String,
) -> impl IntoView {
    match url {
        Some(url) => {
            let src = presented(&url, Width::Medium);
            view! { <img class="portrait" src=src alt=words::PICTURE_ALT width="96" height="96"/> }.into_any()
        }
        None => {
            let initial = name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            view! { <span class="portrait" aria-hidden="true">{initial}</span> }.into_any()
        }
    }
}
