//! The words of staff's desks: applications, creators, deliveries.

use super::format::{decimal, integer};
use super::number::counted;
use super::values::country;
use crate::applications::desk::Warning;
use crate::campaigns::model::Requirements;
use crate::values::Platform;

pub const UNKNOWN: &str = "—";
pub const VERIFIED_CREATOR: &str = "Creador verificado";
pub const VERIFIED_NETWORK: &str = "Red verificada";
pub const GONE: &str = "Perfil que ya no existe";
pub const CAMPAIGNS: &str = "Campañas";
pub const CREATORS: &str = "Creadores";
pub const DELIVERIES: &str = "Entregas";
pub const APPLICATIONS: &str = "Postulaciones";

/// A network, for the tooltip of its link.
pub fn network(platform: Platform, username: &str, is_verified: bool) -> String {
    let mark = if is_verified { "verificada" } else { "sin verificar" };
    format!("{} · @{username}, {mark}", platform.label())
}

pub const APPLICATIONS_CAPTION: &str = "Postulaciones de la campaña";
pub const SEARCH_PERSON: &str = "Buscar nombre, usuario, correo o teléfono";
pub const STATE: &str = "Estado";
pub const ONLY_VERIFIED: &str = "Con redes verificadas";
pub const APPLICATIONS_EMPTY: (&str, &str) =
    ("Todavía no hay postulaciones", "Cuando alguien se postule, aparece acá y en los avisos.");
pub const COLUMN_PERSON: &str = "Persona";
pub const COLUMN_NETWORKS: &str = "Redes";
pub const COLUMN_RATING: &str = "Rating";
pub const COLUMN_CAMPAIGNS: &str = "Campañas";
pub const COLUMN_VIEWS: &str = "Vistas prom.";
pub const COLUMN_INTERACTIONS: &str = "Interacc. prom.";
pub const COLUMN_ON_TIME: &str = "A tiempo";
pub const COLUMN_STATE: &str = "Estado";
pub const UNIT_RATING: &str = "de rating";
pub const UNIT_CAMPAIGNS: &str = "camp.";
pub const UNIT_VIEWS: &str = "vistas prom.";
pub const UNIT_INTERACTIONS: &str = "interacc.";
pub const UNIT_ON_TIME: &str = "a tiempo";
pub const SORT_NEWEST: &str = "Más nuevas";
pub const SORT_INSTAGRAM: &str = "Seguidores IG";
pub const SORT_TIKTOK: &str = "Seguidores TikTok";
pub const SORT_VIEWS: &str = "Promedio de vistas";
pub const SORT_RATING: &str = "Rating";
pub const FREE: &str = "Disponibles";
pub const CONFIRMED_COUNT: &str = "Confirmados";
pub const ALL_SLOTS: &str = "Total cupos";
pub const TO_CAMPAIGN: &str = "Ver campaña";
pub const TO_DELIVERIES: &str = "Entregas";
pub const SHORTLIST: &str = "Preseleccionar";
pub const CONFIRM: &str = "Confirmar";
pub const REJECT: &str = "Rechazar";
pub const CANCEL: &str = "Cancelar";
pub const REACTIVATE: &str = "Reactivar";
pub const DELIVERY: &str = "Entrega";
pub const NO_SLOTS_TIP: &str = "No quedan cupos: agregá cupos o cancelá una participación";
pub const CHOSEN: &str = "Con las elegidas:";
pub const SHORTLIST_CHOSEN: &str = "Preseleccionar elegidas";
pub const REJECT_CHOSEN: &str = "Rechazar elegidas";
pub const NONE_CHOSEN: &str = "Elegí al menos una postulación de la lista.";
pub const REASON_OPTIONAL: &str = "Motivo, se lo contamos en el correo";
pub const REASON: &str = "Motivo";
pub const SHORTLISTED: &str = "Preseleccionada: ya le avisamos.";
pub const CONFIRMED: &str = "Confirmada: tiene su cupo, sus plazos y el aviso.";
pub const REACTIVATED: &str = "Reactivada: vuelve a estar pendiente.";
pub const REJECTED: &str = "Rechazada: ya le avisamos.";
pub const CANCELLED: &str = "Participación cancelada: el cupo quedó libre y ya le avisamos.";
pub const MOTIVATION: &str = "Leer su mensaje";
pub const APPLIED_ON: &str = "Se postuló";
pub const BACK_TO_LIST: &str = "Volver sin cambiar nada";
pub const REJECT_TITLE: &str = "Rechazar postulación";
pub const CANCEL_TITLE: &str = "Cancelar participación";

