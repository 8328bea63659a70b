//! Words of the act of a backup as a document.

pub const PAGE: &str = "Página";
pub const COLLECTIONS: &str = "Colección por colección";
pub const COLLECTIONS_PURPOSE: &str = "Todas las colecciones del backup. El hash resume todos los documentos de la colección: si es igual, son los mismos bytes.";

pub fn title(at: &str) -> String {
    format!("Acta del backup del {at}")
}

/// Foot of every page.
pub fn printed(at: &str) -> String {
    format!("Impreso el {at}, hora de Asunción")
}

/// What the file is called.
pub fn file_name(day: &str, id: &str) -> String {
    format!("acta-backup-{day}-{id}.pdf")
}
