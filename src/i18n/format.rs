//! Figures, money and time as people in Paraguay write them. Server only: islands get finished words.
//!
//! Every instant is shown in America/Asuncion, which has kept −03:00 all year since the end of 2024; the time zone data
//! is bundled, so an old system does not change the clock. A space that must not break is a no-break space.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date, tz::TimeZone};

pub use super::number::{counted, integer};

const NBSP: char = '\u{a0}';
const MONTHS: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"];
const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];

static ASUNCION: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("America/Asuncion").expect("the bundled time zone data has America/Asuncion"));

/// The zone all calendar reasoning happens in.
pub fn time_zone() -> TimeZone {
    ASUNCION.clone()
}

/// `12,5`; at most `places` decimals, trailing zeros left out.
pub fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |rest| ("−", rest));
    let whole = whole.parse::<u64>().map_or_else(|_| whole.to_owned(), integer);
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole},{fraction}") }
}

/// `87,5 %` of a ratio between 0 and 1.
pub fn percent(ratio: f64) -> String {
    format!("{}{NBSP}%", decimal(ratio * 100.0, 1))
}

/// `12,5 MB`: decimal units, one decimal from kB up.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes}{NBSP}B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    // 999,95 would be written 1.000,0: the next unit says it better.
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{}{NBSP}{}", decimal(value, 1), UNITS[unit])
}

/// `250.000 Gs`.
pub fn money(guaranies: i64) -> String {
    format!("{}{NBSP}Gs", integer(guaranies))
}

/// `1,2K`, `3,4M`, for dense tables only.
pub fn abbreviated(value: u64) -> String {
    match value {
        0..1_000 => integer(value),
        1_000..999_950 => format!("{}K", decimal(value as f64 / 1e3, 1)),
        _ => format!("{}M", decimal(value as f64 / 1e6, 1)),
    }
}

/// `24/11/2026`.
pub fn date(at: Timestamp) -> String {
    day(local(at).date())
}

/// `24/11/2026` of a calendar day.
pub fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `18:30`.
pub fn time(at: Timestamp) -> String {
    let local = local(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `24/11/2026 18:30`.
pub fn date_time(at: Timestamp) -> String {
    format!("{} {}", date(at), time(at))
}

/// `24/11/2026 18:30:05`, for tooltips and reports where the second matters.
pub fn exact(at: Timestamp) -> String {
    format!("{}:{:02}", date_time(at), local(at).second())
}

/// For `<time datetime>`: RFC 3339 in UTC, to the second.
pub fn machine(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// As people say it: «mañana, 18:30 · 24 nov», «viernes, 09:00 · 27 nov», «24 nov 2025, 18:30».
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    let (there, here) = (local(at), local(now));
    let clock = time(at);
    let short = short_day(there.date());
    let days = days_between(here.date(), there.date());
    match days {
        -1 => format!("ayer, {clock} · {short}"),
        0 => format!("hoy, {clock}"),
        1 => format!("mañana, {clock} · {short}"),
        2..=6 => format!("{}, {clock} · {short}", weekday(there.date())),
        _ if there.year() == here.year() => format!("{short}, {clock}"),
        _ => format!("{short} {}, {clock}", there.year()),
    }
}

/// `24 nov`.
pub fn short_day(date: Date) -> String {
    format!("{} {}", date.day(), MONTHS[date.month() as usize - 1])
}

/// `martes`.
pub fn weekday(date: Date) -> &'static str {
    WEEKDAYS[date.weekday().to_monday_zero_offset() as usize]
}

/// «recién», «hace 5 minutos», «hace 2 días», «en 3 horas».
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_second() - now.as_second();
    let distance = seconds.unsigned_abs();
    let amount = match distance {
        0..60 => return if seconds > 0 { "en menos de un minuto".into() } else { "recién".into() },
        60..3_600 => counted(distance / 60, "minuto", "minutos"),
        3_600..86_400 => counted(distance / 3_600, "hora", "horas"),
        86_400..2_592_000 => counted(distance / 86_400, "día", "días"),
        2_592_000..31_536_000 => counted(distance / 2_592_000, "mes", "meses"),
        _ => counted(distance / 31_536_000, "año", "años"),
    };
    if seconds > 0 { format!("en {amount}") } else { format!("hace {amount}") }
}

