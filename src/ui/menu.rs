//! A menu that opens in place: `<details>`, so it needs no script; script adds closing by Escape and by clicking away.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// Children are links and form buttons.
#[component]
pub fn Menu(
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional)] icon: Option<Glyph>,
    /// Opens towards the left edge of its button; for menus at the right of the page.
    #[prop(optional)]
    align_end: bool,
    #[prop(optional, into)] testid: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="menu" data-menu="" data-align=align_end.then_some("end")>
            <summary class="button" data-kind="quiet" data-testid=testid.get()>
                {icon.map(|glyph| view! { <Icon glyph/> })}
                <span>{label}</span>
                <Icon glyph=Glyph::ChevronDown/>
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
}
