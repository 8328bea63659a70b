//! The daily reminders, and what the team reads of them.

use super::super::number::counted;
use super::named;

/// Which step of the calendar a reminder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Two days before to six days after.
    Daily,
    /// Seven days after.
    Warning,
    /// Eight days after.
    Last,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The address.
    Url,
    /// The correction of a post.
    Correction,
    /// The metrics.
    Metrics,
}

fn what(asked: Asked) -> &'static str {
    match asked {
        Asked::Url => "registrar tu publicación",
        Asked::Correction => "corregir tu publicación",
        Asked::Metrics => "subir las métricas",
    }
}

/// «faltan 2 días», «vence hoy», «3 días de retraso».
pub fn when(days_left: i32) -> String {
    match days_left {
        0 => "vence hoy".into(),
        1 => "vence mañana".into(),
        days if days > 1 => format!("faltan {}", counted(days.unsigned_abs().into(), "día", "días")),
        days => format!("{} de retraso", counted(days.unsigned_abs().into(), "día", "días")),
    }
}

pub fn title(step: Step, asked: Asked, campaign: &str, days_left: i32) -> String {
    let campaign = named(campaign);
    match step {
        Step::Daily => format!("Te falta {} para {campaign}: {}", what(asked), when(days_left)),
        Step::Warning => format!("Quedan 24 horas para {} para {campaign}", what(asked)),
        Step::Last => format!("Último aviso: tenés que {} para {campaign} hoy", what(asked)),
    }
}

pub fn body(step: Step, days_left: i32, by: &str) -> String {
    match step {
        Step::Daily if days_left >= 0 => format!("Tenés tiempo hasta el {by}."),
        Step::Daily => format!("El plazo era el {by}. Todavía lo recibimos: hacelo cuanto antes."),
        Step::Warning => {
            format!("El plazo era el {by}. Si en 24 horas no lo hacés, el equipo puede cancelar tu participación.")
        }
        Step::Last => {
            format!("El plazo era el {by}. Si hoy no lo hacés, el equipo decide si cancela tu participación.")
        }
    }
}

pub const HELP: &str = "¿Pasó algo? Escribinos y lo resolvemos.";

/// The team's notice of the warnings of a day.
pub fn warned(count: u64) -> String {
    counted(count, "entrega recibió una advertencia hoy", "entregas recibieron una advertencia hoy")
}

pub const WARNED_BODY: &str =
    "Llevan siete u ocho días de retraso. Después no hay más avisos automáticos: decidí cómo seguir.";

/// The digest.
pub fn digest(late: u64, due: u64) -> String {
    let late = counted(late, "entrega atrasada", "entregas atrasadas");
    format!("{late}, {}", counted(due, "por vencer", "por vencer"))
}

pub const DIGEST_BODY: &str = "Lo que vence en los próximos dos días y lo que venció en los últimos 30.";

pub fn digest_cut(rows: u64) -> String {
    format!("Hay más: acá están las primeras {rows}. El resto está en la lista de entregas.")
}

/// What else the team should know.
pub fn also(said: &str) -> String {
    format!("Además, {said}.")
}

pub fn owed(asked: Asked) -> &'static str {
    match asked {
        Asked::Url => "enlace",
        Asked::Correction => "corrección",
        Asked::Metrics => "métricas",
    }
}

/// One line of the digest.
pub fn line(asked: Asked, days_left: i32, by: &str) -> String {
    format!("{}: {} ({by})", owed(asked), when(days_left))
}
