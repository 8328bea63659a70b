//! What came of a message, written by whoever claimed it and nobody else.

use std::time::Duration;

use bson::{Document, doc};
use jiff::Timestamp;

use super::model::{Attempt, Channel, KEPT, Row, Status};
use super::send::{SendOutbox, again};
use super::transport::{Outcome, Said};
use super::{feedback, outbox, state};
use crate::app::App;
use crate::db::{date, timestamp, with_transaction};
use crate::failure::Failure;
use crate::jobs::{self, When};
use crate::notifications::{self, Event};

/// Waits before the second try, the third, …; together under the 20 hours a provider remembers a key for.
const BACK_OFF: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];
/// After this long a provider may have forgotten a key, and repeating a message could double it.
const KEY_LIFE: Duration = Duration::from_secs(20 * 60 * 60);
/// A provider that doesn't answer is left alone for this long, instead of letting every message wait for it.
const AWAY: Duration = Duration::from_secs(10);

/// Whether the queue goes on.
pub(super) enum Next {
    Go,
    Stop,
}

/// Writes what came of a message, as its claimant.
pub(super) async fn settle(
    app: &App,
    channel: Channel,
    provider: &str,
    row: &Row,
    outcome: Outcome,
    is_probe: bool,
) -> Result<Next, Failure> {
    let now = app.clock.now();
    let mine = doc! { "_id": row.oid, "claim": &row.claim };
    match outcome {
        Outcome::Accepted { message_id } => {
            let said = Said { message: message_id.clone(), ..Said::default() };
            let mut settled = row.clone();
            outbox::forget_secrets(&mut settled);
            let set = doc! {
                "status": Status::Sent.as_str(), "sent_at": date(now), "message_id": &message_id,
                "text": settled.text, "html": settled.html,
            };
            let unset = doc! { "next_attempt_at": "", "claim": "", "error_message": "", "masked": "" };
            write(app, channel, &mine, set, unset, Some(attempt(now, provider, "accepted", &said))).await?;
            state::accepted(app, channel, provider, is_probe).await?;
            if channel == Channel::Email {
                feedback::apply_early(app, &message_id).await?;
            }
            Ok(Next::Go)
        }
        Outcome::Retry { said, unknown, after } => {
            state::failed(&app.db, channel, now, &said).await?;
            let tried = attempt(now, provider, if unknown { "unknown" } else { "retry" }, &said);
            let key_used_at = row.key_used_at.or(unknown.then(|| date(now)));
            let Some(wait) = back_off(row, after) else {
                give_up(app, channel, row, mine, &said.to_string(), Some(tried)).await?;
                return Ok(Next::Go);
            };
            let next = now + wait;
            let mut set = doc! {
                "status": Status::Queued.as_str(), "next_attempt_at": date(next), "error_message": said.to_string(),
            };
            if let Some(at) = key_used_at {
                set.insert("key_used_at", at);
            }
            write(app, channel, &mine, set, doc! { "claim": "" }, Some(tried)).await?;
            let when = When { not_before: Some(next), key: None };
            jobs::enqueue(&app.db, now, &SendOutbox { channel }, &when).await?;
            if said.status.is_some() {
                return Ok(Next::Go);
            }
            again(app, channel, now + AWAY, "away").await?;
            Ok(Next::Stop)
        }
        Outcome::Slow { said, after } => {
            state::failed(&app.db, channel, now, &said).await?;
            let tried = attempt(now, provider, "slow", &said);
            give_back(app, channel, &mine, now + after, &said, tried).await?;
            again(app, channel, now + after, "slow").await?;
            Ok(Next::Stop)
        }
        Outcome::Held { said } => {
            let until = state::hold(app, channel, provider, &said).await?;
            let tried = attempt(now, provider, "held", &said);
            give_back(app, channel, &mine, now, &said, tried).await?;
            again(app, channel, until, "held").await?;
            Ok(Next::Stop)
        }
        Outcome::Refused { said } => {
            state::failed(&app.db, channel, now, &said).await?;
            let tried = attempt(now, provider, "refused", &said);
            // Refused for its own sake: the provider takes messages.
            if is_probe {
                state::accepted(app, channel, provider, true).await?;
            }
            give_up(app, channel, row, mine, &said.to_string(), Some(tried)).await?;
            Ok(Next::Go)
        }
    }
}

/// Back into the queue as if it hadn't been tried.
async fn give_back(
    app: &App,
    channel: Channel,
    mine: &Document,
    at: Timestamp,
    said: &Said,
    tried: Attempt,
) -> Result<(), Failure> {
    let change = doc! {
        "$set": {
            "status": Status::Queued.as_str(), "next_attempt_at": date(at), "error_message": said.to_string(),
        },
        "$inc": { "attempts": -1 },
        "$unset": { "claim": "" },
        "$push": pushed(&tried)?,
    };
    channel.rows(&app.db).update_one(mine.clone(), change).await?;
    Ok(())
}

