//! The rungs that need no mending: one proven snapshot, one transaction, or nothing but one cursor after the other.

use std::path::Path;

use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use mongodb::ClientSession;
use mongodb::options::{ReadConcern, SessionOptions};
use tokio::time::Instant;

use super::ladder::{Source, Taken};
use super::list::Listing;
use super::moment::{Confirmed, ask, confirm};
use super::report::Reporter;
use super::scan::{Moment, Read, read, sums_of};
use super::trouble::{Trouble, code};
use super::watch::Watch;
use crate::backup::model::Label;
use crate::db::Db;
use crate::i18n::backup::take as words;

/// Codes with which a server says that it can't read this in a transaction or at that time: not supported there, no
/// snapshot, too old, not in a transaction.
const NOT_AT_A_MOMENT: [i32; 6] = [72, 239, 246, 263, 50768, 20];

/// All reads at one cluster time, several at once. Only after the probe.
pub async fn snapshot(
    source: &Source<'_>,
    listing: &Listing,
    folder: &Path,
    reporter: &Reporter,
) -> Result<Taken, Trouble> {
    let mut first = at_snapshot(source.db, None).await?;
    let at = source.clock.now();
    super::probe::first_read(source.db, &mut first).await.map_err(lower)?;
    let Some(time) = first.snapshot_time() else { return Err(Trouble::Lower(words::NO_SNAPSHOT_TIME.into())) };
    let reads = listing.included.iter().enumerate().map(|(place, listed)| {
        let reading = async move {
            let mut session = at_snapshot(source.db, Some(time)).await?;
            read(source.db, listed, Moment::Session(&mut session), &Source::file(folder, place), reporter).await
        };
        reading.boxed()
    });
    let reads: Vec<_> = reads.collect();
    let read: Vec<Read> =
        futures::stream::iter(reads).buffered(source.effort.workers).try_collect().await.map_err(lower_trouble)?;
    let until = Instant::now() + source.effort.transaction;
    let answers = ask(source.db, &mut first, &listing.included, until).await?;
    let confirmed = confirm(answers, &read);
    let how = vec![words::read_at_snapshot(time.time, time.increment)];
    Ok(Taken { read, at, label: Label::SnapshotProven, how, confirmed })
}

async fn at_snapshot(db: &Db, time: Option<bson::Timestamp>) -> Result<ClientSession, Trouble> {
    let options = match time {
        Some(time) => SessionOptions::builder().snapshot(true).snapshot_time(time).build(),
        None => SessionOptions::builder().snapshot(true).build(),
    };
    Ok(db.client.start_session().with_options(options).await?)
}

/// All reads in one transaction, one after the other, as long as that is short enough.
pub async fn transaction(
    source: &Source<'_>,
    listing: &Listing,
    folder: &Path,
    reporter: &Reporter,
    estimate: u64,
) -> Result<Taken, Trouble> {
    if estimate > source.effort.transaction_bytes {
        return Err(Trouble::Lower(words::too_much_for_a_transaction(estimate)));
    }
    let begun = Instant::now();
    let until = begun + source.effort.transaction;
    let mut session = begin(source.db).await?;
    let at = source.clock.now();
    let reading = async {
        let mut all = Vec::with_capacity(listing.included.len());
        for (place, listed) in listing.included.iter().enumerate() {
            let file = Source::file(folder, place);
            all.push(read(source.db, listed, Moment::Session(&mut session), &file, reporter).await?);
        }
        Ok::<_, Trouble>(all)
    };
    let read = match tokio::time::timeout_at(until, reading).await {
        Ok(read) => read.map_err(lower_trouble),
        Err(_) => Err(Trouble::Lower(words::transaction_too_long(source.effort.transaction.as_secs()))),
    };
    let confirmed = match read {
        Ok(read) => {
            let answers = ask(source.db, &mut session, &listing.included, until).await;
            answers.map(|answers| (confirm(answers, &read), read))
        }
        Err(trouble) => Err(trouble),
    };
    let seconds = begun.elapsed();
    // Nothing was written: however it ends, nothing of it remains.
    let _ = session.abort_transaction().await;
    let (confirmed, read) = confirmed?;
    let how = vec![words::read_in_transaction(seconds)];
    Ok(Taken { read, at, label: Label::Transaction, how, confirmed })
}

/// Starts a transaction that reads one snapshot.
pub async fn begin(db: &Db) -> Result<ClientSession, Trouble> {
    let mut session = db.client.start_session().await?;
    session.start_transaction().read_concern(ReadConcern::snapshot()).await?;
    Ok(session)
}

/// One cursor after the other. Quiescent if the stream saw no change of any document, and what it doesn't see was read
/// twice and came out the same.
pub async fn plain(
    source: &Source<'_>,
    listing: &Listing,
    folder: &Path,
    reporter: &Reporter,
    watch: Option<&mut Watch>,
) -> Result<Taken, Trouble> {
    let reads = listing.included.iter().enumerate().map(|(place, listed)| {
        let reading =
            async move { read(source.db, listed, Moment::Majority, &Source::file(folder, place), reporter).await };
        reading.boxed()
    });
    let reads: Vec<_> = reads.collect();
    let read: Vec<Read> = futures::stream::iter(reads).buffered(source.effort.workers).try_collect().await?;
    let at = source.clock.now();
    let mut moved = None;
    for read in
        read.iter().filter(|read| read.listed.has_documents() && !(read.listed.is_streamed() && watch.is_some()))
    {
        let again = sums_of(source.db, &read.listed, Moment::Majority).await?;
        let same =
            (&again.h_set, &again.h_stream, again.bytes) == (&read.sums.h_set, &read.sums.h_stream, read.sums.bytes);
        if !same {
            moved.get_or_insert_with(|| words::read_twice_differs(&read.listed.namespace()));
        }
    }
    if let Some(watch) = watch {
        watch.drain(source.db, source.effort.silence).await?;
        let changes = watch.seen().changes;
        if changes > 0 {
            moved.get_or_insert_with(|| words::changed_meanwhile(changes));
        }
    }
    let (label, how) = match moved {
        None => (Label::Quiescent, words::NOTHING_MOVED.to_owned()),
        Some(moved) => (Label::PerCollection, moved),
    };
    let confirmed =
        Confirmed { uncounted: read.iter().filter(|read| read.listed.has_documents()).count(), ..Confirmed::default() };
    Ok(Taken { read, at, label, how: vec![how], confirmed })
}

/// What a server says when it can't give that moment means that another rung must.
pub fn lower(error: mongodb::error::Error) -> Trouble {
    match code(&error) {
        Some(code) if NOT_AT_A_MOMENT.contains(&code) => Trouble::Lower(error.to_string()),
        _ => error.into(),
    }
}

/// Likewise for what was sorted already.
pub fn lower_trouble(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Fault(error) => match error.downcast::<mongodb::error::Error>() {
            Ok(error) => lower(error),
            Err(error) => Trouble::Fault(error),
        },
        other => other,
    }
}
