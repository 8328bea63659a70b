//! Words about deliveries: states, addresses, reviews.

use crate::deliverables::model::DeliverableStatus;
use crate::deliverables::urls::UrlProblem;
use crate::ui::Tone;
use crate::values::Platform;

/// A state, as staff reads it.
pub fn status(of: DeliverableStatus) -> &'static str {
    match of {
        DeliverableStatus::AwaitingPublish => "Esperando publicación",
        DeliverableStatus::Published => "Publicado",
        DeliverableStatus::Resubmitted => "Reenviado",
        DeliverableStatus::ChangesRequested => "Cambios solicitados",
        DeliverableStatus::Approved => "Aprobado",
        DeliverableStatus::MetricsPending => "Métricas pendientes",
        DeliverableStatus::MetricsSubmitted => "Métricas enviadas",
        DeliverableStatus::MetricsLate => "Métricas enviadas (tarde)",
        DeliverableStatus::MetricsVerified => "Métricas verificadas",
        DeliverableStatus::Completed => "Completado",
        DeliverableStatus::Rejected => "Rechazado",
        DeliverableStatus::Cancelled => "Cancelado",
    }
}

/// A state, as its creator reads it.
pub fn own_status(of: DeliverableStatus) -> &'static str {
    match of {
        DeliverableStatus::AwaitingPublish => "Por publicar",
        other => status(other),
    }
}

/// What a state means for whoever looks.
pub fn tone(of: DeliverableStatus) -> Tone {
    match of {
        DeliverableStatus::AwaitingPublish | DeliverableStatus::MetricsPending | DeliverableStatus::Approved => {
            Tone::Attention
        }
        DeliverableStatus::Published
        | DeliverableStatus::Resubmitted
        | DeliverableStatus::MetricsSubmitted
        | DeliverableStatus::MetricsLate => Tone::Info,
        DeliverableStatus::MetricsVerified | DeliverableStatus::Completed => Tone::Good,
        DeliverableStatus::ChangesRequested | DeliverableStatus::Rejected => Tone::Bad,
        DeliverableStatus::Cancelled => Tone::Neutral,
    }
}

/// Something that isn't possible in the present state.
pub fn wrong_state(of: DeliverableStatus) -> String {
    format!("Esto ya no se puede: la entrega está en «{}».", status(of))
}

pub const NO_URL: &str = "Pegá el enlace de tu publicación.";
pub const URL_REGISTERED: &str = "Ese enlace ya está registrado. Si hay que corregirlo, escribinos y lo cambiamos.";
pub const URL_TAKEN: &str = "Ese enlace ya está en otra entrega. Usá el de la publicación de esta campaña.";
pub const NOT_CONFIRMED: &str = "Tu participación ya no está confirmada: no se pueden registrar enlaces.";
pub const CHANGES_ASKED_ONCE: &str = "Ya se pidieron cambios una vez en esta entrega: aprobala o rechazala.";
pub const NOT_DELIVERED: &str = "Todavía faltan el enlace o las métricas: no se puede completar.";
pub const CANCEL_AFTER_PUBLISHING: &str = "Ya registraste tu publicación: para cancelar tu participación, escribinos.";
pub const CANCEL_AFTER_DELIVERING: &str = "La entrega ya está hecha: no se puede cancelar.";
pub const EDIT_BEFORE_PUBLISHING: &str = "Todavía no hay publicación: el primer enlace lo registra quien publica.";
pub const NO_URL_LEFT: &str = "Dejá al menos un enlace. Para empezar de nuevo, reseteá la entrega.";
pub const NOTE_MISSING: &str = "Escribí qué hay que cambiar.";
pub const REJECTION_MISSING: &str = "Escribí por qué se rechaza.";
pub const NOTE_TOO_LONG: &str = "La nota es demasiado larga: hasta 1.000 caracteres.";

/// What is wrong with an address, in a few words.
pub fn url_title(platform: Platform, problem: UrlProblem) -> String {
    let name = platform.label();
    match problem {
        UrlProblem::WrongPlatform => format!("Este enlace no es de {name}"),
        UrlProblem::OtherSite => format!("Este enlace es de otro sitio, no de {name}"),
        UrlProblem::Profile => "Este enlace es de un perfil".into(),
        UrlProblem::Temporary => "Las historias no se pueden registrar".into(),
        UrlProblem::Unrecognised => "No reconocemos este enlace".into(),
    }
}

/// Why that is a problem.
pub fn url_explanation(platform: Platform, problem: UrlProblem) -> &'static str {
    match (problem, platform) {
        (UrlProblem::WrongPlatform, Platform::Instagram) => "Es de TikTok: va en el campo de TikTok.",
        (UrlProblem::WrongPlatform, Platform::Tiktok) => "Es de Instagram: va en el campo de Instagram.",
        (UrlProblem::OtherSite, _) => "Necesitamos el enlace de la publicación en la red misma.",
        (UrlProblem::Profile, _) => "Lleva a todo el perfil y no a la publicación de esta campaña.",
        (UrlProblem::Temporary, _) => "Una historia desaparece en 24 horas: registrá un reel o una publicación.",
        (UrlProblem::Unrecognised, Platform::Instagram) => {
            "Tiene que ser como instagram.com/reel/… o instagram.com/p/…"
        }
        (UrlProblem::Unrecognised, Platform::Tiktok) => {
            "Tiene que ser como tiktok.com/@usuario/video/… o vm.tiktok.com/…"
        }
    }
}

/// How to get the right one.
pub fn url_help(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => "Abrí la publicación en Instagram, tocá los tres puntos y elegí «Copiar enlace».",
        Platform::Tiktok => "Abrí el video en TikTok, tocá «Compartir» o los tres puntos y elegí «Copiar enlace».",
    }
}

/// All three, beside a field.
pub fn url_problem(platform: Platform, problem: UrlProblem) -> String {
    format!("{}. {} {}", url_title(platform, problem), url_explanation(platform, problem), url_help(platform))
}
