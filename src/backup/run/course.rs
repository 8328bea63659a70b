//! A run on its way: taking it up, going from state to state, ending it. Every write about it is in here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use bson::{Document, doc};
use tokio::sync::watch;

use super::beat::{Beat, Stop};
use super::blame::{self, NotMine};
use super::ledger::{Change, entry, failed_event, load, name, over, write};
use super::sealing::permille;
use super::spool;
use crate::backup::Depot;
use crate::backup::container::part_limit;
use crate::backup::keys::Keys;
use crate::backup::model::{BackupId, CheckResult, Finding, Progress, Severity, State, Step};
use crate::backup::record::{BackupRun, JournalEntry};
use crate::backup::stores::Store;
use crate::db::date;
use crate::i18n::backup::run as words;
use crate::notifications::Event;

/// A run that this process leads.
pub(super) struct Course<'a> {
    pub depot: &'a Depot,
    /// As it is on record, apart from its heartbeat.
    pub run: BackupRun,
    keys: Option<Keys>,
    /// The stores asked for, in order.
    pub stores: Vec<Arc<dyn Store>>,
    /// Plain bytes of a part, by what every store can take.
    pub part_bytes: usize,
    /// What it is doing; the heartbeat writes it down.
    pub progress: watch::Sender<Progress>,
    /// While true, a wish to end the run waits.
    pub deaf: watch::Sender<bool>,
    actor: String,
    holder: String,
    sequence: i64,
    /// Whether this process is writing the run's end.
    ending: Arc<AtomicBool>,
}

/// Takes a run up and leads it to its end.
pub(super) async fn lead(depot: &Depot, id: &BackupId, actor: &str) -> anyhow::Result<BackupRun> {
    let runs = depot.ops.stored::<BackupRun>();
    let holder = uuid::Uuid::new_v4().simple().to_string();
    let now = date(depot.clock.now());
    let active = doc! { "_id": id.as_str(), "is_active": true };
    let taken = doc! { "$set": { "control.holder": &holder, "heartbeat_at": now } };
    let is_mine = runs.update_one(active, taken).await?.matched_count == 1;
    let run = runs.find_one(doc! { "_id": id.as_str() }).await?;
    let run = run.ok_or_else(|| anyhow::anyhow!(words::unknown_run(id)))?;
    if !is_mine {
        return Ok(run);
    }
    let written = doc! { "run": id.as_str() };
    let sequence = depot.ops.stored::<JournalEntry>().count_documents(written).await?;
    let sequence = i64::try_from(sequence)?;
    let progress = watch::Sender::new(run.progress.clone());
    let deaf = watch::Sender::new(false);
    let own = doc! { "_id": id.as_str(), "is_active": true, "control.holder": &holder };
    let beat = Beat::start(depot.ops.clone(), own, depot.clock.clone(), progress.subscribe());
    let mut course = Course {
        depot,
        run,
        keys: None,
        stores: Vec::new(),
        part_bytes: part_limit(u64::MAX),
        progress,
        deaf,
        actor: actor.to_owned(),
        holder,
        sequence,
        ending: Arc::default(),
    };
    let ending = course.ending.clone();
    let heard = course.deaf.subscribe();
    let ended = {
        let mut driving = std::pin::pin!(course.drive());
        tokio::select! {
            biased;
            stop = beat.stopped(&heard) => match stop {
                // A heartbeat that comes right behind our own end finds no active run any more: nobody else leads it.
                Stop::Lost if ending.load(Ordering::SeqCst) => Ok(driving.await),
                stop => Err(stop),
            },
            ended = &mut driving => Ok(ended),
        }
    };
    drop(beat);
    match ended {
        Ok(Ok(())) => {}
        Err(Stop::Lost) => return Err(anyhow::Error::from(NotMine).context("the heartbeat was refused")),
        Err(Stop::Cancelled) => course.cancelled().await?,
        Ok(Err(error)) if error.is::<NotMine>() || blame::is_away(&error) => return Err(error),
        Ok(Err(error)) => {
            tracing::error!(error = format!("{error:#}"), backup = id.as_str(), "a backup failed");
            course.failed(&blame::say(&error)).await?;
        }
    }
    Ok(course.run)
}