/// How long something took: `820 ms`, `12,5 s`, `3 min 05 s`, `2 h 10 min`.
pub fn duration(length: SignedDuration) -> String {
    let millis = length.as_millis().unsigned_abs();
    let seconds = length.as_secs().unsigned_abs();
    match millis {
        0..1_000 => format!("{millis}{NBSP}ms"),
        1_000..60_000 => format!("{}{NBSP}s", decimal(millis as f64 / 1_000.0, 1)),
        60_000..3_600_000 => format!("{}{NBSP}min {:02}{NBSP}s", seconds / 60, seconds % 60),
        _ => format!("{}{NBSP}h {:02}{NBSP}min", integer(seconds / 3_600), seconds % 3_600 / 60),
    }
}

fn local(at: Timestamp) -> Zoned {
    at.to_zoned(ASUNCION.clone())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn figures() {
        assert_eq!(decimal(12.5, 1), "12,5");
        assert_eq!(decimal(12.0, 2), "12");
        assert_eq!(decimal(1_234.567, 2), "1.234,57");
        assert_eq!(decimal(-0.04, 1), "0");
        assert_eq!(decimal(-3.25, 2), "−3,25");
        assert_eq!(decimal(100.0, 0), "100");
        assert_eq!(percent(0.875), "87,5\u{a0}%");
        assert_eq!(money(1_490_000), "1.490.000\u{a0}Gs");
        assert_eq!(abbreviated(1_234), "1,2K");
        assert_eq!(abbreviated(999_960), "1M");
    }

    #[test]
    fn sizes_move_to_the_next_unit_before_a_thousand() {
        assert_eq!(size(0), "0\u{a0}B");
        assert_eq!(size(999), "999\u{a0}B");
        assert_eq!(size(1_000), "1\u{a0}kB");
        assert_eq!(size(12_500_000), "12,5\u{a0}MB");
        assert_eq!(size(999_960), "1\u{a0}MB");
        assert_eq!(size(4_980_736), "5\u{a0}MB");
    }

    #[test]
    fn asuncion_is_three_hours_behind_all_year() {
        for month in 1..=12 {
            for year in [2025, 2026, 2027] {
                let noon = at(&format!("{year}-{month:02}-15T12:00:00Z"));
                assert_eq!(local(noon).offset().seconds(), -3 * 3_600, "{noon}");
            }
        }
    }

    #[test]
    fn days_turn_at_local_midnight() {
        assert_eq!(date_time(at("2026-11-24T02:59:00Z")), "23/11/2026 23:59");
        assert_eq!(date_time(at("2026-11-24T03:00:00Z")), "24/11/2026 00:00");
        assert_eq!(machine(at("2026-11-24T03:00:00.987Z")), "2026-11-24T03:00:00Z");
    }

    #[test]
    fn moments_as_people_say_them() {
        let now = at("2026-11-23T15:00:00Z");
        let check = |text: &str, expected: &str| assert_eq!(moment(at(text), now), expected);
        check("2026-11-24T21:30:00Z", "mañana, 18:30 · 24 nov");
        check("2026-11-23T21:30:00Z", "hoy, 18:30");
        check("2026-11-23T02:30:00Z", "ayer, 23:30 · 22 nov");
        check("2026-11-27T12:00:00Z", "viernes, 09:00 · 27 nov");
        check("2026-12-24T12:00:00Z", "24 dic, 09:00");
        check("2026-02-12T18:30:00Z", "12 feb, 15:30");
        check("2025-11-24T21:30:00Z", "24 nov 2025, 18:30");
    }

    #[test]
    fn relative_times() {
        let now = at("2026-11-23T15:00:00Z");
        let check = |text: &str, expected: &str| assert_eq!(relative(at(text), now), expected);
        check("2026-11-23T14:59:40Z", "recién");
        check("2026-11-23T14:55:00Z", "hace 5 minutos");
        check("2026-11-23T16:00:00Z", "en 1 hora");
        check("2026-11-21T15:00:00Z", "hace 2 días");
        check("2024-11-21T15:00:00Z", "hace 2 años");
    }

    #[test]
    fn durations() {
        assert_eq!(duration(SignedDuration::from_millis(820)), "820\u{a0}ms");
        assert_eq!(duration(SignedDuration::from_millis(12_500)), "12,5\u{a0}s");
        assert_eq!(duration(SignedDuration::from_secs(185)), "3\u{a0}min 05\u{a0}s");
        assert_eq!(duration(SignedDuration::from_secs(7_800)), "2\u{a0}h 10\u{a0}min");
    }
}
