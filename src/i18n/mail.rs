//! The words of mail and messages.

use super::number::counted;
use crate::mail::Why;

pub const MARK_NEW: &str = "Aviso crítico";
pub const MARK_OPEN: &str = "Sigue sin atender";
pub const MARK_ESCALATED: &str = "Sin atender";
pub const MARK_RESOLVED: &str = "Resuelto";
pub const WHY_ALERT: &str = "Lo recibís porque estás en la lista de avisos críticos de Canje.";
pub const WHY_ESCALATION: &str =
    "Lo recibís porque estás en la segunda lista: quienes están en la primera no lo atendieron.";

/// «3 avisos».
pub fn incidents(count: u64) -> String {
    counted(count, "aviso", "avisos")
}

/// What a letter leaves out.
pub fn more_incidents(count: u64) -> String {
    format!("Y {} más.", counted(count, "aviso", "avisos"))
}

/// «1 vez», «12 veces».
pub fn times(count: u64) -> String {
    counted(count, "vez", "veces")
}

/// Something happened.
pub fn lead_new(one: bool) -> &'static str {
    if one { "Pasó algo que necesita tu atención." } else { "Pasaron cosas que necesitan tu atención." }
}

/// It goes on.
pub fn lead_open(one: bool) -> &'static str {
    if one {
        "Este aviso sigue abierto y nadie lo atendió."
    } else {
        "Estos avisos siguen abiertos y nadie los atendió."
    }
}

/// Others are told.
pub fn lead_escalated(one: bool, minutes: u32) -> String {
    let since = counted(minutes.into(), "minuto", "minutos");
    if one {
        format!("Este aviso crítico lleva {since} sin que nadie lo atienda.")
    } else {
        format!("Estos avisos críticos llevan {since} sin que nadie los atienda.")
    }
}

/// It is over.
pub fn lead_resolved(one: bool) -> &'static str {
    if one { "Este aviso se resolvió." } else { "Estos avisos se resolvieron." }
}

pub const NOT_CONFIGURED_EMAIL: &str = "El correo no está configurado.";
pub const NOT_CONFIGURED_WHATSAPP: &str = "WhatsApp no está configurado.";
pub const BAD_ADDRESS: &str = "La dirección no es válida.";
pub const TOO_LATE: &str = "No se sabe si salió, y ya pasó el tiempo en que repetirlo era seguro.";

/// Why an address gets nothing.
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Bounced => "Rebotó",
        Why::Complained => "Lo marcó como spam",
        Why::Provider => "La bloquea el proveedor",
    }
}

/// Why a message wasn't sent.
pub fn suppressed(reason: Why) -> String {
    format!("Dirección bloqueada: {}.", why(reason).to_lowercase())
}
