//! Words about waiting and due times.

use jiff::Timestamp;

use super::format::{self, time_zone};
use super::number::{counted, integer};
use crate::db::timestamp;
use crate::waits::{Period, Waiting, Whose};

const WEEKDAYS: [&str; 7] = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"];

/// «mié 26 nov, 15:30»; with its year when that is another one.
pub fn by(at: Timestamp, now: Timestamp) -> String {
    let (there, here) = (at.to_zoned(time_zone()), now.to_zoned(time_zone()));
    let weekday = WEEKDAYS[there.weekday().to_monday_zero_offset() as usize];
    let year = if there.year() == here.year() { String::new() } else { format!(" {}", there.year()) };
    format!("{weekday} {}{year}, {}", format::short_day(there.date()), format::time(at))
}

fn due(waiting: &Waiting, now: Timestamp) -> (String, bool) {
    let at = timestamp(waiting.due_at).unwrap_or(now);
    (by(at, now), waiting.is_over(now))
}

/// What a waiting application or delivery says to the team.
pub fn staff_line(waiting: &Waiting, now: Timestamp) -> String {
    let (by, is_over) = due(waiting, now);
    let times = counted(waiting.escalations.unsigned_abs().max(1).into(), "vez", "veces");
    match (waiting.whose, waiting.period, is_over) {
        (Whose::Staff, Period::Review, false) => format!("Revisar antes del {by}"),
        (Whose::Staff, Period::Close, false) => format!("Cerrar antes del {by}"),
        (Whose::Staff, _, false) => format!("Responder antes del {by}"),
        (Whose::Staff, Period::Review, true) => format!("Pasó su plazo {times}: revisar antes del {by}"),
        (Whose::Staff, Period::Close, true) => format!("Pasó su plazo {times}: cerrar antes del {by}"),
        (Whose::Staff, _, true) => format!("Pasó su plazo {times}: responder antes del {by}"),
        (Whose::Creator, Period::Changes, false) => format!("El creador corrige antes del {by}"),
        (Whose::Creator, Period::Changes, true) => format!("El creador todavía no corrigió: avisado {times}"),
        (Whose::Creator, _, false) => format!("El creador entrega antes del {by}"),
        (Whose::Creator, _, true) => "El creador no entregó a tiempo".into(),
    }
}

/// What the same says to the creator.
pub fn creator_line(waiting: &Waiting, now: Timestamp) -> String {
    let (by, is_over) = due(waiting, now);
    match (waiting.whose, waiting.period, is_over) {
        (Whose::Staff, Period::Review, false) => format!("Revisamos tu publicación antes del {by}"),
        (Whose::Staff, Period::Close, false) => format!("Definimos cómo sigue tu entrega antes del {by}"),
        (Whose::Staff, _, false) => format!("Te respondemos antes del {by}"),
        (Whose::Staff, Period::Review, true) => {
            format!("Nos demoramos y el equipo ya está avisado. Revisamos tu publicación antes del {by}")
        }
        (Whose::Staff, Period::Close, true) => {
            format!("Nos demoramos y el equipo ya está avisado. Definimos cómo sigue tu entrega antes del {by}")
        }
        (Whose::Staff, _, true) => format!("Nos demoramos y el equipo ya está avisado. Te respondemos antes del {by}"),
        (Whose::Creator, Period::Changes, false) => format!("Corregila antes del {by}"),
        (Whose::Creator, Period::Changes, true) => "El plazo para corregirla pasó: hacelo cuanto antes".into(),
        (Whose::Creator, _, false) => format!("Tenés tiempo hasta el {by}"),
        (Whose::Creator, _, true) => "El plazo pasó: entregá cuanto antes".into(),
    }
}

/// Counts stop here; then «más de».
pub const COUNTED: u64 = 1_000;

fn many(count: u64, one: &str, many: &str) -> String {
    if count >= COUNTED { format!("más de {} {many}", integer(COUNTED - 1)) } else { counted(count, one, many) }
}

fn late(count: u64) -> String {
    match count {
        0 => String::new(),
        1 => ", 1 pasó su plazo".into(),
        count => format!(", {} pasaron su plazo", integer(count)),
    }
}

