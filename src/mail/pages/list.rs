//! The log as a list.

use axum::extract::Query;
use axum::response::Response;
use jiff::civil::Date;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::model::{Channel, Row, Status};
use super::super::service::{self, Listing};
use super::super::store::{Filter, From, Place};
use super::super::watch::Backlog;
use super::{moment, path_of, state, tabs};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::error::FieldProblem;
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Choice, Column, DateField, EmptyState, Field, Glyph, PageHead, Pager,
    PagerLinks, Select, Table, Tone,
};
use crate::web::render::{Page, Section};

/// Longest part of an address searched for, in characters.
const TO_CHARACTERS: usize = 254;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    template: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    until: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// The filter and the place in the list, or everything wrong with them.
    fn read(&self) -> Result<(Filter, From), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut day = |field: &str, typed: &str| match typed.trim() {
            "" => None,
            typed => {
                let day = typed.parse::<Date>().ok();
                if day.is_none() {
                    problems.push(FieldProblem::new(field, words::BAD_DATE));
                }
                day
            }
        };
        let (from, until) = (day("from", &self.from), day("until", &self.until));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            problems.push(FieldProblem::new("until", words::DATES_CROSSED));
        }
        let status = Status::parse(&self.status);
        if status.is_none() && !self.status.is_empty() {
            problems.push(FieldProblem::new("status", words::BAD_STATUS));
        }
        let place = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => Some(From::Newest),
            (before, "") => Place::parse(before).map(From::Before),
            ("", after) => Place::parse(after).map(From::After),
            _ => None,
        };
        let text = |typed: &str| {
            let typed = typed.trim();
            (!typed.is_empty()).then(|| typed.chars().take(TO_CHARACTERS).collect::<String>())
        };
        match place {
            Some(place) if problems.is_empty() => {
                let (template, to) = (text(&self.template), text(&self.to));
                Ok((Filter { status, template, to, from, until }, place))
            }
            Some(_) => Err(problems),
            None => {
                problems.push(FieldProblem::new("page", words::BAD_PLACE));
                Err(problems)
            }
        }
    }

    /// The list with this filter, at a place.
    fn href(&self, path: &str, before: Option<Place>, after: Option<Place>) -> String {
        let text = |place: Option<Place>| place.map(|place| place.to_string()).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.into(),
        }
    }
}

/// `GET /admin/emails`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    draw(&ctx, Channel::Email, asked).await
}

/// `GET /admin/emails/whatsapp`.
pub async fn list_whatsapp(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    draw(&ctx, Channel::WhatsApp, asked).await
}

async fn draw(ctx: &Ctx, channel: Channel, asked: Asked) -> Result<Response, Failure> {
    let read = asked.read();
    let (filter, from) = read.clone().unwrap_or_default();
    let listing = service::list(ctx, channel, &filter, from).await?;
    let problems = read.err().unwrap_or_default();
    let (now, key) = (ctx.now(), ctx.request_id.clone());
    let may_test = channel == Channel::Email && listing.provider.is_some();
    Ok(Page::admin(ctx, Section::Emails, words::TITLE).show(move || {
        let banner = banner(channel, &listing, now);
        let rows = match problems.is_empty() {
            true => rows(channel, &asked, filter.is_empty(), listing, now).into_any(),
            false => view! { <EmptyState title=words::FIX_FILTER testid="mail-problem"/> }.into_any(),
        };
        let test = may_test.then(|| {
            view! {
                <form method="post" action="/admin/emails/prueba">
                    <input type="hidden" name="key" value=key.to_string()/>
                    <Button kind=ButtonKind::Primary icon=Glyph::Mail testid="mail-test">{words::SEND_TEST}</Button>
                </form>
            }
        });
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>{test}</PageHead>
            {tabs(path_of(channel))}
            <div class="stack" data-testid="mail-page">
                {banner}
                {filters(channel, &asked, &problems)}
                {rows}
            </div>
        }
    }))
}

