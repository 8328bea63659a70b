//! Words of the programme's own pages: what it is, for whom, and how one begins.

use super::number::{counted, integer};
use crate::creators::levels::Row;
use crate::creators::model::Level;

pub const NAV_CREATORS: &str = "Para quien crea";
pub const NAV_CAMPAIGNS: &str = "Campañas";

pub const TITLE: &str = "Contenido por canje";
pub const DESCRIPTION: &str = "Marcas paraguayas ofrecen productos y experiencias; personas que crean contenido las prueban y las publican, con plazos claros.";
pub const HERO: &str = "Contenido real, a cambio de algo real.";
pub const LEAD: &str = "Una marca ofrece un producto o una experiencia. Vos la probás, la contás a tu manera y la publicás. Los plazos están claros desde el primer día.";
pub const SEE_CAMPAIGNS: &str = "Ver campañas abiertas";
pub const JOIN: &str = "Crear mi cuenta";
pub const GO_TO_WORK: &str = "Ir a mi panel";
pub const HOW_IT_WORKS: &str = "Cómo funciona para quien crea";

pub const FOR_CREATORS: &str = "Para quien crea";
pub const FOR_CREATORS_TITLE: &str = "Elegís, publicás, crecés";
pub const FOR_CREATORS_LEAD: &str = "No hace falta tener miles de seguidores: hace falta cumplir. Cada entrega suma.";
pub const FOR_BRANDS: &str = "Para marcas";
pub const FOR_BRANDS_TITLE: &str = "Ofrecés, el equipo cuida el resto";
pub const FOR_BRANDS_LEAD: &str =
    "El equipo elige con vos, sigue cada plazo y te muestra qué volvió. Escribinos y armamos tu primera campaña.";
pub const BRAND_POINTS: [(&str, &str); 3] = [
    ("Cupos por mes", "Un contrato dice cuántas publicaciones son y cuándo se renuevan."),
    ("Selección cuidada", "El equipo mira cada perfil; vos ves a quienes preselecciona."),
    ("Entregas a la vista", "Cada publicación queda registrada con su fecha."),
];

pub const PROGRAMME_TITLE: &str = "Para personas que crean contenido";
pub const PROGRAMME_DESCRIPTION: &str = "Sumate al programa: cuenta gratis, campañas de marcas paraguayas, plazos claros y niveles que se ganan cumpliendo.";
pub const PROGRAMME_HERO: &str = "Tu contenido vale. Que se note.";
pub const PROGRAMME_LEAD: &str = "Creá tu perfil una vez, postulate a las campañas que te gusten y recibí productos y experiencias por lo que publicás.";

pub const LIVE: &str = "Campañas abiertas";
pub const LIVE_NONE: &str = "Ahora no hay campañas abiertas. Con tu perfil listo te avisamos apenas haya una.";

pub const STEPS_TITLE: &str = "Del perfil a la publicación";
pub const STEPS: [(&str, &str, &str); 5] = [
    ("Una vez", "Creá tu perfil", "Cinco pasos cortos. Podés dejar y seguir después."),
    ("Cuando quieras", "Postulate", "Mirás qué ofrece y qué pide cada campaña antes de decidir."),
    ("En días hábiles", "Te respondemos", "Siempre ves antes de qué fecha."),
    ("Tu plazo", "Publicá y registrá el enlace", "La fecha queda fija desde tu confirmación."),
    ("Al final", "Mostrá tus números", "Tus resultados suman para tu nivel."),
];

pub const BENEFITS: [(&str, &str); 4] = [
    ("Canje con valor", "Cada campaña dice cuánto vale lo que recibís."),
    ("Plazos claros", "Ves el día y la hora, y te avisamos antes."),
    ("Tus datos son tuyos", "Las marcas ven tu trabajo, nunca tu teléfono ni tu correo."),
    ("Respuesta siempre", "Ninguna postulación queda sin contestar."),
];
pub const BENEFITS_TITLE: &str = "Lo que podés esperar";

pub const LEVELS_TITLE: &str = "Niveles que se ganan";
pub const LEVELS_LEAD: &str = "Se calculan con tus entregas, tus calificaciones y tu puntualidad. Nadie los compra.";
pub const LEVEL: &str = "Nivel";
pub const DELIVERIES: &str = "Entregas completas";
pub const RATING: &str = "Calificación";
pub const ON_TIME: &str = "A tiempo";
pub const GIVES: &str = "Te permite";

/// «5 entregas o más».
pub fn deliveries(row: &Row) -> String {
    if row.deliveries == 0 { "Desde la primera".into() } else { format!("{} entregas o más", integer(row.deliveries)) }
}

/// «4,5 de calificación».
pub fn rating(row: &Row) -> String {
    if row.rating == 0.0 { "—".into() } else { format!("{} de calificación", super::format::decimal(row.rating, 1)) }
}

/// «95 % a tiempo».
pub fn on_time(row: &Row) -> String {
    if row.on_time == 0.0 { "—".into() } else { format!("{} a tiempo", super::format::percent(row.on_time / 100.0)) }
}

/// What a level gives, in one line: «Hasta 6 campañas a la vez; prioridad al postularte».
pub fn benefits(row: &Row) -> String {
    let campaigns = counted(row.active_campaigns.into(), "campaña", "campañas");
    let first = format!("Hasta {campaigns} a la vez");
    match row.level {
        Level::Rookie | Level::Trusted => first,
        Level::Pro => format!("{first}, prioridad al postularte y perfil destacado"),
        Level::Elite => format!("{first}, prioridad y perfil destacado"),
    }
}
