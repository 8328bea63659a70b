//! One run: how it is, how far, what it said. Live with script, by a link without.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{PATH, address, duration, moment, ways_out};
use crate::assets::LIVE_SCRIPT;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::{format, jobs as words, number::integer};
use crate::jobs::record::{JobRun, RunStatus};
use crate::jobs::service;
use crate::ui::{
    Banner, Button, ButtonKind, Crumb, Dialog, Fact, FactList, Glyph, LinkButton, PageHead, Progress, Status, Tone,
};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// `GET /admin/jobs/runs/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = service::load(&ctx, &id).await?;
    let (now, may_run) = (ctx.now(), ctx.may(Capability::JobsRun));
    let title = words::job_or_name(&run.job);
    let crumbs = vec![Crumb::link(words::TITLE, PATH), Crumb::here(title.clone())];
    let script = ctx.app.assets.url(LIVE_SCRIPT).to_owned();
    Ok(Page::admin(&ctx, Section::Jobs, title.clone()).crumbs(crumbs).show(move || {
        let is_final = run.status.is_final();
        let marks = view! { <Status tone=words::tone(run.status) label=words::status(run.status)/> }.into_any();
        let live = (!is_final).then(|| format!("{}/live", address(&run.id)));
        let loader = (!is_final).then(|| view! { <script type="module" src=script></script> });
        let out = (may_run && run.status == RunStatus::Dead)
            .then(|| ways_out(&run))
            .map(|ways| view! { <div class="actions jobs-actions">{ways}</div> });
        let stop = (may_run && !is_final).then(|| cancel_form(&run));
        let refresh = (!is_final).then(|| {
            view! { <LinkButton href=address(&run.id) icon=Glyph::RotateCw testid="job-refresh">{words::REFRESH}</LinkButton> }
        });
        view! {
            <PageHead title marks=marks>{refresh} {stop}</PageHead>
            {out}
            <div class="stack" data-live=live data-testid="job-state">{state(&run, now)}</div>
            {loader}
        }
    }))
}

/// `GET /admin/jobs/runs/{id}/live`: the part of the page that moves.
pub async fn live(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = service::load(&ctx, &id).await?;
    let sign = if run.status.is_final() { "over" } else { "on" };
    let html = state(&run, ctx.now()).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

fn cancel_form(run: &JobRun) -> impl IntoView + use<> {
    let action = format!("{}/cancel", address(&run.id));
    view! {
        <Dialog id="cancel-run" opener=words::CANCEL title=words::CANCEL_TITLE testid="job-cancel">
            <p>{words::CANCEL_BODY}</p>
            <form method="post" action=action>
                <Button kind=ButtonKind::Danger testid="job-cancel-confirm">{words::CANCEL_CONFIRM}</Button>
            </form>
        </Dialog>
    }
}

/// How the run is now.
fn state(run: &JobRun, now: Timestamp) -> AnyView {
    let failed = run.error.clone().filter(|_| run.status != RunStatus::Done).map(|error| {
        let tone = if run.status == RunStatus::Dead { Tone::Bad } else { Tone::Attention };
        view! {
            <Banner tone title=words::ERROR testid="job-error">
                <p class="jobs-error">{error}</p>
            </Banner>
        }
    });
    let progress = run.progress.filter(|_| !run.status.is_final()).map(|progress| {
        let (done, total) = (progress.done.unsigned_abs(), progress.total.unsigned_abs());
        let detail = words::of_total(&integer(done), &integer(total));
        view! { <Progress label=words::PROGRESS of=(done, total) detail testid="job-progress"/> }
    });
    let lines: Vec<_> = run
        .log
        .iter()
        .map(|line| {
            let at = timestamp(line.at).unwrap_or(Timestamp::UNIX_EPOCH);
            view! {
                <li data-testid="job-line">
                    <time datetime=format::machine(at)>{format::exact(at)}</time>
                    " "
                    {line.text.clone()}
                </li>
            }
        })
        .collect();
    let log = match lines.is_empty() {
        true => view! { <p class="muted">{words::NO_LOG}</p> }.into_any(),
        false => view! { <ol class="jobs-log">{lines}</ol> }.into_any(),
    };
    view! {
        {failed}
        {progress}
        <FactList facts=facts(run, now)/>
        <section class="section">
            <h2>{words::LOG}</h2>
            {log}
        </section>
    }
    .into_any()
}

fn facts(run: &JobRun, now: Timestamp) -> Vec<Fact> {
    let status = view! { <Status tone=words::tone(run.status) label=words::status(run.status)/> };
    let mut facts = vec![Fact::new(words::COLUMN_STATUS, status)];
    facts.extend(run.result.clone().map(|result| Fact::new(words::COLUMN_RESULT, result)));
    facts.extend(run.scheduled_for.map(|at| Fact::new(words::SCHEDULED_FOR, moment(at, now))));
    facts.extend(run.asked_by.clone().map(|name| Fact::new(words::ASKED_BY, name)));
    facts.push(Fact::new(words::COLUMN_CREATED, moment(run.created_at, now)));
    facts.extend(run.started_at.map(|at| Fact::new(words::STARTED, moment(at, now))));
    facts.extend(run.finished_at.map(|at| Fact::new(words::FINISHED, moment(at, now))));
    facts.extend(duration(run.started_at, run.finished_at, now).map(|took| Fact::new(words::COLUMN_DURATION, took)));
    facts.push(Fact::new(words::ATTEMPTS, integer(run.attempts)));
    facts.push(Fact::new(words::TECHNICAL_NAME, view! { <code class="mono">{run.job.clone()}</code> }));
    facts.push(Fact::new(words::RUN_ID, view! { <code class="mono">{run.id.clone()}</code> }));
    facts.extend(
        run.instance.clone().map(|name| Fact::new(words::INSTANCE, view! { <code class="mono">{name}</code> })),
    );
    facts
}