/// How many match.
pub fn applications(total: u64) -> String {
    counted(total, "postulación", "postulaciones")
}

/// The checkbox of a line.
pub fn choose(name: &str) -> String {
    format!("Elegir a {name}")
}

/// The page about a campaign's applications.
pub fn applications_of(campaign: &str) -> String {
    format!("Postulaciones de {campaign}")
}

/// What rejecting does.
pub fn reject_consequence(name: &str, campaign: &str) -> String {
    format!("{name} recibe un correo: no quedó en «{campaign}». Se puede reactivar después.")
}

/// What cancelling does.
pub fn cancel_consequence(name: &str, campaign: &str) -> String {
    format!(
        "{name} deja de participar en «{campaign}», su entrega se cancela y el cupo queda libre. Recibe un correo con el motivo. Se puede reactivar después, con un cupo libre."
    )
}

/// What became of several answers.
pub fn several(is_shortlist: bool, taken: u64, left: u64, why: Option<&str>) -> String {
    let (one, many) = if is_shortlist { ("preseleccionada", "preseleccionadas") } else { ("rechazada", "rechazadas") };
    let done = if taken == 0 { "Ninguna cambió".to_owned() } else { counted(taken, one, many) };
    match why {
        None => format!("{done}."),
        Some(why) => format!("{done}; {} no: {why}", integer(left)),
    }
}

/// A requirement that isn't met.
pub fn warning(warning: Warning, wanted: &Requirements) -> String {
    match warning {
        Warning::Platform => {
            let asked: Vec<&str> = wanted.platforms.iter().map(|platform| platform.label()).collect();
            format!("sin cuenta en {}", asked.join(" ni "))
        }
        Warning::Followers(count) => {
            format!("{} seguidores de {}", integer(count), integer(wanted.min_followers.unwrap_or(0)))
        }
        Warning::Views => format!("menos de {} vistas", integer(wanted.min_avg_views.unwrap_or(0))),
        Warning::Age(years) => format!("{years} años, pide {}", wanted.min_age),
        Warning::Gender => "otro género".into(),
        Warning::Country(theirs) => format!("vive en {}", country(theirs)),
        Warning::Residence => format!("no es de {}", wanted.residence.as_deref().unwrap_or_default()),
    }
}

/// All of them.
pub fn warnings(all: &[Warning], wanted: &Requirements) -> String {
    let said: Vec<String> = all.iter().map(|one| warning(*one, wanted)).collect();
    format!("No cumple: {}", said.join(", "))
}

pub const CREATORS_PURPOSE: &str = "Quiénes crean contenido: sus redes, cómo cumplieron y cómo encontrarlos.";
pub const CREATORS_CAPTION: &str = "Creadores con sus redes y resultados";
pub const CREATORS_EMPTY: (&str, &str) =
    ("Todavía no hay creadores", "Aparecen acá cuando alguien se registra y completa su perfil.");
