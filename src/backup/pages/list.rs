//! `/admin/backups`: the newest proven backup in one sentence, and every run.

use std::sync::Arc;

use axum::extract::Query;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::forms::{FORM, REASON};
use super::service::{self, Overview};
use super::store::{From, ListedRun, Page as Runs, Place, Wanted};
use super::{PATH, Part, STALE, address, moment, tabs, unsigned};
use crate::backup::model::{Destination, Label, State};
use crate::backup::record::BackupRun;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::backup::pages as words;
use crate::i18n::{format, number::integer};
use crate::ui::{
    Badge, Banner, Button, ButtonKind, Cell, CellKind, Column, Dialog, EmptyState, Field, Glyph, LinkButton, PageHead,
    Pager, PagerLinks, Status, Tab, Table, Tabs, Tone,
};
use crate::values::Capability;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// What is wrong in an address is left out.
    fn read(&self) -> (Option<Wanted>, From) {
        let place = match (self.before.as_str(), self.after.as_str()) {
            (before, "") => Place::parse(before).map(From::Before),
            ("", after) => Place::parse(after).map(From::After),
            _ => None,
        };
        (Wanted::parse(&self.status), place.unwrap_or(From::Newest))
    }

    fn href(&self, before: Option<&Place>, after: Option<&Place>) -> String {
        let text = |place: Option<&Place>| place.map(Place::to_string).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}#historial"),
            _ => format!("{PATH}#historial"),
        }
    }
}

/// `GET /admin/backups`.
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (wanted, from) = asked.read();
    let overview = service::overview(&ctx, wanted.unwrap_or(Wanted::All), &from).await?;
    let (now, may_run, is_demo) = (ctx.now(), ctx.may(Capability::BackupsRun), ctx.app.config.demo);
    let flash = ctx.flash.clone();
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).show(move || {
        let Overview { newest, active, page, has_stores, recovery_stored } = overview;
        let start = (may_run && has_stores).then(|| start_form(flash.clone()));
        let refused = flash.problem(FORM).map(|why| view! { <Banner tone=Tone::Bad title=why testid="backup-refused"/> });
        let no_stores = (!has_stores).then(|| {
            view! {
                <Banner tone=Tone::Bad title=words::NO_STORES testid="backup-no-stores"><p>{words::NO_STORES_BODY}</p></Banner>
            }
        });
        let recovery = (recovery_stored == Some(false)).then(recovery_banner);
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>{start}</PageHead>
            {tabs(Part::Runs)}
            <div class="stack" data-testid="backup-health">
                {refused}
                {no_stores}
                {active.map(|run| under_way(&run))}
                {health(newest.as_ref(), now)}
                {recovery}
            </div>
            <section class="section" id="historial">
                <div>
                    <h2>{words::RUNS}</h2>
                    {is_demo.then(|| view! { <p class="muted">{words::TWINS}</p> })}
                </div>
                {filters(&asked)}
                {runs(&asked, page, now)}
            </section>
        }
    }))
}

fn start_form(flash: Arc<Flash>) -> impl IntoView {
    view! {
        <Dialog id="hacer-backup" opener=words::RUN_NOW kind=ButtonKind::Primary icon=Glyph::Archive title=words::RUN_TITLE
            open=flash.problem(REASON).is_some() testid="backup-now">
            <p>{words::RUN_BODY}</p>
            <form class="form" method="post" action=PATH>
                <Field name=REASON label=words::REASON hint=words::REASON_HINT maxlength=200 value=flash.value(REASON)
                    error=flash.problem(REASON) testid="backup-reason"/>
                <Button kind=ButtonKind::Primary testid="backup-start">{words::RUN_CONFIRM}</Button>
            </form>
        </Dialog>
    }
}

fn recovery_banner() -> impl IntoView {
    view! {
        <Banner tone=Tone::Attention title=words::RECOVERY_TITLE testid="backup-recovery">
            <p>{words::RECOVERY_BODY}</p>
            <p><a href=format!("{PATH}/claves")>{words::RECOVERY_LINK}</a></p>
        </Banner>
    }
}

fn under_way(run: &BackupRun) -> impl IntoView + use<> {
    let href = address(&run.id);
    view! {
        <Banner tone=Tone::Info title=words::under_way(words::doing(run.status)) testid="backup-active">
            <p><a href=href>{words::SEE_PROGRESS}</a></p>
        </Banner>
    }
}

/// The first sentence: whether one could sleep.
fn health(newest: Option<&BackupRun>, now: Timestamp) -> AnyView {
    let Some(run) = newest else {
        return view! {
            <Banner tone=Tone::Bad title=words::NO_COMPLETE testid="backup-none">
                <p>{words::NO_COMPLETE_BODY}</p>
            </Banner>
        }
        .into_any();
    };
    let taken_at = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let (age, stores) = (format::relative(taken_at, now), run.proven_stores() as u64);
    if now.duration_since(taken_at) > STALE {
        return view! {
            <Banner tone=Tone::Bad title=words::too_old(&age) testid="backup-old"><p>{words::TOO_OLD_BODY}</p></Banner>
        }
        .into_any();
    }
    if stores == 0 {
        return view! {
            <Banner tone=Tone::Bad title=words::NOWHERE testid="backup-nowhere"><p>{words::NOWHERE_BODY}</p></Banner>
        }
        .into_any();
    }
    let said = words::newest(&age, &format::date_time(taken_at), unsigned(run.documents()), stores);
    let href = address(&run.id);
    view! {
        <p class="proof-claim" data-testid="backup-newest"><a href=href>{said}</a></p>
        {(stores < 2).then(|| view! { <p class="muted">{words::ONE_PLACE_BODY}</p> })}
    }
    .into_any()
}

