//! A failure, said plainly: what happened, what was not lost, what to do, and a reference to quote.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;
use crate::i18n::ui as words;

/// In place of a list that could not be loaded, or as the whole of an error page.
#[component]
pub fn ErrorState(
    #[prop(into)] title: Cow<'static, str>,
    #[prop(optional, into)] detail: Text,
    /// The number somebody can quote to support.
    #[prop(optional, into)]
    reference: Text,
    /// Heading level: an error page's title is the page's `h1`.
    #[prop(optional)]
    is_page: bool,
    /// Retry and ways out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if is_page {
        view! { <h1 class="error-title">{title}</h1> }.into_any()
    } else {
        view! { <p class="error-title">{title}</p> }.into_any()
    };
    view! {
        <div class="error-state" data-page=is_page.then_some("") role=(!is_page).then_some("alert") data-testid="error-state">
            {heading}
            {detail.get().map(|detail| view! { <p>{detail}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
            {reference
                .get()
                .map(|reference| {
                    view! {
                        <p class="error-reference">
                            {words::REFERENCE} " " <code class="mono" data-testid="error-reference">{reference}</code>
                        </p>
                    }
                })}
        </div>
    }
}
