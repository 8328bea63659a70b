//! `GET /admin/notifications/{id}`: one incident, what is known of it, its history, and what can be done.
//!
//! Opening it is reading it, as with a letter: the one write a `GET` of ours does, and doing it twice changes nothing.

use axum::extract::Path;
use axum::response::Response;
use bson::{Bson, Document};
use jiff::Timestamp;
use leptos::prelude::*;

use super::silences::{self, Preset};
use super::{PATH, day, moment, severity, state, step_tone};
use crate::ctx::Ctx;
use crate::db::date;
use crate::failure::Failure;
use crate::i18n::notices as words;
use crate::i18n::notifications as names;
use crate::i18n::number::integer;
use crate::notifications::bell;
use crate::notifications::{self, By, Line, SystemNotice};
use crate::ui::{Button, ButtonKind, Crumb, Dialog, Fact, FactList, Glyph, PageHead, Status};
use crate::values::Capability;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// The page.
pub async fn show(mut ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let notice = notifications::load(&ctx, &id).await?;
    if notice.is_unread_by(&ctx.person()?.user_id) {
        notifications::mark_read(&ctx, &id).await?;
        // The bell was read before the notice was.
        ctx.bell = bell::load(&ctx).await;
    }
    let now = ctx.now();
    let may_delete = ctx.may(Capability::SystemNotificationsDelete);
    let flash = ctx.flash.clone();
    let crumbs = vec![
        Crumb::link(words::HOME, "/admin"),
        Crumb::link(words::TITLE, PATH),
        Crumb::here(names::notice_type(notice.kind)),
    ];
    Ok(Page::admin(&ctx, Section::Notifications, notice.title.clone())
        .crumbs(crumbs)
        .show(move || body(notice, &flash, may_delete, now)))
}

fn body(notice: SystemNotice, flash: &Flash, may_delete: bool, now: Timestamp) -> impl IntoView + use<> {
    let actions = actions(&notice, flash, may_delete);
    let facts = facts(&notice, now);
    let details = details(&notice.metadata);
    let history = notice.timeline.iter().rev().map(|line| history_line(line, now)).collect_view();
    let link = notice.link.clone().map(|href| {
        view! {
            <p>
                <a href=href rel="noopener noreferrer" data-testid="notice-outbound">{words::OPEN_LINK}</a>
            </p>
        }
    });
    view! {
        <PageHead title=notice.title marks=severity(notice.severity).into_any()>{actions}</PageHead>
        <p class="notice-message" data-testid="notice-message">{notice.message}</p>
        {link}
        <section class="section">
            <h2>{words::FACTS}</h2>
            <FactList facts/>
        </section>
        {details
            .map(|facts| {
                view! {
                    <section class="section" data-testid="notice-details">
                        <h2>{words::DETAILS}</h2>
                        <FactList facts/>
                    </section>
                }
            })}
        <section class="section" data-testid="notice-history">
            <h2>{words::HISTORY}</h2>
            <ol class="notice-history">{history}</ol>
        </section>
    }
}

/// What can be done; the one that comes next is the primary.
fn actions(notice: &SystemNotice, flash: &Flash, may_delete: bool) -> impl IntoView + use<> {
    let post = |verb: &str| format!("{PATH}/{}/{verb}", notice.id);
    let waits = notice.state.is_waiting();
    let is_open = notice.state.is_open();
    let take = waits.then(|| {
        view! {
            <form method="post" action=post("tomar")>
                <Button kind=ButtonKind::Primary testid="notice-acknowledge">{words::ACKNOWLEDGE}</Button>
            </form>
        }
    });
    let resolve = is_open.then(|| {
        let kind = if waits { ButtonKind::Quiet } else { ButtonKind::Primary };
        view! {
            <form method="post" action=post("resolver")>
                <Button kind testid="notice-resolve">{words::RESOLVE}</Button>
            </form>
        }
    });
    let silence = is_open.then(|| {
        let form = silences::form(Some(Preset::of(notice)), post("silenciar"), flash);
        let open = !flash.problems.is_empty();
        view! {
            <Dialog
                id="silence"
                opener=words::SILENCE
                icon=Glyph::BellOff
                title=words::SILENCE_TITLE
                open=open
                testid="notice-silence"
            >
                {form}
            </Dialog>
        }
    });
    let delete = may_delete.then(|| {
        let action = post("eliminar");
        view! {
            <Dialog id="delete" opener=words::DELETE kind=ButtonKind::Danger title=words::DELETE_TITLE testid="notice-delete">
                <p>{words::DELETE_BODY}</p>
                <form method="post" action=action class="actions">
                    <Button kind=ButtonKind::Danger testid="notice-delete-confirm">{words::DELETE_CONFIRM}</Button>
                </form>
            </Dialog>
        }
    });
    view! { {take} {resolve} {silence} {delete} }
}

