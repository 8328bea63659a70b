//! A choice out of a short list.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{
    Glyph, Icon, Text,
    field::{FieldIds, frame},
};

/// One choice: what is posted and what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: Cow<'static, str>,
    pub label: Cow<'static, str>,
}

impl Choice {
    pub fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A native select. Inside a form with `data-autosubmit` a change submits the form; without script its button does.
#[component]
pub fn Select(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let ids = FieldIds::new(&name, id, hint.is_some(), error.is_some());
    let chosen = value.get();
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = chosen.as_deref() == Some(choice.value.as_ref());
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    let control = view! {
        <div class="select">
            <select
                class="input"
                id=ids.control.clone()
                name=name
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=ids.described_by.clone()
                data-testid=testid.get()
            >
                {options}
            </select>
            <Icon glyph=Glyph::ChevronDown/>
        </div>
    };
    // A select always has a value, so "optional" beside its label would say nothing.
    frame(&ids, label, true, hint, error, control)
}
