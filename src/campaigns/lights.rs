//! The traffic lights of a campaign: how many of its confirmed creators are on time, soon due, or late, once for the
//! address and once for the metrics.
//!
//! A light says whether something needs attention; what was delivered late is green, because punctuality is another fact.

use jiff::{SignedDuration, Timestamp};

/// How long before its deadline something is soon due.
pub const SOON: SignedDuration = SignedDuration::from_hours(72);

/// One delivery's light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Delivered, or with time left.
    OnTime,
    /// Due within 72 hours.
    DueSoon,
    /// Not delivered and past its deadline; the instant itself is on time.
    Late,
}

impl Light {
    /// The light of what is due at an instant.
    pub fn of(is_delivered: bool, deadline: Timestamp, now: Timestamp) -> Self {
        if is_delivered {
            return Self::OnTime;
        }
        match deadline.duration_since(now) {
            left if left >= SOON => Self::OnTime,
            left if left >= SignedDuration::ZERO => Self::DueSoon,
            _ => Self::Late,
        }
    }
}

/// A campaign's counters of one kind. Each confirmed application counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    /// Green.
    pub on_time: u64,
    /// How many of the green ones are delivered.
    pub delivered: u64,
    /// Yellow.
    pub due_soon: u64,
    /// Red.
    pub late: u64,
}

impl Lights {
    /// From the campaign's own counts and what is owed soon or was owed before now.
    pub fn new(confirmed: i32, delivered: i32, due_soon: u64, late: u64) -> Self {
        let whole = |count: i32| u64::try_from(count).unwrap_or(0);
        Self { on_time: whole(confirmed).saturating_sub(due_soon + late), delivered: whole(delivered), due_soon, late }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.on_time + self.due_soon + self.late == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::deadlines::DeliveryRules;

    #[test]
    fn worked_example_7_the_light_turns_at_72_hours_and_behind_the_deadline() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let due = DeliveryRules::default().deadlines(at("2026-02-10T18:30:00Z")).url;
        let light = |now: &str| Light::of(false, due, at(now));
        assert_eq!(light("2026-02-14T18:30:00Z"), Light::OnTime, "exactly 72 hours left");
        assert_eq!(light("2026-02-14T18:30:01Z"), Light::DueSoon);
        assert_eq!(light("2026-02-17T18:30:00Z"), Light::DueSoon, "the deadline itself is on time");
        assert_eq!(light("2026-02-17T18:30:01Z"), Light::Late);
        assert_eq!(Light::of(true, due, at("2026-02-20T00:00:00Z")), Light::OnTime, "registered later");
    }

    #[test]
    fn each_confirmed_one_counts_once() {
        let lights = Lights::new(10, 4, 3, 2);
        assert_eq!(lights, Lights { on_time: 5, delivered: 4, due_soon: 3, late: 2 });
        assert!(Lights::new(0, 0, 0, 0).is_empty());
    }
}
