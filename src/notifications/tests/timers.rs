//! When something leaves the house, and what keeps it in.

use std::time::Duration;

use jiff::Timestamp;

use super::{now, opened, raise, rules};
use crate::db::date;
use crate::notifications::dispatch::{Circle, due};
use crate::notifications::incidents;
use crate::notifications::model::By;
use crate::notifications::quiet::{Outage, outage_of, outages, silence_of};
use crate::notifications::{Matcher, Severity, Silence, SystemNotice};
use crate::settings::MonitorProject;

fn after(seconds: u64) -> Timestamp {
    now() + Duration::from_secs(seconds)
}

fn at(notice: &SystemNotice, circle: Circle, group: Option<Timestamp>) -> Option<Timestamp> {
    due(notice, circle, group, &rules()).map(|due| due.at)
}

#[test]
fn the_first_mail_waits_for_company() {
    assert_eq!(at(&opened(Severity::Critical), Circle::First, None), Some(after(30)));
    assert_eq!(at(&opened(Severity::Error), Circle::First, None), None, "an error stays in the house");
}

#[test]
fn a_group_that_was_just_mailed_waits_its_interval_and_a_critical_never_longer_than_its_escalation() {
    let notice = opened(Severity::Critical);
    assert_eq!(at(&notice, Circle::First, Some(after(0) - Duration::from_secs(120))), Some(after(180)));
    let mut rules = rules();
    rules.group_interval = Duration::from_secs(3_600);
    let late = due(&notice, Circle::First, Some(now()), &rules).unwrap();
    assert_eq!(late.at, after(300));
}

#[test]
fn what_nobody_takes_is_repeated_every_four_hours() {
    let mut notice = opened(Severity::Critical);
    notice.notified_at = Some(date(after(30)));
    let repeat = due(&notice, Circle::First, Some(after(30)), &rules()).unwrap();
    assert_eq!((repeat.at, repeat.is_news), (after(30 + 4 * 3_600), false));
    incidents::acknowledge(&mut notice, By { user_id: "user_ana".into(), name: "Ana".into() }, now());
    assert_eq!(at(&notice, Circle::First, None), None);
    assert_eq!(at(&notice, Circle::Second, None), None);
}

#[test]
fn an_incident_that_comes_and_goes_writes_once_an_hour() {
    let mut notice = opened(Severity::Critical);
    notice.notified_at = Some(date(after(30)));
    for minute in 1..50 {
        incidents::resolve(&mut notice, None, after(60 * minute));
        incidents::raise(&mut notice, &raise(Severity::Critical), after(60 * minute + 10), &rules());
        assert_eq!(at(&notice, Circle::First, None), Some(after(30 + 3_600)));
        assert_eq!(notice.notify_at, Some(date(after(30 + 3_600))));
    }
}

#[test]
fn the_second_list_is_told_of_criticals_nobody_took() {
    let mut notice = opened(Severity::Critical);
    assert_eq!(at(&notice, Circle::Second, None), Some(after(1_800)));
    notice.escalated_at = Some(date(after(1_800)));
    assert_eq!(at(&notice, Circle::Second, None), Some(after(1_800 + 4 * 3_600)));
}

fn silence(matcher: Matcher) -> Silence {
    Silence {
        id: "s".into(),
        matcher,
        reason: "mantenimiento".into(),
        created_by: By { user_id: "user_ana".into(), name: "Ana".into() },
        created_at: date(now()),
        ends_at: date(after(3_600)),
        ended_by: None,
        expires_at: date(after(7_200)),
    }
}

#[test]
fn every_part_of_a_matcher_has_to_fit() {
    let notice = opened(Severity::Error);
    let fits = |matcher: Matcher| silence_of(&notice, &[silence(matcher)], now()).is_some();
    assert!(fits(Matcher { text: Some("IT BROKE".into()), ..Matcher::default() }));
    assert!(fits(Matcher {
        fingerprint: Some("sentry:issue:1".into()),
        severity: Some(Severity::Error),
        ..Matcher::default()
    }));
    assert!(!fits(Matcher {
        fingerprint: Some("sentry:issue:1".into()),
        severity: Some(Severity::Info),
        ..Matcher::default()
    }));
    let over = silence(Matcher { text: Some("broke".into()), ..Matcher::default() });
    assert!(silence_of(&notice, &[over], after(3_600)).is_none());
}

#[test]
fn a_monitor_stands_for_the_project_named_on_it() {
    let mut down = opened(Severity::Critical);
    down.fingerprint = "monitor_down:790".into();
    down.metadata = bson::doc! { "monitor_name": "Tienda", "monitor_id": "790" };
    let mapped = |monitor: &str| [MonitorProject { monitor: monitor.into(), project: "Tienda".into() }];
    let noise = opened(Severity::Critical);
    for mapping in [mapped("790"), mapped("tienda")] {
        let outages = outages([&down], &mapping);
        assert_eq!(outage_of(&noise, &outages).map(|outage| &*outage.fingerprint), Some("monitor_down:790"));
    }
    assert!(outage_of(&noise, &outages([&down], &mapped("800"))).is_none());
    down.metadata.insert("monitor_name", "Tienda project:tienda");
    let tagged: Vec<Outage> = outages([&down], &[]);
    assert!(outage_of(&noise, &tagged).is_some());
    down.is_open = false;
    assert!(outages([&down], &[]).is_empty());
}
