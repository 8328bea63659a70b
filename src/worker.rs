//! The one list of job types and schedules.

use std::time::Duration;

use crate::jobs::{self, Registry};
use crate::webhooks;
use crate::mail::{SendOutbox, WatchOutbox};

/// Every job there is. A scheduled one (`cron` in America/Asuncion, or `every` so often) is a job type too; each has its
/// words in `i18n::jobs::job`.
pub fn registry() -> Registry {
    jobs::with_trials(Registry::default()).every::<webhooks::Process>(Duration::from_secs(60))
    let registry = Registry::default().job::<SendOutbox>().every::<WatchOutbox>(Duration::from_secs(60));
    jobs::with_trials(registry)
}
