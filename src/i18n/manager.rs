//! The words of the campaign manager.

use super::number::{counted, integer};
use crate::campaigns::lights::Lights;

pub const TITLE: &str = "Campañas";
pub const NEW: &str = "Nueva campaña";
pub const CAPTION: &str = "Campañas con sus cupos, postulaciones y entregas";
pub const SEARCH: &str = "Buscar campaña, marca o empresa";
pub const STATE: &str = "Estado";
pub const BRAND: &str = "Empresa";
pub const WITH_PENDING: &str = "Con pendientes";
pub const WITH_LATE: &str = "Con atrasos";
pub const EMPTY: (&str, &str) = ("Todavía no hay campañas", "Creá la primera con «Nueva campaña».");

pub const COLUMN_CAMPAIGN: &str = "Campaña";
pub const COLUMN_STATE: &str = "Estado";
pub const COLUMN_SLOTS: &str = "Cupos";
pub const COLUMN_APPLICATIONS: &str = "Postulaciones";
pub const COLUMN_URLS: &str = "URLs";
pub const COLUMN_METRICS: &str = "Métricas";
pub const SORT_NEWEST: &str = "Más nuevas";
pub const SORT_NAME: &str = "Nombre";

pub const HIDDEN: &str = "oculta";
pub const HIDDEN_TIP: &str = "Los creadores no la ven";
pub const DELIVERIES: &str = "Entregas";
pub const EDIT: &str = "Editar";
pub const NONE_CONFIRMED: &str = "-";
pub const URLS_TIP: &str = "Entregas de URL";
pub const METRICS_TIP: &str = "Entregas de métricas";

/// How many match.
pub fn count(total: u64) -> String {
    counted(total, "campaña", "campañas")
}

/// The link to those with applications that wait.
pub fn pending(count: u64) -> String {
    format!("{} con postulaciones pendientes", integer(count))
}

/// The link to those with something late.
pub fn late(count: u64) -> String {
    format!("{} con entregas atrasadas", integer(count))
}

/// The link to a campaign's applications.
pub fn applications(pending: i32) -> String {
    if pending > 0 { format!("Postulaciones ({})", integer(pending)) } else { "Postulaciones".into() }
}

/// Places filled of all.
pub fn slots(filled: i32, total: i32) -> String {
    format!("{} / {}", integer(filled), integer(total))
}

/// The same for who doesn't see the bar.
pub fn slots_label(filled: i32, total: i32) -> String {
    format!("{} cupos ocupados de {}", integer(filled), integer(total))
}

/// What waits and what is confirmed, below the total.
pub fn tally(pending: i32, confirmed: i32) -> String {
    format!("{} · {}", counted_i(pending, "pendiente", "pendientes"), counted_i(confirmed, "confirmada", "confirmadas"))
}

fn counted_i(count: i32, one: &str, many: &str) -> String {
    counted(u64::try_from(count).unwrap_or(0), one, many)
}

/// Green, in words and as a tooltip.
pub fn on_time(lights: &Lights) -> (String, String) {
    let tip = format!("Entregadas o con más de 3 días de plazo: {}", integer(lights.on_time));
    let done = if lights.delivered > 0 {
        format!(" ({})", counted(lights.delivered, "entregada", "entregadas"))
    } else {
        String::new()
    };
    (format!("{} al día", integer(lights.on_time)), format!("{tip}{done}"))
}

/// Yellow.
pub fn due_soon(count: u64) -> (String, String) {
    (format!("{} por vencer", integer(count)), format!("Vencen en 3 días o menos: {}", integer(count)))
}

/// Red.
pub fn lateness(count: u64) -> (String, String) {
    let word = if count == 1 { "atrasada" } else { "atrasadas" };
    (format!("{} {word}", integer(count)), format!("Plazo vencido sin entregar: {}", integer(count)))
}
