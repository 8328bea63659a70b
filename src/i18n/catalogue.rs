//! Words of the public catalogue and of applying.

use super::{applications, campaigns, format, values};
use crate::applications::model::ApplicationStatus;
use crate::campaigns::DeliveryRules;
use crate::campaigns::model::{CanjeType, Requirements, Wanted};
use crate::values::{LocalDate, Platform};

pub const TITLE: &str = "Campañas abiertas";
pub const DESCRIPTION: &str = "Campañas de marcas paraguayas que buscan personas que crean contenido: qué ofrecen, qué piden y hasta cuándo postularte.";
pub const PURPOSE: &str = "Elegí una, mirá qué ofrece y qué pide, y postulate con tu perfil.";

pub const SEARCH: &str = "Buscar campañas";
pub const SEARCH_HINT: &str = "Marca, producto o palabra";
pub const FILTER: &str = "Filtrar";
pub const APPLY_FILTER: &str = "Ver campañas";
pub const CATEGORY: &str = "Categoría";
pub const CITY: &str = "Ciudad";
pub const PLATFORM: &str = "Red";
pub const CANJE: &str = "Canje";
pub const FOLLOWERS: &str = "Seguidores";
pub const ANY: &str = "Todas";
pub const ANY_CANJE: &str = "Todos";
pub const ANY_FOLLOWERS: &str = "Sin límite";
pub const ONLY_FITTING: &str = "Solo las que puedo";
/// The most followers a campaign may ask for, as offered.
pub const FOLLOWER_CHOICES: [i64; 5] = [0, 1_000, 5_000, 10_000, 50_000];

pub const LIST: &str = "Campañas que reciben postulaciones";
pub const NONE: &str = "Ahora no hay campañas abiertas";
pub const NONE_HINT: &str =
    "Las marcas publican cada semana. Con tu perfil completo te avisamos apenas haya una nueva.";
pub const NONE_FOUND: &str = "Ninguna campaña coincide";
pub const NONE_FOUND_HINT: &str = "Probá con menos filtros o con otra palabra.";
pub const SEE_ALL: &str = "Ver todas las campañas";

pub const APPLY: &str = "Postularme";
pub const REGISTER: &str = "Registrate para postularte";
pub const MAKE_PROFILE: &str = "Creá tu perfil para postularte";
pub const UNFIT: &str = "No cumplís los requisitos";
pub const FULL: &str = "Cupos completos";
pub const CLOSED: &str = "No recibe postulaciones";
pub const AVAILABLE: &str = "Disponible";

pub const COMPENSATION: &str = "Compensación";
pub const REQUIREMENTS: &str = "Requisitos";
pub const DEADLINES: &str = "Plazos de entrega";
pub const DATES: &str = "Fechas";
pub const ABOUT: &str = "De qué se trata";
pub const VALUE: &str = "Valor estimado";
pub const HANDOVER: &str = "Cómo lo recibís";
pub const HANDOVER_NOTE: &str = "Dónde y con quién coordinar lo ves cuando te confirman.";
pub const APPLY_UNTIL: &str = "Postulaciones";
pub const PUBLISH: &str = "Publicación";
pub const URL_DEADLINE: &str = "Enlace de tu publicación";
pub const METRICS_DEADLINE: &str = "Capturas de tus métricas";
pub const PLACES: &str = "Cupos";

pub const APPLY_TITLE: &str = "Postularme";
pub const MESSAGE: &str = "Mensaje para el equipo";
pub const MESSAGE_HINT: &str = "Contá por qué te interesa o qué idea tenés. Hasta 1.000 caracteres.";
pub const SEND: &str = "Enviar postulación";
pub const YOUR_PROFILE: &str = "Así te van a ver";
pub const SHARED: &str =
    "Si te preseleccionan, compartimos este perfil con la marca. Tu teléfono, tu correo y tu cédula no se comparten.";
pub const EDIT_PROFILE: &str = "Editar mi perfil";
pub const COMPLETE_PROFILE: &str = "Completar mi perfil";
pub const MY_APPLICATIONS: &str = "Ver mis postulaciones";
pub const OTHER_CAMPAIGNS: &str = "Ver otras campañas";
pub const UNVERIFIED: &str = "sin verificar";
pub const VERIFIED: &str = "verificada";

/// «12 campañas abiertas».
pub fn counted(total: usize) -> String {
    format::counted(total as u64, "campaña abierta", "campañas abiertas")
}

/// «21–40 de 57».
pub fn position(first: usize, shown: usize, total: usize) -> String {
    let last = first + shown.saturating_sub(1);
    format!("{first}–{last} de {}", format::counted(total as u64, "campaña", "campañas"))
}

/// «Piden hasta 5.000 seguidores».
pub fn followers_choice(most: i64) -> String {
    match most {
        0 => "Sin mínimo".into(),
        most => format!("Piden hasta {}", format::integer(most)),
    }
}

