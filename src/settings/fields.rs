//! The fields of the form «Avisos»: one table that the page draws, the form reads and the save compares.

use std::collections::BTreeMap;

use crate::error::FieldProblem;
use crate::i18n::{format, settings as words};

use super::model::{AlertRecipients, AlertTimes, MonitorProject, Settings, Waits};
use super::typed::{addresses, holidays, monitors, phone};

/// The field of the team's number.
pub(super) const WHATSAPP_MARCAS: &str = "whatsapp_marcas";
/// The field of the holidays, and the stored one within `waits`.
pub(super) const HOLIDAYS: &str = "holidays";
/// The field of the list of monitors.
pub(super) const MONITOR_PROJECTS: &str = "monitor_projects";

/// A list of addresses.
pub(super) struct ListField {
    /// The form's name, and the stored one within `alert_recipients`.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub get: fn(&AlertRecipients) -> &Vec<String>,
    pub set: fn(&mut AlertRecipients, Vec<String>),
}

/// A whole number.
pub(super) struct TimeField {
    /// The form's name, and the stored one within `alert_times`.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub min: u32,
    pub max: u32,
    pub get: fn(&AlertTimes) -> u32,
    pub set: fn(&mut AlertTimes, u32),
}

/// A number of business days.
pub(super) struct WaitField {
    /// The form's name.
    pub name: &'static str,
    /// The stored one within `waits`.
    pub stored: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub get: fn(&Waits) -> u32,
    pub set: fn(&mut Waits, u32),
}

/// Fewest and most business days of a wait.
const DAYS: std::ops::RangeInclusive<u32> = 1..=60;

macro_rules! lists {
    ($($field:ident: $label:ident, $hint:ident;)+) => {
        /// The lists, those about incidents first.
        pub(super) const LISTS: [ListField; [$(stringify!($field)),+].len()] = [$(ListField {
            name: stringify!($field),
            label: words::$label,
            hint: words::$hint,
            get: |all| &all.$field,
            set: |all, value| all.$field = value,
        }),+];
    };
}

macro_rules! times {
    ($($field:ident: $label:ident, $hint:ident, $min:literal..=$max:literal;)+) => {
        /// The times.
        pub(super) const TIMES: [TimeField; [$(stringify!($field)),+].len()] = [$(TimeField {
            name: stringify!($field),
            label: words::$label,
            hint: words::$hint,
            min: $min,
            max: $max,
            get: |all| all.$field,
            set: |all, value| all.$field = value,
        }),+];
    };
}

lists! {
    system: LIST_SYSTEM, LIST_SYSTEM_HINT;
    escalation: LIST_ESCALATION, LIST_ESCALATION_HINT;
    general: LIST_GENERAL, LIST_GENERAL_HINT;
    ugc: LIST_UGC, LIST_UGC_HINT;
    studio: LIST_STUDIO, LIST_STUDIO_HINT;
}

times! {
    group_wait_seconds: GROUP_WAIT, GROUP_WAIT_HINT, 0..=600;
    group_interval_minutes: GROUP_INTERVAL, GROUP_INTERVAL_HINT, 1..=120;
    repeat_hours: REPEAT, REPEAT_HINT, 1..=168;
    escalate_first_minutes: ESCALATE_FIRST, ESCALATE_FIRST_HINT, 1..=120;
    escalate_second_minutes: ESCALATE_SECOND, ESCALATE_SECOND_HINT, 1..=1440;
    reopen_window_days: REOPEN_WINDOW, REOPEN_WINDOW_HINT, 0..=90;
    keep_info_days: KEEP_INFO, KEEP_INFO_HINT, 1..=400;
    keep_others_days: KEEP_OTHERS, KEEP_OTHERS_HINT, 30..=1200;
}

macro_rules! waits {
    ($($field:ident: $label:ident, $hint:ident;)+) => {
        /// The waits.
        pub(super) const WAITS: [WaitField; [$(stringify!($field)),+].len()] = [$(WaitField {
            name: concat!("wait_", stringify!($field)),
            stored: stringify!($field),
            label: words::$label,
            hint: words::$hint,
            get: |all| all.$field,
            set: |all, value| all.$field = value,
        }),+];
    };
}

