//! What a change of a campaign's delivery rules does to everybody who is confirmed, as pure code.
//!
//! Only what is still owed moves, and only by the kind whose rule really changed: editing the days while a fixed date is
//! in force changes nothing.

use bson::DateTime;
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::deadlines::DeliveryRules;
use crate::db::{date, timestamp};
use crate::deliverables::model::DeliverableStatus;
use crate::news::DeadlineMove;
use crate::values::{ApplicationId, CreatorId, DeliverableId, LocalDate};
use crate::waits::Waiting;

/// As much of a confirmed application as moving its deadlines needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Confirmed {
    /// The application.
    pub id: ApplicationId,
    /// Whose.
    pub creator_id: CreatorId,
    /// From when days are counted.
    #[serde(default)]
    pub confirmed_at: Option<DateTime>,
}

/// As much of its delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct Delivery {
    /// The delivery.
    pub id: DeliverableId,
    /// Of which application.
    pub application_id: ApplicationId,
    /// Where it stands.
    pub status: DeliverableStatus,
    /// Whether there is an address.
    #[serde(default)]
    pub instagram_url: Option<String>,
    /// Whether there is an address.
    #[serde(default)]
    pub tiktok_url: Option<String>,
    /// Whether there are metrics.
    #[serde(default)]
    pub metrics_submitted_at: Option<DateTime>,
    /// Today's.
    #[serde(default)]
    pub url_deadline: Option<DateTime>,
    /// Today's.
    #[serde(default)]
    pub metrics_deadline: Option<DateTime>,
    /// Whose turn it is.
    #[serde(default)]
    pub waiting: Option<Waiting>,
}

impl Delivery {
    /// Whether its address is still to come, so that the deadline for it may move.
    pub fn awaits_url(&self) -> bool {
        self.status.is_open() && self.instagram_url.is_none() && self.tiktok_url.is_none() && !self.has_metrics()
    }

    /// Whether its metrics are still to come.
    pub fn awaits_metrics(&self) -> bool {
        self.status.is_open() && !self.has_metrics()
    }

    fn has_metrics(&self) -> bool {
        self.metrics_submitted_at.is_some()
    }
}

/// A confirmed creator with their delivery.
#[derive(Clone, Debug)]
pub struct Participant {
    /// The application.
    pub application: Confirmed,
    /// The delivery.
    pub delivery: Delivery,
}

/// Which kinds' rules really change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// For the address.
    pub url: bool,
    /// For the metrics.
    pub metrics: bool,
}

impl Changes {
    /// What differs in force: a fixed date wins over the days of its kind.
    pub fn between(before: &DeliveryRules, after: &DeliveryRules) -> Self {
        type Kind = (Option<LocalDate>, i32);
        let differs = |(fixed, days): Kind, (fixed_after, days_after): Kind| match (fixed, fixed_after) {
            (None, None) => days != days_after,
            (fixed, fixed_after) => fixed != fixed_after,
        };
        Self {
            url: differs(
                (before.url_delivery_fixed_date, before.url_delivery_days),
                (after.url_delivery_fixed_date, after.url_delivery_days),
            ),
            metrics: differs(
                (before.metrics_delivery_fixed_date, before.metrics_delivery_days),
                (after.metrics_delivery_fixed_date, after.metrics_delivery_days),
            ),
        }
    }
}

/// What a change does to everybody confirmed.
#[derive(Clone, Debug, Default)]
pub struct Impact {
    /// Who moves.
    pub moved: Vec<DeadlineMove>,
    /// How many don't: they have delivered, or are closed.
    pub kept: usize,
    /// Who would be late at once.
    pub past: Vec<CreatorId>,
}

impl Impact {
    /// What the new rules do to these people.
    pub fn of(before: &DeliveryRules, after: &DeliveryRules, people: &[Participant], now: Timestamp) -> Self {
        let changes = Changes::between(before, after);
        let now = date(now);
        let mut impact = Self::default();
        for person in people {
            let Some(one) = moved(after, changes, person) else {
                impact.kept += 1;
                continue;
            };
            let is_past = |(before, after): (DateTime, DateTime)| before != after && after < now;
            if is_past(one.url) || is_past(one.metrics) {
                impact.past.push(person.application.creator_id.clone());
            }
            impact.moved.push(one);
        }
        impact
    }