fn facts(notice: &SystemNotice, now: Timestamp) -> Vec<Fact> {
    let by = |by: &By, at: Option<bson::DateTime>| {
        let name = by.name.clone();
        view! { {name} {at.map(|at| view! { ", " {moment(at, now)} })} }.into_any()
    };
    let times = integer(notice.occurrences.unsigned_abs());
    let mut facts = vec![
        Fact::new(words::STATE, state(notice.state)),
        Fact::new(words::KIND, names::notice_type(notice.kind)),
        Fact::new(words::SOURCE, names::source(notice.source)),
        Fact::new(words::TIMES, times),
        Fact::new(words::FIRST_SEEN, moment(notice.first_seen_at, now)),
        Fact::new(words::LAST_SEEN, moment(notice.last_seen_at, now)),
    ];
    if let Some(person) = &notice.acknowledged_by {
        facts.push(Fact::new(words::TAKEN_BY, by(person, notice.acknowledged_at)));
    }
    if let Some(at) = notice.resolved_at.filter(|_| !notice.state.is_open()) {
        let value = match &notice.resolved_by {
            Some(person) => by(person, Some(at)),
            None => view! { {words::BY_ITSELF} ", " {moment(at, now)} }.into_any(),
        };
        facts.push(Fact::new(words::ENDED_BY, value));
    }
    if let Some(silence) = notice.silenced.as_ref().filter(|silence| silence.until > date(now)) {
        facts.push(Fact::new(words::SILENCED_UNTIL, day(silence.until, now)));
    }
    if let Some(outage) = notice.inhibited_by.clone() {
        facts.push(Fact::new(words::EXPLAINED_BY, view! { <code class="mono">{outage}</code> }));
    }
    facts.push(Fact::new(words::FINGERPRINT, view! { <code class="mono">{notice.fingerprint.clone()}</code> }));
    facts
}

/// The particulars that say something; the source stands among the facts already.
fn details(metadata: &Document) -> Option<Vec<Fact>> {
    let facts: Vec<Fact> = metadata
        .iter()
        .filter(|(key, value)| *key != "source" && !matches!(value, Bson::Null))
        .map(|(key, value)| {
            let label = words::metadata(key).map_or_else(|| key.clone().into(), std::borrow::Cow::from);
            Fact::new(label, particular(value))
        })
        .collect();
    (!facts.is_empty()).then_some(facts)
}

fn particular(value: &Bson) -> AnyView {
    match value {
        Bson::String(text) if text.starts_with("https://") => {
            view! { <a href=text.clone() rel="noopener noreferrer">{text.clone()}</a> }.into_any()
        }
        Bson::String(text) => text.clone().into_any(),
        Bson::Boolean(value) => words::yes(*value).into_any(),
        other => other.clone().into_relaxed_extjson().to_string().into_any(),
    }
}

fn history_line(line: &Line, now: Timestamp) -> impl IntoView + use<> {
    let tone = step_tone(line);
    let who = line.who.as_ref().map(|by| view! { <span class="muted">{by.name.clone()}</span> });
    let count = line.count.filter(|count| *count > 1);
    view! {
        <li>
            <Status tone label=names::step(line.what)/>
            {count.map(|count| view! { <span>{words::times(count)}</span> })}
            {who}
            {day(line.at, now)}
        </li>
    }
}
