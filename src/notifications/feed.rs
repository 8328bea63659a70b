//! What changed in the database, from whichever process, told to the streams of this one.
//!
//! One change stream over the two collections of notices and the sessions feeds the whole process, however many streams are
//! open. It starts with the first of them. When it breaks off it goes on from its last token; when the server can't do that
//! any more, every stream is told that something may have been missed.
//!
//! Sessions that were revoked are deleted, which ends their streams at once. A session also ends by itself, or by a change
//! of its account: every `RECHECK` the sessions of all open streams are looked at together, a few hundred per query.

use std::time::Duration;

use bson::{Bson, Document, doc};
use futures::TryStreamExt;
use mongodb::change_stream::event::{ChangeStreamEvent, OperationType, ResumeToken};
use mongodb::error::ErrorKind;

use super::Step;
use super::hub::{Headline, Hub, Wake};
use crate::accounts::sessions;
use crate::app::{App, Clock, Stopping};
use crate::db::Db;

/// How often sessions of open streams are looked at.
const RECHECK: Duration = Duration::from_secs(20);
/// Sessions per query.
const TOGETHER: usize = 500;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

const SYSTEM: &str = "system_notifications";
const PERSONAL: &str = "notifications";
const SESSIONS: &str = "sessions";

/// Feeds the hub from now on, unless somebody does already.
pub fn start(app: &App) {
    if app.hub.take_feeding() {
        let feed =
            Feed { hub: app.hub.clone(), db: app.db.clone(), clock: app.clock.clone(), stopping: app.stopping.clone() };
        tokio::spawn(feed.run());
    }
}

struct Feed {
    hub: Hub,
    db: Db,
    clock: Clock,
    stopping: Stopping,
}

impl Feed {
    async fn run(self) {
        tokio::select! {
            () = self.stopping.begun() => {}
            () = self.follow() => {}
            () = self.recheck() => {}
        }
    }

    /// Follows the changes for ever.
    async fn follow(&self) {
        let mut token = None;
        let mut pause = FIRST_PAUSE;
        loop {
            let before = token.clone();
            if let Err(error) = self.listen(&mut token).await {
                tracing::warn!("the change stream of notices broke off: {error}");
                // A server that answers and refuses the token doesn't have it any more.
                if token == before && !matches!(*error.kind, ErrorKind::Io(_) | ErrorKind::ServerSelection { .. }) {
                    token = None;
                }
            }
            pause = if token == before { (pause * 2).min(LONGEST_PAUSE) } else { FIRST_PAUSE };
            tokio::time::sleep(pause).await;
        }
    }

    /// Follows one change stream to its end.
    async fn listen(&self, token: &mut Option<ResumeToken>) -> mongodb::error::Result<()> {
        let ours = doc! { "$match": { "$or": [
            {
                "ns.coll": { "$in": [SYSTEM, PERSONAL] },
                "operationType": { "$in": ["insert", "update", "replace", "delete"] },
            },
            { "ns.coll": SESSIONS, "operationType": "delete" },
        ] } };
        let resumes = token.is_some();
        let mut changes = self.db.live.watch().pipeline([ours]).resume_after(token.clone()).await?;
        if !resumes {
            self.hub.reset(self.clock.now());
        }
        while let Some(change) = changes.try_next().await? {
            *token = Some(change.id.clone());
            self.tell(change);
        }
        Ok(())
    }

    fn tell(&self, change: ChangeStreamEvent<Document>) {
        let now = self.clock.now();
        let collection = change.ns.and_then(|namespace| namespace.coll).unwrap_or_default();
        let whole = change.full_document.unwrap_or_default();
        match (collection.as_str(), change.operation_type) {
            (SESSIONS, _) => {
                let key = change.document_key.unwrap_or_default();
                let digest = key.get_str("_id").unwrap_or_default();
                self.hub.end(|session| session == digest);
            }
            // What somebody reads or deletes of their own they see where they do it; other tabs ask when they are shown.
            (PERSONAL, OperationType::Insert | OperationType::Replace) => {
                self.hub.own(now, whole.get_str("user_id").unwrap_or_default());
            }
            (PERSONAL, _) => {}
            (SYSTEM, OperationType::Insert | OperationType::Replace) => match last_step(&whole) {
                Some(step) if is_quiet(&step) => self.hub.system(now, Wake::COUNTED, None),
                _ => self.hub.system(now, Wake::SYSTEM, Headline::of(&whole)),
            },
            (SYSTEM, OperationType::Update) => {
                let updated = change.update_description.map(|update| update.updated_fields).unwrap_or_default();
                match meaning(&updated) {
                    Meaning::ReadBy(people) => people.iter().for_each(|user_id| self.hub.own(now, user_id)),
                    Meaning::Counted => self.hub.system(now, Wake::COUNTED, None),
                    Meaning::Changed => self.hub.system(now, Wake::SYSTEM, None),
                }
            }
            _ => self.hub.system(now, Wake::SYSTEM, None),
        }
    }

