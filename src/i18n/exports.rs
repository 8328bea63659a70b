//! The words of exports.

use super::number::integer;

/// No shape was chosen.
pub const CHOOSE_FORMAT: &str = "Elegí un formato: XLSX, CSV o JSON Lines.";
/// No separator was chosen.
pub const CHOOSE_SEPARATOR: &str = "Elegí el separador: punto y coma o coma.";

/// A reason that is too short or too long.
pub fn reason_length(least: usize, most: usize) -> String {
    format!(
        "Contá para qué necesitás los datos personales, con {least} a {most} caracteres. Queda en el registro de auditoría."
    )
}

/// Something that can't be a path.
pub fn bad_column(path: &str) -> String {
    format!("«{path}» no sirve como campo. Escribí el camino con puntos, por ejemplo stats.avg_rating.")
}

/// A secret path among the columns.
pub fn secret_column(path: &str) -> String {
    format!("«{path}» guarda un secreto y no se exporta. Sacalo de la lista.")
}

/// Two columns of which one holds the other.
pub fn overlapping_columns(path: &str, other: &str) -> String {
    format!("«{path}» y «{other}» se superponen: dejá uno de los dos.")
}

/// Too many columns chosen.
pub fn too_many_columns(most: usize) -> String {
    format!("Podés elegir hasta {most} campos. Para exportar todo, dejá la lista vacía.")
}

/// In place of a text that a spreadsheet's cell can't hold.
pub fn too_long_for_a_cell(characters: usize) -> String {
    format!(
        "[no entra en una celda: texto de {} caracteres; exportá JSON Lines para verlo entero]",
        integer(characters as u64)
    )
}
