//! The top of a page: what it is, in one line, and the one thing to do next.

use std::borrow::Cow;

use leptos::prelude::*;

use super::Text;

/// Title, one-sentence purpose, and at the right the page's actions.
#[component]
pub fn PageHead(
    #[prop(into)] title: Cow<'static, str>,
    #[prop(optional, into)] purpose: Text,
    /// The title is an id or a technical name.
    #[prop(optional)]
    mono: bool,
    /// Marks and states beside the title.
    #[prop(optional, into)]
    marks: Option<AnyView>,
    /// Actions; at most one of them primary.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="page-head-words">
                <h1>
                    <span class:mono=mono>{title}</span>
                    {marks}
                </h1>
                {purpose.get().map(|purpose| view! { <p>{purpose}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </header>
    }
}
