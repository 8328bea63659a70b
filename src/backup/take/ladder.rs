//! The rungs, strongest first, and the fence around each attempt.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bson::doc;
use jiff::Timestamp;
use tokio::sync::watch as channel;

use super::effort::Effort;
use super::evidence::Evidence;
use super::identity::{self, Identity};
use super::list::{Listing, list};
use super::moment::Confirmed;
use super::report::Reporter;
use super::scan::Read;
use super::trouble::Trouble;
use super::watch::Watch;
use super::{Collected, Request, TakeError, probe, rungs, spool, watch};
use crate::app::Clock;
use crate::backup::model::{Check, Finding, Label, Progress, Severity};
use crate::db::Db;
use crate::i18n::backup::take as words;

/// What every attempt needs.
pub struct Source<'a> {
    /// The server.
    pub db: &'a Db,
    /// What is asked for.
    pub request: &'a Request,
    /// The bounds.
    pub effort: &'a Effort,
    /// The time.
    pub clock: &'a Clock,
}

/// What a rung has read.
pub struct Taken {
    /// In the order of the listing.
    pub read: Vec<Read>,
    /// T.
    pub at: Timestamp,
    /// The label earned.
    pub label: Label,
    /// How, in words people read.
    pub how: Vec<String>,
    /// What the moment itself says.
    pub confirmed: Confirmed,
}

/// Tries the rungs until one holds.
pub async fn climb(
    db: &Db,
    request: &Request,
    effort: &Effort,
    clock: &Clock,
    progress: &channel::Sender<Progress>,
) -> Result<Collected, TakeError> {
    let source = Source { db, request, effort, clock };
    let mut evidence = Evidence::new(clock);
    match source.climb(&mut evidence, progress).await {
        Ok(collected) => Ok(collected),
        Err(Trouble::Fault(fault)) => Err(TakeError::Fault(fault)),
        Err(Trouble::Refused(findings)) => {
            evidence.refuse(&findings);
            Err(TakeError::Refused { findings, checks: evidence.checks() })
        }
        Err(Trouble::Again { what, namespace }) => {
            let said = words::kept_changing(effort.attempts, namespace.as_deref(), &what);
            let finding = Finding::new(Severity::High, Check::Fence, namespace.as_deref(), said);
            let findings = vec![finding.remedy(words::KEPT_CHANGING_REMEDY)];
            evidence.refuse(&findings);
            Err(TakeError::Refused { findings, checks: evidence.checks() })
        }
        Err(Trouble::Lower(why)) => {
            let findings = vec![Finding::new(Severity::High, Check::Consistency, None, words::no_rung(&why))];
            evidence.refuse(&findings);
            Err(TakeError::Refused { findings, checks: evidence.checks() })
        }
    }
}

