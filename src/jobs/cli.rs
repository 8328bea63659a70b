//! `canje worker` and `canje jobs`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::backlog::backlog;
use super::record::{JobRun, RunStatus};
use super::store::{self, Filter, From};
use super::worker::{Pace, Worker};
use super::{COLLECTIONS, service};
use crate::app::App;
use crate::audit::Who;
use crate::db::{Db, timestamp};
use crate::i18n::{format, jobs as words};
use crate::worker;

/// How often a run's row is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Dead letters listed.
const DEAD: usize = 100;

/// `canje worker`.
#[derive(Args)]
pub struct WorkerArgs {
    /// For tests that kill workers: how long one may be silent, in milliseconds.
    #[arg(long, hide = true)]
    lease_ms: Option<u64>,
}

impl WorkerArgs {
    /// How fast the worker goes.
    pub fn pace(&self) -> Pace {
        match self.lease_ms {
            None => Pace::default(),
            Some(lease_ms) => {
                let lease = Duration::from_millis(lease_ms);
                Pace { lease, beat: lease / 5, ..Pace::default() }
            }
        }
    }
}

/// `canje jobs …`
#[derive(Args)]
pub struct JobsArgs {
    #[command(subcommand)]
    pub command: JobsCommand,
}

/// `canje jobs list|run`.
#[derive(Subcommand)]
pub enum JobsCommand {
    #[command(about = words::CLI_LIST)]
    List {
        #[arg(long, help = words::CLI_JSON)]
        json: bool,
    },
    #[command(about = words::CLI_RUN)]
    Run {
        #[arg(help = words::CLI_NAME)]
        name: String,
        #[arg(long, help = words::CLI_JSON)]
        json: bool,
    },
}

/// Answers `canje jobs list` on stdout.
pub async fn list(db: &Db, as_json: bool) -> anyhow::Result<ExitCode> {
    db.prepare(&COLLECTIONS).await?;
    let now = Timestamp::now();
    let only_dead = Filter { status: Some(RunStatus::Dead), ..Filter::default() };
    let (states, backlog, dead) = futures::try_join!(
        store::schedules(db),
        backlog(db, now),
        store::page(db, now, &only_dead, &From::Newest, DEAD),
    )?;
    let registry = worker::registry();
    let instant = |at: Option<bson::DateTime>| at.and_then(timestamp).map(format::machine);
    if as_json {
        let schedules: Vec<_> = registry
            .schedules()
            .iter()
            .map(|schedule| {
                let last = states.get(schedule.job).and_then(|state| state.last.as_ref());
                json!({
                    "name": schedule.job,
                    "schedule": schedule.timing.expression(),
                    "last": last.map(|last| json!({
                        "run": last.run_id,
                        "status": last.status.as_str(),
                        "started_at": instant(Some(last.started_at)),
                        "finished_at": instant(last.finished_at),
                        "result": last.result,
                    })),
                    "next": schedule.timing.next(now).map(format::machine),
                })
            })
            .collect();
        let dead: Vec<_> = dead
            .runs
            .iter()
            .map(|run| json!({ "id": run.id, "job": run.job, "attempts": run.attempts, "error": run.error }))
            .collect();
        let queue = json!({
            "due": backlog.due,
            "oldest_due_seconds": backlog.oldest_due_seconds,
            "running": backlog.running,
            "later": backlog.later,
            "dead": backlog.dead,
        });
        println!("{}", json!({ "schedules": schedules, "queue": queue, "dead": dead }));
        return Ok(ExitCode::SUCCESS);
    }
    for schedule in registry.schedules() {
        let last = states.get(schedule.job).and_then(|state| state.last.as_ref());
        let last = last.map_or_else(
            || words::NEVER_RAN.to_lowercase(),
            |last| {
                let at = timestamp(last.started_at).map(format::exact).unwrap_or_default();
                format!("{at} ({})", words::status(last.status).to_lowercase())
            },
        );
        let next = schedule.timing.next(now).map_or_else(|| words::NONE.into(), format::exact);
        println!("{}", words::cli_schedule(schedule.job, &words::timing(&schedule.timing), &last, &next));
    }
    println!("{}", words::cli_backlog(backlog.due, backlog.running, backlog.later, backlog.dead));
    for run in dead.runs {
        println!("{}", words::cli_dead(&run.id, &run.job, run.error.as_deref().unwrap_or_default()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a scheduled job now and answers on stdout how its first attempt ended. The attempt is made by whichever worker is
/// first, this process's own included.
pub async fn run(app: Arc<App>, name: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let Some(schedule) = app.jobs.schedule(name) else {
        let known: Vec<_> = app.jobs.schedules().iter().map(|schedule| schedule.job).collect();
        bail!(words::unknown(name, &known));
    };
    let id = service::start(&app, app.clock.now(), schedule, None, Who::command_line())
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let working = tokio::spawn(Worker::new(app.clone(), Pace::default()).run());
    let ended = attempted(&app.db, &id).await;
    app.stopping.begin();
    working.await?;
    let run = ended?;
    if as_json {
        let said = json!({
            "id": run.id, "job": run.job, "status": run.status.as_str(), "result": run.result, "error": run.error,
        });
        println!("{said}");
    } else {
        let why = run.result.as_deref().or(run.error.as_deref());
        println!("{}", words::cli_ended(name, &words::status(run.status).to_lowercase(), why));
    }
    Ok(if run.status == RunStatus::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The run's row after its first attempt.
async fn attempted(db: &Db, id: &str) -> anyhow::Result<JobRun> {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        looks.tick().await;
        let run = store::find(db, id).await?.context("the run's row is gone")?;
        if run.status.is_final() || run.status == RunStatus::Retrying {
            return Ok(run);
        }
    }
}