fn filters(asked: &Asked) -> impl IntoView + use<> {
    let tabs = Wanted::OFFERED
        .into_iter()
        .map(|(name, wanted)| {
            let label = match wanted {
                Wanted::All => words::ALL_STATES,
                Wanted::Active => words::ACTIVE,
                Wanted::Only(State::Complete) => words::COMPLETE_ONES,
                Wanted::Only(State::Failed) => words::FAILED_ONES,
                Wanted::Only(_) => words::CANCELLED_ONES,
            };
            let href = Asked { status: name.to_owned(), ..Asked::default() }.href(None, None);
            Tab::new(label, href, asked.status == name)
        })
        .collect();
    view! { <Tabs label=words::FILTER tabs testid="backup-filter"/> }
}

fn runs(asked: &Asked, page: Runs, now: Timestamp) -> AnyView {
    if page.runs.is_empty() {
        if asked.status.is_empty() {
            return view! { <EmptyState title=words::NONE_YET hint=words::NONE_YET_HINT testid="backups-none"/> }
                .into_any();
        }
        return view! {
            <EmptyState title=words::NONE_FOUND testid="backups-none">
                <LinkButton href=PATH>{words::SHOW_ALL}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_DATE, CellKind::Primary),
        Column::new(words::COLUMN_STATE, CellKind::Text),
        Column::new(words::COLUMN_TRIGGER, CellKind::Wide),
        Column::new(words::COLUMN_LABEL, CellKind::Text),
        Column::new(words::COLUMN_COLLECTIONS, CellKind::Number),
        Column::new(words::COLUMN_DOCUMENTS, CellKind::Number),
        Column::new(words::COLUMN_SIZE, CellKind::Number),
        Column::new(words::COLUMN_STORES, CellKind::Text),
        Column::new(words::COLUMN_RESTORED, CellKind::Wide),
    ];
    let links = PagerLinks {
        first: page.newer.is_some().then(|| asked.href(None, None)),
        previous: page.newer.as_ref().map(|place| asked.href(None, Some(place))),
        next: page.older.as_ref().map(|place| asked.href(Some(place), None)),
        last: None,
    };
    let position = words::shown(page.runs.len() as u64);
    let lines = page.runs.into_iter().map(|run| line(run, now)).collect_view();
    view! {
        <Table caption=words::RUNS columns testid="backup-runs">{lines}</Table>
        <Pager links position testid="backups-pager"/>
    }
    .into_any()
}

fn line(run: ListedRun, now: Timestamp) -> impl IntoView {
    let marks = [run.hold.is_some().then_some(words::HELD), run.pruned_at.is_some().then_some(words::PRUNED)];
    let marks = marks.into_iter().flatten().map(|label| view! { " " <Badge label/> }).collect_view();
    let (bytes, restored) = (run.bytes(), run.restore_checked_at.map(|at| moment(at, now)));
    let has_content = run.collections > 0;
    view! {
        <tr data-testid="backup-run">
            <Cell kind=CellKind::Primary>
                <a href=address(&run.id)>{moment(run.taken_at.unwrap_or(run.created_at), now)}</a>
                {marks}
            </Cell>
            <Cell><Status tone=words::tone(run.status) label=words::state(run.status)/></Cell>
            <Cell kind=CellKind::Wide title=run.requested_by.name>{words::trigger(run.trigger)}</Cell>
            <Cell>{run.label.map(label)}</Cell>
            <Cell kind=CellKind::Number unit=words::unit(run.collections, "colección", "colecciones")>
                {has_content.then(|| integer(run.collections))}
            </Cell>
            <Cell kind=CellKind::Number unit=words::unit(run.documents, "documento", "documentos")>
                {has_content.then(|| integer(run.documents))}
            </Cell>
            <Cell kind=CellKind::Number>{(bytes > 0).then(|| format::size(unsigned(bytes)))}</Cell>
            <Cell>{stores(&run.destinations)}</Cell>
            <Cell kind=CellKind::Wide>{restored}</Cell>
        </tr>
    }
}

/// A label: the weakest one in words that can't be overlooked.
pub(super) fn label(label: Label) -> AnyView {
    match label {
        Label::PerCollection => {
            view! { <Status tone=Tone::Bad label=words::label(label) title=words::label_meaning(label)/> }.into_any()
        }
        _ => view! { <span title=words::label_meaning(label)>{words::label(label)}</span> }.into_any(),
    }
}

fn stores(destinations: &[Destination]) -> Option<AnyView> {
    if destinations.is_empty() {
        return None;
    }
    let marks = destinations
        .iter()
        .map(|destination| {
            let (tone, title) = match (destination.ok, &destination.error) {
                (true, _) => (Tone::Good, words::proven(&destination.store)),
                (false, Some(_)) => (Tone::Bad, words::unproven(&destination.store)),
                (false, None) => (Tone::Neutral, words::unproven(&destination.store)),
            };
            view! { <Status tone label=destination.store.clone() title/> " " }
        })
        .collect_view();
    Some(view! { <span class="backup-stores">{marks}</span> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_filter() {
        let asked = Asked { status: "failed".into(), ..Asked::default() };
        let place = Place::parse("5~0123456789abcdef0123456789abcdef");
        assert_eq!(
            asked.href(place.as_ref(), None),
            "/admin/backups?status=failed&before=5%7E0123456789abcdef0123456789abcdef#historial"
        );
        assert_eq!(Asked::default().href(None, None), "/admin/backups#historial");
    }
}