impl Source<'_> {
    async fn climb(&self, evidence: &mut Evidence, progress: &channel::Sender<Progress>) -> Result<Collected, Trouble> {
        spool::make_folder(&self.request.folder)?;
        let identity = identity::ask(self.db).await?;
        evidence.identity(&identity);
        let (mut tried, mut why) = (0, words::NO_RUNG_ALLOWED.to_owned());
        let mut passed_over = Vec::new();
        for rung in &self.effort.rungs {
            if *rung == Label::SnapshotProven {
                let probe = probe::ask(self.db).await?;
                passed_over.extend(probe.transcript);
                if !probe.is_honoured {
                    why = words::SNAPSHOT_NOT_HONOURED.into();
                    passed_over.push(why.clone());
                    continue;
                }
            }
            loop {
                tried += 1;
                let folder = self.request.folder.join(format!("attempt-{tried}"));
                spool::make_folder(&folder)?;
                match self.attempt(*rung, &folder, &identity, evidence, &passed_over, progress).await {
                    Ok(collected) => return Ok(collected),
                    Err(trouble) => {
                        std::fs::remove_dir_all(&folder).context("the spool's folder")?;
                        match trouble {
                            Trouble::Again { .. } if tried < self.effort.attempts => {
                                tokio::time::sleep(self.effort.pause * 2_u32.pow(tried.min(8) - 1)).await;
                            }
                            Trouble::Lower(reason) => {
                                passed_over.push(words::passed_over(rung.as_str(), &reason));
                                why = reason;
                                break;
                            }
                            other => return Err(other),
                        }
                    }
                }
            }
        }
        Err(Trouble::Lower(why))
    }

    /// One reading between two equal listings.
    async fn attempt(
        &self,
        rung: Label,
        folder: &Path,
        identity: &Identity,
        evidence: &mut Evidence,
        passed_over: &[String],
        progress: &channel::Sender<Progress>,
    ) -> Result<Collected, Trouble> {
        let wanted = self.request.databases.as_deref();
        // The first write of the backup: from here on its own database exists.
        let opened = watch::open(self.db, wanted).await;
        let before = match list(self.db, wanted).await {
            Ok(before) => before,
            Err(trouble) => {
                if let Ok(opened) = opened {
                    opened.clean(self.db).await;
                }
                return Err(trouble);
            }
        };
        let mut watch = match opened {
            Ok(opened) => {
                let keeps = matches!(rung, Label::FixedUp).then_some(self.effort.touched);
                Some(opened.follow(self.db, &before, keeps))
            }
            // Without a stream the two listings are all there is, and the report says so.
            Err(error) if super::trouble::code(&error).is_some() => None,
            Err(error) => return Err(error.into()),
        };
        let taken = self.fenced(rung, &before, folder, &mut watch, progress).await;
        let changes = watch.as_ref().map(|watch| watch.seen().changes);
        if let Some(watch) = watch {
            watch.clean(self.db).await;
        }
        let mut taken = taken?;
        taken.how.splice(0..0, passed_over.iter().cloned());
        let mut evidence_now = evidence.clone();
        evidence_now.fence(&before, changes);
        evidence_now.taken(&before, &taken, wanted).await?;
        *evidence = evidence_now;
        evidence.judge()?;
        Ok(Collected {
            server: identity.server.clone(),
            taken_at: taken.at,
            label: taken.label,
            excluded: before.excluded,
            checks: evidence.checks(),
            findings: evidence.findings(),
            read: taken.read,
        })
    }

    async fn fenced(
        &self,
        rung: Label,
        before: &Listing,
        folder: &Path,
        watch: &mut Option<Watch>,
        progress: &channel::Sender<Progress>,
    ) -> Result<Taken, Trouble> {
        let estimate = self.estimate(before).await;
        let reporter = Reporter::start(progress, before.included.len(), estimate);
        let taken = match rung {
            Label::SnapshotProven => rungs::snapshot(self, before, folder, &reporter).await,
            Label::Transaction => rungs::transaction(self, before, folder, &reporter, estimate).await,
            Label::FixedUp => super::mend::fixed_up(self, before, folder, &reporter, watch.as_mut()).await,
            Label::Quiescent | Label::PerCollection => {
                rungs::plain(self, before, folder, &reporter, watch.as_mut()).await
            }
        }?;
        let after = list(self.db, self.request.databases.as_deref()).await?;
        if let Some((namespace, what)) = before.differs(&after) {
            return Err(Trouble::Again { what, namespace: Some(namespace) });
        }
        if let Some(watch) = watch {
            watch.drain(self.db, self.effort.silence).await?;
            if let Some((namespace, event)) = watch.seen().definition.clone() {
                return Err(Trouble::Again { what: words::event(&event), namespace: Some(namespace) });
            }
        }
        reporter.over();
        Ok(taken)
    }

    /// Bytes there are, as the server believes: for the share on screen and the choice of a rung, never for a count.
    async fn estimate(&self, listing: &Listing) -> u64 {
        let mut bytes = 0;
        for name in &listing.databases {
            let stats = self.db.client.database(name).run_command(doc! { "dbStats": 1 }).await;
            let size = stats.ok().and_then(|stats| {
                let size = stats.get("dataSize")?;
                size.as_i64().or(size.as_i32().map(i64::from)).or(size.as_f64().map(|size| size as i64))
            });
            bytes += size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        }
        bytes
    }

    /// The file of the namespace at this place of the listing.
    pub fn file(folder: &Path, place: usize) -> PathBuf {
        folder.join(format!("{place:06}.spool"))
    }
}
