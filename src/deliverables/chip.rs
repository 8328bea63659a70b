//! The chip of a delivery's deadline: what is left, or how late it is. One rule for every screen.

use jiff::Timestamp;

use super::model::{Deliverable, DeliverableStatus};
use crate::db::timestamp;
use crate::i18n::{deadline_chip as words, format};
use crate::ui::{DeadlineView, Tone};
use crate::values::LocalDate;

/// Which of a delivery's two deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Until when the address of the post is registered.
    Url,
    /// Until when its metrics are there.
    Metrics,
}

/// What a chip needs to know of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// Until when it is due.
    pub deadline: Option<Timestamp>,
    /// From when its days were counted.
    pub confirmed_at: Option<Timestamp>,
    /// Whether it is there.
    pub is_delivered: bool,
    /// Since when.
    pub delivered_at: Option<Timestamp>,
    /// How late it was, in hours.
    pub lag_hours: f64,
    /// Whether the participation ended.
    pub is_cancelled: bool,
    /// When it ended: a countdown stands still there.
    pub cancelled_at: Option<Timestamp>,
}

impl Facts {
    /// The facts of one of a delivery's deadlines.
    pub fn of(kind: Kind, delivery: &Deliverable) -> Self {
        let at = |stored: Option<bson::DateTime>| stored.and_then(timestamp);
        let (deadline, is_delivered, delivered_at, lag_hours) = match kind {
            Kind::Url => {
                (delivery.url_deadline, delivery.has_url(), delivery.published_at, delivery.delivery_lag_hours)
            }
            Kind::Metrics => (
                delivery.metrics_deadline,
                delivery.has_metrics(),
                delivery.metrics_submitted_at,
                delivery.metrics_lag_hours,
            ),
        };
        Self {
            deadline: at(deadline),
            confirmed_at: at(delivery.confirmed_at),
            is_delivered,
            delivered_at: at(delivered_at),
            lag_hours: lag_hours.unwrap_or(0.0),
            is_cancelled: delivery.status == DeliverableStatus::Cancelled,
            cancelled_at: at(delivery.cancelled_at),
        }
    }
}

/// Days from one local day to a deadline's; negative when it is past.
pub fn days_left(deadline: Timestamp, now: Timestamp) -> i32 {
    LocalDate::of(deadline).days_since(LocalDate::of(now))
}

/// The chip of one of a delivery's deadlines; none when it has no deadline and nothing was delivered.
pub fn chip(kind: Kind, delivery: &Deliverable, now: Timestamp) -> Option<DeadlineView> {
    view(&Facts::of(kind, delivery), now)
}

/// The chip of these facts.
pub fn view(facts: &Facts, now: Timestamp) -> Option<DeadlineView> {
    if facts.is_delivered {
        let at = facts.delivered_at.or(facts.deadline)?;
        return Some(DeadlineView {
            tone: Tone::Good,
            label: words::DELIVERED.into(),
            tip: words::delivered_at(at, facts.lag_hours),
            machine: format::machine(at),
        });
    }
    let deadline = facts.deadline?;
    let (tone, label) = if facts.is_cancelled {
        let late = -days_left(deadline, facts.cancelled_at.unwrap_or(deadline));
        (Tone::Neutral, if late > 0 { words::cancelled_late(late).into() } else { words::CANCELLED.into() })
    } else {
        match days_left(deadline, now) {
            0 if now > deadline => (Tone::Bad, words::OVERDUE_TODAY.into()),
            late @ ..0 => (Tone::Bad, words::days_late(late).into()),
            0 => (Tone::Bad, words::DUE_TODAY.into()),
            1 => (Tone::Bad, words::DUE_TOMORROW.into()),
            2 => (Tone::Bad, words::days_left(2).into()),
            days @ 3..=5 => (Tone::Attention, words::days_left(days).into()),
            days => (Tone::Good, words::days_left(days).into()),
        }
    };
    Some(DeadlineView { tone, label, tip: origin(deadline, facts.confirmed_at), machine: format::machine(deadline) })
}

