//! What is typed into the form's larger fields, as what is stored.

use std::collections::BTreeSet;

use super::model::MonitorProject;
use crate::accounts::model::Email;
use crate::i18n::settings as words;
use crate::values::{LocalDate, Phone};

/// Addresses in one list.
const ADDRESSES: usize = 20;
/// Lines of the list of monitors.
const MONITORS: usize = 100;
/// Longest name of a monitor or a project, in characters.
const NAME: usize = 200;
/// Days in the list of holidays.
const HOLIDAYS: usize = 200;

/// One address a line, or separated by commas or semicolons; each once.
pub(super) fn addresses(typed: &str) -> Result<Vec<String>, String> {
    let mut addresses = Vec::new();
    let mut bad = Vec::new();
    for entry in typed.split(['\n', ',', ';']).map(str::trim).filter(|entry| !entry.is_empty()) {
        match Email::parse(entry) {
            Some(email) if !addresses.iter().any(|known| known == email.as_str()) => addresses.push(email.to_string()),
            Some(_) => {}
            None => bad.push(entry.chars().take(60).collect::<String>()),
        }
    }
    match (bad.is_empty(), addresses.len() > ADDRESSES) {
        (false, _) => Err(words::bad_addresses(&bad)),
        (true, true) => Err(words::too_many(ADDRESSES)),
        (true, false) => Ok(addresses),
    }
}

/// `monitor = project`, one a line.
pub(super) fn monitors(typed: &str) -> Result<Vec<MonitorProject>, String> {
    let mut monitors = Vec::new();
    for (index, line) in typed.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        // The project's slug has no equals sign; a monitor's name may.
        let pair = line.rsplit_once('=').map(|(monitor, project)| (monitor.trim(), project.trim()));
        match pair {
            Some((monitor, project))
                if [monitor, project].iter().all(|name| (1..=NAME).contains(&name.chars().count()))
                    && !project.contains(char::is_whitespace) =>
            {
                monitors.push(MonitorProject { monitor: monitor.into(), project: project.to_lowercase() });
            }
            _ => return Err(words::bad_monitor(index + 1)),
        }
    }
    if monitors.len() > MONITORS { Err(words::too_many(MONITORS)) } else { Ok(monitors) }
}

/// A number that messages may be sent to; nothing typed is none.
pub(super) fn phone(typed: &str) -> Result<Option<String>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match Phone::parse(typed).filter(Phone::has_whatsapp) {
        Some(phone) => Ok(Some(phone.e164().to_owned())),
        None => Err(words::BAD_PHONE.into()),
    }
}

/// One day a line, `24/11/2026` or `2026-11-24`; each once, in order.
pub(super) fn holidays(typed: &str) -> Result<Vec<LocalDate>, String> {
    let mut days = BTreeSet::new();
    for (index, line) in typed.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        match day(line) {
            Some(day) => drop(days.insert(day)),
            None => return Err(words::bad_day(index + 1)),
        }
    }
    if days.len() > HOLIDAYS { Err(words::too_many(HOLIDAYS)) } else { Ok(days.into_iter().collect()) }
}

fn day(line: &str) -> Option<LocalDate> {
    let Some((day, rest)) = line.split_once('/') else { return LocalDate::parse(line) };
    let (month, year) = rest.split_once('/')?;
    LocalDate::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_one_a_line_or_with_commas_and_each_once() {
        assert_eq!(
            addresses(" Ana@Example.com, beto@example.com;\nana@example.com\n").unwrap(),
            ["ana@example.com", "beto@example.com"]
        );
        assert!(addresses("").unwrap().is_empty());
        let problem = addresses("ana@example.com, ana, @b").unwrap_err();
        assert!(problem.contains("ana") && problem.contains("@b"), "{problem}");
    }

    #[test]
    fn a_holiday_is_a_day_that_exists_however_it_is_written() {
        let days = holidays("25/12/2026\n2026-12-08\n\n 8/12/2026 ").unwrap();
        assert_eq!(days.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-12-08", "2026-12-25"]);
        for bad in ["31/11/2026", "mañana", "1/1", "25/12/26"] {
            assert!(holidays(&format!("25/12/2026\n{bad}")).unwrap_err().contains('2'), "{bad}");
        }
        assert!(holidays("").unwrap().is_empty());
    }

    #[test]
    fn the_teams_number_gets_messages_or_is_none() {
        assert_eq!(phone("0981 123 456").unwrap().as_deref(), Some("+595981123456"));
        assert_eq!(phone("  ").unwrap(), None);
        assert!(phone("021 123 456").is_err() && phone("hola").is_err());
    }
}
