//! The life of an incident, as pure changes to its document.
//!
//! ```text
//!            raise                acknowledge
//!   (none) ───────▶ open ─────────────────────▶ acknowledged
//!                    │  ▲                          │
//!                    │  └── raise, worse ──────────┤
//!        clear, hand │                             │ clear, hand
//!                    ▼      raise within the window▼
//!                 resolved ─────────────────▶ reopened  (then as open)
//! ```
//!
//! Being seen again only counts. Coming back and getting worse is news: nobody has read it, nobody has taken it, and it
//! moves to the top of the lists. (A critical that was acknowledged as a mere error was not acknowledged as a critical.)

use std::time::Duration;

use bson::DateTime;
use bson::oid::ObjectId;
use jiff::Timestamp;

use super::model::{By, Line, Severity, State, Step, SystemNotice, TIMELINE_LINES};
use super::signal::{Clear, Raise, leaves_the_house};
use crate::db::{date, timestamp};

/// Sightings within this time share a line of the history.
const SAME_LINE: Duration = Duration::from_secs(5 * 60);
/// No incident is mailed to the same list more often, whatever becomes of it.
pub(super) const QUIET: Duration = Duration::from_secs(60 * 60);

/// The times an incident goes by; from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// From news to the first mail, so that what belongs together goes together.
    pub group_wait: Duration,
    /// Between two mails of one group.
    pub group_interval: Duration,
    /// Between two mails about an incident nobody takes.
    pub repeat: Duration,
    /// When a critical incident has to be mailed, whatever the group's interval.
    pub escalate_first: Duration,
    /// When the second list is told.
    pub escalate_second: Duration,
    /// How long after its end an incident that comes back is the same one.
    pub reopen_window: Duration,
    /// How long notices are kept.
    pub keep_info: Duration,
    /// How long all others are kept.
    pub keep_others: Duration,
}

/// What a raise did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new incident.
    Opened,
    /// Seen once more.
    Seen,
    /// It is worse now.
    Worsened,
    /// It came back.
    Reopened,
}

impl Change {
    /// Whether people have to look again.
    pub fn is_news(self) -> bool {
        self != Self::Seen
    }
}

/// A new incident.
pub(super) fn open(raise: &Raise, now: Timestamp, rules: &Rules) -> SystemNotice {
    let at = date(now);
    let mut notice = SystemNotice {
        key: ObjectId::new(),
        id: uuid::Uuid::new_v4().to_string(),
        kind: raise.kind,
        title: raise.title.clone(),
        message: raise.message.clone(),
        severity: raise.severity,
        source: raise.source,
        link: raise.link.clone(),
        metadata: raise.metadata.clone(),
        read_by: Vec::new(),
        created_at: at,
        fingerprint: raise.fingerprint.clone(),
        dedupe_key: raise.fingerprint.clone(),
        state: State::Open,
        is_open: true,
        occurrences: 1,
        first_seen_at: at,
        last_seen_at: at,
        sort_at: at,
        acknowledged_by: None,
        acknowledged_at: None,
        resolved_at: None,
        resolved_by: None,
        silenced: None,
        inhibited_by: None,
        notify_at: None,
        notified_at: None,
        escalate_at: None,
        escalated_at: None,
        escalation_level: 0,
        timeline: Vec::new(),
        expires_at: at,
        rev: 0,
    };
    note(&mut notice, Step::Opened, now, None, None);
    set_timers(&mut notice, now, rules);
    notice.expires_at = expiry(&notice, now, rules);
    notice
}

/// Whether an incident that is over comes back as the same one.
pub(super) fn is_recent(notice: &SystemNotice, now: Timestamp, rules: &Rules) -> bool {
    notice.is_open || notice.resolved_at.is_some_and(|at| at >= date(now - rules.reopen_window))
}

