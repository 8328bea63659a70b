//! What brands are told. They see who takes part and how many apply, never who applies.

use super::super::format;
use super::super::number::counted;
use super::named;
use crate::values::LocalDate;

fn creators(count: u64) -> String {
    counted(count, "creador confirmado", "creadores confirmados")
}

pub fn published(campaign: &str) -> String {
    format!("Tu campaña {} está publicada", named(campaign))
}

pub const PUBLISHED: &str = "Los creadores ya pueden verla y postularse.";
pub const PUBLISHED_BODY: &str = "Los creadores ya pueden verla y postularse. Así quedó:";

pub fn completed(campaign: &str) -> String {
    format!("Tu campaña {} está completada", named(campaign))
}

pub fn completed_body(confirmed: u64, published: u64) -> String {
    let published = counted(published, "publicó su contenido", "publicaron su contenido");
    format!("Participaron {}; {published}.", creators(confirmed))
}

pub const RATE: &str =
    "Contanos qué te parecieron los contenidos: respondé este correo y se lo hacemos llegar al equipo.";

pub fn cancelled(campaign: &str) -> String {
    format!("Cancelamos tu campaña {}", named(campaign))
}

pub fn cancelled_body(has_reason: bool) -> &'static str {
    if has_reason { "La campaña quedó cancelada. El motivo:" } else { "La campaña quedó cancelada." }
}

pub fn moved(campaign: &str, status: &str) -> String {
    format!("Tu campaña {} ahora está: {status}", named(campaign))
}

pub const MOVED_BODY: &str = "El equipo cambió el estado de la campaña.";

pub fn slots_taken(campaign: &str) -> String {
    format!("Se completaron los cupos de {}", named(campaign))
}

pub fn slots_taken_body(confirmed: u64) -> String {
    format!("Ya hay {}. Si querés sumar cupos, respondé este correo.", creators(confirmed))
}

pub fn reloaded(campaign: &str, slots: u64) -> String {
    format!("Sumamos {} a {}", counted(slots, "cupo", "cupos"), named(campaign))
}

pub const RELOADED_BODY: &str = "Es la carga mensual de tu contrato. Desde hoy pueden postularse más creadores.";

/// The daily count.
pub fn applied(total: u64) -> String {
    counted(total, "postulación nueva a tus campañas", "postulaciones nuevas a tus campañas")
}

/// `missed` is a day that wasn't yesterday.
pub fn applied_body(missed: Option<LocalDate>) -> String {
    let day = missed.map(|day| format!("el {} {}", format::weekday(day.0), format::short_day(day.0)));
    let day = day.as_deref().unwrap_or("ayer");
    format!("Llegaron {day}. El equipo las revisa y te avisa cada vez que confirma a un creador.")
}

pub fn applications(count: u64) -> String {
    counted(count, "postulación nueva", "postulaciones nuevas")
}

pub fn confirmed(creator: &str, campaign: &str) -> String {
    format!("{creator} participa en {}", named(campaign))
}

pub const CONFIRMED_BODY: &str = "El equipo confirmó su participación. Te avisamos cuando publique.";

pub fn cancelled_by_creator(creator: &str, campaign: &str) -> String {
    format!("{creator} dejó {}", named(campaign))
}

pub const CANCELLED_BY_CREATOR_BODY: &str =
    "Canceló su participación. El cupo quedó libre y el equipo busca a otra persona.";

pub fn posted(creator: &str, campaign: &str, is_corrected: bool) -> String {
    let verb = if is_corrected { "corrigió su publicación" } else { "publicó" };
    format!("{creator} {verb} para {}", named(campaign))
}

pub fn posted_body(is_corrected: bool) -> &'static str {
    if is_corrected { "El contenido corregido ya está en línea." } else { "El contenido ya está en línea." }
}
