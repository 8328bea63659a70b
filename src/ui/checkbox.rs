//! A yes or no.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Text, field::FieldIds};

/// A checkbox with its sentence beside it; the whole line is the target.
#[component]
pub fn Checkbox(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional)] checked: bool,
    #[prop(default = "on".into(), into)] value: Cow<'static, str>,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let ids = FieldIds::new(&name, id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <div class="checkbox">
            <input
                id=ids.control.clone()
                type="checkbox"
                name=name
                value=value
                checked=checked
                required=required
                aria-invalid=invalid
                aria-describedby=ids.described_by.clone()
                data-testid=testid.get()
            />
            <label for=ids.control.clone()>{label}</label>
            {error.get().map(|text| view! { <p class="field-error" id=format!("{}-error", ids.control)>{text}</p> })}
            {hint.get().map(|text| view! { <p class="field-hint" id=format!("{}-hint", ids.control)>{text}</p> })}
        </div>
    }
}