/// An incident that exists is raised again.
pub(super) fn raise(notice: &mut SystemNotice, raise: &Raise, now: Timestamp, rules: &Rules) -> Change {
    let change = match (notice.is_open, raise.severity > notice.severity) {
        (false, _) => Change::Reopened,
        (true, true) => Change::Worsened,
        (true, false) => Change::Seen,
    };
    notice.occurrences += 1;
    notice.last_seen_at = notice.last_seen_at.max(date(now));
    notice.kind = raise.kind;
    notice.title.clone_from(&raise.title);
    notice.message.clone_from(&raise.message);
    notice.link.clone_from(&raise.link);
    notice.metadata.clone_from(&raise.metadata);
    match change {
        Change::Opened | Change::Seen => see(notice, now),
        Change::Worsened => {
            notice.severity = raise.severity;
            if notice.state == State::Acknowledged {
                notice.state = State::Open;
            }
            note(notice, Step::Worsened, now, None, None);
        }
        Change::Reopened => {
            notice.severity = raise.severity;
            notice.state = State::Reopened;
            notice.is_open = true;
            notice.resolved_at = None;
            notice.resolved_by = None;
            note(notice, Step::Reopened, now, None, None);
        }
    }
    if change.is_news() {
        notice.acknowledged_by = None;
        notice.acknowledged_at = None;
        notice.read_by.clear();
        notice.sort_at = date(now);
        notice.escalation_level = 0;
        set_timers(notice, now, rules);
    }
    notice.expires_at = expiry(notice, now, rules);
    change
}

/// Somebody takes it. `false` when somebody has; an incident that is over can't be taken.
pub(super) fn acknowledge(notice: &mut SystemNotice, by: By, now: Timestamp) -> bool {
    if !notice.state.is_waiting() {
        return false;
    }
    notice.state = State::Acknowledged;
    notice.acknowledged_at = Some(date(now));
    note(notice, Step::Acknowledged, now, Some(by.clone()), None);
    notice.acknowledged_by = Some(by);
    stop_timers(notice);
    true
}

/// It is over. `false` when it was.
pub(super) fn resolve(notice: &mut SystemNotice, by: Option<By>, now: Timestamp) -> bool {
    if !notice.is_open {
        return false;
    }
    notice.state = State::Resolved;
    notice.is_open = false;
    notice.resolved_at = Some(date(now));
    note(notice, Step::Resolved, now, by.clone(), None);
    notice.resolved_by = by;
    notice.inhibited_by = None;
    stop_timers(notice);
    true
}

/// An event says that it is over.
pub(super) fn clear(notice: &mut SystemNotice, clear: &Clear, now: Timestamp) -> bool {
    if !resolve(notice, None, now) {
        return false;
    }
    if let Some(title) = &clear.title {
        notice.title.clone_from(title);
    }
    notice.metadata.extend(clear.metadata.clone());
    true
}

/// Adds a line to the history and drops the oldest beyond its length.
pub(super) fn note(notice: &mut SystemNotice, what: Step, now: Timestamp, who: Option<By>, count: Option<i64>) {
    notice.timeline.push(Line { at: date(now), what, who, count });
    let surplus = notice.timeline.len().saturating_sub(TIMELINE_LINES);
    notice.timeline.drain(..surplus);
}

/// Counts a sighting in the newest line if that is one of the last minutes.
fn see(notice: &mut SystemNotice, now: Timestamp) {
    match notice.timeline.last_mut() {
        Some(line) if line.what == Step::Seen && line.at >= date(now - SAME_LINE) => {
            line.at = line.at.max(date(now));
            line.count = Some(line.count.unwrap_or(1) + 1);
        }
        _ => note(notice, Step::Seen, now, None, Some(1)),
    }
}

fn set_timers(notice: &mut SystemNotice, now: Timestamp, rules: &Rules) {
    stop_timers(notice);
    if leaves_the_house(notice.kind, notice.severity) {
        notice.notify_at = Some(date(not_before(notice.notified_at, now + rules.group_wait)));
    }
    if notice.severity == Severity::Critical {
        notice.escalate_at = Some(date(not_before(notice.escalated_at, now + rules.escalate_second)));
    }
}

fn stop_timers(notice: &mut SystemNotice) {
    notice.notify_at = None;
    notice.escalate_at = None;
}

/// `at`, but not within the quiet time after the last mail.
pub(super) fn not_before(last: Option<DateTime>, at: Timestamp) -> Timestamp {
    last.and_then(timestamp).map_or(at, |last| at.max(last + QUIET))
}

fn expiry(notice: &SystemNotice, now: Timestamp, rules: &Rules) -> DateTime {
    date(now + if notice.severity == Severity::Info { rules.keep_info } else { rules.keep_others })
}
