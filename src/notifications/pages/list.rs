//! `GET /admin/notifications`: the team's incidents, newest news first, critical ones nobody took on top.

use axum::extract::Query;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{PATH, Part, choices, marks, moment, severity, state, tabs};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::notices as words;
use crate::i18n::notifications as names;
use crate::i18n::number::integer;
use crate::notifications::{
    self, Filter, From, NoticeType, Page as Listed, Place, Severity, Source, State, SystemNotice,
};
use crate::ui::{
    Badge, Button, Cell, CellKind, Choice, Column, EmptyState, Glyph, PageHead, Pager, PagerLinks, Select, Table,
};
use crate::web::render::{Page, Section};

/// Rows of a page.
const ROWS: usize = 20;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    r#type: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    severity: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    unread: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// The filter and the place in the list; `None` when it asks for something there isn't.
    fn read(&self, me: &str) -> Option<(Filter, From)> {
        fn one<T>(text: &str, parse: fn(&str) -> Option<T>) -> Option<Option<T>> {
            if text.is_empty() { Some(None) } else { parse(text).map(Some) }
        }
        let filter = Filter {
            kind: one(&self.r#type, NoticeType::parse)?,
            severity: one(&self.severity, Severity::parse)?,
            source: one(&self.source, Source::parse)?,
            state: one(&self.state, State::parse)?,
            unread_by: match self.unread.as_str() {
                "" => None,
                "1" => Some(me.to_owned()),
                _ => return None,
            },
        };
        let from = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => From::Newest,
            (before, "") => From::Before(Place::parse(before)?),
            ("", after) => From::After(Place::parse(after)?),
            _ => return None,
        };
        Some((filter, from))
    }

    fn is_plain(&self) -> bool {
        self.href(None, None) == PATH
    }

    /// The list with this filter, at a place.
    fn href(&self, before: Option<Place>, after: Option<Place>) -> String {
        let text = |place: Option<Place>| place.map(|place| place.to_string()).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
            _ => PATH.into(),
        }
    }
}

/// The page.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (me, now) = (ctx.person()?.user_id.clone(), ctx.now());
    let found = match asked.read(&me) {
        Some((filter, from)) => Some(notifications::page(&ctx, &filter, from, ROWS).await?),
        None => None,
    };
    let has_unread = ctx.bell.as_ref().is_some_and(|bell| bell.unread > 0);
    Ok(Page::admin(&ctx, Section::Notifications, words::TITLE).show(move || {
        let read_all = has_unread.then(|| {
            view! {
                <form method="post" action="/admin/notifications/leer-todas">
                    <Button icon=Glyph::Check testid="notices-read-all">{words::READ_ALL}</Button>
                </form>
            }
        });
        let filters = filters(&asked);
        let body = match found {
            Some(found) => rows(&asked, found, &me, now),
            None => view! { <EmptyState title=words::BAD_FILTER testid="notices-problem"/> }.into_any(),
        };
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>{read_all}</PageHead>
            {tabs(Part::Notices)}
            <div class="stack" data-testid="notices-page">{filters} {body}</div>
        }
    }))
}

fn filters(asked: &Asked) -> impl IntoView + use<> {
    let types = choices(&NoticeType::ALL, NoticeType::as_str, names::notice_type);
    let severities = choices(&Severity::ALL, Severity::as_str, names::severity);
    let sources = choices(&Source::ALL, Source::as_str, names::source);
    let states = choices(&State::ALL, State::as_str, names::state);
    let read = vec![Choice::new("", words::ANY_READ), Choice::new("1", words::ONLY_UNREAD)];
    view! {
        <form class="filters notices-filters" method="get" action=PATH data-autosubmit="" data-testid="notices-filters">
            <Select name="type" label=words::KIND choices=types value=asked.r#type.clone() testid="notices-type"/>
            <Select name="severity" label=words::SEVERITY choices=severities value=asked.severity.clone() testid="notices-severity"/>
            <Select name="source" label=words::SOURCE choices=sources value=asked.source.clone() testid="notices-source"/>
            <Select name="state" label=words::STATE choices=states value=asked.state.clone() testid="notices-state"/>
            <Select name="unread" label=words::READ choices=read value=asked.unread.clone() testid="notices-unread"/>
            <Button icon=Glyph::ListFilter testid="notices-filter">{words::FILTER}</Button>
        </form>
    }
}

