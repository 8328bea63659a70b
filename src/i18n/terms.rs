//! Words of terms.

/// The name of a document of ours.
pub fn document(slug: &str) -> &str {
    match slug {
        "ugc-creators" => "Términos del programa de creadores",
        "privacy-policy" => "Política de privacidad",
        "ecommerce" => "Términos y condiciones",
        other => other,
    }
}

/// Somebody accepted what isn't in force any more.
pub const CHANGED: &str =
    "Los términos cambiaron mientras completabas el formulario. Leelos de nuevo y volvé a aceptarlos.";

/// Under the title.
pub fn version(version: &str, since: Option<&str>) -> String {
    match since {
        Some(since) => format!("Versión {version}, vigente desde el {since}."),
        None => format!("Versión {version}."),
    }
}
