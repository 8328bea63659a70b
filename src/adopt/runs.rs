//! The life of a run: may it begin, its record in `adopt_runs`, its end.

use bson::{DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::engine::{self, Progress, RowCache, Run};
use super::lease::{Lease, LeaseError};
use super::report::{FinishReport, Report, RuleReport};
use super::rule::Rule;
use super::shift::Shift;
use super::state::{self, Mirror, MirrorState};
use super::{DECLARED, RULES, order};
use crate::audit::{self, Action, Entry, Who};
use crate::db::indexes::Direction::Descending;
use crate::db::{Db, IndexFinding, IndexSpec, ReadOnlyDb, Stored};
use crate::i18n::adopt as words;
use crate::jobs::{self, Registry};

/// A run that can be started.
pub struct Adoption<'a> {
    /// The live database.
    pub db: &'a Db,
    /// The connection to the legacy database; it can't write.
    pub legacy: &'a ReadOnlyDb,
    /// The legacy database.
    pub source: &'a str,
    /// Whether this is the last run: afterwards the live database is its own.
    pub finish: bool,
    /// By how many days business dates move; 0 outside demonstrations. Fixed by the first adoption.
    pub shift_days: i32,
    /// The jobs there are: business ones that were missed while mirroring are listed by the last run, not made up for.
    pub jobs: Registry,
    /// The rules, in order; [`RULES`] outside tests.
    pub rules: &'a [&'a dyn Rule],
    /// Who watches.
    pub progress: &'a (dyn Fn(Progress<'_>) + Send + Sync),
}

/// Why nothing, or not everything, was adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The live database is its own already: refreshing it would undo people's work.
    #[error("{}", words::finished(source_name, *at))]
    Finished {
        /// What it was adopted from.
        source_name: String,
        /// Since when it is its own.
        at: DateTime,
    },
    /// The live database mirrors another legacy one.
    #[error("{}", words::other_source(mirrored, asked))]
    OtherSource {
        /// The one it mirrors.
        mirrored: String,
        /// The one that was asked for.
        asked: String,
    },
    /// There is no such legacy database, or it is empty.
    #[error("{}", words::source_missing(asked))]
    SourceMissing {
        /// The one that was asked for.
        asked: String,
    },
    /// The live database can't be adopted from itself.
    #[error("{}", words::source_is_live(asked))]
    SourceIsLive {
        /// The one that was asked for.
        asked: String,
    },
    /// Business dates were moved by another number of days.
    #[error("{}", words::other_shift(*adopted, *asked))]
    OtherShift {
        /// By how many.
        adopted: i32,
        /// By how many they should be.
        asked: i32,
    },
    /// A unique index that adoption relies on isn't there.
    #[error("{}", words::not_declared(finding))]
    NotAsDeclared {
        /// What is wrong.
        finding: String,
    },
    /// Another run is at it.
    #[error(transparent)]
    Lease(LeaseError),
    /// Something broke.
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

impl AdoptError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Finished { .. } => "finished",
            Self::OtherSource { .. } => "other_source",
            Self::SourceMissing { .. } => "source_missing",
            Self::SourceIsLive { .. } => "source_is_live",
            Self::OtherShift { .. } => "other_shift",
            Self::NotAsDeclared { .. } => "not_as_declared",
            Self::Lease(_) => "busy",
            Self::Broken(_) => "broken",
        }
    }
}

impl From<LeaseError> for AdoptError {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Database(error) => Self::Broken(error.into()),
            other => Self::Lease(other),
        }
    }
}

impl From<mongodb::error::Error> for AdoptError {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// A document of `adopt_runs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// The run.
    #[serde(rename = "_id")]
    pub id: String,
    /// The legacy database.
    pub source: String,
    /// Whether it was to be the last one.
    pub finish: bool,
    /// How it stands.
    pub state: RunState,
    /// When it began.
    pub started_at: DateTime,
    /// When it ended.
    pub ended_at: Option<DateTime>,
    /// What it did, once it is done.
    pub report: Option<Report>,
    /// Why it failed.
    pub error: Option<String>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// At it.
    Running,
    /// Everything was adopted.
    Done,
    /// It failed; the next run completes it.
    Failed,
    /// It ended without saying why; the next run completes it.
    Interrupted,
}

impl Stored for RunRecord {
    const COLLECTION: &'static str = "adopt_runs";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("newest", &[("started_at", Descending)])];
}

impl<'a> Adoption<'a> {
    /// A run of all rules that nobody watches.
    pub fn new(db: &'a Db, legacy: &'a ReadOnlyDb, source: &'a str) -> Self {
        Self {
            db,
            legacy,
            source,
            finish: false,
            shift_days: 0,
            jobs: Registry::default(),
            rules: RULES,
            progress: &|_| {},
        }
    }

    /// Adopts. `Ok` means that every row was read and every rule is through, whatever the findings.
    pub async fn run(&self) -> Result<Report, AdoptError> {
        self.check_source().await?;
        if let Some(report) = self.check_state().await? {
            return Ok(report);
        }
        self.prepare().await?;
        let id = uuid::Uuid::now_v7().to_string();
        let lease = Lease::take(self.db, &id).await?;
        let outcome = self.run_leased(&lease, &id).await;
        let released = lease.release(self.db).await;
        let report = outcome?;
        released?;
        self.put_on_record(&report).await?;
        Ok(report)
    }