/// Gives a message up, and says so in the same transaction.
pub(super) async fn give_up(
    app: &App,
    channel: Channel,
    row: &Row,
    filter: Document,
    reason: &str,
    tried: Option<Attempt>,
) -> Result<(), Failure> {
    let now = app.clock.now();
    let mut settled = row.clone();
    outbox::forget_secrets(&mut settled);
    let mut change = doc! {
        "$set": {
            "status": Status::Failed.as_str(), "error_message": reason, "text": settled.text, "html": settled.html,
        },
        "$unset": { "claim": "", "next_attempt_at": "", "masked": "" },
    };
    let code = tried.as_ref().map_or_else(|| reason.to_owned(), code);
    if let Some(tried) = &tried {
        change.insert("$push", pushed(tried)?);
    }
    let event = Event::MessageFailed {
        channel: channel.as_str().into(),
        template: row.template.clone(),
        log_id: row.id.clone(),
        error: code,
    };
    let (change, filter, event) = (&change, &filter, &[event]);
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let rows = channel.rows(&app.db);
            let done = rows.update_one(filter.clone(), change.clone()).session(&mut *session).await?;
            if done.matched_count == 1 {
                notifications::publish_in(&mut *session, &app.db, now, event).await?;
            }
            Ok::<_, Failure>(())
        })
    })
    .await
}

/// The answer without words that may hold an address.
fn code(tried: &Attempt) -> String {
    match tried.status {
        Some(status) => match tried.said.split_once(':') {
            Some((code, _)) if code.starts_with(&status.to_string()) => code.to_owned(),
            _ => status.to_string(),
        },
        None => tried.said.clone(),
    }
}

async fn write(
    app: &App,
    channel: Channel,
    mine: &Document,
    set: Document,
    unset: Document,
    tried: Option<Attempt>,
) -> Result<(), Failure> {
    let mut change = doc! { "$set": set, "$unset": unset };
    if let Some(tried) = &tried {
        change.insert("$push", pushed(tried)?);
    }
    channel.rows(&app.db).update_one(mine.clone(), change).await?;
    Ok(())
}

fn pushed(tried: &Attempt) -> Result<Document, Failure> {
    let tried = bson::serialize_to_document(tried).map_err(anyhow::Error::from)?;
    Ok(doc! { "tries": { "$each": [tried], "$slice": -KEPT } })
}

fn attempt(now: Timestamp, provider: &str, outcome: &str, said: &Said) -> Attempt {
    Attempt {
        at: date(now),
        provider: provider.into(),
        outcome: outcome.into(),
        status: said.status.map(i32::from),
        said: said.to_string(),
    }
}

/// How long to wait after the try that `row` counts; none when it was the last.
fn back_off(row: &Row, after: Option<Duration>) -> Option<Duration> {
    let tried = usize::try_from(row.attempts).unwrap_or_default().max(1);
    let regular = BACK_OFF.get(tried - 1)?;
    // A key in flight is answered soon; once is enough to find out.
    Some(match after {
        Some(after) if tried == 1 => after,
        Some(after) => after.max(*regular),
        None => *regular,
    })
}

/// Whether the provider may have forgotten the key of a message it may have taken.
pub(super) fn is_too_late(row: &Row, now: Timestamp) -> bool {
    row.key_used_at.and_then(timestamp).is_some_and(|used| now > used + KEY_LIFE)
}

/// Leaves a message unsent, on purpose.
pub(super) async fn skip(app: &App, channel: Channel, row: &Row, reason: &str) -> Result<(), Failure> {
    let mut settled = row.clone();
    outbox::forget_secrets(&mut settled);
    let filter = doc! { "_id": row.oid, "status": row.status.as_str(), "next_attempt_at": row.next_attempt_at };
    let set = doc! {
        "status": Status::Skipped.as_str(), "error_message": reason, "text": settled.text, "html": settled.html,
    };
    let unset = doc! { "next_attempt_at": "", "claim": "", "masked": "" };
    write(app, channel, &filter, set, unset, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_try_comes_before_the_provider_forgets_the_key() {
        let total: Duration = BACK_OFF.iter().sum();
        assert!(total < KEY_LIFE, "{total:?}");
    }

    #[test]
    fn what_is_told_outside_holds_no_address() {
        let said =
            Said { status: Some(422), name: Some("invalid_parameter".into()), message: "ana@example.com no".into() };
        assert_eq!(code(&attempt(Timestamp::UNIX_EPOCH, "resend", "refused", &said)), "422 invalid_parameter");
        let said = Said { status: Some(550), name: None, message: "ana@example.com unknown".into() };
        assert_eq!(code(&attempt(Timestamp::UNIX_EPOCH, "smtp", "refused", &said)), "550");
    }
}