/// What has to be known before reading the list: nothing leaves, or nothing is taken.
fn banner(channel: Channel, listing: &Listing, now: jiff::Timestamp) -> Option<AnyView> {
    let waiting: &Backlog = &listing.backlog;
    match (listing.provider, &waiting.held) {
        (None, _) => Some(
            view! {
                <Banner tone=Tone::Attention title=words::not_configured(channel) testid="mail-not-configured">
                    {words::not_configured_how(channel)}
                </Banner>
            }
            .into_any(),
        ),
        (Some(provider), Some(reason)) => {
            let why = words::held_why(reason, waiting.due);
            let held = words::held(provider);
            Some(view! { <Banner tone=Tone::Bad title=held testid="mail-held">{why}</Banner> }.into_any())
        }
        (Some(_), None) if waiting.is_stalled() => {
            let oldest = waiting.oldest.and_then(|age| now.checked_sub(age).ok());
            Some(
                view! {
                    <Banner tone=Tone::Bad title=words::stalled(waiting.due) testid="mail-stalled">
                        {oldest.map(|oldest| view! { {words::OLDEST_SINCE} " " {moment(oldest, now)} })}
                    </Banner>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

fn filters(channel: Channel, asked: &Asked, problems: &[FieldProblem]) -> impl IntoView + use<> {
    let problem =
        |field: &str| problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone());
    let any = [Choice::new("", words::ANY)];
    let statuses = Status::ALL.iter().map(|status| Choice::new(status.as_str(), words::status(*status)));
    let statuses: Vec<_> = any.clone().into_iter().chain(statuses).collect();
    let templates = words::TEMPLATES.iter().map(|(name, label)| Choice::new(*name, *label));
    let templates: Vec<_> = any.into_iter().chain(templates).collect();
    view! {
        <form class="filters" method="get" action=path_of(channel) data-testid="mail-filters">
            <Field
                name="to"
                label=words::filter_to(channel)
                required=false
                value=asked.to.clone()
                autocomplete="off"
                testid="mail-to"
            />
            <Select
                name="status"
                label=words::COLUMN_STATE
                choices=statuses
                value=asked.status.clone()
                error=problem("status")
                testid="mail-status"
            />
            <Select
                name="template"
                label=words::FILTER_TEMPLATE
                choices=templates
                value=asked.template.clone()
                testid="mail-template"
            />
            <DateField name="from" label=words::FILTER_FROM value=asked.from.clone() error=problem("from") testid="mail-from"/>
            <DateField
                name="until"
                label=words::FILTER_UNTIL
                value=asked.until.clone()
                error=problem("until")
                testid="mail-until"
            />
            <Button icon=Glyph::ListFilter testid="mail-filter">{words::FILTER}</Button>
        </form>
    }
}

fn rows(channel: Channel, asked: &Asked, is_all: bool, listing: Listing, now: jiff::Timestamp) -> AnyView {
    let page = listing.page;
    if page.rows.is_empty() {
        let (title, hint) = if is_all { words::none_at_all(channel) } else { (words::NONE_TITLE, words::NONE_HINT) };
        return view! { <EmptyState title hint testid="mail-none"/> }.into_any();
    }
    let columns = vec![
        Column::new(words::column_what(channel), CellKind::Primary),
        Column::new(words::COLUMN_TO, CellKind::Text),
        Column::new(words::COLUMN_STATE, CellKind::Text),
        Column::new(words::COLUMN_ATTEMPTS, CellKind::Number),
        Column::new(words::COLUMN_WHEN, CellKind::Text),
    ];
    let href = |before, after| asked.href(path_of(channel), before, after);
    let links = PagerLinks {
        first: page.newer.is_some().then(|| href(None, None)),
        previous: page.newer.map(|place| href(None, Some(place))),
        next: page.older.map(|place| href(Some(place), None)),
        last: None,
    };
    let total = words::total(page.total);
    let lines = page.rows.into_iter().map(|row| line(channel, row, now)).collect_view();
    view! {
        <Table caption=words::caption(channel) columns testid="mail-rows">{lines}</Table>
        <Pager links position=total testid="mail-pager"/>
    }
    .into_any()
}

fn line(channel: Channel, row: Row, now: jiff::Timestamp) -> impl IntoView {
    let at = timestamp(row.created_at).unwrap_or_default();
    let title = match channel {
        Channel::Email => row.subject.clone(),
        Channel::WhatsApp => words::template(&row.template).to_owned(),
    };
    let state = state(&row);
    let to = row.to().to_owned();
    view! {
        <tr data-testid="mail-row">
            <Cell kind=CellKind::Primary>
                <a href=format!("{}/{}", path_of(channel), row.id) data-testid="mail-open">{title}</a>
            </Cell>
            <Cell>{to}</Cell>
            <Cell>{state}</Cell>
            <Cell kind=CellKind::Number unit=words::attempts_unit(row.attempts)>{row.attempts}</Cell>
            <Cell>{moment(at, now)}</Cell>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        serde_urlencoded::from_str(&serde_urlencoded::to_string(pairs).unwrap()).unwrap()
    }

    #[test]
    fn every_problem_is_named_and_none_is_guessed_away() {
        let fields = |pairs: &[(&str, &str)]| -> Vec<String> {
            asked(pairs).read().unwrap_err().into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(
            fields(&[("from", "22/11/2026"), ("until", "mañana"), ("status", "nope"), ("before", "x")]),
            ["from", "until", "status", "page"]
        );
        assert_eq!(fields(&[("from", "2026-11-22"), ("until", "2026-11-21")]), ["until"]);
        assert!(asked(&[("status", "failed"), ("to", " ana ")]).read().is_ok());
    }
}
