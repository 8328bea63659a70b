//! The proof page: the claim, then everything it rests on.

use std::sync::Arc;

use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::compare::Now;
use super::forms::REASON;
use super::{address, crumbs, evidence, exact, list, moment, sides, title, unsigned};
use crate::backup::model::{Destination, State};
use crate::backup::record::BackupRun;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::i18n::backup::{pages as list_words, proof as words};
use crate::i18n::{format, number::integer};
use crate::ui::{
    Badge, Banner, Button, ButtonKind, Cell, CellKind, Column, Density, Dialog, Fact, FactList, Field, Glyph,
    LinkButton, PageHead, Status, Table, Tone,
};
use crate::values::Capability;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// What the person may do from here.
struct May {
    download: bool,
    restore: bool,
    hold: bool,
}

/// The page of a run that is over.
pub(super) fn page(ctx: &Ctx, run: BackupRun, live: Option<Now>) -> Response {
    let (now, is_demo, flash) = (ctx.now(), ctx.app.config.demo, ctx.flash.clone());
    let is_usable = run.status == State::Complete && run.pruned_at.is_none();
    let may = May {
        download: is_usable && ctx.may(Capability::BackupsDownload),
        restore: is_usable && ctx.may(Capability::BackupsRestore),
        hold: is_usable && ctx.may(Capability::BackupsDelete),
    };
    let title = title(&run);
    Page::admin(ctx, Section::Backups, title.clone()).crumbs(crumbs(title.clone())).show(move || {
        let marks =
            view! { <Status tone=list_words::tone(run.status) label=list_words::state(run.status)/> }.into_any();
        let is_complete = run.status == State::Complete;
        let actions = actions(&run, &may, flash);
        view! {
            <PageHead title marks=marks>{actions}</PageHead>
            {claim(&run)}
            {failure(&run)}
            {evidence::findings(&run.findings)}
            <FactList facts=facts(&run, now)/>
            {evidence::checks(&run.checks)}
            {evidence::notes(&run.findings)}
            {(is_complete || !run.collections.is_empty()).then(|| sides::section(&run, live.as_ref()))}
            {excluded(&run)}
            <section class="section">
                <h2>{words::STORES}</h2>
                {stores(&run.destinations, is_demo)}
            </section>
            <section class="section">
                <h2>{words::TIMELINE}</h2>
                {timeline(&run)}
            </section>
        }
    })
}

fn actions(run: &BackupRun, may: &May, flash: Arc<Flash>) -> impl IntoView + use<> {
    let here = address(&run.id);
    let pdf = view! {
        <LinkButton href=format!("{here}/constancia.pdf") kind=ButtonKind::Primary icon=Glyph::ScrollText testid="backup-pdf">
            {words::PDF}
        </LinkButton>
    };
    let download = may.download.then(|| {
        view! {
            <LinkButton href=format!("{here}/descargar") icon=Glyph::Download testid="backup-download">{words::DOWNLOAD}</LinkButton>
        }
    });
    let restore = may.restore.then(|| {
        view! {
            <LinkButton href=format!("{here}/restaurar") icon=Glyph::RotateCw testid="backup-restore">{words::RESTORE}</LinkButton>
        }
    });
    let hold = may.hold.then(|| match &run.hold {
        Some(_) => view! {
            <form method="post" action=format!("{here}/soltar")>
                <Button testid="backup-release">{list_words::RELEASE}</Button>
            </form>
        }
        .into_any(),
        None => hold_form(format!("{here}/conservar"), flash),
    });
    view! { {pdf} {download} {restore} {hold} }
}

