//! The shape of what is being loaded.

use leptos::prelude::*;

use crate::i18n::ui as words;

/// `lines` grey lines in place of a list that an island is still fetching.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u8) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=words::LOADING>
            {(0..lines).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
}
