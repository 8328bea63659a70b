//! Words of the screens of comparisons.

use jiff::Timestamp;

pub use super::diff::{FAILED, no_database, not_in_it, part, remarks, sentence};
use crate::backup::diff::{Change, CollectionDiff, Kind, Limits, Which};
use crate::backup::model::Progress;
use crate::backup::record::DiffRecord;
use crate::i18n::format;
use crate::i18n::number::{counted, integer};
use crate::ui::Tone;

/// The part of the back office.
pub const BACKUPS: &str = "Backups";
/// The page.
pub const TITLE: &str = "Comparar";
/// What it is for.
pub const PURPOSE: &str =
    "Dos bases, documento por documento: qué es igual, qué cambió y qué está en una sola. No modifica ninguna.";
/// A comparison.
pub const RESULT: &str = "Comparación";
pub const LEFT: &str = "Izquierda";
pub const RIGHT: &str = "Derecha";
/// Under the form.
pub const SIDES_HINT: &str =
    "Datos en vivo, previsualizaciones, bases importadas y las bases de los backups completos más nuevos.";
/// Nothing chosen.
pub const CHOOSE_HERE: &str = "Elegí una base";
pub const CHOOSE: &str = "Elegí qué comparar.";
pub const SAME: &str = "Es lo mismo que a la izquierda: elegí otra base u otro backup.";
pub const ONLY_COMMAND_LINE: &str =
    "Los archivos de mongodump se comparan desde la línea de comandos, con «canje diff».";
pub const NO_BACKUP: &str = "Ese backup no está completo o ya no se conserva.";
pub const START: &str = "Comparar las dos bases";
pub const STARTED_NOTICE: &str = "La comparación está en marcha: esta página muestra cómo va.";
pub const BEFORE: &str = "Comparaciones anteriores";
pub const NONE: &str = "Todavía no hay comparaciones";
pub const NONE_HINT: &str = "Elegí dos bases arriba: por ejemplo, los datos en vivo y el último backup.";
pub const COLUMN_SIDES: &str = "Qué";
pub const COLUMN_RESULT: &str = "Resultado";
pub const COLUMN_WHO: &str = "Quién";
pub const COLUMN_WHEN: &str = "Cuándo";
pub const COLUMN_COLLECTION: &str = "Colección";
pub const COLUMN_BESIDES: &str = "Estado";
pub const COLUMN_PART: &str = "Parte";
pub const COLUMN_FIELD: &str = "Campo";
pub const COLUMN_CHANGE: &str = "Diferencia";
pub const ASKED: &str = "Pedida";
pub const FINISHED: &str = "Terminó";
pub const REFRESH: &str = "Actualizar";
pub const AGAIN: &str = "Comparar otra vez";
pub const RUNNING: &str = "Comparando";
pub const NOT_COMPARED: &str = "No se pudo comparar";
pub const DIFFERING: &str = "Colecciones que difieren";
pub const CHANGED: &str = "Cambiados";
pub const ONLY_LEFT: &str = "Solo izq.";
pub const ONLY_RIGHT: &str = "Solo der.";
pub const UNIT_LEFT: &str = "a la izquierda";
pub const UNIT_RIGHT: &str = "a la derecha";
pub const UNIT_CHANGED: &str = "cambiados";
pub const UNIT_ONLY_LEFT: &str = "solo a la izquierda";
pub const UNIT_ONLY_RIGHT: &str = "solo a la derecha";
pub const EXPORT_CSV: &str = "Descargar las diferencias (CSV)";
pub const EXPORT_LINES: &str = "Descargar (JSON)";
pub const TABS: &str = "Documentos que difieren";
pub const DEFINITION: &str = "Definición";
pub const FIELDS: &str = "Campos que difieren";
pub const WHOLE: &str = "Colección";
pub const GONE: &str = "Estos documentos ya no se conservan";
pub const GONE_HINT: &str =
    "El detalle de una comparación se guarda 30 días; los totales quedan. Para verlo, compará otra vez.";
pub const MOVED_ON: &str = "Cambió otra vez mientras se comparaba: compará de nuevo para verlo.";
/// The columns of the file.
pub const EXPORT_HEAD: [&str; 8] =
    ["Colección", "Diferencia", "_id", "Campo", "Cambio", "Tipo", "Izquierda", "Derecha"];

/// The file.
pub fn file_name(day: &str, ending: &str) -> String {
    format!("diferencias_{day}.{ending}")
}

/// The database the platform runs on.
pub fn live(name: &str) -> String {
    format!("Datos en vivo · {name}")
}

/// Made by a restore.
pub fn restored(name: &str, is_preview: bool) -> String {
    if is_preview { format!("Previsualización · {name}") } else { format!("Restaurada · {name}") }
}

/// Made by an import.
pub fn imported(name: &str) -> String {
    format!("Importada · {name}")
}

/// Any other.
pub fn other(name: &str) -> String {
    format!("Base {name}")
}

/// A database of a backup, in the form.
pub fn of_backup(name: &str, taken_at: Option<Timestamp>, now: Timestamp, short: &str) -> String {
    let at = taken_at.map(|at| format::moment(at, now)).unwrap_or_default();
    format!("Backup {short} · {at} · {name}")
}

/// A database of a backup.
pub fn backup(short: &str, name: &str) -> String {
    format!("Backup {short} · {name}")
}

