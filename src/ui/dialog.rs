//! A question or a small form opened from a button.
//!
//! Written as `<details>`, so without script it opens in place. `public/js/ui.js` turns the summary into the opener of
//! a native modal `<dialog>` holding the same content: focus is trapped, Escape closes, the form is the same form.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{ButtonKind, Glyph, Icon, Text};
use crate::i18n::ui as words;

#[component]
pub fn Dialog(
    /// Unique on the page.
    #[prop(into)]
    id: Cow<'static, str>,
    /// The words on the opening button.
    #[prop(into)]
    opener: Cow<'static, str>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(into)] title: Cow<'static, str>,
    /// Open from the start: after a refused form.
    #[prop(optional)]
    open: bool,
    #[prop(optional, into)] testid: Text,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let variant = match kind {
        ButtonKind::Primary => "primary",
        ButtonKind::Quiet => "quiet",
        ButtonKind::Danger => "danger",
        ButtonKind::Plain => "plain",
    };
    view! {
        <details class="dialog" id=id data-dialog="" open=open>
            <summary class="button" data-kind=variant data-testid=testid.get()>
                {icon.map(|glyph| view! { <Icon glyph/> })}
                <span>{opener}</span>
            </summary>
            <div class="dialog-panel" role="group" aria-labelledby=labelled_by>
                <header>
                    <h2 id=heading>{title}</h2>
                    <button class="icon-button needs-script" type="button" data-close="" aria-label=words::CLOSE>
                        <Icon glyph=Glyph::X/>
                    </button>
                </header>
                {children()}
            </div>
        </details>
    }
}