/// A fixed date ends with its day, to the millisecond; whatever else counts days from the confirmation.
fn origin(deadline: Timestamp, confirmed_at: Option<Timestamp>) -> String {
    let day = LocalDate::of(deadline);
    if day.end() == deadline {
        words::fixed(deadline)
    } else {
        words::relative(deadline, confirmed_at.map(|at| day.days_since(LocalDate::of(at))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: &str = "2026-02-17T18:30:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn open() -> Facts {
        Facts { deadline: Some(at(DEADLINE)), confirmed_at: Some(at("2026-02-10T18:30:00Z")), ..Facts::default() }
    }

    fn seen(now: &str) -> (String, Tone) {
        let chip = view(&open(), at(now)).unwrap();
        (chip.label.into_owned(), chip.tone)
    }

    #[test]
    fn days_are_the_calendars_and_colours_follow_them() {
        for (now, label, tone) in [
            ("2026-02-11T12:00:00Z", "6 días", Tone::Good),
            ("2026-02-12T12:00:00Z", "5 días", Tone::Attention),
            ("2026-02-14T23:00:00Z", "3 días", Tone::Attention),
            ("2026-02-15T12:00:00Z", "2 días", Tone::Bad),
            ("2026-02-16T12:00:00Z", "Vence mañana", Tone::Bad),
            ("2026-02-17T18:30:00Z", "Vence hoy", Tone::Bad),
            ("2026-02-17T18:30:01Z", "Vencido hoy", Tone::Bad),
            ("2026-02-18T02:59:59Z", "Vencido hoy", Tone::Bad),
            ("2026-02-18T03:00:00Z", "1 día de retraso", Tone::Bad),
            ("2026-02-20T12:00:00Z", "3 días de retraso", Tone::Bad),
        ] {
            assert_eq!(seen(now), (label.to_owned(), tone), "at {now}");
        }
    }

    #[test]
    fn what_is_delivered_has_no_countdown_and_says_how_late_it_was() {
        let done =
            Facts { is_delivered: true, delivered_at: Some(at("2026-02-17T21:00:00Z")), lag_hours: 2.5, ..open() };
        let chip = view(&done, at("2026-03-01T00:00:00Z")).unwrap();
        assert_eq!((chip.label.as_ref(), chip.tone), ("Entregado", Tone::Good));
        assert_eq!(chip.tip, "Entregado el 17/02/2026 18:00, con 2,5 h de retraso");
        let in_time = Facts { lag_hours: 0.0, ..done };
        assert_eq!(view(&in_time, at(DEADLINE)).unwrap().tip, "Entregado el 17/02/2026 18:00");
    }

    #[test]
    fn a_cancelled_deliverys_countdown_stands_still() {
        let ended = |when: &str| Facts { is_cancelled: true, cancelled_at: Some(at(when)), ..open() };
        let label = |facts: Facts| view(&facts, at("2026-06-01T00:00:00Z")).unwrap().label.into_owned();
        assert_eq!(label(ended("2026-02-12T12:00:00Z")), "Cancelado");
        assert_eq!(label(ended("2026-02-19T12:00:00Z")), "Cancelado (2 d de retraso)");
    }

    #[test]
    fn the_tooltip_says_where_a_deadline_comes_from() {
        let tip = |facts: &Facts| view(facts, at("2026-02-11T12:00:00Z")).unwrap().tip;
        assert_eq!(tip(&open()), "Hasta el 17/02/2026 15:30, 7 días desde la confirmación");
        let fixed = Facts { deadline: Some(LocalDate::parse("2026-02-20").unwrap().end()), ..open() };
        assert_eq!(tip(&fixed), "Hasta el 20/02/2026 23:59, fecha fija de la campaña");
        assert_eq!(view(&Facts::default(), at(DEADLINE)), None);
    }
}
