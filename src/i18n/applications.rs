//! Words about applications: states, refusals, staff's page.

use super::creators;
use super::format;
use super::number::integer;
use crate::applications::model::ApplicationStatus;
use crate::campaigns::model::{CampaignStatus, Wanted};
use crate::creators::complete::Missing;
use crate::ui::Tone;
use crate::values::{Country, LocalDate, Platform};

/// A state, as staff reads it.
pub fn status(of: ApplicationStatus) -> &'static str {
    match of {
        ApplicationStatus::Applied => "Pendiente",
        ApplicationStatus::Shortlisted => "Preseleccionado",
        ApplicationStatus::Confirmed => "Confirmado",
        ApplicationStatus::Rejected => "Rechazado",
        ApplicationStatus::Withdrawn => "Retirado",
        ApplicationStatus::Cancelled => "Cancelado",
    }
}

/// A state, as its creator reads it.
pub fn own_status(of: ApplicationStatus) -> &'static str {
    match of {
        ApplicationStatus::Rejected => "No seleccionado",
        other => status(other),
    }
}

/// What a state means for whoever looks.
pub fn tone(of: ApplicationStatus) -> Tone {
    match of {
        ApplicationStatus::Applied => Tone::Attention,
        ApplicationStatus::Shortlisted => Tone::Info,
        ApplicationStatus::Confirmed => Tone::Good,
        ApplicationStatus::Rejected => Tone::Bad,
        ApplicationStatus::Withdrawn => Tone::Neutral,
        ApplicationStatus::Cancelled => Tone::Attention,
    }
}

/// Something that isn't possible in the present state.
pub fn wrong_state(of: ApplicationStatus) -> String {
    format!("Esto ya no se puede: la postulación está en «{}».", status(of))
}

/// Something that isn't possible in the campaign's present state.
pub fn campaign_state(of: CampaignStatus) -> String {
    let state = match of {
        CampaignStatus::Draft => "en borrador",
        CampaignStatus::Live => "activa",
        CampaignStatus::Closed => "cerrada",
        CampaignStatus::InProduction => "en producción",
        CampaignStatus::Completed => "completada",
        CampaignStatus::Cancelled => "cancelada",
    };
    format!("Esto ya no se puede: la campaña está {state}.")
}

pub const SIGN_IN: &str = "Iniciá sesión para postularte";
pub const NO_PROFILE: &str = "Creá tu perfil de creador para postularte";
pub const INACTIVE: &str = "Tu cuenta de creador está desactivada; escribinos";
pub const NO_CAMPAIGN: &str = "No encontramos esa campaña";
pub const NOT_OPEN: &str = "Esta campaña no está recibiendo postulaciones";
pub const APPLIED_ALREADY: &str = "Ya te postulaste a esta campaña";
pub const FULL: &str = "Los cupos de esta campaña ya están completos";
pub const MESSAGE_TOO_LONG: &str = "El mensaje es demasiado largo";
pub const TOO_MANY: &str = "Demasiados intentos; esperá un momento";

/// What a profile lacks.
pub fn incomplete(missing: &[Missing]) -> String {
    format!("Completá tu perfil: faltan {}", creators::all_missing(missing))
}

/// The last day to apply is over.
pub fn too_late(day: LocalDate) -> String {
    format!("El plazo para postularse terminó el {}", format::day(day.0))
}

/// None of the platforms.
pub fn no_platform(platforms: &[Platform]) -> String {
    format!("Esta campaña pide cuenta en {}", either(platforms))
}

/// Too few followers; `is_declared` when the highest number isn't verified.
pub fn too_few_followers(minimum: i64, highest: i64, is_declared: bool) -> String {
    let hint = if is_declared { "; verificá tu red" } else { "" };
    format!("Pide al menos {} seguidores; tu máximo es {}{hint}", integer(minimum), integer(highest))
}

/// Too few views.
pub fn too_few_views(minimum: i64) -> String {
    format!("Pide un promedio de {} vistas", integer(minimum))
}

/// Too young.
pub fn too_young(years: i32) -> String {
    format!("Es para mayores de {years} años")
}

/// Not who is looked for.
pub fn not_wanted(wanted: Wanted) -> String {
    let who = match wanted {
        Wanted::All => "todas las personas",
        Wanted::Male => "hombres",
        Wanted::Female => "mujeres",
    };
    format!("Es solo para {who}")
}

/// Lives elsewhere.
pub fn other_country(country: Country) -> String {
    format!("Es para residentes en {}", super::values::country(country))
}

fn either(platforms: &[Platform]) -> String {
    platforms.iter().map(|platform| platform.label()).collect::<Vec<_>>().join(" o ")
}

pub const NO_SLOTS: &str = "No quedan cupos disponibles";
pub const CREATOR_INACTIVE: &str = "Este creador está desactivado: no se puede confirmar.";
pub const DEADLINE_PAST: &str =
    "El plazo de entrega de la campaña ya pasó: cambiá la fecha fija o los días antes de confirmar.";
pub const REASON_MISSING: &str = "Escribí el motivo.";
pub const REASON_TOO_LONG: &str = "El motivo es demasiado largo: hasta 1.000 caracteres.";
/// Why an application is rejected when its campaign is over.
pub const CAMPAIGN_ENDED: &str = "La campaña terminó";

/// How the nightly comparison ended.
pub fn checked(differences: u32) -> String {
    match differences {
        0 => "Todo coincide".into(),
        some => super::number::counted(some.into(), "diferencia", "diferencias"),
    }
}
/// Nothing is compared while another system is in charge.
pub const CHECK_PAUSED: &str = "En pausa: todavía manda el sistema anterior";