waits! {
    applied: WAIT_APPLIED, WAIT_APPLIED_HINT;
    shortlisted: WAIT_SHORTLISTED, WAIT_SHORTLISTED_HINT;
    review: WAIT_REVIEW, WAIT_REVIEW_HINT;
    changes: WAIT_CHANGES, WAIT_CHANGES_HINT;
    close: WAIT_CLOSE, WAIT_CLOSE_HINT;
    overdue: WAIT_OVERDUE, WAIT_OVERDUE_HINT;
}

/// Every field's name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let waits = WAITS.iter().map(|wait| wait.name);
    let lists = LISTS.iter().map(|list| list.name).chain(TIMES.iter().map(|time| time.name));
    lists.chain(waits).chain([MONITOR_PROJECTS, WHATSAPP_MARCAS, HOLIDAYS])
}

/// Every field as the form shows it.
pub(super) fn shown(settings: &Settings) -> BTreeMap<&'static str, String> {
    let lists = LISTS.iter().map(|list| (list.name, (list.get)(&settings.alert_recipients).join("\n")));
    let times = TIMES.iter().map(|time| (time.name, (time.get)(&settings.alert_times).to_string()));
    let monitors = settings.monitor_projects.iter().map(|one| format!("{} = {}", one.monitor, one.project));
    let monitors = (MONITOR_PROJECTS, monitors.collect::<Vec<_>>().join("\n"));
    let waits = WAITS.iter().map(|wait| (wait.name, (wait.get)(&settings.waits).to_string()));
    let number = (WHATSAPP_MARCAS, settings.whatsapp_marcas.clone().unwrap_or_default());
    let holidays: Vec<_> = settings.waits.holidays.iter().map(|day| format::day(day.0)).collect();
    lists.chain(times).chain(waits).chain([monitors, number, (HOLIDAYS, holidays.join("\n"))]).collect()
}