/// Applications that wait for the team, and how many of them for too long.
pub fn applications_waiting(count: u64, over: u64) -> String {
    let verb = if count == 1 { "espera" } else { "esperan" };
    format!("{} {verb} respuesta{}", many(count, "postulación", "postulaciones"), late(over))
}

/// Posts that wait for their review, and how many of them for too long.
pub fn reviews_waiting(count: u64, over: u64) -> String {
    let verb = if count == 1 { "espera" } else { "esperan" };
    format!("{} {verb} revisión{}", many(count, "publicación", "publicaciones"), late(over))
}

/// Deliveries that wait for being closed, and how many of them for too long.
pub fn closings_waiting(count: u64, over: u64) -> String {
    let verb = if count == 1 { "espera" } else { "esperan" };
    format!("{} {verb} cierre{}", many(count, "entrega", "entregas"), late(over))
}

/// The escalation to the team, one line.
pub const ESCALATED: &str = "Hay respuestas que pasaron su plazo";

/// The escalation to the team, what it counts: applications, posts, deliveries to close, deliveries of
/// creators.
pub fn escalated(applications: u64, reviews: u64, closings: u64, creators: u64) -> String {
    let parts = [
        (applications, "postulación espera respuesta", "postulaciones esperan respuesta"),
        (reviews, "publicación espera revisión", "publicaciones esperan revisión"),
        (closings, "entrega espera cierre", "entregas esperan cierre"),
        (creators, "entrega de un creador está atrasada", "entregas de creadores están atrasadas"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    let said = match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} y {last}", before.join(", ")),
        None => return String::new(),
    };
    format!("{said}. Nada cambió de estado: vuelven a vencer en unos días hábiles.")
}

/// The escalation to the creator, one line.
pub fn your_turn(campaign: &str) -> String {
    format!("Tu corrección para «{campaign}» sigue pendiente")
}

/// The escalation to the creator.
pub const YOUR_TURN: &str =
    "El plazo para corregir tu publicación pasó. Corregila cuanto antes; si necesitás ayuda, escribinos.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waits::Calendar;

    #[test]
    fn both_sides_read_who_has_to_do_what_until_when() {
        let now: Timestamp = "2026-11-23T18:30:00Z".parse().unwrap();
        let calendar = Calendar::default();
        let mut waiting = calendar.begin(Period::Applied, now);
        assert_eq!(creator_line(&waiting, now), "Te respondemos antes del jue 26 nov, 15:30");
        assert_eq!(staff_line(&waiting, now), "Responder antes del jue 26 nov, 15:30");
        waiting.escalations = 2;
        assert_eq!(staff_line(&waiting, now), "Pasó su plazo 2 veces: responder antes del jue 26 nov, 15:30");
        let waiting = calendar.begin(Period::Close, now);
        assert_eq!(creator_line(&waiting, now), "Definimos cómo sigue tu entrega antes del lun 30 nov, 15:30");
        assert_eq!(staff_line(&waiting, now), "Cerrar antes del lun 30 nov, 15:30");
        let deadline = "2027-01-02T02:59:59.999Z".parse().unwrap();
        let waiting = calendar.until(deadline, now);
        assert_eq!(creator_line(&waiting, now), "Tenés tiempo hasta el vie 1 ene 2027, 23:59");
    }

    #[test]
    fn figures_are_sentences() {
        assert_eq!(applications_waiting(1, 0), "1 postulación espera respuesta");
        assert_eq!(applications_waiting(12, 3), "12 postulaciones esperan respuesta, 3 pasaron su plazo");
        assert_eq!(reviews_waiting(COUNTED, 1), "más de 999 publicaciones esperan revisión, 1 pasó su plazo");
        assert_eq!(closings_waiting(2, 1), "2 entregas esperan cierre, 1 pasó su plazo");
        assert_eq!(
            escalated(2, 0, 0, 1),
            "2 postulaciones esperan respuesta y 1 entrega de un creador está atrasada. Nada cambió de estado: \
             vuelven a vencer en unos días hábiles."
        );
    }
}