/// Both sides.
pub fn against(left: &str, right: &str) -> String {
    format!("{left} ↔ {right}")
}

/// How a comparison is, or what came of it.
pub fn outcome(diff: &DiffRecord) -> (Tone, &'static str) {
    match (diff.state.as_str(), &diff.report) {
        ("done", Some(report)) if report.get_bool("equal").is_ok_and(|equal| equal) => (Tone::Good, "Iguales"),
        ("done", _) => (Tone::Attention, "Difieren"),
        ("failed", _) => (Tone::Bad, "No se pudo"),
        ("running", _) => (Tone::Info, "En curso"),
        _ => (Tone::Neutral, "En cola"),
    }
}

/// How far it is.
pub fn progress(told: &Progress) -> String {
    let read = counted(told.documents.unsigned_abs(), "documento leído", "documentos leídos");
    if told.current.is_empty() { read } else { format!("{read} · {}", told.current) }
}

/// A collection's state.
pub fn row_state(row: &CollectionDiff) -> (Tone, &'static str) {
    match (row.is_equal(), row.missing) {
        (true, _) => (Tone::Good, "Igual"),
        (_, Some(Which::Left)) => (Tone::Bad, "Falta a la izquierda"),
        (_, Some(Which::Right)) => (Tone::Bad, "Falta a la derecha"),
        _ if row.incomparable => (Tone::Attention, "No se puede comparar"),
        _ if row.order_differs => (Tone::Attention, "Otro orden"),
        _ if row.changed + row.only_left + row.only_right == 0 => (Tone::Attention, "Otra definición"),
        _ => (Tone::Attention, "Difiere"),
    }
}

/// What else differs, in a few words.
pub fn besides(row: &CollectionDiff) -> Option<String> {
    let count = row.definitions.len() as u64;
    (count > 0).then(|| counted(count, "diferencia en su definición", "diferencias en su definición"))
}

/// The ones without a difference.
pub fn equal_ones(count: u64) -> String {
    counted(count, "colección igual", "colecciones iguales")
}

/// A kind of documents.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Changed => "Cambiados",
        Kind::OnlyLeft => "Solo a la izquierda",
        Kind::OnlyRight => "Solo a la derecha",
    }
}

/// There are none.
pub fn none_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Changed => "Ningún documento cambiado",
        Kind::OnlyLeft => "Ningún documento está solo a la izquierda",
        Kind::OnlyRight => "Ningún documento está solo a la derecha",
    }
}

/// What happened to a field; a document that one side has is all its fields.
pub fn change(change: Change, kind: Kind) -> (Tone, &'static str) {
    match (change, kind) {
        (Change::Added | Change::Removed | Change::Repeated, Kind::OnlyLeft | Kind::OnlyRight) => {
            (Tone::Neutral, "Está")
        }
        (Change::Added, _) => (Tone::Attention, "Solo a la derecha"),
        (Change::Removed, _) => (Tone::Attention, "Solo a la izquierda"),
        (Change::Value, _) => (Tone::Attention, "Otro valor"),
        (Change::Type, _) => (Tone::Attention, "Otro tipo"),
        (Change::Order, _) => (Tone::Attention, "Otro orden"),
        (Change::Repeated, _) => (Tone::Attention, "Nombre repetido"),
        (Change::Bytes, _) => (Tone::Attention, "Otros bytes"),
    }
}

/// A field's path.
pub fn path(path: &str) -> String {
    if path.is_empty() { "(documento)".into() } else { path.to_owned() }
}

/// Fields that aren't shown.
pub fn more_fields(count: i32) -> String {
    let count = u64::from(count.unsigned_abs());
    format!("Y {} más que no se muestran.", counted(count, "campo", "campos"))
}

/// «20 de 1.204 documentos».
pub fn of_total(shown: u64, total: u64) -> String {
    let documents = counted(total, "documento", "documentos");
    let most = integer(Limits::SHOWN.samples as u64);
    match total > Limits::SHOWN.samples as u64 {
        true => format!("{} de {documents}; se guardan los primeros {most} para mostrar", integer(shown)),
        false => format!("{} de {documents}", integer(shown)),
    }
}

/// Rows of the list.
pub fn shown(count: u64) -> String {
    counted(count, "comparación en esta página", "comparaciones en esta página")
}

/// Where a document lies in a file or backup.
pub fn place(left: Option<i64>, right: Option<i64>) -> Option<String> {
    let byte = |at: i64| integer(at);
    match (left, right) {
        (Some(left), Some(right)) => {
            Some(format!("En el byte {} de la izquierda y {} de la derecha.", byte(left), byte(right)))
        }
        (Some(left), None) => Some(format!("En el byte {} de la izquierda.", byte(left))),
        (None, Some(right)) => Some(format!("En el byte {} de la derecha.", byte(right))),
        (None, None) => None,
    }
}

/// A collection's numbers, for the file.
pub fn totals(row: &CollectionDiff) -> String {
    let most = integer(Limits::SHOWN.samples as u64);
    format!(
        "{} a la izquierda, {} a la derecha: {} cambiados, {} solo a la izquierda, {} solo a la derecha (hasta {most} de cada clase en este archivo).",
        integer(row.left),
        integer(row.right),
        integer(row.changed),
        integer(row.only_left),
        integer(row.only_right)
    )
}