    /// Ends streams whose sessions are over, for ever.
    async fn recheck(&self) {
        loop {
            tokio::time::sleep(RECHECK).await;
            if let Err(failure) = end_over(&self.hub, &self.db, &self.clock).await {
                // The streams stay: a database that is away for a moment signs nobody out.
                tracing::warn!("the sessions of open streams can't be looked at: {failure:?}");
            }
        }
    }
}

/// Ends the streams whose session is over by now.
pub async fn end_over(hub: &Hub, db: &Db, clock: &Clock) -> Result<(), crate::failure::Failure> {
    for some in hub.sessions().chunks(TOGETHER) {
        let alive = sessions::alive(db, clock.now(), some).await?;
        hub.end(|session| some.iter().any(|one| **one == *session) && !alive.contains(session));
    }
    Ok(())
}

/// What an update of a system notice says.
#[derive(Debug, PartialEq)]
enum Meaning {
    /// These people read it, and nothing else happened.
    ReadBy(Vec<String>),
    /// It happened again, or was mailed.
    Counted,
    /// Its state, severity or words are other ones.
    Changed,
}

/// Fields that an occurrence of an open incident changes.
const COUNTING: [&str; 11] = [
    "rev",
    "occurrences",
    "last_seen_at",
    "timeline",
    "metadata",
    "link",
    "notify_at",
    "notified_at",
    "escalate_at",
    "escalation_level",
    "expires_at",
];

fn meaning(updated: &Document) -> Meaning {
    let field = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_cleared = || updated.get_array("read_by").is_ok_and(Vec::is_empty);
    if !updated.is_empty() && updated.keys().all(|name| field(name) == "read_by") && !is_cleared() {
        let people = updated.values().flat_map(|value| match value {
            Bson::Array(people) => people.iter().filter_map(Bson::as_str).map(str::to_owned).collect(),
            one => one.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
        });
        return Meaning::ReadBy(people.collect());
    }
    // A server may name every field that was written, or those that are different now: the history says which it was.
    let is_quiet = match last_step(updated) {
        Some(step) => is_quiet(&step),
        None => updated.keys().all(|name| COUNTING.contains(&field(name).as_str())),
    };
    if is_quiet { Meaning::Counted } else { Meaning::Changed }
}

/// What the newest line of the history says, when it is there.
fn last_step(fields: &Document) -> Option<String> {
    let line = match fields.get_array("timeline") {
        Ok(lines) => lines.last()?.as_document()?,
        Err(_) => fields.iter().filter(|(name, _)| name.starts_with("timeline.")).last()?.1.as_document()?,
    };
    line.get_str("what").ok().map(str::to_owned)
}

/// Whether nobody has to look because of it.
fn is_quiet(step: &str) -> bool {
    [Step::Seen, Step::Mailed, Step::Escalated].map(Step::as_str).contains(&step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_concerns_the_reader_counting_can_wait_and_the_rest_is_news() {
        assert_eq!(meaning(&doc! { "read_by.2": "ana" }), Meaning::ReadBy(vec!["ana".into()]));
        assert_eq!(meaning(&doc! { "read_by": ["ana", "bea"] }), Meaning::ReadBy(vec!["ana".into(), "bea".into()]));
        assert_eq!(meaning(&doc! { "read_by": [] }), Meaning::Changed, "cleared: unread for everybody");
        assert_eq!(meaning(&doc! { "occurrences": 3_i64, "timeline.0": {} }), Meaning::Counted);
        assert_eq!(meaning(&doc! { "occurrences": 3_i64, "state": "reopened" }), Meaning::Changed);
        assert_eq!(meaning(&doc! { "read_by.0": "ana", "state": "acknowledged" }), Meaning::Changed);
        let line = |what: &str| doc! { "what": what };
        assert_eq!(meaning(&doc! { "state": "open", "timeline": [line("opened"), line("seen")] }), Meaning::Counted);
        assert_eq!(meaning(&doc! { "timeline": [line("seen"), line("reopened")] }), Meaning::Changed);
        assert_eq!(meaning(&doc! { "rev": 4_i64, "timeline.4": line("worsened") }), Meaning::Changed);
    }
}