fn hold_form(action: String, flash: Arc<Flash>) -> AnyView {
    view! {
        <Dialog id="conservar-backup" opener=list_words::HOLD icon=Glyph::Lock title=list_words::HOLD_TITLE
            open=flash.problem(REASON).is_some() testid="backup-hold">
            <p>{list_words::HOLD_BODY}</p>
            <form class="form" method="post" action=action>
                <Field name=REASON label=list_words::HOLD_REASON required=true maxlength=200 value=flash.value(REASON)
                    error=flash.problem(REASON) testid="backup-hold-reason"/>
                <Button kind=ButtonKind::Primary testid="backup-hold-confirm">{list_words::HOLD_CONFIRM}</Button>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The sentence of the claim, for the page and for the document.
pub(super) fn claim_sentence(run: &BackupRun) -> String {
    let at = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    let at = format::exact(at);
    match run.status {
        State::Complete if run.proven_stores() == 0 => words::gone(&at),
        State::Complete => {
            words::claim(&at, unsigned(run.documents()), run.collections.len() as u64, run.proven_stores() as u64)
        }
        _ => words::no_claim(&at),
    }
}

fn claim(run: &BackupRun) -> impl IntoView + use<> {
    view! { <p class="proof-claim" data-testid="backup-claim">{claim_sentence(run)}</p> }
}

fn failure(run: &BackupRun) -> Option<AnyView> {
    let (tone, title) = match run.status {
        State::Failed => (Tone::Bad, words::ERROR),
        State::Cancelled => (Tone::Attention, words::CANCELLED),
        _ if run.pruned_at.is_some() => (Tone::Attention, words::PRUNED),
        _ => return None,
    };
    let why = run.error.clone().map(|why| view! { <p class="jobs-error">{why}</p> });
    let body = run.pruned_at.is_none().then(|| view! { <p>{words::NOT_A_BACKUP}</p> });
    Some(view! { <Banner tone title testid="backup-failure">{why} {body}</Banner> }.into_any())
}

fn facts(run: &BackupRun, now: Timestamp) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(run.taken_at.map(|at| Fact::new(words::TAKEN_AT, exact(at))));
    if let Some(label) = run.label {
        let said = view! { {list::label(label)} <p class="muted">{list_words::label_meaning(label)}</p> };
        facts.push(Fact::new(words::LABEL, said));
    }
    facts.extend(
        run.root
            .clone()
            .map(|root| Fact::new(words::ROOT, view! { <code class="mono" data-testid="backup-root">{root}</code> })),
    );
    facts.push(Fact::new(words::TRIGGER, list_words::trigger(run.trigger)));
    facts.push(Fact::new(words::REQUESTED_BY, run.requested_by.name.clone()));
    let span = run.started_at.and_then(timestamp).zip(run.finished_at.and_then(timestamp));
    facts.extend(span.map(|(from, to)| Fact::new(words::DURATION, format::duration(to.duration_since(from)))));
    if run.archive_bytes > 0 {
        let sizes =
            words::sizes(&format::size(unsigned(run.archive_bytes)), &format::size(unsigned(run.stored_bytes())));
        facts.push(Fact::new(words::SIZE, sizes));
    }
    facts.extend(run.restore_checked_at.map(|at| Fact::new(words::RESTORE_CHECKED, moment(at, now))));
    facts.extend(run.hold.clone().map(|why| Fact::new(words::HOLD, why)));
    facts.push(Fact::new(words::ID, view! { <code class="mono">{run.id.to_string()}</code> }));
    facts
}

/// What was left out; nothing at all about a run that ended before it had read anything.
fn excluded(run: &BackupRun) -> Option<AnyView> {
    if run.collections.is_empty() && run.excluded.is_empty() {
        return None;
    }
    let list = excluded_list(run);
    let section = view! {
        <section class="section">
            <h2>{words::EXCLUDED}</h2>
            {list}
        </section>
    };
    Some(section.into_any())
}

fn excluded_list(run: &BackupRun) -> AnyView {
    if run.excluded.is_empty() {
        return view! { <p class="muted">{words::NOTHING_EXCLUDED}</p> }.into_any();
    }
    let facts = run
        .excluded
        .iter()
        .map(|excluded| {
            let name = view! { <code class="mono">{excluded.namespace.clone()}</code> };
            view! { <div><dt>{name}</dt><dd>{excluded.reason.clone()}</dd></div> }
        })
        .collect_view();
    view! { <dl class="facts" data-testid="backup-excluded">{facts}</dl> }.into_any()
}

fn stores(destinations: &[Destination], is_demo: bool) -> AnyView {
    if destinations.is_empty() {
        return view! { <p class="muted">{words::NO_STORES}</p> }.into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_STORE, CellKind::Primary),
        Column::new(words::COLUMN_PLACE, CellKind::Text),
        Column::new(words::COLUMN_PARTS, CellKind::Number),
        Column::new(words::COLUMN_BYTES, CellKind::Number),
        Column::new(words::COLUMN_UPLOADED, CellKind::Wide),
        Column::new(words::COLUMN_READ_BACK, CellKind::Text),
        Column::new(words::COLUMN_RESULT_STORE, CellKind::Text),
    ];
    let lines = destinations
        .iter()
        .map(|destination| {
            let (tone, said) = match (destination.ok, &destination.error) {
                (true, _) => (Tone::Good, words::STORE_OK.to_owned()),
                (false, Some(why)) => (Tone::Bad, why.clone()),
                (false, None) => (Tone::Neutral, words::STORE_WAITING.to_owned()),
            };
            let twin = is_demo.then(|| view! { " " <Badge label=list_words::TWIN/> });
            let Destination { store, place, parts, bytes, uploaded_at, read_back_at, .. } = destination.clone();
            view! {
                <tr data-testid="backup-store">
                    <Cell kind=CellKind::Primary>{store} {twin}</Cell>
                    <Cell><span class="jobs-error">{place}</span></Cell>
                    <Cell kind=CellKind::Number unit=list_words::unit(i64::from(parts), "parte", "partes")>
                        {integer(parts)}
                    </Cell>
                    <Cell kind=CellKind::Number>{format::size(unsigned(bytes))}</Cell>
                    <Cell kind=CellKind::Wide>{uploaded_at.map(exact)}</Cell>
                    <Cell>{read_back_at.map(exact)}</Cell>
                    <Cell><Status tone label=said/></Cell>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=words::STORES columns density=Density::Compact testid="backup-stores">{lines}</Table> }
        .into_any()
}

/// The steps reached, with who and the figures that belong to each.
pub(super) fn timeline(run: &BackupRun) -> AnyView {
    if run.steps.is_empty() {
        return view! { <p class="muted">{words::NO_STEPS}</p> }.into_any();
    }
    let lines = run
        .steps
        .iter()
        .map(|step| {
            let facts =
                step.facts.iter().map(|fact| view! { <p class="muted jobs-error">{fact.clone()}</p> }).collect_view();
            view! {
                <li data-testid="backup-step">
                    {exact(step.at)}
                    " "
                    {list_words::state(step.state)}
                    <span class="muted">" · " {step.actor.clone()}</span>
                    {facts}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="jobs-log">{lines}</ol> }.into_any()
}
