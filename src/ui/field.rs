//! One-line text inputs, and the frame (label, hint, error) every field shares.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};
use crate::i18n::ui as words;

/// What a browser should offer and check for a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldType {
    #[default]
    Text,
    Email,
    Password,
    Search,
    Tel,
    Url,
    Number,
}

impl FieldType {
    fn name(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Email => "email",
            FieldType::Password => "password",
            FieldType::Search => "search",
            FieldType::Tel => "tel",
            FieldType::Url => "url",
            FieldType::Number => "number",
        }
    }
}

/// Ids that tie a control to its hint and its error.
pub(super) struct FieldIds {
    pub control: String,
    hint: String,
    error: String,
    /// For `aria-describedby`: only what is on the page.
    pub described_by: Option<String>,
}

impl FieldIds {
    pub fn new(name: &str, id: Text, has_hint: bool, has_error: bool) -> Self {
        let control = id.get().map_or_else(|| format!("f-{name}"), Cow::into_owned);
        let hint = format!("{control}-hint");
        let error = format!("{control}-error");
        let described_by = match (has_error, has_hint) {
            (true, true) => Some(format!("{error} {hint}")),
            (true, false) => Some(error.clone()),
            (false, true) => Some(hint.clone()),
            (false, false) => None,
        };
        Self { control, hint, error, described_by }
    }
}

/// Label above, control, then the error or the hint below it.
pub(super) fn frame(
    ids: &FieldIds,
    label: Cow<'static, str>,
    required: bool,
    hint: Text,
    error: Text,
    control: impl IntoAny,
) -> AnyView {
    let hint = hint.get().map(|text| view! { <p class="field-hint" id=ids.hint.clone()>{text}</p> });
    let error = error.get().map(|text| {
        view! {
            <p class="field-error" id=ids.error.clone()>
                <Icon glyph=Glyph::TriangleAlert/>
                {text}
            </p>
        }
    });
    view! {
        <div class="field">
            <label for=ids.control.clone()>
                {label} {(!required).then(|| view! { <span class="field-optional">{words::OPTIONAL}</span> })}
            </label>
            {control.into_any()}
            {error}
            {hint}
        </div>
    }
    .into_any()
}

/// A one-line input. The value survives a refused form: give back what was typed (never a password).
#[component]
pub fn Field(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional)] required: bool,
    #[prop(optional)] r#type: FieldType,
    #[prop(optional, into)] autocomplete: Text,
    #[prop(optional, into)] placeholder: Text,
    #[prop(optional, into)] inputmode: Text,
    #[prop(optional)] maxlength: Option<u32>,
    /// At most one per page, and only where typing is the page's purpose.
    #[prop(optional)]
    autofocus: bool,
    /// Only needed when two forms on a page have a field of the same name.
    #[prop(optional, into)]
    id: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let ids = FieldIds::new(&name, id, hint.is_some(), error.is_some());
    let is_password = r#type == FieldType::Password;
    let toggle = is_password.then(|| {
        view! {
            <button
                class="field-toggle needs-script"
                type="button"
                data-unmask=ids.control.clone()
                data-shown=words::HIDE_PASSWORD
                aria-pressed="false"
            >
                {words::SHOW_PASSWORD}
            </button>
        }
    });
    let input = view! {
        <input
            class="input"
            id=ids.control.clone()
            type=r#type.name()
            name=name
            value=value.get()
            required=required
            autocomplete=autocomplete.get()
            placeholder=placeholder.get()
            inputmode=inputmode.get()
            maxlength=maxlength.map(|n| n.to_string())
            autofocus=autofocus
            aria-invalid=error.is_some().then_some("true")
            aria-describedby=ids.described_by.clone()
            data-testid=testid.get()
        />
    };
    let control = match toggle {
        Some(toggle) => view! { <div class="input-group">{input} {toggle}</div> }.into_any(),
        None => input.into_any(),
    };
    frame(&ids, label, required, hint, error, control)
}

/// The search box of a list: its label is for screen readers, `/` focuses it.
#[component]
pub fn SearchField(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] placeholder: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let placeholder = placeholder.or(label.clone());
    let landmark = label.clone();
    view! {
        <div class="search" role="search" aria-label=landmark>
            <Icon glyph=Glyph::Search/>
            <input
                class="input"
                type="search"
                name=name
                value=value.get()
                placeholder=placeholder
                aria-label=label
                aria-keyshortcuts="/"
                data-search=""
                data-testid=testid.get()
            />
            <kbd class="search-key needs-script" aria-hidden="true">"/"</kbd>
        </div>
    }
}