    /// The audit log says that the run was made, and what came of it.
    async fn put_on_record(&self, report: &Report) -> Result<(), AdoptError> {
        let sum = |field: fn(&RuleReport) -> u64| report.rules.iter().map(field).sum::<u64>() as i64;
        let entry = Entry::new(Action::AdoptRun).target("database", self.source).details(doc! {
            "run": &report.run,
            "finish": self.finish,
            "read": sum(|rule| rule.read),
            "written": sum(|rule| rule.written),
            "refused": sum(|rule| rule.refused),
        });
        audit::record_as(self.db, Timestamp::now(), Who::command_line(), entry)
            .await
            .map_err(|failure| AdoptError::Broken(anyhow::anyhow!("recording the run in the audit log: {failure:?}")))
    }

    async fn check_source(&self) -> Result<(), AdoptError> {
        let asked = self.source.to_owned();
        if asked == self.db.live.name() {
            return Err(AdoptError::SourceIsLive { asked });
        }
        match engine::collections(self.legacy, self.source).await?.is_empty() {
            true => Err(AdoptError::SourceMissing { asked }),
            false => Ok(()),
        }
    }

    /// Whether the live database may be refreshed from this source; a report when there is nothing left to do.
    async fn check_state(&self) -> Result<Option<Report>, AdoptError> {
        match state::find(self.db).await? {
            None => Ok(None),
            Some(mirror) if mirror.source != self.source => {
                Err(AdoptError::OtherSource { mirrored: mirror.source, asked: self.source.to_owned() })
            }
            Some(Mirror { state: MirrorState::Mirroring, shift_days, .. }) if shift_days != self.shift_days => {
                Err(AdoptError::OtherShift { adopted: shift_days, asked: self.shift_days })
            }
            Some(Mirror { state: MirrorState::Mirroring, .. }) => Ok(None),
            Some(mirror) if self.finish => Ok(Some(Report {
                run: String::new(),
                source: mirror.source,
                state: MirrorState::Finished,
                already_finished: true,
                rules: Vec::new(),
                finish: Some(FinishReport::default()),
            })),
            Some(mirror) => {
                Err(AdoptError::Finished { source_name: mirror.source, at: mirror.finished_at.unwrap_or(mirror.since) })
            }
        }
    }

    /// Collections and unique indexes are there before the first document is.
    async fn prepare(&self) -> Result<(), AdoptError> {
        let mut declared = [&DECLARED[..], &jobs::COLLECTIONS].concat();
        for rule in self.rules {
            for target in std::iter::once(rule.target()).chain(rule.other_targets().iter().copied()) {
                if declared.iter().all(|known| known.collection != target.collection) {
                    declared.push(target);
                }
            }
        }
        let findings = self.db.prepare(&declared).await?;
        match findings.iter().find(|finding| !finding.is_harmless()) {
            None => Ok(()),
            Some(finding) => Err(AdoptError::NotAsDeclared { finding: IndexFinding::to_string(finding) }),
        }
    }

    async fn run_leased(&self, lease: &Lease, id: &str) -> Result<Report, AdoptError> {
        // Another run may have finished while this one waited for the lease.
        if let Some(report) = self.check_state().await? {
            return Ok(report);
        }
        let runs = self.db.stored::<RunRecord>();
        let dead = doc! { "$set": { "state": "interrupted", "ended_at": DateTime::now() } };
        runs.update_many(doc! { "state": "running" }, dead).await?;
        runs.insert_one(RunRecord {
            id: id.to_owned(),
            source: self.source.to_owned(),
            finish: self.finish,
            state: RunState::Running,
            started_at: DateTime::now(),
            ended_at: None,
            report: None,
            error: None,
        })
        .await?;
        let outcome = self.adopt(lease, id).await;
        let ending = match &outcome {
            Ok(report) => {
                let report = bson::serialize_to_bson(&report.for_storage()).map_err(anyhow::Error::from)?;
                doc! { "state": "done", "ended_at": DateTime::now(), "report": report }
            }
            Err(error) => doc! { "state": "failed", "ended_at": DateTime::now(), "error": format!("{error:#}") },
        };
        let recorded = runs.update_one(doc! { "_id": id, "state": "running" }, doc! { "$set": ending }).await;
        let report = outcome?;
        recorded?;
        Ok(report)
    }

    async fn adopt(&self, lease: &Lease, id: &str) -> anyhow::Result<Report> {
        state::begin(self.db, lease, self.source, self.shift_days).await?;
        let mut run = Run {
            db: self.db,
            legacy: self.legacy,
            source: self.source,
            lease,
            id,
            shift: Shift::days(self.shift_days),
            progress: self.progress,
            rows: RowCache::new(),
        };
        let rules = order::apply_all(&mut run, self.rules).await?;
        let mut report = Report {
            run: id.to_owned(),
            source: self.source.to_owned(),
            state: MirrorState::Mirroring,
            already_finished: false,
            rules,
            finish: None,
        };
        if self.finish {
            let overdue_jobs = state::finish(self.db, lease, self.source, &self.jobs).await?;
            report.state = MirrorState::Finished;
            report.finish = Some(FinishReport { overdue_jobs });
        }
        Ok(report)
    }
}
