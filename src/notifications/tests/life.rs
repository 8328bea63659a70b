//! The life of an incident: no sequence of events and hands leads it anywhere it mustn't be.

use std::time::Duration;

use proptest::prelude::*;

use super::{now, opened, raise, rules};
use crate::db::date;
use crate::notifications::incidents;
use crate::notifications::model::{By, TIMELINE_LINES};
use crate::notifications::{NoticeType, Severity, State, Step, leaves_the_house};

#[derive(Clone, Debug)]
enum Deed {
    Raise(Severity),
    Acknowledge,
    Resolve(bool),
    Read(u8),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => prop::sample::select(Severity::ALL.to_vec()).prop_map(Deed::Raise),
        2 => Just(Deed::Acknowledge),
        2 => any::<bool>().prop_map(Deed::Resolve),
        2 => (0..4_u8).prop_map(Deed::Read),
        2 => (0..14 * 24 * 3600_u64).prop_map(Deed::Wait),
    ]
}

fn by(name: &str) -> By {
    By { user_id: format!("user_{name}"), name: name.into() }
}

proptest! {
    #[test]
    fn whatever_happens_an_incident_stays_whole(first in prop::sample::select(Severity::ALL.to_vec()), deeds in prop::collection::vec(deed(), 0..120)) {
        let rules = rules();
        let mut at = now();
        let mut notice = opened(first);
        for deed in deeds {
            let before = notice.clone();
            match deed {
                Deed::Raise(severity) => {
                    let change = incidents::raise(&mut notice, &raise(severity), at, &rules);
                    prop_assert_eq!(notice.occurrences, before.occurrences + 1);
                    prop_assert!(notice.is_open);
                    if change.is_news() {
                        prop_assert!(notice.read_by.is_empty() && notice.acknowledged_by.is_none() && notice.state.is_waiting());
                        prop_assert_eq!(notice.sort_at, date(at));
                    } else {
                        prop_assert_eq!((&notice.read_by, notice.state, notice.sort_at), (&before.read_by, before.state, before.sort_at));
                    }
                    prop_assert_eq!(notice.state == State::Reopened, !before.is_open || before.state == State::Reopened);
                    prop_assert!(!before.is_open || notice.severity >= before.severity, "an open incident never looks better than it was");
                }
                Deed::Acknowledge => {
                    let taken = incidents::acknowledge(&mut notice, by("ana"), at);
                    prop_assert_eq!(taken, before.state.is_waiting());
                    prop_assert_eq!(notice.state == State::Acknowledged, taken || before.state == State::Acknowledged);
                }
                Deed::Resolve(by_hand) => {
                    let ended = incidents::resolve(&mut notice, by_hand.then(|| by("beto")), at);
                    prop_assert_eq!(ended, before.is_open);
                    prop_assert_eq!(notice.state, State::Resolved);
                    prop_assert_eq!(&notice.read_by, &before.read_by);
                }
                Deed::Read(reader) => {
                    let reader = format!("user_{reader}");
                    if notice.is_unread_by(&reader) {
                        notice.read_by.push(reader);
                    }
                }
                Deed::Wait(seconds) => at += Duration::from_secs(seconds),
            }
            prop_assert_eq!(notice.is_open, notice.state.is_open());
            prop_assert_eq!(notice.resolved_at.is_some(), notice.state == State::Resolved);
            prop_assert_eq!(notice.is_open && notice.acknowledged_by.is_some(), notice.state == State::Acknowledged);
            let is_mailable = notice.state.is_waiting() && leaves_the_house(notice.kind, notice.severity);
            prop_assert_eq!(notice.notify_at.is_some(), is_mailable, "a mail waits exactly for what nobody took");
            prop_assert_eq!(notice.escalate_at.is_some(), notice.state.is_waiting() && notice.severity == Severity::Critical);
            prop_assert_eq!(notice.is_pinned(), notice.severity == Severity::Critical && notice.state.is_waiting());
            prop_assert!((1..=TIMELINE_LINES).contains(&notice.timeline.len()));
            prop_assert!(notice.timeline.windows(2).all(|pair| pair[0].at <= pair[1].at));
            prop_assert!(notice.expires_at >= date(at - Duration::from_secs(400 * 24 * 3600)));
        }
    }
}

#[test]
fn more_occurrences_keep_who_has_read_it_and_worse_ones_dont() {
    let mut notice = opened(Severity::Warning);
    notice.read_by = vec!["user_ana".into()];
    incidents::raise(&mut notice, &raise(Severity::Warning), now(), &rules());
    incidents::raise(&mut notice, &raise(Severity::Info), now(), &rules());
    assert_eq!((notice.occurrences, notice.severity), (3, Severity::Warning));
    assert!(!notice.is_unread_by("user_ana"));
    incidents::raise(&mut notice, &raise(Severity::Critical), now(), &rules());
    assert!(notice.is_unread_by("user_ana"));
}

#[test]
fn sightings_of_the_same_minutes_share_a_line() {
    let mut notice = opened(Severity::Error);
    for _ in 0..1_000 {
        incidents::raise(&mut notice, &raise(Severity::Error), now(), &rules());
    }
    let steps: Vec<_> = notice.timeline.iter().map(|line| (line.what, line.count)).collect();
    assert_eq!(steps, [(Step::Opened, None), (Step::Seen, Some(1_000))]);
    incidents::raise(&mut notice, &raise(Severity::Error), now() + Duration::from_secs(3_600), &rules());
    assert_eq!(notice.timeline.len(), 3);
}

#[test]
fn what_comes_back_within_the_window_is_the_same_incident() {
    let rules = rules();
    let mut notice = opened(Severity::Error);
    incidents::resolve(&mut notice, None, now());
    let day = Duration::from_secs(24 * 3_600);
    assert!(incidents::is_recent(&notice, now() + 7 * day, &rules));
    assert!(!incidents::is_recent(&notice, now() + 8 * day, &rules));
}

#[test]
fn a_lesser_incident_that_was_taken_is_not_taken_as_a_critical() {
    let mut notice = opened(Severity::Error);
    incidents::acknowledge(&mut notice, by("ana"), now());
    incidents::raise(&mut notice, &raise(Severity::Critical), now(), &rules());
    assert!(notice.is_pinned() && notice.acknowledged_by.is_none());
}

#[test]
fn failed_backups_leave_the_house_and_other_errors_dont() {
    assert!(leaves_the_house(NoticeType::BackupFailed, Severity::Error));
    assert!(leaves_the_house(NoticeType::UptimeAlert, Severity::Critical));
    assert!(!leaves_the_house(NoticeType::ErrorAlert, Severity::Error));
}

#[test]
fn information_is_kept_ninety_days_and_the_rest_four_hundred() {
    let days = |days: u64| date(now() + Duration::from_secs(days * 24 * 3_600));
    assert_eq!(opened(Severity::Info).expires_at, days(90));
    for severity in [Severity::Warning, Severity::Error, Severity::Critical] {
        assert_eq!(opened(severity).expires_at, days(400));
    }
}
