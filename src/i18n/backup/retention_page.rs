//! Words of the page about what is kept and what may go.

use crate::backup::retention::Policy;
use crate::i18n::format::counted;

pub const TITLE: &str = "Retención de backups";
pub const PURPOSE: &str =
    "Qué sobra según la política y por qué queda lo demás. Nada se borra sin que lo apruebes escribiendo la cantidad.";
pub const NOTHING: &str = "Todavía no hay nada guardado";
pub const NOTHING_HINT: &str = "Cuando haya backups, acá se ve cuáles quedan y por qué.";
pub const NOTHING_GOES: &str = "No sobra nada: no hay qué aprobar.";
pub const CANNOT_DELETE: &str =
    "Acá no tenemos permiso para borrar: lo que sobra lo borra la regla del propio destino.";
pub const GOES: &str = "Sobra";
pub const STAYS: &str = "Queda";
pub const COLUMN_BACKUP: &str = "Backup";
pub const COLUMN_ID: &str = "Identificador";
pub const COLUMN_WHAT: &str = "Qué pasa";
pub const COLUMN_WHY: &str = "Por qué";
pub const COLUMN_BYTES: &str = "Tamaño";
pub const OUT_OF_POLICY: &str = "fuera de la política";
pub const REMAINS: &str = "restos de un backup que no se completó";
pub const BEGUN: &str = "borrado que quedó a medias";
pub const APPROVE: &str = "Aprobar el borrado";
pub const COUNT: &str = "Cantidad de backups que se borran";
pub const APPROVED: &str = "El borrado quedó aprobado y corre en segundo plano. Cada uno deja su constancia firmada.";
pub const MOVED: &str = "El plan cambió mientras lo mirabas: no se borró nada. Este es el plan nuevo.";
pub const POLICY: &str = "Política";
pub const PLAN_HASH: &str = "Hash del plan";

pub fn policy(policy: &Policy) -> String {
    let of = |count: usize, one: &str, many: &str| counted(count as u64, one, many);
    format!(
        "{}, {}, {} y {}; nunca menos de {} por destino",
        of(policy.daily, "diario", "diarios"),
        of(policy.weekly, "semanal", "semanales"),
        of(policy.monthly, "mensual", "mensuales"),
        of(policy.yearly, "anual", "anuales"),
        policy.minimum
    )
}

pub fn summary(keep: usize, remove: usize) -> String {
    format!("{keep} quedan, {remove} sobran")
}

/// Under the approval: what exactly will happen.
pub fn consequence(removals: usize, bytes: &str) -> String {
    let what = counted(removals as u64, "copia de backup", "copias de backups");
    format!("Se borran {what} ({bytes}) de sus destinos. No se pueden recuperar.")
}

pub fn confirm(removals: usize) -> String {
    format!("Borrar {}", counted(removals as u64, "copia", "copias"))
}

pub fn wrong_count(removals: usize) -> String {
    format!("Escribí {removals}, la cantidad exacta de copias que se borran.")
}
