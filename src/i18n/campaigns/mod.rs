//! Words of campaigns: what they are made of, what they refuse, and their pages for staff.

pub mod form;
pub mod pages;

use super::number::counted;
use crate::campaigns::model::{CampaignStatus, CanjeType, ContentFormat, DeliveryMethod, SlotKind, Wanted};
use crate::ui::Tone;

/// A campaign's state.
pub fn status(of: CampaignStatus) -> &'static str {
    match of {
        CampaignStatus::Draft => "Borrador",
        CampaignStatus::Live => "Activa",
        CampaignStatus::Closed => "Cerrada",
        CampaignStatus::InProduction => "En Producción",
        CampaignStatus::Completed => "Completada",
        CampaignStatus::Cancelled => "Cancelada",
    }
}

/// What a state means for whoever looks.
pub fn tone(of: CampaignStatus) -> Tone {
    match of {
        CampaignStatus::Draft => Tone::Neutral,
        CampaignStatus::Live => Tone::Good,
        CampaignStatus::Closed => Tone::Attention,
        CampaignStatus::InProduction | CampaignStatus::Completed => Tone::Info,
        CampaignStatus::Cancelled => Tone::Bad,
    }
}

/// Over a state when the contract is over.
pub const EXPIRED: &str = "Vencida";

/// What is given.
pub fn canje_type(of: CanjeType) -> &'static str {
    match of {
        CanjeType::Product => "Producto",
        CanjeType::Service => "Servicio",
        CanjeType::Experience => "Experiencia",
        CanjeType::Discount => "Descuento",
        CanjeType::Money => "Dinero",
    }
}

/// How the canje reaches the creator.
pub fn delivery_method(of: DeliveryMethod) -> &'static str {
    match of {
        DeliveryMethod::Pickup => "Retiro en local",
        DeliveryMethod::Delivery => "Delivery",
        DeliveryMethod::NotApplicable => "Experiencia en ubicación",
    }
}

/// Whom a campaign looks for.
pub fn wanted(of: Wanted) -> &'static str {
    match of {
        Wanted::All => "Todas las personas",
        Wanted::Male => "Hombres",
        Wanted::Female => "Mujeres",
    }
}

/// What kind of content.
pub fn content_format(of: ContentFormat) -> &'static str {
    match of {
        ContentFormat::Reel => "Reel",
        ContentFormat::Tiktok => "TikTok",
        ContentFormat::Story => "Historia",
        ContentFormat::Post => "Publicación",
        ContentFormat::Carousel => "Carrusel",
    }
}

/// Why slots were loaded.
pub fn slot_kind(of: SlotKind) -> &'static str {
    match of {
        SlotKind::Initial => "Carga inicial",
        SlotKind::Reload => "Recarga mensual",
        SlotKind::Manual => "Carga manual",
        SlotKind::Renewal => "Renovación",
        SlotKind::Adjust => "Ajuste",
    }
}

/// The rule every campaign has.
pub const PUBLIC_PROFILE: &str = "Perfil público";

/// So many slots.
pub fn slots(count: i32) -> String {
    counted(u64::try_from(count).unwrap_or(0), "cupo", "cupos")
}

/// A campaign that is over takes no changes.
pub fn over(of: CampaignStatus) -> String {
    format!("La campaña está {}: ya no se puede cambiar.", status(of).to_lowercase())
}

/// There is no way from one state to the other.
pub fn wrong_state(from: CampaignStatus, to: CampaignStatus) -> String {
    format!("La campaña está en «{}» y no puede pasar a «{}».", status(from), status(to))
}

/// The contract is over; a draft's can still be typed.
pub fn contract_over(of: CampaignStatus) -> &'static str {
    match of {
        CampaignStatus::Draft => "El contrato ya terminó: cambiá el inicio del contrato.",
        CampaignStatus::Live
        | CampaignStatus::Closed
        | CampaignStatus::InProduction
        | CampaignStatus::Completed
        | CampaignStatus::Cancelled => "El contrato ya terminó: no se puede abrir ni mostrar la campaña.",
    }
}

pub const APPLICATIONS_OVER: &str = "El último día para postularse ya pasó: cambialo antes de publicar.";
pub const BRAND_INACTIVE: &str = "La empresa no existe o está desactivada.";
pub const INCOMPLETE: &str = "Para publicar faltan la descripción, el canje o el nombre de la marca.";
pub const NO_SLOTS: &str = "Para publicar hace falta al menos un cupo: revisá el contrato o agregá cupos.";
pub const NOBODY_CONFIRMED: &str = "Todavía no hay nadie con participación confirmada.";
pub const REASON_MISSING: &str = "Escribí el motivo.";
pub const REJECTED_AT_END: &str = "La campaña se completó";
pub const CAMPAIGN_ENDED: &str = "La campaña terminó";
pub const UNDO_TOO_LATE: &str = "Ya pasaron los 10 minutos: los e-mails salieron y el cambio no se puede deshacer.";
pub const UNDO_CHANGED_AGAIN: &str =
    "Los plazos de la campaña volvieron a cambiar: este cambio ya no se puede deshacer.";

/// Somebody changed the slots since the page was drawn.
pub fn slots_changed(total: i32) -> String {
    format!("Los cupos cambiaron mientras tanto: ahora son {total}. Revisá y volvé a enviar.")
}

/// Fewer than are taken.
pub fn slots_below(free: i32) -> String {
    match free {
        0 => "Todos los cupos están ocupados: no se puede quitar ninguno.".into(),
        1 => "Solo se puede quitar 1 cupo: los demás están ocupados.".into(),
        _ => format!("Solo se pueden quitar {free} cupos: los demás están ocupados."),
    }
}

/// Applications that wait for an answer.
pub fn still_pending(count: i32) -> String {
    let count = counted(u64::try_from(count).unwrap_or(0), "postulación espera", "postulaciones esperan");
    format!("{count} respuesta: respondé o marcá que se rechacen.")
}

/// Open deliveries that lack something.
pub fn still_open(count: u64) -> String {
    let count = counted(count, "entrega está incompleta", "entregas están incompletas");
    format!("{count}: para completar igual, marcalo y escribí el motivo.")
}

/// The morning's job, in one sentence.
pub fn contracts_done(expired: u64, loads: u64, rejected: u64) -> String {
    format!(
        "{}, {}, {}",
        counted(expired, "contrato vencido", "contratos vencidos"),
        counted(loads, "campaña recargada", "campañas recargadas"),
        counted(rejected, "postulación rechazada", "postulaciones rechazadas"),
    )
}

pub const CONTRACTS_PAUSED: &str = "En pausa: los datos todavía son del sistema anterior";
