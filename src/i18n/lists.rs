//! The words every list shares.

use super::number::integer;

pub const ALL_VIEWS: &str = "Todo";
pub const VIEWS: &str = "Vistas guardadas";
pub const SAVE_VIEW: &str = "Guardar vista";
pub const SAVE_VIEW_TITLE: &str = "Guardar esta vista";
pub const SAVE_VIEW_HINT: &str = "Queda como pestaña, solo para vos: filtros, orden y columnas de ahora.";
pub const VIEW_NAME: &str = "Nombre de la vista";
pub const MANAGE_VIEW: &str = "Cambiar vista";
pub const MANAGE_VIEW_TITLE: &str = "Cambiar la vista guardada";
pub const RENAME: &str = "Guardar nombre";
pub const DELETE_VIEW: &str = "Eliminar vista";
pub const SAVED: &str = "Vista guardada.";
pub const RENAMED: &str = "La vista tiene otro nombre.";
pub const DELETED: &str = "Vista eliminada. La lista sigue igual.";
pub const NAME_MISSING: &str = "Ponele un nombre.";
pub const FILTER: &str = "Filtrar";
pub const ORDER: &str = "Orden";
pub const LOOKS: &str = "Columnas";
pub const COMPACT: &str = "Filas bajas";
pub const ACTIONS: &str = "Acciones";
pub const NOTHING_FOUND: &str = "Nada coincide con estos filtros";
pub const NOTHING_FOUND_HINT: &str = "Probá con menos filtros o con otra palabra.";
pub const ANY: &str = "Todos";
pub const ANY_F: &str = "Todas";

/// The name of the view is too long.
pub fn name_too_long(most: usize) -> String {
    format!("El nombre puede tener hasta {most} letras.")
}

/// A person keeps too many views.
pub fn too_many_views(most: u64) -> String {
    format!("Ya tenés {} vistas de esta lista: eliminá una para guardar otra.", integer(most))
}

/// The chip of what is searched for.
pub fn searched(text: &str) -> String {
    format!("Busca «{text}»")
}

/// An order turned round.
pub fn reversed(order: &str) -> String {
    format!("{order}, al revés")
}
