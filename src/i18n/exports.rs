//! The words of exports.

use super::number::{counted, integer};
use crate::inspect::exports::{Dialect, ExportRow, Shape, Status};
use crate::inspect::server_fns::Progress;
use crate::ui::Tone;

/// The inspector.
pub const DATA: &str = "Datos";
/// The page.
pub const EXPORT: &str = "Exportación";
/// What the page is for.
pub const PURPOSE: &str = "Descargá todos los documentos que pasan el filtro. Los secretos no se exportan nunca y cada exportación queda registrada.";
/// Where from.
pub const COLLECTION: &str = "Colección";
/// Which documents.
pub const DOCUMENTS: &str = "Documentos";
/// No filter.
pub const ALL_DOCUMENTS: &str = "Todos";
/// The file's shape.
pub const FORMAT: &str = "Formato";
/// The CSV separator.
pub const SEPARATOR: &str = "Separador del CSV";
/// When it matters.
pub const SEPARATOR_HINT: &str = "Solo para CSV.";
/// Chosen paths.
pub const COLUMNS: &str = "Campos";
/// How to choose.
pub const COLUMNS_HINT: &str =
    "Uno por línea, por ejemplo stats.avg_rating. Vacío: todos los campos, después de revisar cada documento.";
/// Personal values in clear.
pub const INCLUDE_PERSONAL: &str = "Incluir datos personales";
/// What that means.
pub const INCLUDE_PERSONAL_HINT: &str =
    "Correos, teléfonos, documentos, direcciones y textos libres salen sin ocultar.";
/// Why.
pub const REASON: &str = "Motivo";
/// Where it goes.
pub const REASON_HINT: &str = "Obligatorio si incluís datos personales. Queda en el registro de auditoría.";
/// The button.
pub const START: &str = "Exportar documentos";
/// The way back.
pub const BACK: &str = "Volver a la colección";
/// The filter in the address makes no sense.
pub const FILTER_REFUSED: &str = "El filtro no se puede usar";
/// The filter.
pub const FILTER: &str = "Filtro";
/// Rows so far.
pub const ROWS: &str = "Filas";
/// Bytes so far.
pub const SIZE: &str = "Tamaño";
/// Whether personal values are in it.
pub const PERSONAL: &str = "Datos personales";
/// When it began.
pub const STARTED: &str = "Empezó";
/// When it ended.
pub const FINISHED: &str = "Terminó";
/// What moves.
pub const PROGRESS: &str = "Progreso";
/// It went wrong.
pub const FAILED: &str = "La exportación no se completó";
/// What that means for the file.
pub const NOT_WHOLE: &str = "El archivo descargado no está entero: borralo y probá de nuevo. Los datos no cambiaron.";
/// The download.
pub const DOWNLOAD: &str = "Descargar archivo";
/// Without script.
pub const REFRESH: &str = "Actualizar";
/// Stops it.
pub const CANCEL: &str = "Cancelar exportación";
/// It was stopped.
pub const CANCELLED_NOTICE: &str = "Exportación cancelada.";
/// One more.
pub const ANOTHER: &str = "Nueva exportación";

/// The page's title.
pub fn export_of(collection: &str) -> String {
    format!("Exportar {collection}")
}

/// The name of a shape.
pub fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Xlsx => "XLSX, para planillas",
        Shape::Csv => "CSV",
        Shape::JsonLines => "JSON Lines, con los tipos exactos",
    }
}

/// The name of a separator.
pub fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Semicolon => "Punto y coma, para Excel en español",
        Dialect::Comma => "Coma, para programas",
    }
}

/// The name of a state.
pub fn state(status: Status) -> &'static str {
    match status {
        Status::Queued => "En espera",
        Status::Running => "En curso",
        Status::Done => "Completa",
        Status::Failed => "Fallida",
        Status::Cancelled => "Cancelada",
    }
}

/// What a state means.
pub fn tone(status: Status) -> Tone {
    match status {
        Status::Queued | Status::Running => Tone::Info,
        Status::Done => Tone::Good,
        Status::Failed => Tone::Bad,
        Status::Cancelled => Tone::Attention,
    }
}

/// Why an export failed, by its code.
pub fn error(code: &str) -> &'static str {
    match code {
        "changed" => "Apareció un campo nuevo mientras se exportaba. Exportá de nuevo, o elegí los campos.",
        "too_many_columns" => {
            "Hay más campos distintos de los que entran en una tabla. Elegí los campos, o usá JSON Lines."
        }
        "timed_out" => "La base de datos tardó demasiado. Probá con un filtro más chico.",
        "unavailable" => "Se perdió la conexión con la base de datos. Probá de nuevo en unos minutos.",
        "refused" => "La base de datos no aceptó la consulta. Revisá el filtro.",
        "malformed" => "Hay un documento dañado que no se puede leer. Abrilo desde la lista para ver cuál es.",
        "interrupted" => "El servidor se reinició mientras se exportaba. Probá de nuevo.",
        _ => "Algo se rompió de nuestro lado. Ya quedó anotado; probá de nuevo.",
    }
}

/// Rows so far, of how many if that is known.
pub fn rows(row: &ExportRow) -> String {
    match row.total {
        Some(total) if !row.status.is_final() => {
            format!("{} de {}", integer(row.rows), counted(total.unsigned_abs(), "fila", "filas"))
        }
        _ => counted(row.rows.unsigned_abs(), "fila", "filas"),
    }
}

/// Whether personal values are in it, and why.
pub fn personal(row: &ExportRow) -> String {
    match &row.reason {
        Some(reason) if row.include_personal => format!("Incluidos. Motivo: {reason}"),
        _ => "Ocultos".into(),
    }
}

/// How far it is.
pub fn progress(row: &ExportRow) -> Progress {
    Progress {
        detail: format!("{}: {}", state(row.status), rows(row)),
        done: row.rows.unsigned_abs(),
        total: row.total.unwrap_or_default().unsigned_abs(),
        finished: row.status.is_final(),
    }
}

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

/// `--db` of `canje inspect`.
pub const CLI_DB: &str = "Base de datos; sin esto, la que está en uso";
/// `--json` of `canje inspect`.
pub const CLI_JSON: &str = "Escribe el resultado como JSON en una línea";

/// A collection is being read.
pub fn cli_counting(collection: &str) -> String {
    format!("Contando {collection}…")
}

/// No such database.
pub fn cli_unknown_database(name: &str, known: &[String]) -> String {
    format!("No hay ninguna base «{name}». Las que hay: {}.", known.join(", "))
}
