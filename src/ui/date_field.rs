//! A day, chosen with the browser's own calendar.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{
    Text,
    field::{FieldIds, frame},
};

/// A native date input: values are `AAAA-MM-DD`, a local day of America/Asuncion.
#[component]
pub fn DateField(
    #[prop(into)] name: Cow<'static, str>,
    #[prop(into)] label: Cow<'static, str>,
    #[prop(optional, into)] value: Text,
    #[prop(optional, into)] error: Text,
    #[prop(optional, into)] hint: Text,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] min: Text,
    #[prop(optional, into)] max: Text,
    #[prop(optional, into)] id: Text,
    #[prop(optional, into)] testid: Text,
) -> impl IntoView {
    let ids = FieldIds::new(&name, id, hint.is_some(), error.is_some());
    let control = view! {
        <input
            class="input"
            id=ids.control.clone()
            type="date"
            name=name
            value=value.get()
            min=min.get()
            max=max.get()
            required=required
            aria-invalid=error.is_some().then_some("true")
            aria-describedby=ids.described_by.clone()
            data-testid=testid.get()
        />
    };
    frame(&ids, label, required, hint, error, control)
}
