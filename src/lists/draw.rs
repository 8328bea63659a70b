//! A list as it is drawn.

use std::borrow::Cow;

use leptos::prelude::*;

use super::asked::List;
use super::model::SavedView;
use crate::db::indexes::Direction;
use crate::db::keyset::{From, Page};
use crate::i18n::lists as words;
use crate::ui::{
    Button, ButtonKind, Cell, CellKind, Chip, Choice, Column as Head, Density, Dialog, EmptyState, Field, FilterChips,
    Glyph, Icon, Menu, Pager, PagerLinks, SearchField, Select, Sorted, Tab, Table, Tabs,
};
use crate::web::flash::Flash;

/// A row: what its cells hold, in the order of the list's columns.
pub struct RowView {
    /// A coloured edge: `bad` or `attention`.
    pub accent: Option<&'static str>,
    /// For tests.
    pub testid: &'static str,
    /// The cells.
    pub cells: Vec<AnyView>,
}

/// What a screen brings to its list.
pub struct Drawn {
    /// What it lists, for screen readers.
    pub caption: &'static str,
    /// Saved views of whoever looks.
    pub views: Vec<SavedView>,
    /// What the last form left.
    pub flash: Flash,
    /// The label of the search box.
    pub search: &'static str,
    /// The fields of the screen's filter; they stand in a form.
    pub fields: AnyView,
    /// The filter in words, by parameter.
    pub chips: Vec<(&'static str, String)>,
    /// How many there are, in words.
    pub count: String,
    /// The rows and the places around them.
    pub page: Page<RowView>,
    /// A zero, explained: title and hint.
    pub empty: (&'static str, &'static str),
    /// Where a form around the table goes.
    pub form: Option<String>,
    /// What stands over the table, inside that form.
    pub over: Option<AnyView>,
}

/// Draws tabs, filters, table and pager.
pub fn draw(list: List, drawn: Drawn) -> AnyView {
    let Drawn { caption, views, flash, search, fields, chips, count, page, empty, form, over } = drawn;
    let tabs = view_tabs(&list, &views);
    let managing = managing(&list, &views, &flash);
    let filters = filters(&list, search, fields);
    let chips = shown_chips(&list, chips);
    let links = PagerLinks {
        first: page.previous.is_some().then(|| list.page_href(&From::First)),
        previous: page.previous.clone().map(|place| list.page_href(&From::Before(place))),
        next: page.next.clone().map(|place| list.page_href(&From::After(place))),
        last: page.next.is_some().then(|| list.page_href(&From::Last)),
    };
    let rows = if page.rows.is_empty() {
        let (title, hint) = if list.is_narrowed() { (words::NOTHING_FOUND, words::NOTHING_FOUND_HINT) } else { empty };
        view! { <EmptyState title hint testid="list-empty"/> }.into_any()
    } else {
        let table = table(&list, caption, page.rows);
        match form {
            Some(action) => view! {
                <form method="post" action=action class="stack">
                    <input type="hidden" name="back" value=list.here()/>
                    {over}
                    {table}
                </form>
            }
            .into_any(),
            None => view! { {over} {table} }.into_any(),
        }
    };
    view! {
        <div class="stack list" data-testid="list">
            {tabs}
            <div class="list-bar">{filters} {managing}</div>
            {chips}
            {rows}
            <Pager links position=count testid="list-pager"/>
        </div>
    }
    .into_any()
}

fn view_tabs(list: &List, views: &[SavedView]) -> Option<AnyView> {
    if views.is_empty() {
        return None;
    }
    let query = list.query();
    let mut tabs = vec![Tab::new(words::ALL_VIEWS, list.plain_href(), query.is_empty())];
    tabs.extend(views.iter().map(|view| Tab::new(view.name.clone(), list.view_href(&view.query), view.query == query)));
    Some(view! { <Tabs label=words::VIEWS tabs testid="list-views"/> }.into_any())
}

/// Saving what is seen, or changing the saved view that is seen; columns and density.
fn managing(list: &List, views: &[SavedView], flash: &Flash) -> AnyView {
    let query = list.query();
    let back = list.here();
    let problem = flash.problem("name");
    let typed = flash.value("name");
    let is_open = problem.is_some();
    let name = list.spec.name.as_str();
    let current = views.iter().find(|view| view.query == query).cloned();
    let saving = match current {
        _ if query.is_empty() => None,
        Some(view) => {
            let typed = typed.unwrap_or_else(|| view.name.clone());
            let delete = format!("/admin/vistas/{}/eliminar", view.id);
            Some(
                view! {
                    <Dialog id="view" opener=words::MANAGE_VIEW title=words::MANAGE_VIEW_TITLE open=is_open testid="view-manage">
                        <form class="form" method="post" action=format!("/admin/vistas/{}/renombrar", view.id)>
                            <input type="hidden" name="back" value=back/>
                            <Field name="name" label=words::VIEW_NAME value=typed error=problem required=true maxlength=40 id="view-name" testid="view-name"/>
                            <div class="actions">
                                <Button kind=ButtonKind::Primary testid="view-rename">{words::RENAME}</Button>
                                <Button kind=ButtonKind::Danger formaction=delete testid="view-delete">{words::DELETE_VIEW}</Button>
                            </div>
                        </form>
                    </Dialog>
                }
                .into_any(),
            )
        }
        None => Some(
            view! {
                <Dialog id="view" opener=words::SAVE_VIEW title=words::SAVE_VIEW_TITLE open=is_open testid="view-save">
                    <form class="form" method="post" action="/admin/vistas">
                        <input type="hidden" name="list" value=name/>
                        <input type="hidden" name="query" value=query/>
                        <input type="hidden" name="back" value=back/>
                        <Field name="name" label=words::VIEW_NAME value=typed error=problem hint=words::SAVE_VIEW_HINT required=true maxlength=40 id="view-name" testid="view-name"/>
                        <div class="actions">
                            <Button kind=ButtonKind::Primary testid="view-keep">{words::SAVE_VIEW}</Button>
                        </div>
                    </form>
                </Dialog>
            }
            .into_any(),
        ),
    };
    let choice = |href: String, label: &'static str, is_on: bool| {
        view! {
            <a href=href aria-current=is_on.then_some("true") data-testid="list-look">
                <Icon glyph=if is_on { Glyph::Check } else { Glyph::Plus }/>
                {label}
            </a>
        }
    };
    let columns: Vec<_> = list
        .spec
        .columns
        .iter()
        .filter(|column| column.optional)
        .map(|column| choice(list.toggled_href(column.name), column.label, list.shows(column.name)))
        .collect();
    let density = choice(list.density_href(), words::COMPACT, list.is_compact());
    view! {
        <div class="actions">
            {saving}
            <Menu label=words::LOOKS icon=Glyph::Sliders align_end=true testid="list-looks">
                {columns}
                {density}
            </Menu>
        </div>
    }
    .into_any()
}