    /// Stands for exactly this impact: who agrees to it agrees to nothing else.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for one in &self.moved {
            let line = format!(
                "{} {} {} {} {}\n",
                one.application_id,
                one.url.0.timestamp_millis(),
                one.url.1.timestamp_millis(),
                one.metrics.0.timestamp_millis(),
                one.metrics.1.timestamp_millis()
            );
            hash.update(line);
        }
        hash.update(format!("{}", self.past.len()));
        hex::encode(&hash.finalize()[..16])
    }
}

fn moved(rules: &DeliveryRules, changes: Changes, person: &Participant) -> Option<DeadlineMove> {
    let delivery = &person.delivery;
    let due = rules.deadlines(timestamp(person.application.confirmed_at?)?);
    let pair = |moves: bool, before: Option<DateTime>, due: Timestamp| match (moves, before) {
        (true, before) => (before.unwrap_or(date(due)), date(due)),
        (false, before) => (before.unwrap_or(date(due)), before.unwrap_or(date(due))),
    };
    let url = pair(changes.url && delivery.awaits_url(), delivery.url_deadline, due.url);
    let metrics = pair(changes.metrics && delivery.awaits_metrics(), delivery.metrics_deadline, due.metrics);
    (url.0 != url.1 || metrics.0 != metrics.1).then(|| DeadlineMove {
        application_id: person.application.id.clone(),
        deliverable_id: delivery.id.clone(),
        creator_id: person.application.creator_id.clone(),
        url,
        metrics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        date(text.parse().unwrap())
    }

    fn person(name: &str, status: DeliverableStatus, url: Option<&str>, metrics: Option<&str>) -> Participant {
        let application = Confirmed {
            id: ApplicationId::of(name),
            creator_id: CreatorId::of(name),
            confirmed_at: Some(at("2026-02-10T18:30:00Z")),
        };
        let delivery = Delivery {
            id: DeliverableId::of(name),
            application_id: ApplicationId::of(name),
            status,
            instagram_url: url.map(Into::into),
            tiktok_url: None,
            metrics_submitted_at: metrics.map(at),
            url_deadline: Some(at("2026-02-17T18:30:00Z")),
            metrics_deadline: Some(at("2026-02-24T18:30:00Z")),
            waiting: None,
        };
        Participant { application, delivery }
    }

    fn days(url: i32, metrics: i32) -> DeliveryRules {
        DeliveryRules { url_delivery_days: url, metrics_delivery_days: metrics, ..DeliveryRules::default() }
    }

    fn now() -> Timestamp {
        "2026-02-16T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn worked_example_3_only_what_is_owed_moves() {
        let people = [
            person("A", DeliverableStatus::AwaitingPublish, None, None),
            person("B", DeliverableStatus::Published, Some("https://x"), None),
            person("C", DeliverableStatus::MetricsSubmitted, Some("https://x"), Some("2026-02-15T12:00:00Z")),
            person("D", DeliverableStatus::Cancelled, None, None),
        ];
        let impact = Impact::of(&days(7, 14), &days(10, 20), &people, now());
        let moves: Vec<_> =
            impact.moved.iter().map(|one| (one.creator_id.as_str(), one.url.1, one.metrics.1)).collect();
        let (url, metrics) = (at("2026-02-20T18:30:00Z"), at("2026-03-02T18:30:00Z"));
        assert_eq!(moves, [("A", url, metrics), ("B", at("2026-02-17T18:30:00Z"), metrics)]);
        assert_eq!((impact.kept, impact.past.len()), (2, 0));
    }

    #[test]
    fn worked_example_4_days_under_a_fixed_date_change_nothing() {
        let fixed =
            |days_: i32| DeliveryRules { url_delivery_fixed_date: LocalDate::parse("2026-02-20"), ..days(days_, 14) };
        let mut one = person("A", DeliverableStatus::AwaitingPublish, None, None);
        one.delivery.url_deadline = Some(at("2026-02-21T02:59:59.999Z"));
        assert!(Impact::of(&fixed(7), &fixed(5), &[one.clone()], now()).moved.is_empty());
        let impact = Impact::of(&fixed(5), &days(5, 14), &[one], now());
        assert_eq!(impact.moved[0].url.1, at("2026-02-15T18:30:00Z"));
        assert_eq!(impact.past, [CreatorId::of("A")], "the new deadline is over already");
    }

    #[test]
    fn who_agrees_agrees_to_one_impact() {
        let people = [person("A", DeliverableStatus::AwaitingPublish, None, None)];
        let impact = |url| Impact::of(&days(7, 14), &days(url, 14), &people, now()).digest();
        assert_eq!(impact(9), impact(9));
        assert_ne!(impact(9), impact(10));
    }
}
