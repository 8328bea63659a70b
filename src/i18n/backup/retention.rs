//! What is said about what is kept and what may go.

use crate::backup::retention::{Kept, Reason, Removal};
use crate::i18n::format;

pub const EMPTY_POLICY: &str = "una política que no conserva nada no se acepta";
pub const PLAN_MOVED: &str = "el plan cambió desde que se aprobó: no se borró nada; mirá el plan nuevo";
pub const APPROVAL_EXPIRED: &str = "la aprobación venció (15 minutos): no se borró nada";
pub const BAD_APPROVAL: &str =
    "la aprobación se escribe como HASH:CANTIDAD, tal cual la muestra «canje backup prune --plan»";
pub const COMMAND_LINE: &str = "línea de comandos";

pub fn bad_policy(pair: &str) -> String {
    format!("«{pair}» no es parte de una política: usá daily=14,weekly=8,monthly=12,yearly=3,minimum=3")
}

pub fn wrong_count(expected: usize) -> String {
    format!("la cantidad no coincide: el plan borra {expected}")
}

pub fn pruned(gone: usize) -> String {
    match gone {
        0 => "No había nada para borrar.".into(),
        1 => "Se borró 1 backup.".into(),
        n => format!("Se borraron {n} backups."),
    }
}

pub fn store_line(store: &str, keep: usize, remove: usize, can_delete: bool) -> String {
    let rule = if can_delete { "" } else { " (ahí borra solo la regla del propio destino)" };
    format!("{store}: quedan {keep}, sobran {remove}{rule}")
}

pub fn kept_line(kept: &Kept) -> String {
    let reasons: Vec<_> = kept.reasons.iter().map(|reason| why(*reason)).collect();
    format!("  queda  {} {} · {}", kept.id.short(), moment(kept.taken_at), reasons.join(", "))
}

pub fn removal_line(removal: &Removal) -> String {
    let what = if removal.is_remains { " · restos de un backup que no se completó" } else { "" };
    format!("  sobra  {} {}{what}", removal.id.short(), moment(removal.taken_at))
}

pub fn plan_end(removals: usize, hash: &str) -> String {
    match removals {
        0 => "No sobra nada.".into(),
        n => format!("Para borrar: canje backup prune --approve {hash}:{n}"),
    }
}

/// Why a backup stays.
pub fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Daily => "diario",
        Reason::Weekly => "semanal",
        Reason::Monthly => "mensual",
        Reason::Yearly => "anual",
        Reason::Minimum => "mínimo del destino",
        Reason::Hold => "retenido",
        Reason::Young => "reciente o en curso",
    }
}

fn moment(at: bson::DateTime) -> String {
    crate::db::timestamp(at).map(format::date_time).unwrap_or_default()
}
