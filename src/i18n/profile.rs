//! The words of a collection's profile, indexes and options.

use super::format;
use super::number::{counted, integer};
use crate::inspect::profile::{Edge, PathProfile, Profile};

/// What the profile is for.
pub const PROFILE_PURPOSE: &str = "Qué campos hay, en cuántos documentos, de qué tipo y con qué valores.";
/// What the indexes are for.
pub const INDEXES_PURPOSE: &str = "Cómo está indexada la colección, cuánto ocupa cada índice y si se usa.";
/// What the options are for.
pub const OPTIONS_PURPOSE: &str = "Con qué opciones, validador o pipeline fue creada, en JSON extendido.";
/// A path.
pub const FIELD: &str = "Campo";
/// How often it is there.
pub const PRESENT: &str = "Presente";
/// Its types.
pub const TYPES: &str = "Tipos";
/// Its values.
pub const VALUES: &str = "Valores";
/// Reads everything.
pub const READ_ALL: &str = "Leer todos los documentos";
/// Values that may not be shown.
pub const SECRET: &str = "secreto";
/// Values that are masked.
pub const PERSONAL: &str = "dato personal, oculto";
/// More paths than kept.
pub const CUT: &str = "Hay más campos de los que se muestran.";
/// Nothing in it.
pub const NO_DOCUMENTS: &str = "La colección está vacía: no hay campos para describir.";
/// An index.
pub const INDEX: &str = "Índice";
/// Its keys.
pub const KEYS: &str = "Claves";
/// Everything else.
pub const DEFINITION: &str = "Definición";
/// Its bytes.
pub const SIZE: &str = "Tamaño";
/// Its use.
pub const USES: &str = "Usos";
/// A figure the server doesn't give.
pub const UNAVAILABLE: &str = "no disponible";
/// What that means.
pub const UNAVAILABLE_WHY: &str = "«No disponible»: este servidor no lleva esa cuenta.";
/// A view has none.
pub const NO_INDEXES: &str = "No tiene índices propios: es una vista.";
/// The options as JSON.
pub const OPTIONS_JSON: &str = "Opciones de la colección";

/// What was read.
pub fn basis(profile: &Profile) -> String {
    let documents = counted(profile.documents, "documento", "documentos");
    if profile.is_exact {
        format!("Exacto: se leyeron todos, {documents}.")
    } else {
        format!(
            "Muestra al azar de {documents}. Los porcentajes son aproximados y puede faltar algún campo poco frecuente."
        )
    }
}

/// `87,5 %`.
pub fn presence(path: &PathProfile, documents: u64) -> String {
    format::percent(path.present as f64 / documents.max(1) as f64)
}

/// The mix of types.
pub fn types(path: &PathProfile) -> String {
    let all: u64 = path.types.iter().map(|(_, count)| count).sum();
    let one = |(name, count): &(&'static str, u64)| {
        if path.types.len() == 1 {
            (*name).to_owned()
        } else {
            format!("{name} {}", format::percent(*count as f64 / all.max(1) as f64))
        }
    };
    path.types.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// Listed values, with how often each occurs.
pub fn values(path: &PathProfile) -> String {
    let one = |(value, count): &(String, u64)| format!("{value} ({})", integer(*count));
    path.values.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// From the least to the greatest.
pub fn range(least: Edge, greatest: Edge) -> String {
    format!("de {} a {}", edge(least), edge(greatest))
}

fn edge(edge: Edge) -> String {
    match edge {
        Edge::Number(number) => format::decimal(number, 4),
        Edge::Date(at) => match jiff::Timestamp::from_millisecond(at.timestamp_millis()) {
            Ok(at) => format::exact(at),
            Err(_) => at.timestamp_millis().to_string(),
        },
    }
}
