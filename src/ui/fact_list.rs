//! Facts as a definition list.

use std::borrow::Cow;

use leptos::prelude::*;

/// One fact. The value may be any view: a date, a status, a link.
pub struct Fact {
    pub label: Cow<'static, str>,
    pub value: AnyView,
}

impl Fact {
    pub fn new(label: impl Into<Cow<'static, str>>, value: impl IntoAny) -> Self {
        Self { label: label.into(), value: value.into_any() }
    }
}

#[component]
pub fn FactList(facts: Vec<Fact>) -> impl IntoView {
    let rows = facts
        .into_iter()
        .map(|fact| {
            view! {
                <div>
                    <dt>{fact.label}</dt>
                    <dd>{fact.value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}