impl Course<'_> {
    /// From state to state, from wherever it stands.
    async fn drive(&mut self) -> anyhow::Result<()> {
        self.keys = Some(self.depot.keys()?);
        self.equip().await?;
        loop {
            match self.run.status {
                State::Queued => self.plan().await?,
                State::Planned => self.advance(State::Scanning, vec![words::SCANNING.into()], doc! {}, doc! {}).await?,
                State::Scanning => self.seal().await?,
                State::Sealed => self.send().await?,
                State::Uploaded => self.read_back().await?,
                State::ReadBack => self.try_restore().await?,
                State::TestRestored => self.complete().await?,
                State::Complete | State::Failed | State::Cancelled => return Ok(()),
            }
        }
    }

    /// The keys, which are loaded before anything else is done.
    pub fn keys(&self) -> anyhow::Result<&Keys> {
        self.keys.as_ref().context("no keys are loaded")
    }

    /// Matches the run for as long as it is ours.
    fn own(&self) -> Document {
        doc! { "_id": self.run.id.as_str(), "is_active": true, "control.holder": &self.holder }
    }

    /// Writes fields of the run.
    pub async fn save(&mut self, mut set: Document) -> anyhow::Result<()> {
        set.insert("heartbeat_at", date(self.depot.clock.now()));
        let runs = self.depot.ops.stored::<BackupRun>();
        let written = runs.update_one(self.own(), doc! { "$set": set }).await?;
        if written.matched_count == 0 { Err(NotMine.into()) } else { Ok(()) }
    }

    /// Writes what checks saw and where the parts are.
    pub async fn save_findings(&mut self) -> anyhow::Result<()> {
        let set = self.seen()?;
        self.save(set).await
    }

    fn seen(&self) -> anyhow::Result<Document> {
        Ok(doc! {
            "checks": bson::serialize_to_bson(&self.run.checks)?,
            "findings": bson::serialize_to_bson(&self.run.findings)?,
            "destinations": bson::serialize_to_bson(&self.run.destinations)?,
        })
    }

    /// A line of the journal, and fields of the run with it.
    pub async fn note(&mut self, step: &str, facts: Document, mut set: Document) -> anyhow::Result<()> {
        let entry = entry(self.depot, &self.run.id, self.sequence, step, &self.actor, facts);
        set.insert("heartbeat_at", date(self.depot.clock.now()));
        self.write(&Change::of(set), &entry, &[]).await
    }

    /// The next state, with its line of the journal.
    pub async fn advance(
        &mut self,
        state: State,
        said: Vec<String>,
        facts: Document,
        mut set: Document,
    ) -> anyhow::Result<()> {
        let now = date(self.depot.clock.now());
        let step = Step { state, at: now, actor: self.actor.clone(), facts: said };
        set.extend(self.seen()?);
        set.extend(doc! { "status": bson::serialize_to_bson(&state)?, "heartbeat_at": now });
        let entry = entry(self.depot, &self.run.id, self.sequence, &name(state)?, &self.actor, facts);
        self.write(&Change::of(set).step(&step)?, &entry, &[]).await?;
        self.run.status = state;
        self.run.steps.push(step);
        Ok(())
    }

    /// The end, with what people are told of it in the same transaction.
    pub async fn end(
        &mut self,
        state: State,
        error: Option<&str>,
        said: Vec<String>,
        events: &[Event],
    ) -> anyhow::Result<()> {
        self.ending.store(true, Ordering::SeqCst);
        let (mut set, step) = over(self.depot, state, &self.actor, error, said);
        set.extend(self.seen()?);
        set.insert("progress", bson::serialize_to_bson(&Progress::default())?);
        let facts = doc! { "error": error };
        let entry = entry(self.depot, &self.run.id, self.sequence, &name(state)?, &self.actor, facts);
        self.write(&Change::of(set).step(&step)?.end(), &entry, events).await?;
        self.run = load(self.depot, &self.run.id).await?;
        Ok(())
    }

    async fn failed(&mut self, why: &str) -> anyhow::Result<()> {
        let events = [failed_event(&self.run, why)];
        self.end(State::Failed, Some(why), vec![why.to_owned()], &events).await?;
        spool::remove(self.depot, &self.run.id).await;
        Ok(())
    }

    async fn cancelled(&mut self) -> anyhow::Result<()> {
        let stored = load(self.depot, &self.run.id).await?;
        let who = stored.control.cancelled_by.map_or_else(String::new, |person| person.name);
        // What was being changed in memory when it was stopped isn't what is on record.
        self.run.destinations = stored.destinations;
        self.end(State::Cancelled, Some(&words::cancelled(&who)), vec![words::cancelled(&who)], &[]).await?;
        spool::remove(self.depot, &self.run.id).await;
        Ok(())
    }

    async fn write(&mut self, change: &Change, entry: &JournalEntry, events: &[Event]) -> anyhow::Result<()> {
        if !write(self.depot, &self.own(), change, entry, events).await? {
            return Err(anyhow::Error::from(NotMine).context(format!("writing «{}»", entry.step)));
        }
        self.sequence += 1;
        Ok(())
    }

    /// Adds results; those of the same check and subject from an earlier attempt give way.
    pub fn checked(&mut self, results: Vec<CheckResult>) {
        self.run.checks.retain(|old| !results.iter().any(|new| new.check == old.check && new.subject == old.subject));
        self.run.checks.extend(results);
    }

    /// Adds findings, each once.
    pub fn found(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            if !self.run.findings.contains(&finding) {
                self.run.findings.push(finding);
            }
        }
    }

    /// Says what is being done, and how far it is where that is known.
    pub fn doing(&self, current: String, share: Option<(u64, u64)>) {
        let permille = share.map(|(done, of)| permille(done, of));
        self.progress.send_modify(|progress| {
            progress.current = current;
            progress.permille = permille;
        });
    }
}

/// The first finding that fails a run, in words.
pub(super) fn worst(findings: &[Finding]) -> Option<String> {
    let mut serious = findings.iter().filter(|finding| finding.severity != Severity::Info);
    let first = serious.next()?;
    Some(words::found(&first.detail, serious.count()))
}