fn rows(asked: &Asked, found: Listed, me: &str, now: Timestamp) -> AnyView {
    if found.rows.is_empty() && found.pinned.is_empty() {
        let (title, hint) = if asked.is_plain() {
            (words::NOTHING_TITLE, words::NOTHING_HINT)
        } else {
            (words::NONE_TITLE, words::NONE_HINT)
        };
        return view! { <EmptyState title hint testid="notices-none"/> }.into_any();
    }
    let columns = || {
        vec![
            Column::new(words::NOTICE, CellKind::Primary),
            Column::new(words::SEVERITY, CellKind::Text),
            Column::new(words::STATE, CellKind::Text),
            Column::new(words::SOURCE, CellKind::Wide),
            Column::new(words::TIMES, CellKind::Number),
            Column::new(words::LAST_SEEN, CellKind::Text),
        ]
    };
    let pinned = (!found.pinned.is_empty()).then(|| {
        let lines = found.pinned.into_iter().map(|notice| line(notice, me, now)).collect_view();
        let mut columns = columns();
        columns.push(Column::new(words::ACTIONS, CellKind::Action));
        view! {
            <section class="stack notices-pinned" data-testid="notices-pinned">
                <h2>{words::PINNED}</h2>
                <Table caption=words::PINNED columns>{lines}</Table>
            </section>
        }
    });
    let heading = pinned.is_some().then(|| view! { <h2>{words::ALL}</h2> });
    let listed = words::listed(found.total);
    let links = PagerLinks {
        first: found.newer.is_some().then(|| asked.href(None, None)),
        previous: found.newer.map(|place| asked.href(None, Some(place))),
        next: found.older.map(|place| asked.href(Some(place), None)),
        last: None,
    };
    let lines = found.rows.into_iter().map(|notice| line(notice, me, now)).collect_view();
    view! {
        {pinned}
        {heading}
        <Table caption=words::CAPTION columns=columns() testid="notices-rows">{lines}</Table>
        <Pager links position=listed testid="notices-pager"/>
    }
    .into_any()
}

fn line(notice: SystemNotice, me: &str, now: Timestamp) -> impl IntoView + use<> {
    let marks = marks(&notice, me, now).into_iter().map(|label| view! { <Badge label/> }).collect_view();
    let id = notice.id.clone();
    let take = notice.is_pinned().then(|| {
        let label = words::of(words::ACKNOWLEDGE, &notice.title);
        view! {
            <Cell kind=CellKind::Action>
                <form method="post" action=format!("{PATH}/{id}/tomar")>
                    <button class="button" data-kind="plain" aria-label=label data-testid="notice-take">{words::ACKNOWLEDGE}</button>
                </form>
            </Cell>
        }
    });
    view! {
        <tr data-testid="notice-row">
            <Cell kind=CellKind::Primary>
                <a href=format!("{PATH}/{}", notice.id) data-testid="notice-link">{notice.title.clone()}</a>
                {marks}
            </Cell>
            <Cell>{severity(notice.severity)}</Cell>
            <Cell>{state(notice.state)}</Cell>
            <Cell kind=CellKind::Wide>{names::source(notice.source)}</Cell>
            <Cell kind=CellKind::Number unit=words::times_unit(notice.occurrences)>{integer(notice.occurrences.unsigned_abs())}</Cell>
            <Cell>{moment(notice.last_seen_at, now)}</Cell>
            {take}
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        serde_urlencoded::from_str(query).unwrap()
    }

    #[test]
    fn a_filter_is_read_or_refused_never_guessed() {
        let (filter, from) =
            asked("type=uptime_alert&severity=critical&source=&state=open&unread=1").read("ana").unwrap();
        assert_eq!(filter.kind, Some(NoticeType::UptimeAlert));
        assert_eq!((filter.severity, filter.source, filter.state), (Some(Severity::Critical), None, Some(State::Open)));
        assert!(filter.unread_by.as_deref() == Some("ana") && from == From::Newest);
        for query in
            ["type=x", "severity=fatal", "source=x", "state=closed", "unread=no", "before=x", "before=1&after=1"]
        {
            assert!(asked(query).read("ana").is_none(), "{query}");
        }
    }

    #[test]
    fn links_keep_the_filter() {
        let asked = asked("severity=error&before=x");
        assert_eq!(asked.href(None, None), "/admin/notifications?severity=error");
        assert!(Asked::default().is_plain() && !asked.is_plain());
    }
}
