//! Words of campaigns: what they are made of, and their pages for staff.

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
