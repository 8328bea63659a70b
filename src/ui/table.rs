//! Tables: sort links in the head, a head that stays, and on phones two lines per row.
//!
//! A page gives [`Column`]s and writes its rows as `<tr>` of [`Cell`]s. On a phone the row folds: the primary cell takes
//! the first line, the others follow on the second, each with its `unit` («354 documentos»).

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Icon, Text};
use crate::i18n::ui as words;

/// What a cell is, which decides alignment, weight and its place on a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// The identifying column: first and heavier.
    Primary,
    #[default]
    Text,
    /// Right-aligned, tabular figures.
    Number,
    /// The last column: plain links.
    Action,
    /// Left out on phones.
    Wide,
    /// Ids and document values, monospaced and cut with an ellipsis.
    Mono,
}

impl CellKind {
    fn name(self) -> Option<&'static str> {
        match self {
            CellKind::Primary => Some("primary"),
            CellKind::Text => None,
            CellKind::Number => Some("number"),
            CellKind::Action => Some("action"),
            CellKind::Wide => Some("wide"),
            CellKind::Mono => Some("mono"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Ascending,
    Descending,
}

/// A column head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    label: Cow<'static, str>,
    kind: CellKind,
    sort_href: Option<Cow<'static, str>>,
    sorted: Option<Sorted>,
}

impl Column {
    pub fn new(label: impl Into<Cow<'static, str>>, kind: CellKind) -> Self {
        Self { label: label.into(), kind, sort_href: None, sorted: None }
    }

    /// Makes the head a link to the list sorted by this column; `sorted` is today's order, if it is by this column.
    pub fn sortable(mut self, href: impl Into<Cow<'static, str>>, sorted: Option<Sorted>) -> Self {
        self.sort_href = Some(href.into());
        self.sorted = sorted;
        self
    }
}

/// Row height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Normal,
    Compact,
}

/// How a table behaves when it is wider than its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    /// Few known columns: rows fold into two lines on phones.
    #[default]
    TwoLines,
    /// Columns chosen by whoever looks: scrolls sideways in its own frame, head and first column stay.
    Scroll,
}

#[component]
pub fn Table(
    /// What the table lists, for screen readers.
    #[prop(into)]
    caption: Cow<'static, str>,
    columns: Vec<Column>,
    #[prop(optional)] density: Density,
    #[prop(optional)] fold: Fold,
    #[prop(optional, into)] testid: Text,
    /// The `<tr>`s of the body.
    children: Children,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|column| {
            let order = column.sorted.map(|sorted| match sorted {
                Sorted::Ascending => "ascending",
                Sorted::Descending => "descending",
            });
            let label = match column.sort_href {
                Some(href) => {
                    let glyph = match column.sorted {
                        Some(Sorted::Ascending) => Some(Glyph::ArrowUp),
                        Some(Sorted::Descending) => Some(Glyph::ArrowDown),
                        None => None,
                    };
                    view! { <a href=href>{column.label} {glyph.map(|glyph| view! { <Icon glyph/> })}</a> }.into_any()
                }
                None if column.kind == CellKind::Action => {
                    view! { <span class="visually-hidden">{column.label}</span> }.into_any()
                }
                None => column.label.into_any(),
            };
            view! { <th scope="col" data-cell=column.kind.name() aria-sort=order>{label}</th> }
        })
        .collect_view();
    let scrolls = fold == Fold::Scroll;
    let region = scrolls.then(|| words::scrollable(&caption));
    view! {
        <div
            class="table-frame"
            data-fold=if scrolls { "scroll" } else { "two-lines" }
            tabindex=scrolls.then_some("0")
            role=scrolls.then_some("region")
            aria-label=region
        >
            <table class="table" data-density=(density == Density::Compact).then_some("compact") data-testid=testid.get()>
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

#[component]
pub fn Cell(
    #[prop(optional)] kind: CellKind,
    /// Follows the value on a phone, where the column head is gone.
    #[prop(optional, into)]
    unit: Text,
    /// The exact value when the cell shows a short form.
    #[prop(optional, into)]
    title: Text,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let content = children.map(|children| children());
    let unit = unit.get();
    match kind {
        CellKind::Primary => view! { <th scope="row" data-cell="primary" title=title.get()>{content}</th> }.into_any(),
        _ => view! { <td data-cell=kind.name() data-unit=unit title=title.get()>{content}</td> }.into_any(),
    }
}
