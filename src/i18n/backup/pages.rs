//! Words of the pages of backups.

pub const TITLE: &str = "Backups";
pub const PURPOSE: &str =
    "Cada backup se relee de cada destino, se restaura de prueba y se compara documento por documento.";