pub const LEVEL: &str = "Nivel";
pub const BADGE: &str = "Verificado";
pub const ACTIVE: &str = "Activo";
pub const CITY: &str = "Ciudad";
pub const CATEGORY: &str = "Categoría";
pub const YES: &str = "Sí";
pub const NO: &str = "No";
pub const SORT_REACH: &str = "Promedio de alcance";
pub const SORT_ON_TIME: &str = "A tiempo";
pub const COLUMN_REACH: &str = "Alcance prom.";
pub const UNIT_REACH: &str = "alcance prom.";
pub const COLUMN_CREATED: &str = "Registro";
pub const INACTIVE: &str = "Desactivado";
pub const IS_ACTIVE: &str = "Activo";
pub const IS_VERIFIED: &str = "Verificado";
pub const NOT_VERIFIED: &str = "Sin verificar";
pub const VERIFY: &str = "Verificar";
pub const UNVERIFY: &str = "Quitar verificación";
pub const ACTIVATE: &str = "Activar";
pub const DEACTIVATE: &str = "Desactivar";
pub const DEACTIVATE_TITLE: &str = "Desactivar creador";
pub const DEACTIVATE_CONSEQUENCE: &str =
    "No podrá postularse ni aparecer en listados. Lo que ya tiene confirmado sigue igual. Se puede activar de nuevo.";
pub const VERIFIED_NOW: &str = "Creador verificado.";
pub const UNVERIFIED_NOW: &str = "Ya no figura como verificado.";
pub const ACTIVATED_NOW: &str = "Creador activo: ya puede postularse.";
pub const DEACTIVATED_NOW: &str = "Creador desactivado.";
pub const CHANGED_MEANWHILE: &str = "Ya estaba así: alguien lo cambió antes.";
pub const PROFILE: &str = "Perfil";
pub const NAME: &str = "Nombre";
pub const EMAIL: &str = "Correo";
pub const PHONE: &str = "Teléfono";
pub const AGE: &str = "Edad";
pub const GENDER: &str = "Género";
pub const DOCUMENT: &str = "Cédula";
pub const PLACE: &str = "Ciudad";
pub const CATEGORIES: &str = "Categorías";
pub const BIO: &str = "Bio";
pub const OCCUPATION: &str = "Ocupación";
pub const LANGUAGES: &str = "Idiomas";
pub const PORTFOLIO: &str = "Portfolio";
pub const SINCE: &str = "Registro";
pub const RESULTS: &str = "Resultados";
pub const COMPLETED: &str = "Entregas completas";
pub const NETWORKS: &str = "Redes";
pub const COMPLETENESS: &str = "Perfil completo";
pub const NO_APPLICATIONS: &str = "Todavía no se postuló a ninguna campaña.";
pub const NO_DELIVERIES: &str = "Todavía no tiene entregas.";
pub const ALL_DELIVERIES: &str = "Ver todas sus entregas";
pub const AUDIT: &str = "Ver auditoría";
pub const LEVEL_SET: &str = "fijado a mano";

/// How many match.
pub fn creators(total: u64) -> String {
    counted(total, "creador", "creadores")
}

/// Years.
pub fn years(age: i32) -> String {
    format!("{age} años")
}

/// How complete a profile is.
pub fn percent(points: u8) -> String {
    format!("{} %", decimal(f64::from(points), 0))
}

