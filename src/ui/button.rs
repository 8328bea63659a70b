//! Buttons, links that look like buttons, and the copy button.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// How loud a button is. A page has at most one [`ButtonKind::Primary`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Quiet,
    Danger,
    /// Looks like a text link; for the last column of a table.
    Plain,
}

impl ButtonKind {
    fn name(self) -> &'static str {
        match self {
            ButtonKind::Primary => "primary",
            ButtonKind::Quiet => "quiet",
            ButtonKind::Danger => "danger",
            ButtonKind::Plain => "plain",
        }
    }
}

/// A submit button. Its label is a verb and its object: «Confirmar creadora».
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    /// Posted with the form when this button was pressed.
    #[prop(optional, into)]
    name: Text,
    #[prop(optional, into)] value: Text,
    /// Address that replaces the form's own.
    #[prop(optional, into)]
    formaction: Text,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] testid: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            data-kind=kind.name()
            type="submit"
            name=name.get()
            value=value.get()
            formaction=formaction.get()
            disabled=disabled
            data-testid=testid.get()
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span>{children()}</span>
        </button>
    }
}

/// A link with the weight of a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Cow<'static, str>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    /// Drawn after the words; an arrow that says "onwards".
    #[prop(optional)]
    trailing: Option<Glyph>,
    /// File name to save under: makes the link a download.
    #[prop(optional, into)]
    download: Text,
    #[prop(optional, into)] testid: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="button" data-kind=kind.name() href=href download=download.get() data-testid=testid.get()>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span>{children()}</span>
            {trailing.map(|glyph| view! { <Icon glyph/> })}
        </a>
    }
}

/// Copies `text`, or the text of the element `from` points at (`#id`). Absent without script, where selecting by hand
/// does the same.
#[component]
pub fn CopyButton(
    #[prop(into)] label: Cow<'static, str>,
    /// Said once the text is on the clipboard.
    #[prop(into)]
    done: Cow<'static, str>,
    #[prop(optional, into)] text: Text,
    #[prop(optional, into)] from: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    view! {
        <button
            class="button needs-script"
            data-kind="quiet"
            type="button"
            data-copy=text.get()
            data-copy-from=from.get()
            data-done=done
            data-testid=testid.get()
        >
            <Icon glyph=Glyph::Copy/>
            <span aria-live="polite">{label}</span>
        </button>
    }
}