/// What was typed, over what is stored: fields that weren't sent stay as they are. Or everything wrong with it.
pub(super) fn read(typed: &BTreeMap<String, String>, stored: &Settings) -> Result<Settings, Vec<FieldProblem>> {
    let mut settings = stored.clone();
    let mut problems = Vec::new();
    for list in &LISTS {
        let Some(typed) = typed.get(list.name) else { continue };
        match addresses(typed) {
            Ok(addresses) => (list.set)(&mut settings.alert_recipients, addresses),
            Err(problem) => problems.push(FieldProblem::new(list.name, problem)),
        }
    }
    for time in &TIMES {
        let Some(typed) = typed.get(time.name) else { continue };
        match typed.trim().parse() {
            Ok(amount) if (time.min..=time.max).contains(&amount) => (time.set)(&mut settings.alert_times, amount),
            _ => problems.push(FieldProblem::new(time.name, words::out_of_range(time.min, time.max))),
        }
    }
    if let Some(typed) = typed.get(MONITOR_PROJECTS) {
        match monitors(typed) {
            Ok(monitors) => settings.monitor_projects = monitors,
            Err(problem) => problems.push(FieldProblem::new(MONITOR_PROJECTS, problem)),
        }
    }
    for wait in &WAITS {
        let Some(typed) = typed.get(wait.name) else { continue };
        match typed.trim().parse() {
            Ok(days) if DAYS.contains(&days) => (wait.set)(&mut settings.waits, days),
            _ => problems.push(FieldProblem::new(wait.name, words::out_of_range(*DAYS.start(), *DAYS.end()))),
        }
    }
    if let Some(typed) = typed.get(WHATSAPP_MARCAS) {
        match phone(typed) {
            Ok(number) => settings.whatsapp_marcas = number,
            Err(problem) => problems.push(FieldProblem::new(WHATSAPP_MARCAS, problem)),
        }
    }
    if let Some(typed) = typed.get(HOLIDAYS) {
        match holidays(typed) {
            Ok(days) => settings.waits.holidays = days,
            Err(problem) => problems.push(FieldProblem::new(HOLIDAYS, problem)),
        }
    }
    let times = &settings.alert_times;
    if problems.is_empty() && times.escalate_second_minutes <= times.escalate_first_minutes {
        problems.push(FieldProblem::new("escalate_second_minutes", words::SECOND_AFTER_FIRST));
    }
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// The fields in which two settings differ: stored path, form name, before, after.
pub(super) fn changes(before: &Settings, after: &Settings) -> Vec<Change> {
    let mut changes = Vec::new();
    for list in &LISTS {
        let (old, new) = ((list.get)(&before.alert_recipients), (list.get)(&after.alert_recipients));
        if old != new {
            changes.push(Change::new(format!("alert_recipients.{}", list.name), list.name, old.clone(), new.clone()));
        }
    }
    for time in &TIMES {
        let (old, new) = ((time.get)(&before.alert_times), (time.get)(&after.alert_times));
        if old != new {
            let path = format!("alert_times.{}", time.name);
            changes.push(Change::new(path, time.name, i64::from(old), i64::from(new)));
        }
    }
    if before.monitor_projects != after.monitor_projects {
        let stored = |all: &[MonitorProject]| {
            let pairs = all.iter().map(|one| bson::doc! { "monitor": &one.monitor, "project": &one.project });
            pairs.map(bson::Bson::from).collect::<Vec<_>>()
        };
        let (old, new) = (stored(&before.monitor_projects), stored(&after.monitor_projects));
        changes.push(Change::new(MONITOR_PROJECTS.into(), MONITOR_PROJECTS, old, new));
    }
    for wait in &WAITS {
        let (old, new) = ((wait.get)(&before.waits), (wait.get)(&after.waits));
        if old != new {
            changes.push(Change::new(format!("waits.{}", wait.stored), wait.name, i64::from(old), i64::from(new)));
        }
    }
    if before.whatsapp_marcas != after.whatsapp_marcas {
        let (old, new) = (before.whatsapp_marcas.clone(), after.whatsapp_marcas.clone());
        changes.push(Change::new(WHATSAPP_MARCAS.into(), WHATSAPP_MARCAS, old, new));
    }
    if before.waits.holidays != after.waits.holidays {
        let (old, new) = (before.waits.holidays.clone(), after.waits.holidays.clone());
        changes.push(Change::new(format!("waits.{HOLIDAYS}"), HOLIDAYS, old, new));
    }
    changes
}

/// One field that differs.
pub(super) struct Change {
    pub path: String,
    pub name: &'static str,
    pub before: bson::Bson,
    pub after: bson::Bson,
}

impl Change {
    fn new<T: Into<bson::Bson>>(path: String, name: &'static str, before: T, after: T) -> Self {
        Self { path, name, before: before.into(), after: after.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn what_the_form_shows_reads_as_what_is_stored() {
        let mut settings = Settings::default();
        settings.alert_recipients.system = vec!["ana@example.com".into(), "beto@example.com".into()];
        settings.monitor_projects = vec![MonitorProject { monitor: "a = b".into(), project: "tienda".into() }];
        let shown = shown(&settings).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(read(&shown, &Settings::default()).unwrap(), settings);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let typed = typed(&[
            ("system", "nobody"),
            ("group_wait_seconds", "-1"),
            ("repeat_hours", "soon"),
            ("keep_others_days", "1"),
            ("monitor_projects", "a = b\nnothing"),
        ]);
        let problems = read(&typed, &Settings::default()).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(fields, ["system", "group_wait_seconds", "repeat_hours", "keep_others_days", "monitor_projects"]);
        assert!(problems[4].message.contains('2'), "the line is named: {}", problems[4].message);
    }

    #[test]
    fn the_second_list_is_told_after_the_first() {
        let typed = typed(&[("escalate_first_minutes", "30"), ("escalate_second_minutes", "30")]);
        assert_eq!(read(&typed, &Settings::default()).unwrap_err()[0].field, "escalate_second_minutes");
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = Settings::default();
        let mut after = before.clone();
        assert!(changes(&before, &after).is_empty());
        after.alert_times.repeat_hours = 8;
        after.alert_recipients.system.push("ana@example.com".into());
        let paths: Vec<_> = changes(&before, &after).into_iter().map(|change| change.path).collect();
        assert_eq!(paths, ["alert_recipients.system", "alert_times.repeat_hours"]);
    }
}
