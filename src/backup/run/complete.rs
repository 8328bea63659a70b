//! The last step: every backup that should exist does, and the run is green. What people are told goes with it.

use bson::doc;

use super::alarms::Alarm;
use super::catalogue;
use super::course::Course;
use super::spool;
use crate::backup::model::{Check, CheckResult, Finding, Outcome, Severity, State};
use crate::db::date;
use crate::i18n::backup::run as words;
use crate::notifications::Event;

impl Course<'_> {
    /// From test-restored to complete.
    pub(super) async fn complete(&mut self) -> anyhow::Result<()> {
        self.deaf.send_replace(true);
        self.fail_on_findings()?;
        let mut events = self.check_catalogue().await?;
        let shrunk = self.shrunk();
        if !shrunk.is_empty() {
            events.push(Event::BackupShrank { run: self.run.id.to_string(), what: shrunk });
        }
        events.push(Event::BackupSucceeded {
            run: self.run.id.to_string(),
            stores: self.run.stores.clone(),
            collections: self.run.collections.len() as u64,
            documents: u64::try_from(self.run.documents()).unwrap_or(0),
        });
        events.push(Alarm::Failed.over());
        events.extend(super::alarms::on_time(self.depot, &self.run));
        let said = vec![words::complete(self.run.proven_stores())];
        self.end(State::Complete, None, said, &events).await?;
        spool::keep_only(self.depot, &self.run.id).await;
        Ok(())
    }

    /// What was found to have shrunk, as it stands among the findings.
    fn shrunk(&self) -> Vec<String> {
        let shrank = self.run.findings.iter().filter(|finding| finding.remedy.as_deref() == Some(words::SHRANK_REMEDY));
        shrank.map(|finding| finding.detail.clone()).collect()
    }

    /// Looks for all other backups. One that vanished is an alarm, and nothing this run could have done better.
    async fn check_catalogue(&mut self) -> anyhow::Result<Vec<Event>> {
        self.doing(words::CHECKING_CATALOGUE.into(), None);
        let looked = catalogue::look(self.depot).await?;
        let mut evidence = vec![words::catalogue_present(looked.present)];
        let mut findings = Vec::new();
        for (entry, why) in &looked.unseen {
            evidence.push(words::catalogue_unseen(&entry.store, entry.backup.short(), why));
        }
        let own = self.run.id.clone();
        for gone in &looked.vanished {
            let detail = words::vanished(&gone.entry.store, entry_name(gone), &gone.detail);
            // Our own copy was read back minutes ago: that it is gone now fails this run.
            let severity = if gone.entry.backup == own { Severity::High } else { Severity::Info };
            let finding = Finding::new(severity, Check::Catalogue, Some(&gone.entry.id), detail);
            findings.push(finding.remedy(words::VANISHED_REMEDY));
        }
        let is_bad = !findings.is_empty();
        let result = CheckResult {
            check: Check::Catalogue,
            outcome: if is_bad { Outcome::Failed } else { Outcome::Passed },
            evidence,
            at: date(self.depot.clock.now()),
            subject: None,
        };
        self.checked(vec![result]);
        self.found(findings);
        self.save(doc! {}).await?;
        self.fail_on_findings()?;
        Ok(looked.vanished.iter().map(super::alarms::vanished).collect())
    }
}

fn entry_name(gone: &catalogue::Vanished) -> &str {
    gone.entry.backup.short()
}
