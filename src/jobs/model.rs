//! What a job is.

use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Run;

/// Background work: its data, its name, what it does.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name, `capability.verb_noun`; stored with every queued job.
    const NAME: &'static str;
    /// How often it is tried before it is a dead letter.
    const ATTEMPTS: u32 = 6;
    /// How long an attempt may take; then it has failed. A job that may take more than a minute is worked off beside the
    /// others, so that no short job waits for it.
    const LONGEST: Duration = Duration::from_secs(60);
    /// Whether it is business of the adopted collections: while the live database mirrors the previous system, which does
    /// that business itself, the job isn't run, and what it missed waits for somebody's approval.
    const BUSINESS: bool = false;

    /// Does the work. Idempotent: a job whose worker was killed runs again.
    fn run(self, run: Run) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// When a job runs, and whether another like it may wait.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// Not earlier than this; `None`: at once.
    pub not_before: Option<Timestamp>,
    /// While a job with this key waits, enqueueing another is done already. While one runs, it runs once more
    /// afterwards, because it may have looked before what it is now wanted for was there. Same key, same data.
    pub key: Option<String>,
}

/// Which jobs share workers' places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Attempts of at most a minute.
    Short,
    /// Everything else.
    Long,
}

impl Lane {
    pub(super) const ALL: [Self; 2] = [Self::Short, Self::Long];

    pub(super) fn of<J: Job>() -> Self {
        if J::LONGEST > Duration::from_secs(60) { Self::Long } else { Self::Short }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}
