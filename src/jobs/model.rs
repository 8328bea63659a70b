//! What a job is.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;

/// Background work: its data, its name, what it does.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name, `capability.verb_noun`; stored with every queued job.
    const NAME: &'static str;
    /// How often it is tried before it is a dead letter.
    const ATTEMPTS: u32 = 6;

    /// Does the work. Idempotent: a job whose worker was killed runs again.
    fn run(self, run: Run) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// When a job runs, and whether another like it may wait.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// Not earlier than this; `None`: at once.
    pub not_before: Option<Timestamp>,
    /// While a job with this key waits or runs, enqueueing another is done already.
    pub key: Option<String>,
}

/// One attempt at a job, as the job sees it.
#[derive(Clone)]
pub struct Run {
    /// Long-lived handles.
    pub app: Arc<App>,
    /// The run's id, for logs and links.
    pub id: String,
    /// The first attempt is 1.
    pub attempt: u32,
}
