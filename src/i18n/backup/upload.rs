//! Words of verifying a file that somebody brings.

use crate::backup::verify::Comparison;
use crate::i18n::format;
use crate::ui::Tone;

pub const TITLE: &str = "Verificar un archivo";
pub const PURPOSE: &str = "Subí un backup descargado, un archivo o carpeta empaquetada de mongodump, o un .tar.gz del sistema anterior: se lee entero y se dice qué tiene y qué le falta.";
pub const FILE: &str = "Archivo";
pub const SUBMIT: &str = "Verificar archivo";
pub const STARTED: &str = "El archivo llegó entero. Lo estamos leyendo.";
pub const NO_FILE: &str = "Elegí un archivo que no esté vacío.";
pub const BROKEN_OFF: &str = "El archivo no llegó entero. Probá de nuevo.";
pub const NO_ROOM: &str =
    "No hay lugar en el disco para ese archivo. Verificalo en el servidor con «canje backup verify».";
pub const RECENT: &str = "Archivos verificados";
pub const NONE: &str = "Todavía no se verificó ningún archivo";
pub const COLUMN_FILE: &str = "Archivo";
pub const COLUMN_STATE: &str = "Resultado";
pub const COLUMN_WHAT: &str = "Qué es";
pub const COLUMN_SIZE: &str = "Tamaño";
pub const COLUMN_WHEN: &str = "Cuándo";
pub const COLUMN_WHO: &str = "Quién";
pub const WAITING: &str = "En cola";
pub const READING: &str = "Leyendo";
pub const GOOD: &str = "Sin problemas";
pub const BAD: &str = "Con problemas";
pub const FAILED: &str = "No se pudo leer";
pub const UNKNOWN_FORMAT: &str = "formato desconocido";
pub const REFRESH: &str = "Actualizar";
pub const READING_BODY: &str = "Se lee cada documento del archivo; uno grande tarda varios minutos.";
pub const VERDICT_GOOD: &str = "El archivo está entero: se leyó completo y no se encontró nada mal.";
pub const VERDICT_BAD: &str = "El archivo no está bien: mirá qué se encontró antes de confiar en él.";
pub const GONE: &str = "El archivo ya no estaba cuando se lo iba a leer. Subilo de nuevo.";
pub const DELETED: &str = "El archivo ya se borró de este servidor; queda solo este informe.";
pub const COLLECTIONS: &str = "Qué contiene";
pub const COMPARE: &str = "Comparar con una base";
pub const COMPARE_PURPOSE: &str = "Cuenta cada colección de la base en este momento.";
pub const COMPARE_BASE: &str = "Base";
pub const COMPARE_SUBMIT: &str = "Comparar cantidades";
pub const COLUMN_COLLECTION: &str = "Colección";
pub const COLUMN_LIVE: &str = "En la base";
pub const COLUMN_HERE: &str = "En el archivo";
pub const COLUMN_COMPARED: &str = "Comparación";
pub const COLUMN_HASH: &str = "Hash";
pub const COMPLETE: &str = "El archivo tiene todo lo que hay en la base.";
pub const INCOMPLETE: &str = "Al archivo le falta algo de lo que hay en la base.";
pub const NO_SUCH_BASE: &str = "Esa base no existe.";

pub fn limit(bytes: &str) -> String {
    format!(
        "Hasta {bytes}. Se borra de este servidor apenas termina la lectura. Los más grandes se verifican con «canje backup verify»."
    )
}

pub fn too_large(bytes: &str) -> String {
    format!("El archivo pasa de {bytes}. Verificalo en el servidor con «canje backup verify».")
}

/// What the job leaves on record.
pub fn result(findings: usize) -> String {
    match findings {
        0 => GOOD.to_owned(),
        count => format::counted(count as u64, "hallazgo", "hallazgos"),
    }
}

/// A comparison in words, and its dot.
pub fn comparison(comparison: Comparison) -> (&'static str, &'static str) {
    match comparison {
        Comparison::Ok => ("OK", "igual cantidad"),
        Comparison::MissingInBackup => ("MISSING_IN_BACKUP", "falta en el archivo"),
        Comparison::ExtraInBackup => ("EXTRA_IN_BACKUP", "solo en el archivo"),
        Comparison::CountMismatch => ("COUNT_MISMATCH", "otra cantidad"),
        Comparison::ChecksumMismatch => ("CHECKSUM_MISMATCH", "dañada"),
    }
}

/// How loud it is.
pub fn tone(severity: crate::backup::model::Severity, comparison: Comparison) -> Tone {
    match comparison {
        Comparison::Ok => Tone::Good,
        _ => super::proof::severity_tone(severity),
    }
}
