//! Words about what campaigns tell people: to creators, to brands, to the team, and the daily reminders.

pub mod brand;
pub mod creator;
pub mod reminders;
pub mod team;

/// How a letter begins.
pub fn greeting(first_name: &str) -> String {
    if first_name.is_empty() { TEAM_GREETING.into() } else { format!("Hola, {first_name}:") }
}

/// How a letter to nobody in particular begins.
pub const TEAM_GREETING: &str = "Hola:";

/// Why a creator gets it.
pub const FOOTER_CREATOR: &str = "Lo recibís porque participás en campañas de Canje. Podés responder este correo.";
/// Why a brand gets it.
pub const FOOTER_BRAND: &str =
    "Lo recibís porque tu marca tiene campañas en Canje. Podés responder este correo con cualquier pedido.";
/// Why the team gets it.
pub const FOOTER_TEAM: &str = "Lo reciben quienes están en la lista UGC de los ajustes.";
/// Why creators get a mailing.
pub const FOOTER_MAILING: &str = "Lo recibís porque tenés un perfil de creador en Canje.";
/// Where to stop it.
pub const FOOTER_MAILING_LINK: &str = "Dejar de recibir avisos de campañas nuevas";

/// A campaign's name within a sentence.
pub fn named(campaign: &str) -> String {
    format!("«{campaign}»")
}

/// The team's number, as a link.
pub const WHATSAPP: &str = "WhatsApp del equipo";

pub const CAMPAIGN: &str = "Campaña";
pub const BRAND: &str = "Marca";
pub const CREATOR: &str = "Creador";
pub const CITY: &str = "Ciudad";
pub const CATEGORY: &str = "Categoría";
pub const SLOTS: &str = "Cupos";
pub const AVAILABLE: &str = "Cupos libres";
pub const MONTHLY: &str = "Entregas por mes";
pub const CONTRACT: &str = "Contrato";
pub const NEXT_LOAD: &str = "Próxima carga";
pub const CANJE: &str = "Canje";
pub const CANJE_VALUE: &str = "Valor estimado";
pub const HOW: &str = "Cómo lo recibís";
pub const WHERE: &str = "Dónde";
pub const MAPS: &str = "Mapa";
pub const OPEN_MAPS: &str = "Abrir en Maps";
pub const HOURS: &str = "Horario";
pub const CONTACT: &str = "Contacto";
pub const URL_DEADLINE: &str = "Publicar y registrar el enlace";
pub const METRICS_DEADLINE: &str = "Subir las métricas";
pub const DEADLINES: &str = "Tus plazos";
pub const INSTAGRAM: &str = "Instagram";
pub const TIKTOK: &str = "TikTok";
pub const LEVEL: &str = "Nivel";
pub const FOLLOWERS: &str = "Seguidores";
pub const RECIPIENTS: &str = "Correos en camino";
pub const FAILURES: &str = "Sin correo válido";
pub const NOTICES: &str = "Con aviso por cumplir los requisitos";

/// The button of a letter with a delivery.
pub const SEE_DELIVERY: &str = "Ver mi entrega";
/// The button of a letter with an application.
pub const SEE_APPLICATIONS: &str = "Ver mis postulaciones";
/// The button that leads to the catalogue.
pub const SEE_CAMPAIGNS: &str = "Ver campañas abiertas";
/// The button that leads to a campaign.
pub const SEE_CAMPAIGN: &str = "Ver la campaña";
/// The button that leads to a post.
pub const SEE_POST: &str = "Ver la publicación";
/// The button that leads to own work.
pub const SEE_WORK: &str = "Ver mis trabajos";
/// The team's button to applications.
pub const OPEN_APPLICATIONS: &str = "Ver postulaciones";
/// The team's button to deliveries.
pub const OPEN_DELIVERIES: &str = "Ver entregas";
/// The team's button to a creator.
pub const OPEN_CREATOR: &str = "Ver el perfil";
/// The team's button to the campaigns.
pub const OPEN_CAMPAIGNS: &str = "Ver campañas";
