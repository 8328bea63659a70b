//! The one list of job types and schedules.

use std::time::Duration;

use crate::applications::invariants::CheckInvariants;
use crate::backup::diff::job::RunDiff;
use crate::backup::restore::extraction::ExtractDocument;
use crate::backup::restore::jobs as restores;
use crate::backup::upload::VerifyUpload;
use crate::backup::{jobs as backups, retention};
use crate::campaigns;
use crate::jobs::{self, Registry};
use crate::mail::{SendOutbox, WatchOutbox};
use crate::media;
use crate::news::{Broadcast, DailyApplications, Reminders};
use crate::waits::Escalate;
use crate::{notifications, webhooks};

/// Every job there is. A scheduled one (`cron` in America/Asuncion, or `every` so often) is a job type too; each has its
/// words in `i18n::jobs::job`.
pub fn registry() -> Registry {
    let minute = Duration::from_secs(60);
    let registry = Registry::default()
        .job::<SendOutbox>()
        .every::<WatchOutbox>(minute)
        .every::<webhooks::Process>(minute)
        .every::<notifications::Dispatch>(minute)
        .job::<backups::TakeBackup>()
        .cron::<backups::DailyBackup>("0 3 * * *")
        .cron::<backups::WeeklyBackup>("0 4 * * 0")
        .cron::<backups::MonthlyDrill>("0 5 1 * *")
        .cron::<backups::Reread>("30 5 * * *")
        .every::<backups::WatchBackups>(minute)
        .job::<retention::Prune>()
        .job::<VerifyUpload>()
        .job::<RunDiff>()
        .job::<restores::RestoreBackup>()
        .job::<ExtractDocument>()
        .cron::<restores::ExpirePreviews>("40 5 * * *")
        .cron::<CheckInvariants>("30 5 * * *")
        .cron::<media::DestroyOrphans>("20 4 * * *")
        .cron::<campaigns::jobs::Contracts>("0 6 * * *")
        .job::<campaigns::jobs::DeadlineMails>()
        .job::<Broadcast>()
        .cron::<DailyApplications>("0 8 * * *")
        .cron::<Reminders>("0 12 * * *")
        .every::<Escalate>(15 * minute);
    jobs::with_trials(registry)
}
