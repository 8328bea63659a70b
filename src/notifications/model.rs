//! Notices and silences as stored.

use std::time::Duration;

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::kinds::{NoticeType, PersonalType, Severity, Source, State, Step};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored, date};

/// Lines kept of an incident's history: the newest.
pub const TIMELINE_LINES: usize = 50;

/// A person who did something to a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The account.
    pub user_id: String,
    /// Its name at that moment.
    pub name: String,
}

/// A line of an incident's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// When; of several alike, the newest.
    pub at: DateTime,
    /// What.
    pub what: Step,
    /// Who; nobody when it happened by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<By>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// A silence that an incident fell under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silenced {
    /// The silence.
    pub id: String,
    /// When it ends by itself.
    pub until: DateTime,
}

/// A document of `system_notifications`: an incident, and the notice of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemNotice {
    /// Ties the order of equal times.
    #[serde(rename = "_id")]
    pub key: ObjectId,
    /// UUID, used in addresses.
    pub id: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: NoticeType,
    /// One line.
    pub title: String,
    /// What happened and what to do.
    pub message: String,
    /// The worst so far.
    pub severity: Severity,
    /// Who noticed it.
    pub source: Source,
    /// Where to look: a path of ours or an `https` address.
    #[serde(default)]
    pub link: Option<String>,
    /// Particulars, one level deep.
    #[serde(default)]
    pub metadata: Document,
    /// Who has read it as it stands.
    #[serde(default)]
    pub read_by: Vec<String>,
    /// When it began.
    pub created_at: DateTime,
    /// What makes two events one incident.
    pub fingerprint: String,
    /// The same, under the name that mails and imports know.
    pub dedupe_key: String,
    /// Where it stands.
    pub state: State,
    /// Whether it isn't over: what the unique index looks at.
    pub is_open: bool,
    /// How often it was seen.
    pub occurrences: i64,
    /// When it was first seen.
    pub first_seen_at: DateTime,
    /// When it was last seen.
    pub last_seen_at: DateTime,
    /// Its place in lists: when it began, came back or got worse. Being seen again doesn't move it.
    pub sort_at: DateTime,
    /// Who took it.
    #[serde(default)]
    pub acknowledged_by: Option<By>,
    /// When somebody took it.
    #[serde(default)]
    pub acknowledged_at: Option<DateTime>,
    /// When it ended.
    #[serde(default)]
    pub resolved_at: Option<DateTime>,
    /// Who ended it; nobody when it ended by itself.
    #[serde(default)]
    pub resolved_by: Option<By>,
    /// The silence it is under.
    #[serde(default)]
    pub silenced: Option<Silenced>,
    /// The fingerprint of the outage that explains it.
    #[serde(default)]
    pub inhibited_by: Option<String>,
    /// When what leaves the house has to be decided next.
    #[serde(default)]
    pub notify_at: Option<DateTime>,
    /// When it was last mailed.
    #[serde(default)]
    pub notified_at: Option<DateTime>,
    /// When the next ones are told if nobody takes it.
    #[serde(default)]
    pub escalate_at: Option<DateTime>,
    /// When the second list was last told.
    #[serde(default)]
    pub escalated_at: Option<DateTime>,
    /// 0: in the house, 1: mailed, 2: mailed to the second list.
    #[serde(default)]
    pub escalation_level: i32,
    /// The newest lines of its history, oldest first.
    #[serde(default)]
    pub timeline: Vec<Line>,
    /// When the server forgets it.
    pub expires_at: DateTime,
    /// Counts the changes, so that two at once don't undo each other.
    #[serde(default)]
    pub rev: i64,
}

impl SystemNotice {
    /// Whether this person hasn't read it as it stands. Others reading it changes nothing.
    pub fn is_unread_by(&self, user_id: &str) -> bool {
        !self.read_by.iter().any(|reader| reader == user_id)
    }

    /// Whether it stands on top of every list: critical, not over, taken by nobody.
    pub fn is_pinned(&self) -> bool {
        self.severity == Severity::Critical && self.state.is_waiting()
    }

    /// Whether a silence keeps it in the house right now.
    pub fn is_silenced(&self, now: Timestamp) -> bool {
        self.silenced.as_ref().is_some_and(|silence| silence.until > date(now))
    }
}

impl Stored for SystemNotice {
    const COLLECTION: &'static str = "system_notifications";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("open_incident", &[("fingerprint", Ascending)]).unique().only_where(|| doc! { "is_open": true }),
        IndexSpec::new("history", &[("fingerprint", Ascending), ("last_seen_at", Descending)]),
        IndexSpec::new("newest", &[("sort_at", Descending), ("_id", Descending)]),
        IndexSpec::new("open", &[("severity", Ascending), ("sort_at", Descending)])
            .only_where(|| doc! { "is_open": true }),
        IndexSpec::new("timers", &[("notify_at", Ascending)]).only_where(|| doc! { "notify_at": { "$type": "date" } }),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

/// A document of `notifications`: a notice for one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalNotice {
    /// Ties the order of equal times.
    #[serde(rename = "_id")]
    pub key: ObjectId,
    /// UUID, used in addresses.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: PersonalType,
    /// One line.
    pub title: String,
    /// What happened.
    pub message: String,
    /// A path of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Particulars.
    #[serde(default)]
    pub metadata: Document,
    /// The one flag.
    #[serde(default)]
    pub is_read: bool,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime>,
    /// When it was made.
    pub created_at: DateTime,
    /// At most one notice has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedupe_key: Option<String>,
    /// When the server forgets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime>,
}

impl Stored for PersonalNotice {
    const COLLECTION: &'static str = "notifications";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("newest", &[("user_id", Ascending), ("created_at", Descending), ("_id", Descending)]),
        IndexSpec::new("unread", &[("user_id", Ascending), ("created_at", Descending)])
            .only_where(|| doc! { "is_read": false }),
        IndexSpec::new("dedupe_key", &[("dedupe_key", Ascending)])
            .unique()
            .only_where(|| doc! { "dedupe_key": { "$type": "string" } }),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

/// Which incidents a silence holds back. What is `None` matches everything; a silence has at least one part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    /// One type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<NoticeType>,
    /// One source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// One severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// One incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Part of the title or the message, whatever its case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A document of `notification_silences`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// UUID.
    #[serde(rename = "_id")]
    pub id: String,
    /// Which incidents.
    pub matcher: Matcher,
    /// Why.
    pub reason: String,
    /// Whose decision it was.
    pub created_by: By,
    /// Since when.
    pub created_at: DateTime,
    /// When it ends by itself.
    pub ends_at: DateTime,
    /// Who ended it before.
    #[serde(default)]
    pub ended_by: Option<By>,
    /// When the server forgets it.
    pub expires_at: DateTime,
}

impl Silence {
    /// Whether it holds anything back right now.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.ends_at > date(now)
    }
}

impl Stored for Silence {
    const COLLECTION: &'static str = "notification_silences";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("ends_at", &[("ends_at", Descending)]),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}
