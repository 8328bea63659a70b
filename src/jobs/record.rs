//! The record of runs: what is kept of a job besides its place in the queue.

use std::time::Duration;

use bson::{Bson, DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored, date};

/// Log lines kept of a run; the newest.
pub(super) const LINES: i32 = 200;
/// Longest kept line or error, in characters.
const CHARACTERS: usize = 2_000;
/// How long a run that went well is kept; a schedule of every minute makes 1,440 rows a day.
const KEPT_DONE: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How long any other run is kept.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// In the queue.
    Waiting,
    /// A worker has it.
    Running,
    /// An attempt failed; another will be made.
    Retrying,
    /// Done.
    Done,
    /// A dead letter: its attempts are used up, and somebody has to decide.
    Dead,
    /// A dead letter nobody wants any more.
    Discarded,
    /// Ended by a person.
    Cancelled,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Running, Self::Retrying, Self::Done, Self::Dead, Self::Discarded, Self::Cancelled];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Discarded => "discarded",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status with this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether nothing more will happen by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Discarded | Self::Cancelled)
    }
}

/// A document of `job_runs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobRun {
    /// The run's id; of a scheduled occurrence `job@instant`.
    #[serde(rename = "_id")]
    pub id: String,
    /// The job's name.
    pub job: String,
    /// How it is.
    pub status: RunStatus,
    /// When it came into the queue, and its place in the list.
    pub created_at: DateTime,
    /// The occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<DateTime>,
    /// The last attempt's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime>,
    /// The last attempt's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime>,
    /// What came of it, in the job's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Attempts so far.
    #[serde(default)]
    pub attempts: u32,
    /// The worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Who started it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What it said on the way; the newest lines.
    #[serde(default)]
    pub log: Vec<Line>,
    /// The batch of the attempt that may write here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A dead letter's data, to try it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
    /// When the row goes; a dead letter's never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime>,
}

/// What is needed to try a dead letter again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// The id it had in the queue.
    pub queue_id: String,
    /// The struct.
    pub data: Bson,
    /// Which workers' places it takes.
    pub lane: super::model::Lane,
    /// The schedule whose occurrence it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
}

/// Something a run said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub at: DateTime,
    pub text: String,
}

impl Stored for JobRun {
    const COLLECTION: &'static str = "job_runs";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("newest", &[("created_at", Descending), ("_id", Descending)]),
        IndexSpec::new("job", &[("job", Ascending), ("created_at", Descending), ("_id", Descending)]),
        IndexSpec::new("status", &[("status", Ascending), ("created_at", Descending), ("_id", Descending)]),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

impl JobRun {
    /// The row of a run that waits.
    pub(super) fn waiting(id: &str, job: &str, now: Timestamp) -> Self {
        Self {
            id: id.into(),
            job: job.into(),
            status: RunStatus::Waiting,
            created_at: date(now),
            scheduled_for: None,
            started_at: None,
            finished_at: None,
            result: None,
            error: None,
            attempts: 0,
            instance: None,
            asked_by: None,
            progress: None,
            log: Vec::new(),
            token: None,
            letter: None,
            expires_at: None,
        }
    }
}

/// When a run that ended this way is forgotten.
pub(super) fn expiry(now: Timestamp, status: RunStatus) -> Option<DateTime> {
    match status {
        RunStatus::Done => Some(date(now + KEPT_DONE)),
        RunStatus::Discarded | RunStatus::Cancelled => Some(date(now + KEPT)),
        RunStatus::Waiting | RunStatus::Running | RunStatus::Retrying | RunStatus::Dead => None,
    }
}

/// A text as kept.
pub(super) fn kept(text: &str) -> String {
    text.chars().take(CHARACTERS).collect()
}
