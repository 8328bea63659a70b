//! The overview.

use axum::extract::Query;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{PATH, address, duration, moment, ways_out};
use crate::ctx::Ctx;
use crate::error::FieldProblem;
use crate::failure::Failure;
use crate::i18n::{format, jobs as words, number::integer};
use crate::jobs::record::{JobRun, RunStatus};
use crate::jobs::registry::Schedule;
use crate::jobs::schedule::ScheduleState;
use crate::jobs::service::{self, Overview};
use crate::jobs::store::{Filter, From, Page as Runs, Place};
use crate::ui::{
    Banner, Button, Cell, CellKind, Choice, Column, EmptyState, Glyph, PageHead, Pager, PagerLinks, Select, StatTile,
    Stats, Status, Table, Tone,
};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// The filter of the runs as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    job: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// The filter and the place, and what is wrong with them; what is wrong is left out.
    fn read(&self) -> (Filter, From, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let status = RunStatus::parse(&self.status);
        if status.is_none() && !self.status.is_empty() {
            problems.push(FieldProblem::new("status", words::BAD_STATUS));
        }
        let place = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => Some(From::Newest),
            (before, "") => Place::parse(before).map(From::Before),
            ("", after) => Place::parse(after).map(From::After),
            _ => None,
        };
        let from = place.unwrap_or_else(|| {
            problems.push(FieldProblem::new("page", words::BAD_PLACE));
            From::Newest
        });
        let job = (!self.job.is_empty()).then(|| self.job.clone());
        (Filter { job, status }, from, problems)
    }

    fn href(&self, before: Option<&Place>, after: Option<&Place>) -> String {
        let text = |place: Option<&Place>| place.map(Place::to_string).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}#runs"),
            _ => format!("{PATH}#runs"),
        }
    }

    fn is_empty(&self) -> bool {
        self.job.is_empty() && self.status.is_empty()
    }
}

/// `GET /admin/jobs`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (filter, from, problems) = asked.read();
    let overview = service::overview(&ctx, &filter, &from).await?;
    let (now, may_run) = (ctx.now(), ctx.may(Capability::JobsRun));
    let names = ctx.app.jobs.names();
    Ok(Page::admin(&ctx, Section::Jobs, words::TITLE).show(move || {
        let Overview { schedules, states, backlog, workers, dead, page } = overview;
        let nobody = (workers == 0).then(|| {
            view! {
                <Banner tone=Tone::Attention title=words::NO_WORKER testid="jobs-no-worker">
                    <p>{words::NO_WORKER_BODY}</p>
                </Banner>
            }
        });
        let letters = (!dead.is_empty()).then(|| dead_letters(dead, may_run, now));
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            <div class="stack" data-testid="jobs-page">
                {nobody}
                {figures(backlog, workers)}
            </div>
            {letters}
            <section class="section">
                <h2>{words::SCHEDULES}</h2>
                {schedule_table(&schedules, &states, may_run, now)}
            </section>
            <section class="section" id="runs">
                <div>
                    <h2>{words::RUNS}</h2>
                    <p class="muted">{words::RUNS_PURPOSE}</p>
                </div>
                {filters(&asked, &names, &problems)}
                {runs(&asked, page, now)}
            </section>
        }
    }))
}

fn figures(backlog: crate::jobs::Backlog, workers: u64) -> impl IntoView {
    let seconds = i64::try_from(backlog.oldest_due_seconds).unwrap_or(i64::MAX);
    let waited = match backlog.due {
        0 => words::NOTHING_DUE.to_owned(),
        _ => words::oldest(&format::duration(SignedDuration::from_secs(seconds))),
    };
    let dead = if backlog.dead == 0 { words::NONE_DEAD } else { words::DEAD_DETAIL };
    view! {
        <Stats>
            <StatTile label=words::DUE value=integer(backlog.due) detail=waited testid="jobs-due"/>
            <StatTile label=words::RUNNING value=integer(backlog.running) detail=words::workers(workers) testid="jobs-running"/>
            <StatTile label=words::LATER value=integer(backlog.later) detail=words::LATER_DETAIL testid="jobs-later"/>
            <StatTile label=words::DEAD value=integer(backlog.dead) detail=dead testid="jobs-dead"/>
        </Stats>
    }
}

