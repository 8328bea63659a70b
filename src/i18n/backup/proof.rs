//! Words of the proof page: the claim, the checks, the sides, the timeline.

use super::pages::{collections, documents, places};
use crate::backup::model::{Check, Outcome, Severity};
use crate::i18n::format;
use crate::ui::Tone;

pub const FINDINGS: &str = "Qué se encontró";
pub const REMEDY: &str = "Qué hacer";
pub const CHECKS: &str = "Comprobaciones";
pub const CHECKS_PURPOSE: &str = "Cada una se abre y muestra con qué se comprobó.";
pub const NO_CHECKS: &str = "No llegó a hacerse ninguna comprobación.";
pub const NO_EVIDENCE: &str = "Sin más detalle.";
pub const SIDES: &str = "Colección por colección";
pub const SIDES_PURPOSE: &str = "Lo que hay en el backup y lo que dio su restauración de prueba. El hash resume todos los documentos: si es igual, son los mismos bytes.";
pub const COMPARE_LIVE: &str = "Comparar con lo que hay ahora";
pub const HIDE_LIVE: &str = "Ocultar lo que hay ahora";
pub const LIVE_HINT: &str =
    "Cuenta y resume cada colección en este momento. Lo que cambió desde el backup aparece como diferencia.";
pub const COLUMN_NAMESPACE: &str = "Colección";
pub const COLUMN_LIVE: &str = "Ahora";
pub const COLUMN_BACKUP: &str = "En el backup";
pub const COLUMN_HASH: &str = "Hash";
pub const COLUMN_RESTORED: &str = "Restaurado";
pub const COLUMN_RESULT: &str = "Comparación";
pub const EQUAL: &str = "igual";
pub const DIFFERENT: &str = "distinto";
pub const NOT_RESTORED: &str = "sin probar";
pub const EXCLUDED: &str = "Qué quedó afuera y por qué";
pub const NOTHING_EXCLUDED: &str = "Nada quedó afuera.";
pub const STORES: &str = "Dónde está";
pub const NO_STORES: &str = "No llegó a ningún destino.";
pub const COLUMN_STORE: &str = "Destino";
pub const COLUMN_PLACE: &str = "Lugar";
pub const COLUMN_PARTS: &str = "Partes";
pub const COLUMN_BYTES: &str = "Bytes";
pub const COLUMN_UPLOADED: &str = "Subido";
pub const COLUMN_READ_BACK: &str = "Releído";
pub const COLUMN_RESULT_STORE: &str = "Resultado";
pub const STORE_OK: &str = "igual";
pub const STORE_WAITING: &str = "sin releer";
pub const TIMELINE: &str = "Paso a paso";
pub const NO_STEPS: &str = "Todavía no hay pasos.";
pub const PDF: &str = "Descargar acta en PDF";
pub const DOWNLOAD: &str = "Descargar backup";
pub const RESTORE: &str = "Restaurar";
pub const STATE: &str = "Estado";
pub const TAKEN_AT: &str = "Momento de los datos";
pub const LABEL: &str = "Consistencia";
pub const ROOT: &str = "Hash de todo el backup";
pub const REQUESTED_BY: &str = "Quién";
pub const TRIGGER: &str = "Origen";
pub const DURATION: &str = "Duración";
pub const SIZE: &str = "Tamaño";
pub const RESTORE_CHECKED: &str = "Restauración comparada";
pub const HOLD: &str = "Conservado";
pub const ID: &str = "Identificador";
pub const ERROR: &str = "Este backup no se completó";
pub const NOT_A_BACKUP: &str = "No lo cuentes como backup: no se probó de punta a punta.";
pub const CANCELLED: &str = "Este backup se canceló";
pub const PRUNED: &str = "Se borró de sus destinos según la política de retención";
pub const KIND_VIEW: &str = "vista";
pub const KIND_TIMESERIES: &str = "serie de tiempo";
pub const CAPPED: &str = "con tope";
pub const NOT_COMPARED: &str = "sin comparar";

/// The claim of a complete backup.
pub fn claim(at: &str, documents_: u64, collections_: u64, stores: u64) -> String {
    let copies = if stores == 1 { "la copia se releyó entera" } else { "cada copia se releyó entera" };
    format!(
        "El {at} se guardaron, byte por byte, los {} de {} en {}; {copies} y una restauración de prueba dio exactamente lo mismo.",
        documents(documents_),
        collections(collections_),
        places(stores)
    )
}

