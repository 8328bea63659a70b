//! A zero, explained.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

/// «Todavía no hay…» and where to begin.
#[component]
pub fn EmptyState(
    #[prop(into)] title: Cow<'static, str>,
    #[prop(optional, into)] hint: Text,
    #[prop(optional, into)] testid: Text,
    /// The way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" data-testid=testid.get()>
            <p class="empty-title">{title}</p>
            {hint.get().map(|hint| view! { <p>{hint}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
