//! A word with an explanation.

use std::borrow::Cow;

use leptos::prelude::*;

/// Shows `tip` on hover and on keyboard focus, and reads it with the word. Never the only home of something needed.
#[component]
pub fn Tooltip(
    /// Unique on the page.
    #[prop(into)]
    id: Cow<'static, str>,
    #[prop(into)] tip: Cow<'static, str>,
    children: Children,
) -> impl IntoView {
    let described_by = id.clone();
    view! {
        <span class="tooltip" tabindex="0" aria-describedby=described_by>
            {children()}
            <span class="tooltip-tip" role="tooltip" id=id>
                {tip}
            </span>
        </span>
    }
}