/// What is left of the claim when no store has it whole any more.
pub fn gone(at: &str) -> String {
    format!("El backup del {at} se probó de punta a punta, pero hoy no está entero en ningún destino.")
}

/// The claim's place when there is nothing to claim.
pub fn no_claim(at: &str) -> String {
    format!("El backup pedido el {at} no llegó a probarse: no vale como backup.")
}

/// What a check says when it passed.
pub fn check(check: Check) -> &'static str {
    match check {
        Check::Privileges => "El usuario puede ver todo lo que hay que guardar",
        Check::Identity => "Sabemos de qué servidor son los datos",
        Check::Fence => "Ninguna definición cambió mientras se leía",
        Check::Listed => "Cada colección listada está incluida, o excluida con su motivo",
        Check::Consistency => "La consistencia se ganó con pruebas",
        Check::Cursors => "Cada lectura llegó hasta el final",
        Check::Counts => "Se leyeron tantos documentos como se contaron",
        Check::DuplicateIds => "Ningún documento se leyó dos veces",
        Check::CappedOrder => "Las colecciones con tope conservan cantidad, bytes y orden",
        Check::Gridfs => "Los archivos de GridFS tienen todos sus trozos",
        Check::Views => "Las vistas conservan su base y su consulta",
        Check::Definitions => "Las definiciones vuelven iguales después de escribirlas y leerlas",
        Check::Archive => "El archivo cumple el formato oficial de mongodump",
        Check::Checksums => "Las sumas de control de cada colección coinciden",
        Check::Reparse => "El archivo sellado, leído de nuevo, da lo mismo que se leyó",
        Check::Parts => "No falta ni sobra ninguna parte",
        Check::Encryption => "Se descifra con nuestra clave y se descomprime",
        Check::ReadBack => "Releído desde el destino, todo es igual",
        Check::Signature => "La firma del manifiesto es nuestra",
        Check::Catalogue => "El catálogo conoce todos los backups que tiene que haber",
        Check::RestoredDefinitions => "Restaurado: mismas colecciones, opciones e índices",
        Check::RestoredDocuments => "Restaurado: los mismos documentos en cada colección",
        Check::RestoredOrder => "Restaurado: el mismo orden en las colecciones con tope",
        Check::RestoredViews => "Restaurado: las vistas responden lo mismo",
        Check::Inserted => "Se insertó exactamente lo que se envió",
        Check::Control => "Copias dañadas a propósito fueron detectadas",
        Check::Legacy => "El formato del sistema anterior se pudo leer",
    }
}

pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "cumplida",
        Outcome::Failed => "no cumplida",
        Outcome::NotApplicable => "no corresponde",
    }
}

pub fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Passed => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::NotApplicable => Tone::Neutral,
    }
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "Grave",
        Severity::Medium => "A revisar",
        Severity::Info => "Para saber",
    }
}

pub fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::High => Tone::Bad,
        Severity::Medium => Tone::Attention,
        Severity::Info => Tone::Info,
    }
}

/// «22 comprobaciones: todas cumplidas.»
pub fn checks_summary(passed: u64, failed: u64, not_applicable: u64) -> String {
    let aside = match not_applicable {
        0 => String::new(),
        1 => "; 1 no corresponde a estos datos".to_owned(),
        count => format!("; {count} no corresponden a estos datos"),
    };
    match failed {
        0 => format!("{}{aside}.", format::counted(passed, "comprobación cumplida", "comprobaciones cumplidas")),
        _ => format!(
            "{} y {}{aside}.",
            format::counted(failed, "comprobación no cumplida", "comprobaciones no cumplidas"),
            format::counted(passed, "cumplida", "cumplidas")
        ),
    }
}

/// How a collection compares with what there is now.
pub mod compared {
    pub const OK: &str = "igual";
    pub const MISSING_IN_BACKUP: &str = "falta en el backup";
    pub const EXTRA_IN_BACKUP: &str = "solo en el backup";
    pub const CHECKSUM_MISMATCH: &str = "misma cantidad, contenido distinto";

    pub fn count_mismatch(live: i64, backup: i64) -> String {
        let difference = live - backup;
        let sign = if difference > 0 { "+" } else { "−" };
        format!("{sign}{} desde el backup", super::format::integer(difference.unsigned_abs()))
    }
}

/// What is only worth knowing.
pub fn notes(count: u64) -> String {
    format::counted(count, "nota para saber", "notas para saber")
}

/// Plain and stored size.
pub fn sizes(archive: &str, stored: &str) -> String {
    format!("{archive} de datos, {stored} comprimidos y cifrados")
}
