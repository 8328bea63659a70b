//! What the team is told.

use super::super::number::{counted, integer};
use super::named;

pub fn applied(creator: &str, campaign: &str) -> String {
    format!("{creator} se postuló a {}", named(campaign))
}

pub fn applied_body(level: Option<&str>, followers: Option<i64>, answer: Option<&str>) -> String {
    let level = level.map(|level| format!("Nivel {level}"));
    let followers = followers.map(|count| format!("{} seguidores", integer(count)));
    let facts: Vec<_> = [level, followers].into_iter().flatten().collect();
    let facts = if facts.is_empty() { String::new() } else { format!("{}. ", facts.join(", ")) };
    format!("{facts}{}.", answer.unwrap_or("Espera respuesta"))
}

pub fn withdrawn(creator: &str, campaign: &str) -> String {
    format!("{creator} retiró su postulación a {}", named(campaign))
}

pub const WITHDRAWN_BODY: &str = "Ya no espera respuesta.";

pub fn confirmed(creator: &str, campaign: &str) -> String {
    format!("{creator} quedó en {}", named(campaign))
}

pub fn confirmed_body(available: i32) -> String {
    match available {
        0 => "No quedan cupos libres.".into(),
        1 => "Queda 1 cupo libre.".into(),
        many => format!("Quedan {} cupos libres.", integer(many)),
    }
}

pub fn cancelled(creator: &str, campaign: &str) -> String {
    format!("{creator} canceló su participación en {}", named(campaign))
}

pub fn cancelled_body(brand: &str, available: i32) -> String {
    format!("El cupo de la campaña de {brand} quedó libre. {}", confirmed_body(available))
}

pub fn ended(creator: &str, campaign: &str) -> String {
    format!("El equipo canceló la participación de {creator} en {}", named(campaign))
}

pub fn rejected(creator: &str, campaign: &str) -> String {
    format!("Rechazamos la publicación de {creator} para {}", named(campaign))
}

pub const REJECTED_BODY: &str = "El cupo sigue ocupado hasta que se cancele la participación o se reinicie la entrega.";

pub fn posted(creator: &str, campaign: &str) -> String {
    format!("{creator} publicó para {}", named(campaign))
}

pub fn posted_body(brand: &str, review: Option<&str>) -> String {
    let review = review.map(|line| format!(" {line}.")).unwrap_or_default();
    format!("Contenido para {brand}.{review}")
}

pub fn added(creator: &str, campaign: &str) -> String {
    format!("{creator} sumó otro enlace para {}", named(campaign))
}

pub const ADDED_BODY: &str = "Registró la publicación de la otra plataforma.";

pub fn corrected(creator: &str, campaign: &str) -> String {
    format!("{creator} corrigió su publicación para {}", named(campaign))
}

pub const CORRECTED_BODY: &str = "Espera otra revisión.";

pub fn slots_taken(campaign: &str) -> String {
    format!("{} completó sus cupos", named(campaign))
}

pub fn slots_taken_body(confirmed: u64, brand: &str) -> String {
    let confirmed = counted(confirmed, "creador confirmado", "creadores confirmados");
    format!("Tiene {confirmed}. Es buen momento para ofrecerle más cupos a {brand}.")
}

pub fn reloaded(campaigns: u64) -> String {
    format!("Cargas mensuales: {}", counted(campaigns, "campaña", "campañas"))
}

pub const RELOADED_BODY: &str = "Los contratos en vigencia sumaron sus cupos del mes.";

pub fn load(slots: i32, available: i32) -> String {
    format!("+{}, {} libres", integer(slots), integer(available))
}

pub fn broadcast(campaign: &str) -> String {
    format!("Difundimos {}", named(campaign))
}

pub fn broadcast_body(brand: &str) -> String {
    format!("Creadores activos que quieren enterarse reciben la campaña de {brand}. El envío sigue en Correos.")
}

pub fn broadcast_cut(campaign: &str) -> String {
    format!("La difusión de {} se detuvo", named(campaign))
}

pub fn broadcast_hidden(campaign: &str) -> String {
    format!("Todavía no difundimos {}", named(campaign))
}

pub const BROADCAST_HIDDEN_BODY: &str =
    "La campaña está publicada pero oculta de creadores: se difunde cuando la muestres.";

pub const BROADCAST_CUT_BODY: &str =
    "La campaña dejó de estar activa y visible mientras se difundía. Así llegó a quedar:";

pub fn welcome(creator: &str) -> String {
    format!("Nuevo creador: {creator}")
}

pub const WELCOME_BODY: &str = "Terminó su registro y ya puede postularse.";