fn dead_letters(dead: Vec<JobRun>, may_run: bool, now: Timestamp) -> impl IntoView {
    let mut columns = vec![
        Column::new(words::COLUMN_JOB, CellKind::Primary),
        Column::new(words::COLUMN_LAST, CellKind::Text),
        Column::new(words::COLUMN_ERROR, CellKind::Text),
    ];
    if may_run {
        columns.push(Column::new(words::COLUMN_ACTIONS, CellKind::Action));
    }
    let lines = dead
        .into_iter()
        .map(|run| {
            let actions = may_run.then(|| {
                let ways = ways_out(&run);
                view! {
                    <Cell kind=CellKind::Action>
                        <div class="jobs-actions">{ways}</div>
                    </Cell>
                }
            });
            let last = run.finished_at.map(|at| moment(at, now));
            view! {
                <tr data-testid="job-dead">
                    <Cell kind=CellKind::Primary>
                        <a href=address(&run.id)>{words::job_or_name(&run.job)}</a>
                    </Cell>
                    <Cell>{last}</Cell>
                    <Cell><span class="jobs-error">{run.error}</span></Cell>
                    {actions}
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="section" data-testid="jobs-dead-letters">
            <div>
                <h2>{words::DEAD_TITLE}</h2>
                <p class="muted">{words::DEAD_PURPOSE}</p>
            </div>
            <Table caption=words::DEAD_TITLE columns>{lines}</Table>
        </section>
    }
}

fn schedule_table(
    schedules: &[Schedule],
    states: &std::collections::HashMap<String, ScheduleState>,
    may_run: bool,
    now: Timestamp,
) -> AnyView {
    if schedules.is_empty() {
        return view! {
            <EmptyState title=words::NO_SCHEDULES hint=words::NO_SCHEDULES_HINT testid="jobs-no-schedules"/>
        }
        .into_any();
    }
    let mut columns = vec![
        Column::new(words::COLUMN_JOB, CellKind::Primary),
        Column::new(words::COLUMN_WHEN, CellKind::Text),
        Column::new(words::COLUMN_LAST, CellKind::Text),
        Column::new(words::COLUMN_DURATION, CellKind::Number),
        Column::new(words::COLUMN_RESULT, CellKind::Wide),
        Column::new(words::COLUMN_NEXT, CellKind::Wide),
    ];
    if may_run {
        columns.push(Column::new(words::COLUMN_ACTIONS, CellKind::Action));
    }
    let lines =
        schedules.iter().map(|schedule| schedule_line(schedule, states.get(schedule.job), may_run, now)).collect_view();
    view! { <Table caption=words::SCHEDULES columns testid="jobs-schedules">{lines}</Table> }.into_any()
}

fn schedule_line(
    schedule: &Schedule,
    state: Option<&ScheduleState>,
    may_run: bool,
    now: Timestamp,
) -> impl IntoView + use<> {
    let last = state.and_then(|state| state.last.clone());
    let took = last.as_ref().and_then(|last| duration(Some(last.started_at), last.finished_at, now));
    let result = last.as_ref().and_then(|last| last.result.clone());
    let last = match last {
        None => view! { <span class="muted">{words::NEVER_RAN}</span> }.into_any(),
        Some(last) => view! {
            <Status tone=words::tone(last.status) label=words::status(last.status)/>
            " "
            <a href=address(&last.run_id)>{moment(last.started_at, now)}</a>
        }
        .into_any(),
    };
    let next = schedule.timing.next(now).map(|at| moment(crate::db::date(at), now));
    let (job, timing) = (schedule.job, words::timing(&schedule.timing));
    let action = may_run.then(|| {
        view! {
            <Cell kind=CellKind::Action>
                <form method="post" action=format!("{PATH}/run")>
                    <input type="hidden" name="job" value=job/>
                    <Button icon=Glyph::Play testid="job-run-now">{words::RUN_NOW}</Button>
                </form>
            </Cell>
        }
    });
    view! {
        <tr data-testid="job-schedule" data-job=job>
            <Cell kind=CellKind::Primary>{words::job_or_name(job)}</Cell>
            <Cell>{timing}</Cell>
            <Cell>{last}</Cell>
            <Cell kind=CellKind::Number>{took}</Cell>
            <Cell kind=CellKind::Wide>{result}</Cell>
            <Cell kind=CellKind::Wide>{next}</Cell>
            {action}
        </tr>
    }
}

fn filters(asked: &Asked, names: &[&'static str], problems: &[FieldProblem]) -> impl IntoView + use<> {
    let problem =
        |field: &str| problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone());
    let mut jobs: Vec<_> = names.iter().map(|name| Choice::new(*name, words::job_or_name(name))).collect();
    jobs.sort_by_key(|choice| choice.label.to_lowercase());
    jobs.insert(0, Choice::new("", words::ANY_JOB));
    let mut statuses = vec![Choice::new("", words::ANY_STATUS)];
    statuses.extend(RunStatus::ALL.map(|status| Choice::new(status.as_str(), words::status(status))));
    let misplaced =
        problem("page").map(|told| view! { <Banner tone=Tone::Attention title=told testid="jobs-problem"/> });
    view! {
        {misplaced}
        <form class="filters" method="get" action=format!("{PATH}#runs") data-testid="jobs-filters">
            <Select name="job" label=words::FILTER_JOB choices=jobs value=asked.job.clone() testid="jobs-filter-job"/>
            <Select
                name="status"
                label=words::FILTER_STATUS
                choices=statuses
                value=asked.status.clone()
                error=problem("status")
                testid="jobs-filter-status"
            />
            <Button icon=Glyph::ListFilter testid="jobs-filter">{words::FILTER}</Button>
        </form>
    }
}

fn runs(asked: &Asked, page: Runs, now: Timestamp) -> AnyView {
    if page.runs.is_empty() {
        let (title, hint) = match asked.is_empty() {
            true => (words::NO_RUNS_YET, words::NO_RUNS_YET_HINT),
            false => (words::NO_RUNS, words::NO_RUNS_HINT),
        };
        return view! { <EmptyState title hint testid="jobs-no-runs"/> }.into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_JOB, CellKind::Primary),
        Column::new(words::COLUMN_STATUS, CellKind::Text),
        Column::new(words::COLUMN_CREATED, CellKind::Text),
        Column::new(words::COLUMN_DURATION, CellKind::Number),
        Column::new(words::COLUMN_RESULT, CellKind::Wide),
    ];
    let links = PagerLinks {
        first: page.newer.is_some().then(|| asked.href(None, None)),
        previous: page.newer.as_ref().map(|place| asked.href(None, Some(place))),
        next: page.older.as_ref().map(|place| asked.href(Some(place), None)),
        last: None,
    };
    let position = words::shown(page.runs.len() as u64);
    let lines = page
        .runs
        .into_iter()
        .map(|run| {
            view! {
                <tr data-testid="job-run">
                    <Cell kind=CellKind::Primary>
                        <a href=address(&run.id)>{words::job_or_name(&run.job)}</a>
                    </Cell>
                    <Cell><Status tone=words::tone(run.status) label=words::status(run.status)/></Cell>
                    <Cell>{moment(run.created_at, now)}</Cell>
                    <Cell kind=CellKind::Number>{duration(run.started_at, run.finished_at, now)}</Cell>
                    <Cell kind=CellKind::Wide>{run.result.or(run.error)}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=words::RUNS columns testid="job-runs">{lines}</Table>
        <Pager links position testid="jobs-pager"/>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_filter() {
        let asked = Asked { job: "a.b".into(), ..Asked::default() };
        let place = Place::parse("5~x@2026-11-22T09:00:00Z");
        let href = asked.href(place.as_ref(), None);
        assert_eq!(href, "/admin/jobs?job=a.b&before=5%7Ex%402026-11-22T09%3A00%3A00Z#runs");
        assert_eq!(Asked::default().href(None, None), "/admin/jobs#runs");
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let asked = Asked { status: "nope".into(), before: "x".into(), ..Asked::default() };
        let (filter, from, problems) = asked.read();
        assert_eq!((filter, from), (Filter::default(), From::Newest));
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["status", "page"]);
    }
}
