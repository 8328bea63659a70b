//! Words the design system and the layouts need on every page.

use super::number::{counted, integer};

pub const SITE: &str = "Canje";
pub const SKIP: &str = "Saltar al contenido";
pub const OPTIONAL: &str = "opcional";
pub const SHOW_PASSWORD: &str = "Mostrar";
pub const HIDE_PASSWORD: &str = "Ocultar";
pub const CLOSE: &str = "Cerrar";
pub const REFERENCE: &str = "Referencia para consultarnos:";
pub const FILTERS: &str = "Filtros aplicados";
pub const CLEAR_FILTERS: &str = "Quitar todos";
pub const LOADING: &str = "Cargando";
pub const BREADCRUMB: &str = "Estás en";
pub const MENU: &str = "Menú";
pub const NAVIGATION: &str = "Secciones";
pub const COPIED: &str = "Copiado";

pub const PAGES: &str = "Páginas";
pub const FIRST: &str = "Primera";
pub const PREVIOUS: &str = "Anterior";
pub const NEXT: &str = "Siguiente";
pub const LAST: &str = "Última";
pub const GO: &str = "Ir";

pub const PALETTE: &str = "Buscar o ir a una sección";
pub const PALETTE_OPEN: &str = "Buscar";
pub const PALETTE_PLACEHOLDER: &str = "Sección, campaña o persona";
pub const PALETTE_NONE: &str = "No hay nada con ese nombre.";
pub const KEYS: &str = "Atajos de teclado";
pub const KEY_SEARCH: &str = "Buscar en la lista";
pub const KEY_PALETTE: &str = "Buscar en todo";
pub const KEY_HELP: &str = "Ver estos atajos";

pub const MASKED: &str = "dato personal oculto";
pub const SEE_WHOLE: &str = "Ver completo";

pub const ENVIRONMENT: &str = "Entorno";
pub const DEMO: &str = "Modo demo: datos inventados, nada sale de esta máquina.";
pub const DEMO_SERVICES: &str = "Ver correos, errores y mensajes";
pub const PROFILE: &str = "Mi perfil";
pub const LOG_IN: &str = "Ingresar";
pub const LOG_OUT: &str = "Salir";

pub const SESSION_TITLE: &str = "Tu sesión está por vencer";
pub const SESSION_BODY: &str = "Por seguridad la cerramos cuando pasa un rato sin uso. Se cierra en";
pub const SESSION_STAY: &str = "Seguir en sesión";
pub const SESSION_LEAVE: &str = "Cerrar sesión";

/// Accessible name of a chip's link.
pub fn remove_filter(label: &str) -> String {
    format!("Quitar el filtro {label}")
}

/// Accessible name of a table frame that scrolls sideways.
pub fn scrollable(caption: &str) -> String {
    format!("{caption}: tabla que se desplaza hacia los lados")
}

/// «3 campos», «1 elemento».
pub fn children(total: u64, is_array: bool) -> String {
    if is_array { counted(total, "elemento", "elementos") } else { counted(total, "campo", "campos") }
}

/// After the last child shown.
pub fn more_children(left: u64) -> String {
    counted(left, "más que no se muestra aquí.", "más que no se muestran aquí.")
}

/// After a value cut short.
pub fn cut_at(length: u64) -> String {
    format!("… {} caracteres en total.", integer(length))
}
