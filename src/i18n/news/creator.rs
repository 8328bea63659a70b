//! What creators are told.

use super::named;
use crate::news::Rejection;

pub fn received(campaign: &str) -> String {
    format!("Recibimos tu postulación a {}", named(campaign))
}

pub fn received_body(brand: &str, answer: Option<&str>) -> String {
    let answer = answer.map(|line| format!(" {line}.")).unwrap_or_default();
    format!("Ya tenemos tu postulación para la campaña de {brand} y el equipo la va a leer.{answer}")
}

pub fn shortlisted(campaign: &str) -> String {
    format!("Tu postulación a {} quedó preseleccionada", named(campaign))
}

pub fn shortlisted_body(answer: Option<&str>) -> String {
    let answer = answer.map(|line| format!(" {line}.")).unwrap_or_default();
    format!("Está entre las que el equipo evalúa para decidir.{answer}")
}

pub fn rejected(campaign: &str, because: Rejection) -> String {
    let campaign = named(campaign);
    match because {
        Rejection::Decided => format!("Esta vez no quedaste en {campaign}"),
        Rejection::Ended => format!("{campaign} cerró su selección"),
        Rejection::Cancelled => format!("{campaign} no va a seguir"),
    }
}

pub fn rejected_body(because: Rejection) -> &'static str {
    match because {
        Rejection::Decided => "El equipo eligió otros perfiles para esta campaña. Gracias por postularte.",
        Rejection::Ended => "La campaña terminó y tu postulación no fue seleccionada. Gracias por postularte.",
        Rejection::Cancelled => "La campaña se canceló y no va a seguir. Gracias por postularte.",
    }
}

pub const OTHER_CAMPAIGNS: &str = "Hay otras campañas abiertas que pueden ser para vos.";

pub fn cancelled(campaign: &str) -> String {
    format!("Cancelamos tu participación en {}", named(campaign))
}

pub const CANCELLED_BODY: &str = "El equipo canceló tu participación en esta campaña. El motivo:";

pub fn cancelled_own(campaign: &str) -> String {
    format!("Cancelaste tu participación en {}", named(campaign))
}

pub const CANCELLED_OWN_BODY: &str = "Tu cupo quedó libre y ya no tenés nada que entregar.";

pub const CONTACT_US: &str = "Si tenés dudas, respondé este correo y lo hablamos.";

pub fn reactivated(campaign: &str) -> String {
    format!("Tu postulación a {} está abierta otra vez", named(campaign))
}

pub fn reactivated_body(answer: Option<&str>) -> String {
    answer.map_or_else(|| "El equipo la va a leer de nuevo.".into(), |line| format!("{line}."))
}

pub fn confirmed(campaign: &str) -> String {
    format!("¡Quedaste en {}!", named(campaign))
}

pub fn confirmed_body(url: &str, metrics: &str) -> String {
    format!("Publicá y registrá el enlace hasta el {url}; subí las métricas hasta el {metrics}.")
}

pub const ROOKIE_RULE: &str =
    "Como estás en el nivel Rookie, retirás el canje después de registrar el enlace y subir las métricas.";

pub fn deadlines_changed(campaign: &str) -> String {
    format!("Cambiaron tus plazos en {}", named(campaign))
}

pub const DEADLINES_CHANGED_BODY: &str = "El equipo cambió los plazos de esta campaña. Estos son los tuyos ahora:";

/// One deadline that moved.
pub fn moved(before: &str, after: &str) -> String {
    format!("antes {before} → ahora {after}")
}

pub fn url_moved(moved: &str) -> String {
    format!("Enlace: {moved}.")
}

pub fn metrics_moved(moved: &str) -> String {
    format!("Métricas: {moved}.")
}

pub fn registered(campaign: &str) -> String {
    format!("Recibimos tu publicación para {}", named(campaign))
}

pub fn registered_body(metrics: Option<&str>) -> String {
    match metrics {
        Some(by) => format!("El enlace quedó registrado. Ahora falta subir las métricas: tenés tiempo hasta el {by}."),
        None => "El enlace quedó registrado.".into(),
    }
}

pub fn edited(campaign: &str) -> String {
    format!("Corregimos el enlace de tu publicación para {}", named(campaign))
}

pub const EDITED_BODY: &str = "El equipo corrigió la dirección registrada. No tenés que hacer nada.";

pub fn approved(campaign: &str) -> String {
    format!("Aprobamos tu publicación para {}", named(campaign))
}

pub fn approved_body(metrics: Option<&str>) -> String {
    match metrics {
        Some(by) => {
            format!("Tu publicación ya está aprobada. El próximo paso es subir las métricas: tenés hasta el {by}.")
        }
        None => "Tu publicación ya está aprobada y no te falta nada.".into(),
    }
}

pub fn changes_requested(campaign: &str) -> String {
    format!("Te pedimos cambios en tu publicación para {}", named(campaign))
}

pub fn changes_requested_body(answer: Option<&str>) -> String {
    let answer = answer.map(|line| format!(" {line}.")).unwrap_or_default();
    format!("Corregí lo que dice la nota y registrá el enlace de nuevo.{answer}")
}

pub const CORRECT: &str = "Corregir mi publicación";

pub fn content_rejected(campaign: &str) -> String {
    format!("Rechazamos tu publicación para {}", named(campaign))
}

pub const CONTENT_REJECTED_BODY: &str = "El equipo no aprobó el contenido. El motivo:";

pub fn reset(campaign: &str, is_url: bool) -> String {
    let campaign = named(campaign);
    if is_url {
        format!("Tenés que registrar de nuevo tu publicación para {campaign}")
    } else {
        format!("Tenés que subir de nuevo las métricas para {campaign}")
    }
}

pub fn reset_body(is_url: bool, by: &str) -> String {
    if is_url {
        format!(
            "El equipo reinició tu entrega: registrá otra vez el enlace, hasta el {by}, y después subí las métricas."
        )
    } else {
        format!(
            "El equipo borró las métricas de tu entrega: subilas otra vez, hasta el {by}. El enlace queda como está."
        )
    }
}

pub fn completed(campaign: &str) -> String {
    format!("Tu participación en {} está completa", named(campaign))
}

pub const COMPLETED_BODY: &str = "El equipo cerró tu entrega. Gracias por tu trabajo.";

pub const WELCOME: &str = "Te damos la bienvenida a Canje";
pub const WELCOME_BODY: &str =
    "Tu perfil de creador está listo. Elegí una campaña, postulate y te avisamos acá y por correo en cada paso.";
pub const PROFILE: &str = "Tu perfil";
pub const PROFILE_VALUE: &str = "Completalo para postularte a más campañas";
pub const WORKSPACE: &str = "Tu panel";
pub const WORKSPACE_VALUE: &str = "Plazos, entregas y postulaciones";

pub fn new_campaign(campaign: &str, brand: &str) -> String {
    format!("Campaña nueva: {campaign}, de {brand}")
}

pub fn new_campaign_slots(slots: &str) -> String {
    format!("Hay {slots}.")
}
