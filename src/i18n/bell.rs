//! The words of the bell.

use super::number::{counted, integer};

/// Over the system's notices.
pub const SYSTEM: &str = "Avisos del sistema";
/// Over a person's own.
pub const PERSONAL: &str = "Tus avisos";
/// On the badge, beyond nine.
pub const MORE_THAN_NINE: &str = "9+";
/// Marks one.
pub const MARK_READ: &str = "Marcar leída";
/// Marks all.
pub const READ_ALL: &str = "Marcar todas";
/// The page with all of them.
pub const SEE_ALL: &str = "Ver todo";
/// Asks again.
pub const REFRESH: &str = "Actualizar";
/// Before the title of one that isn't read, for those who hear it.
pub const UNREAD: &str = "Sin leer: ";
/// There are none.
pub const NONE: &str = "No hay avisos.";
/// They couldn't be read.
pub const NOT_READ: &str = "No se pudieron leer los avisos. Probá con «Actualizar».";

/// The bell's name: «Avisos del sistema, 3 sin leer».
pub fn bell(title: &str, unread: Option<u64>) -> String {
    match unread {
        None => format!("{title}: no se pudieron leer"),
        Some(0) => format!("{title}, nada sin leer"),
        Some(10..) => format!("{title}, más de 9 sin leer"),
        Some(unread) => format!("{title}, {unread} sin leer"),
    }
}

/// The button that marks this one.
pub fn mark_read(title: &str) -> String {
    format!("{MARK_READ}: {title}")
}

/// How often it was seen.
pub fn times(occurrences: u64) -> String {
    counted(occurrences, "vez", "veces")
}

/// Leads a member of the team to their own notices.
pub fn own(unread: u64) -> String {
    match unread {
        0 => PERSONAL.into(),
        10.. => format!("{PERSONAL} ({MORE_THAN_NINE})"),
        unread => format!("{PERSONAL} ({})", integer(unread)),
    }
}