/// «Instagram o TikTok».
pub fn platforms(of: &[Platform]) -> String {
    of.iter().map(|platform| platform.label()).collect::<Vec<_>>().join(" o ")
}

/// «~ 200.000 Gs en producto».
pub fn worth(kind: CanjeType, value: i64) -> String {
    match value {
        ..=0 => campaigns::canje_type(kind).to_owned(),
        value => format!("{} · ~ {}", campaigns::canje_type(kind), format::money(value)),
    }
}

/// «¡Último cupo!».
pub fn last_slots(left: i32) -> String {
    if left == 1 { "¡Último cupo!".into() } else { format!("¡Últimos {left} cupos!") }
}

/// «Desde 5.000 seguidores».
pub fn from_followers(least: i64) -> String {
    format!("Desde {} seguidores", format::integer(least))
}

/// «Hasta el 12 feb».
pub fn until(day: LocalDate) -> String {
    format!("Hasta el {}", format::short_day(day.0))
}

/// «Te podías postular hasta el 12 feb».
pub fn was_until(day: LocalDate) -> String {
    format!("El plazo para postularse terminó el {}", format::short_day(day.0))
}

/// «Del 12 feb al 20 feb».
pub fn between(first: LocalDate, last: LocalDate) -> String {
    format!("Del {} al {}", format::short_day(first.0), format::short_day(last.0))
}

/// «Ya te postulaste: en revisión».
pub fn applied(status: ApplicationStatus) -> String {
    format!("Ya te postulaste · {}", applications::own_status(status))
}

/// Until when the address is due: «7 días desde tu confirmación», «hasta el 20/02».
pub fn url_due(rules: &DeliveryRules) -> String {
    due(rules.url_delivery_fixed_date, rules.url_delivery_days)
}

/// The same for the metrics.
pub fn metrics_due(rules: &DeliveryRules) -> String {
    due(rules.metrics_delivery_fixed_date, rules.metrics_delivery_days)
}

fn due(fixed: Option<LocalDate>, days: i32) -> String {
    match fixed {
        Some(day) => format!("hasta el {:02}/{:02}", day.0.day(), day.0.month()),
        None => format!("{} desde tu confirmación", format::counted(days.unsigned_abs().into(), "día", "días")),
    }
}

/// «Duración: de 15 a 60 segundos».
fn duration(asked: &Requirements) -> Option<String> {
    match (asked.min_duration_seconds, asked.max_duration_seconds) {
        (Some(least), Some(most)) => Some(format!("El video dura de {least} a {most} segundos")),
        (Some(least), None) => Some(format!("El video dura {least} segundos o más")),
        (None, Some(most)) => Some(format!("El video dura hasta {most} segundos")),
        (None, None) => None,
    }
}

/// Whom a campaign looks for and what it asks for, a line each.
pub fn requirement_lines(asked: &Requirements) -> Vec<String> {
    let mut lines = Vec::new();
    if !asked.platforms.is_empty() {
        lines.push(format!("Cuenta en {}", platforms(&asked.platforms)));
    }
    lines.push(campaigns::PUBLIC_PROFILE.to_owned());
    let least = |count: Option<i64>| count.filter(|count| *count > 0);
    lines.extend(least(asked.min_followers).map(|count| format!("{} seguidores o más", format::integer(count))));
    lines.extend(least(asked.min_avg_views).map(|count| format!("{} vistas en promedio", format::integer(count))));
    lines.push(format!("{} años o más", asked.min_age));
    if asked.gender != Wanted::All {
        lines.push(campaigns::wanted(asked.gender).to_owned());
    }
    lines.extend(asked.country.map(|country| format!("Residencia en {}", values::country(country))));
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    lines.extend(said(&asked.residence).map(|place| format!("De preferencia: {place}")));
    lines.extend(asked.content_format.map(|format| format!("Formato: {}", campaigns::content_format(format))));
    lines.extend(duration(asked));
    lines.extend(said(&asked.mandatory_tag).map(|tag| format!("Etiqueta: {tag}")));
    lines.extend(said(&asked.mandatory_mention).map(|mention| format!("Mención: {mention}")));
    lines.extend(said(&asked.mandatory_cta).map(|cta| format!("Llamado: {cta}")));
    let own = asked.additional_rules.iter().map(|rule| rule.trim());
    lines.extend(own.filter(|rule| !rule.is_empty() && *rule != campaigns::PUBLIC_PROFILE).map(str::to_owned));
    lines
}

/// After applying.
pub fn sent(campaign: &str) -> String {
    format!("Te postulaste a «{campaign}». Te avisamos apenas haya novedades.")
}

/// «12.400 seguidores».
pub fn followers(count: i64) -> String {
    format::counted(count.unsigned_abs(), "seguidor", "seguidores")
}
