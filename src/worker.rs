//! The one list of job types and schedules.

use std::time::Duration;

use crate::jobs::{self, Registry};
use crate::mail::{SendOutbox, WatchOutbox};
use crate::webhooks;

/// Every job there is. A scheduled one (`cron` in America/Asuncion, or `every` so often) is a job type too; each has its
/// words in `i18n::jobs::job`.
pub fn registry() -> Registry {
    let registry = Registry::default()
        .job::<SendOutbox>()
        .every::<WatchOutbox>(Duration::from_secs(60))
        .every::<webhooks::Process>(Duration::from_secs(60));
    jobs::with_trials(registry)
}