pub const DELIVERIES_PURPOSE: &str = "Todo lo que se publicó o falta publicar, de todas las campañas.";
pub const DELIVERIES_CAPTION: &str = "Entregas con sus plazos";
pub const DELIVERIES_EMPTY: (&str, &str) = ("Todavía no hay entregas", "Se crea una por cada postulación confirmada.");
pub const SEARCH_DELIVERY: &str = "Buscar campaña, persona o enlace";
pub const LATE: &str = "Atrasadas";
pub const PLATFORM: &str = "Red";
pub const CAMPAIGN: &str = "Campaña";
pub const COLUMN_URL: &str = "URL";
pub const COLUMN_METRICS: &str = "Métricas";
pub const COLUMN_LINKS: &str = "Enlaces";
pub const COLUMN_CONFIRMED: &str = "Confirmada";
pub const UNIT_CONFIRMED: &str = "confirmada";
pub const SORT_URL_DEADLINE: &str = "Plazo de URL";
pub const SORT_METRICS_DEADLINE: &str = "Plazo de métricas";
pub const MANAGE: &str = "Gestionar";
pub const OPEN_COUNT: &str = "Activos";
pub const PENDING_COUNT: &str = "Pendientes";
pub const UNRATED_COUNT: &str = "Por calificar";
pub const COMPLETED_COUNT: &str = "Completadas";
pub const PROBLEM_COUNT: &str = "Con problemas";
pub const CANCELLED_COUNT: &str = "Canceladas";
pub const PROBLEM_TIP: &str = "Un enlace guardado no es de una publicación";
pub const DELIVERY_TITLE: &str = "Entrega";
pub const TIMES: &str = "Plazos";
pub const URL_DEADLINE: &str = "URL";
pub const METRICS_DEADLINE: &str = "Métricas";
pub const CONFIRMED_ON: &str = "Confirmada";
pub const PUBLISHED_ON: &str = "Publicada";
pub const POSTS: &str = "Publicaciones";
pub const RATING: &str = "Calificación";
pub const WAITING: &str = "En espera";
pub const REVIEWS: &str = "Revisiones";
pub const HISTORY: &str = "Historial";
pub const NOT_YET: &str = "Todavía no";
pub const WHAT_NEXT: &str = "Qué hacer ahora";
pub const NOTHING_TO_DO: &str = "No hay nada que decidir en este estado.";
pub const APPROVE: &str = "Aprobar publicación";
pub const APPROVE_NOTE: &str = "Nota para quien publicó";
pub const ASK_CHANGES: &str = "Pedir cambios";
pub const ASK_CHANGES_HINT: &str = "Solo se pueden pedir una vez por entrega.";
pub const CHANGES_NOTE: &str = "Qué hay que cambiar";
pub const REFUSE: &str = "Rechazar publicación";
pub const REFUSE_NOTE: &str = "Por qué se rechaza";
pub const COMPLETE: &str = "Completar entrega";
pub const EDIT_URLS: &str = "Editar URLs";
pub const RESET: &str = "Resetear";
pub const RESET_TITLE: &str = "Resetear la entrega";
pub const RESET_CONSEQUENCE: &str = "Vuelve a «Esperando publicación»: se borran los enlaces, la revisión y las métricas. Los plazos se calculan de nuevo con los de la campaña.";
pub const RESET_METRICS_CONSEQUENCE: &str = "Las métricas se archivan y hay que subirlas otra vez.";
pub const RESET_URLS: &str = "Resetear URLs";
pub const RESET_METRICS: &str = "Resetear métricas";
pub const KEEP_PUNCTUALITY: &str = "Conservar puntualidad";
pub const KEEP_PUNCTUALITY_HINT: &str = "Lo que entregó a tiempo sigue contando a tiempo.";
pub const CANCEL_PARTICIPATION: &str = "Cancelar participación";
pub const APPROVED_NOW: &str = "Publicación aprobada.";
pub const CHANGES_ASKED: &str = "Cambios pedidos: ya le avisamos.";
pub const REFUSED_NOW: &str = "Publicación rechazada: ya le avisamos.";
pub const COMPLETED_NOW: &str = "Entrega completada.";
pub const URLS_EDITED: &str = "Enlaces corregidos.";
pub const URLS_RESET: &str = "URLs reseteadas: ya le avisamos.";
pub const METRICS_RESET: &str = "Métricas reseteadas: ya le avisamos.";

/// How many match.
pub fn deliveries(total: u64) -> String {
    counted(total, "entrega", "entregas")
}

/// The page about a campaign's or a person's deliveries.
pub fn deliveries_of(whose: &str) -> String {
    format!("Entregas de {whose}")
}

/// A delivery by both its ends.
pub fn delivery_of(creator: &str, campaign: &str) -> String {
    format!("{creator} · {campaign}")
}

/// The link of a platform, for who doesn't see the row it stands in.
pub fn post_on(platform: Platform) -> String {
    format!("Publicación en {}", platform.label())
}

/// Stars in words.
pub fn stars(rating: i32) -> String {
    format!("{rating}\u{a0}de\u{a0}5")
}
