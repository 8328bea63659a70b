//! A face.

use leptos::prelude::*;

use super::model::Creator;
use crate::media::{Width, presented};

/// How large a face is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceSize {
    /// In a row of a list.
    Row,
    /// On a person's own page.
    Page,
}

/// The name's first letter and, over it, the picture: whoever has none, or one that doesn't load, still has a face. It
/// always stands beside the name, so it says nothing itself.
#[component]
pub fn Face(
    /// Where the picture is stored.
    url: Option<String>,
    /// Whose.
    name: String,
    size: FaceSize,
) -> impl IntoView {
    let (class, width, side) = match size {
        FaceSize::Row => ("face", Width::Small, 32),
        FaceSize::Page => ("portrait", Width::Medium, 96),
    };
    let initial: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    let image = url.and_then(|url| presented(&url, width));
    let image = image.map(|src| view! { <img src=src alt="" width=side height=side loading="lazy"/> });
    view! {
        <span class=class aria-hidden="true">
            {initial}
            {image}
        </span>
    }
}

/// A creator's face in a row of a list.
pub fn row_face(creator: &Creator) -> AnyView {
    view! { <Face url=creator.profile_picture.clone() name=creator.name.clone() size=FaceSize::Row/> }.into_any()
}