fn filters(list: &List, search: &'static str, fields: AnyView) -> AnyView {
    let kept = list.kept().into_iter().filter(|(name, _)| *name != "orden");
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let orders: Vec<Choice> = list.spec.sorts.iter().map(|sort| Choice::new(sort.name, sort.label)).collect();
    let mut orders = orders;
    let mut order = list.sort().name.to_owned();
    if list.is_reversed() {
        order.insert(0, '-');
        orders.push(Choice::new(order.clone(), words::reversed(list.sort().label)));
    }
    let orders = (list.spec.sorts.len() > 1)
        .then(|| view! { <Select name="orden" label=words::ORDER choices=orders value=order testid="list-order"/> });
    let q = list.q().unwrap_or_default().to_owned();
    view! {
        <form class="filters" method="get" action=list.action().to_owned() data-autosubmit="" data-testid="list-filters">
            {kept}
            <SearchField name="q" label=search value=q testid="list-search"/>
            {fields}
            {orders}
            <Button icon=Glyph::ListFilter testid="list-filter">{words::FILTER}</Button>
        </form>
    }
    .into_any()
}

fn shown_chips(list: &List, chips: Vec<(&'static str, String)>) -> Option<AnyView> {
    let search = list.q().map(|q| ("q", words::searched(q)));
    let chips: Vec<Chip> = search
        .into_iter()
        .chain(chips)
        .map(|(parameter, label)| Chip { label: label.into(), remove: list.without_href(parameter).into() })
        .collect();
    (!chips.is_empty()).then(|| view! { <FilterChips chips clear=list.clear_href()/> }.into_any())
}

fn table(list: &List, caption: &'static str, rows: Vec<RowView>) -> AnyView {
    let shown: Vec<bool> = list.spec.columns.iter().map(|column| list.shows(column.name)).collect();
    let heads = list.spec.columns.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(column, _)| {
        let head = Head::new(column.label, column.kind);
        let Some(sort) = column.sort else { return head };
        let is_current = list.sort().name == sort;
        let sorted = is_current.then(|| {
            let first = list.order().first().map(|key| key.direction());
            if first == Some(Direction::Descending) { Sorted::Descending } else { Sorted::Ascending }
        });
        head.sortable(list.sorted_href(sort, is_current && !list.is_reversed()), sorted)
    });
    let columns: Vec<Head> = heads.collect();
    let kinds: Vec<(CellKind, Option<&'static str>, bool)> =
        list.spec.columns.iter().zip(&shown).map(|(column, shown)| (column.kind, column.unit, *shown)).collect();
    let lines = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .cells
                .into_iter()
                .zip(&kinds)
                .filter(|(_, (_, _, shown))| *shown)
                .map(|(content, (kind, unit, _))| {
                    let unit: Option<Cow<'static, str>> = unit.map(Into::into);
                    view! { <Cell kind=*kind unit=unit>{content}</Cell> }
                })
                .collect_view();
            view! { <tr data-accent=row.accent data-testid=row.testid>{cells}</tr> }
        })
        .collect_view();
    let density = if list.is_compact() { Density::Compact } else { Density::Normal };
    view! { <Table caption columns density testid="list-table">{lines}</Table> }.into_any()
}
