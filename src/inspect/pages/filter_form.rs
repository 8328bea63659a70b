//! Filter, order and columns: one form, whose answer is an address.

use leptos::prelude::*;

use crate::error::FieldProblem;
use crate::i18n::{filters, inspect as words};
use crate::inspect::documents::Asked;
use crate::inspect::filter::{Condition, Kind, Operator};
use crate::inspect::sort::Sort;
use crate::ui::{Button, ButtonKind, Choice, Field, Select, TextArea};

/// The form. The filter's conditions come back as typed, with one empty row more.
pub(super) fn form(address: &str, asked: &Asked, sorts: &[Sort], problems: &[FieldProblem]) -> AnyView {
    let problem =
        |field: &str| problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone());
    let mut conditions = asked.filter.conditions.clone();
    conditions.push(Condition::default());
    let rows = conditions
        .iter()
        .enumerate()
        .map(|(at, condition)| {
            let id = |name: &str| format!("f-{name}-{at}");
            let operators = Operator::ALL.map(|op| Choice::new(op.code(), filters::operator(op))).to_vec();
            let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), filters::kind(kind))).to_vec();
            let error = ["field", "op", "type"].iter().find_map(|name| problem(&format!("{name}.{at}")));
            view! {
                <div class="filter-row">
                    <Field name="field" id=id("field") label=words::FIELD value=condition.field.clone() error/>
                    <Select name="op" id=id("op") label=words::OPERATOR choices=operators value=condition.op.clone()/>
                    <Select name="type" id=id("type") label=words::TYPE choices=kinds value=condition.kind.clone()/>
                    <Field
                        name="value"
                        id=id("value")
                        label=words::VALUE
                        value=condition.value.clone()
                        error=problem(&format!("value.{at}"))
                    />
                </div>
            }
        })
        .collect_view();
    let sorts = sorts
        .iter()
        .flat_map(|sort| [false, true].map(|backwards| (sort.name(backwards), label(sort, backwards))))
        .map(|(name, label)| Choice::new(name, label))
        .collect::<Vec<_>>();
    let sort = if asked.sort.is_empty() { "_id".to_owned() } else { asked.sort.clone() };
    let preset =
        (!asked.preset.is_empty()).then(|| view! { <input type="hidden" name="preset" value=asked.preset.clone()/> });
    let open = !problems.is_empty();
    view! {
        <details class="disclosure" open=open data-testid="filter">
            <summary>{words::REFINE}</summary>
            <form method="get" action=address.to_owned() class="stack">
                {preset} {rows}
                <TextArea
                    name="raw"
                    label=words::RAW
                    hint=words::RAW_HINT
                    value=asked.filter.raw.clone()
                    error=problem("raw")
                    rows=2
                    mono=true
                />
                <div class="filter-row">
                    <Select name="sort" label=words::SORT choices=sorts value=sort/>
                    <Field name="columns" label=words::COLUMNS hint=words::COLUMNS_HINT value=asked.columns.join(", ")/>
                    <Button kind=ButtonKind::Primary testid="filter-apply">{words::APPLY}</Button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// «city ↑, score ↓».
fn label(sort: &Sort, backwards: bool) -> String {
    let name = sort.name(backwards);
    let part = |part: &str| match part.strip_prefix('-') {
        Some(path) => format!("{path} {}", words::DESCENDING),
        None => format!("{part} {}", words::ASCENDING),
    };
    name.split(',').map(part).collect::<Vec<_>>().join(", ")
}
