//! A long scan, mended to one moment.
//!
//! Everything the change stream follows is scanned without haste while the stream notes the `_id` of each document that
//! changes. Then a transaction fixes the moment T1; the stream is read up to it, and what changed before is read again inside
//! the transaction. A document that didn't change between the start and T1 has at T1 the bytes it had when it was scanned; one
//! that did was read at T1. What the stream doesn't follow is read whole in that transaction.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use mongodb::ClientSession;
use tokio::time::Instant;

use super::ladder::{Source, Taken};
use super::list::Listing;
use super::moment::{Answers, ask, confirm};
use super::report::Reporter;
use super::reread::{self, is_askable};
use super::scan::{Latest, Moment, Read, blocking, read};
use super::sums::Summing;
use super::trouble::Trouble;
use super::watch::{Key, KeyDigest, Watch};
use super::{probe, rungs};
use crate::backup::model::Label;
use crate::i18n::backup::take as words;

/// More changed documents than these are read again outside of the transaction first, so that fewer are left for it.
const MANY: usize = 5_000;
/// How often that is done before the transaction has to do with what is left.
const PASSES: u32 = 8;
/// Moments tried before another rung must do.
const MOMENTS: u32 = 4;

/// Scans, then reads again what changed meanwhile.
pub async fn fixed_up(
    source: &Source<'_>,
    listing: &Listing,
    folder: &Path,
    reporter: &Reporter,
    watch: Option<&mut Watch>,
) -> Result<Taken, Trouble> {
    let Some(watch) = watch else { return Err(Trouble::Lower(words::NO_STREAM.into())) };
    let begun = Instant::now();
    let mut mending = Mending { source, listing, folder, watch, places: Vec::new(), generation: 0, reread: 0 };
    mending.scan(reporter).await?;
    let scanned = begun.elapsed();
    reporter.stage(words::REREADING);
    mending.pass_by_pass().await?;
    for _ in 0..MOMENTS {
        if let Some((at, answers)) = mending.at_one_moment(reporter).await? {
            let how = vec![words::mended(scanned, mending.reread, mending.generation)];
            let read = mending.finish().await?;
            let confirmed = confirm(answers, &read);
            return Ok(Taken { read, at, label: Label::FixedUp, how, confirmed });
        }
    }
    Err(Trouble::Lower(words::too_much_changes(source.effort.transaction.as_secs())))
}

/// A namespace on its way.
enum Place {
    /// Scanned, and mended since.
    Scanned(Box<Read>),
    /// To be read whole at the moment itself.
    Whole,
    /// Read whole at the moment.
    AtTheMoment(Box<Read>),
}

struct Mending<'a> {
    source: &'a Source<'a>,
    listing: &'a Listing,
    folder: &'a Path,
    watch: &'a mut Watch,
    places: Vec<Place>,
    generation: u32,
    /// Documents read again at the last moment.
    reread: u64,
}

type Pending = Vec<HashMap<KeyDigest, Key>>;

