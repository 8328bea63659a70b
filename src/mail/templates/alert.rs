//! Incidents that leave the house.

use jiff::Timestamp;

use super::{letter, whatsapp};
use crate::i18n::{format, mail as words};

/// Incidents shown in one letter; the rest is counted.
const SHOWN: usize = 20;

/// `alert_critical`: one incident or several in one letter.
#[derive(Clone, Debug)]
pub struct AlertCritical {
    /// Why it is written now.
    pub wording: Wording,
    /// What it is about, the most severe first; at least one. The first 20 are shown, the others counted.
    pub incidents: Vec<Incident>,
}

/// Why a letter about incidents is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// They are new, or came back.
    New,
    /// They go on, and nobody has acknowledged them.
    StillOpen,
    /// Nobody has acknowledged them for so long that others are told.
    Escalated {
        /// For how many minutes.
        minutes: u32,
    },
    /// They are over.
    Resolved,
}

/// One incident, as a letter shows it.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The notice's title, one line.
    pub title: String,
    /// The notice's message; may be empty.
    pub message: String,
    /// The severity in words: «Crítico».
    pub severity: String,
    /// How often it happened.
    pub occurrences: u64,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time.
    pub last_seen: Timestamp,
    /// Where it is on the site: `/admin/notifications/ID`.
    pub path: String,
}

impl AlertCritical {
    fn only(&self) -> Option<&Incident> {
        match self.incidents.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn shown(&self) -> &[Incident] {
        &self.incidents[..self.incidents.len().min(SHOWN)]
    }

    fn hidden(&self) -> usize {
        self.incidents.len().saturating_sub(SHOWN)
    }

    fn first(&self, count: usize) -> &[Incident] {
        &self.incidents[..self.incidents.len().min(count)]
    }

    fn more_than(&self, count: usize) -> String {
        words::more_incidents(self.incidents.len().saturating_sub(count) as u64)
    }

    fn count(&self) -> String {
        words::incidents(self.incidents.len() as u64)
    }

    fn more(&self) -> String {
        words::more_incidents(self.hidden() as u64)
    }

    fn why(&self) -> &'static str {
        match self.wording {
            Wording::Escalated { .. } => words::WHY_ESCALATION,
            Wording::New | Wording::StillOpen | Wording::Resolved => words::WHY_ALERT,
        }
    }
}

impl Wording {
    fn mark(self) -> &'static str {
        match self {
            Self::New => words::MARK_NEW,
            Self::StillOpen => words::MARK_OPEN,
            Self::Escalated { .. } => words::MARK_ESCALATED,
            Self::Resolved => words::MARK_RESOLVED,
        }
    }

    fn lead(self, incidents: usize) -> String {
        let one = incidents == 1;
        match self {
            Self::New => words::lead_new(one).into(),
            Self::StillOpen => words::lead_open(one).into(),
            Self::Escalated { minutes } => words::lead_escalated(one, minutes),
            Self::Resolved => words::lead_resolved(one).into(),
        }
    }
}

impl Incident {
    fn times(&self) -> String {
        words::times(self.occurrences)
    }

    fn first_seen_words(&self) -> String {
        format::exact(self.first_seen)
    }

    fn last_seen_words(&self) -> String {
        format::exact(self.last_seen)
    }
}

letter!(
    AlertCritical,
    "alert_critical",
    "alert_critical/subject.txt",
    "alert_critical/text.txt",
    "alert_critical/body.html",
    System
);
whatsapp!(AlertCritical, "alert_critical/whatsapp.txt");
