//! What is left of a deadline, in words.

use jiff::Timestamp;

use super::format;

/// What is due first.
pub const URL: &str = "Publicación";
/// What is due afterwards.
pub const METRICS: &str = "Métricas";
/// It is there.
pub const DELIVERED: &str = "Entregado";
/// It isn't owed any more.
pub const CANCELLED: &str = "Cancelado";
/// Late, on the very day.
pub const OVERDUE_TODAY: &str = "Vencido hoy";
/// The last day.
pub const DUE_TODAY: &str = "Vence hoy";
/// The day before.
pub const DUE_TOMORROW: &str = "Vence mañana";

/// «3 días».
pub fn days_left(days: i32) -> String {
    format::counted(days.unsigned_abs().into(), "día", "días")
}

/// «3 días de retraso».
pub fn days_late(days: i32) -> String {
    format!("{} de retraso", days_left(days))
}

/// «Cancelado (3 d de retraso)».
pub fn cancelled_late(days: i32) -> String {
    format!("{CANCELLED} ({days} d de retraso)")
}

/// «Entregado el 12/02/2026 15:30, con 2,5 h de retraso».
pub fn delivered_at(at: Timestamp, lag_hours: f64) -> String {
    let when = format!("Entregado el {}", format::date_time(at));
    if lag_hours > 0.0 { format!("{when}, con {} h de retraso", format::decimal(lag_hours, 1)) } else { when }
}

/// «Hasta el 20/02/2026 23:59, fecha fija de la campaña».
pub fn fixed(deadline: Timestamp) -> String {
    format!("Hasta el {}, fecha fija de la campaña", format::date_time(deadline))
}

/// «Hasta el 17/02/2026 15:30, 7 días desde la confirmación».
pub fn relative(deadline: Timestamp, days: Option<i32>) -> String {
    let until = format!("Hasta el {}", format::date_time(deadline));
    match days {
        Some(days) => format!("{until}, {} desde la confirmación", days_left(days)),
        None => until,
    }
}