impl Mending<'_> {
    async fn scan(&mut self, reporter: &Reporter) -> Result<(), Trouble> {
        let (source, folder) = (self.source, self.folder);
        let scans = self.listing.included.iter().enumerate().map(|(place, listed)| {
            let scan = async move {
                if listed.has_documents() && !listed.is_streamed() {
                    return Ok(Place::Whole);
                }
                let file = Source::file(folder, place);
                let read = read(source.db, listed, Moment::Majority, &file, reporter).await?;
                Ok::<_, Trouble>(Place::Scanned(Box::new(read)))
            };
            scan.boxed()
        });
        let scans: Vec<_> = scans.collect();
        self.places = futures::stream::iter(scans).buffered(source.effort.workers).try_collect().await?;
        Ok(())
    }

    /// What changed so far and was not read again yet.
    async fn changed(&mut self) -> Result<Pending, Trouble> {
        self.watch.drain(self.source.db, self.source.effort.silence).await?;
        let pending = self.watch.take_pending();
        let pending = pending.ok_or_else(|| Trouble::Lower(words::too_many_changed(self.source.effort.touched)))?;
        for (place, keys) in self.places.iter_mut().zip(&pending) {
            if keys.values().any(|key| !is_askable(key)) {
                *place = Place::Whole;
            }
        }
        Ok(pending)
    }

    /// Reads again outside of any transaction, as long as there is much of it. Each pass leaves what changed during it.
    async fn pass_by_pass(&mut self) -> Result<(), Trouble> {
        for _ in 0..PASSES {
            let pending = self.changed().await?;
            let many = pending.iter().map(HashMap::len).sum::<usize>() > MANY;
            if !many {
                self.watch.put_back(pending);
                return Ok(());
            }
            self.generation += 1;
            for (place, keys) in pending.into_iter().enumerate() {
                self.read_again(place, &keys, None).await?;
            }
        }
        Ok(())
    }

    /// Fixes a moment and reads there what is missing. `None` when that took too long: what changed is still to be read.
    async fn at_one_moment(&mut self, reporter: &Reporter) -> Result<Option<(Timestamp, Answers)>, Trouble> {
        let until = Instant::now() + self.source.effort.transaction;
        let mut session = rungs::begin(self.source.db).await?;
        probe::first_read(self.source.db, &mut session).await.map_err(rungs::lower)?;
        let at = self.source.clock.now();
        // Our own write comes after the first read, so everything up to the moment lies before it.
        let pending = self.changed().await?;
        self.generation += 1;
        let reading = self.fill(&pending, &mut session, reporter);
        let answers = match tokio::time::timeout_at(until, reading).await {
            Ok(Ok(())) => ask(self.source.db, &mut session, &self.listing.included, until).await.map(Some),
            Ok(Err(trouble)) => Err(rungs::lower_trouble(trouble)),
            Err(_) => Ok(None),
        };
        // Nothing was written: however it ends, nothing of it remains.
        let _ = session.abort_transaction().await;
        match answers? {
            Some(answers) => Ok(Some((at, answers))),
            None => {
                self.watch.put_back(pending);
                for place in &mut self.places {
                    if matches!(place, Place::AtTheMoment(_)) {
                        *place = Place::Whole;
                    }
                }
                Ok(None)
            }
        }
    }

    async fn fill(
        &mut self,
        pending: &Pending,
        session: &mut ClientSession,
        reporter: &Reporter,
    ) -> Result<(), Trouble> {
        self.reread = 0;
        for (place, keys) in pending.iter().enumerate() {
            self.read_again(place, keys, Some(&mut *session)).await?;
            self.reread += keys.len() as u64;
        }
        for (place, listed) in self.listing.included.iter().enumerate() {
            if matches!(self.places[place], Place::Whole) {
                let file = self.folder.join(format!("{place:06}-{}.spool", self.generation));
                let moment = Moment::Session(&mut *session);
                let whole = read(self.source.db, listed, moment, &file, reporter).await?;
                self.places[place] = Place::AtTheMoment(Box::new(whole));
            }
        }
        Ok(())
    }

    async fn read_again(
        &mut self,
        place: usize,
        keys: &HashMap<KeyDigest, Key>,
        session: Option<&mut ClientSession>,
    ) -> Result<(), Trouble> {
        let Place::Scanned(read) = &mut self.places[place] else { return Ok(()) };
        if keys.is_empty() {
            return Ok(());
        }
        reread::read_again(self.source.db, read, keys, self.generation, session).await
    }

    /// Sums up again what was mended.
    async fn finish(self) -> Result<Vec<Read>, Trouble> {
        let mut all = Vec::with_capacity(self.places.len());
        for place in self.places {
            let (Place::Scanned(read) | Place::AtTheMoment(read)) = place else {
                return Err(anyhow::anyhow!("a namespace was not read").into());
            };
            let mut read = *read;
            if !read.latest.is_empty() {
                let has_ids = read.listed.has_ids();
                let (file, latest) = (read.file.clone(), std::mem::take(&mut read.latest));
                let summing = move || -> anyhow::Result<_> {
                    let mut sums = Summing::new(has_ids);
                    super::archive::each(file.as_deref(), &latest, |document| Ok(sums.push(document)?))?;
                    Ok((sums.finish()?, latest))
                };
                let summed: (_, Latest) = blocking(summing).await.with_context(|| read.listed.namespace())?;
                (read.sums, read.latest) = summed;
            }
            all.push(read);
        }
        Ok(all)
    }
}
