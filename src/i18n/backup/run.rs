//! What runs say of themselves: steps, evidence, reasons, the command line, the jobs.

use std::io;

use crate::backup::model::BackupId;
use crate::i18n::format::size;
use crate::i18n::number::{counted, integer};

// Who acts.
pub const COMMAND_LINE: &str = "línea de comandos";
pub const WORKER: &str = "trabajo de fondo";
pub const WATCH: &str = "vigilancia de backups";
pub const DAILY: &str = "programación diaria";
pub const WEEKLY: &str = "programación semanal";

// Asking for a run.
pub const NO_STORE: &str = "No hay ningún destino configurado para los backups: configurá Cloudinary, un servicio compatible con S3 o una carpeta.";
pub const NOT_A_PATH: &str = "la ruta no se puede escribir como texto";

pub fn under_way(id: &BackupId) -> String {
    format!("Ya hay un backup en curso ({}); esperá a que termine o cancelalo.", id.short())
}

pub fn unknown_store(name: &str, known: &[&str]) -> String {
    let known = if known.is_empty() { "ninguno".to_owned() } else { known.join(", ") };
    format!("No hay un destino «{name}». Configurados: {known}. Para una carpeta, escribí su ruta (./carpeta).")
}

pub fn unknown_run(id: &BackupId) -> String {
    format!("no hay ningún backup {id} registrado")
}

// What is being done.
pub const PLANNING: &str = "Revisando claves, destinos y lugar";
pub const SCANNING: &str = "Empieza la lectura";
pub const SEALING: &str = "Comprimiendo y cifrando";
pub const REPARSING: &str = "Leyendo otra vez el archivo sellado";
pub const CHECKING_CATALOGUE: &str = "Buscando los demás backups";

pub fn sending_parts(store: &str) -> String {
    format!("Enviando las partes a {store}")
}

pub fn sending(store: &str, name: &str) -> String {
    format!("Enviando {name} a {store}")
}

pub fn reading_back(store: &str) -> String {
    format!("Leyendo la copia de {store}")
}

pub fn restoring(store: &str) -> String {
    format!("Restaurando de prueba la copia de {store}")
}

// Steps reached, with their figures.
pub fn planned(plain: u64, sealed: u64, free: u64) -> String {
    format!("Se estiman {} de datos y {} por copia; libres en este disco: {}.", size(plain), size(sealed), size(free))
}

pub fn goes_to(stores: &[String]) -> String {
    format!("Destinos: {}.", stores.join(", "))
}

pub fn sealed(collections: usize, documents: i64, bytes: u64) -> String {
    let collections = counted(collections as u64, "colección", "colecciones");
    let documents = counted(documents.unsigned_abs(), "documento", "documentos");
    format!("{collections}, {documents}, {} de archivo.", size(bytes))
}

pub fn sealed_parts(parts: usize, bytes: u64) -> String {
    format!("{}, {}.", counted(parts as u64, "parte cifrada", "partes cifradas"), size(bytes))
}

pub fn root(root: &str) -> String {
    format!("Huella de todo: {root}")
}

pub fn stored(store: &str, place: &str, parts: i32, bytes: i64) -> String {
    let parts = counted(u64::from(parts.unsigned_abs()), "parte", "partes");
    format!("{store} ({place}): {parts}, {}; el manifiesto, al final.", size(bytes.unsigned_abs()))
}

pub fn read_back(store: &str, parts: i32) -> String {
    let parts = counted(u64::from(parts.unsigned_abs()), "parte releída", "partes releídas");
    format!("{store}: {parts}; todo igual.")
}

pub fn restored(store: &str, collections: usize, documents: i64) -> String {
    let collections = counted(collections as u64, "colección", "colecciones");
    let documents = counted(documents.unsigned_abs(), "documento", "documentos");
    format!("Restaurado desde {store}: {collections} y {documents} comparados.")
}

pub fn complete(stores: usize) -> String {
    format!("Probado en {}.", counted(stores as u64, "destino", "destinos"))
}

pub fn cancelled(who: &str) -> String {
    if who.is_empty() { "Cancelado.".into() } else { format!("Cancelado por {who}.") }
}

// Evidence of checks.
pub const ALL_EQUAL_EVIDENCE: &str =
    "Cantidad, bytes, suma CRC, huellas y definición de cada colección iguales a lo leído de la base.";
pub const GRAMMAR_EVIDENCE: &str = "El archivo se leyó de punta a punta sin una sola falta.";
pub const SEE_FINDINGS: &str = "Los hallazgos dicen qué no coincide.";

pub fn reread(parts: u32, bytes: u64, namespaces: usize) -> String {
    let parts = counted(u64::from(parts), "parte", "partes");
    let namespaces = counted(namespaces as u64, "colección", "colecciones");
    format!("Se leyeron {parts}, {} y {namespaces} con un lector independiente.", size(bytes))
}

pub fn decrypted(parts: u32) -> String {
    format!("{} con la clave de operación.", counted(u64::from(parts), "parte descifrada", "partes descifradas"))
}

pub fn listed(parts: i32, bytes: i64) -> String {
    let parts = counted(u64::from(parts.unsigned_abs()), "parte", "partes");
    format!(
        "El destino nombra {parts} sin huecos, {}, los dos manifiestos y la firma; nada más.",
        size(bytes.unsigned_abs())
    )
}

pub fn catalogue_present(present: usize) -> String {
    format!("{} en su lugar con su huella.", counted(present as u64, "copia", "copias"))
}

pub fn catalogue_unseen(store: &str, backup: &str, why: &str) -> String {
    format!("No se pudo mirar {backup} en {store}: {why}.")
}

// Findings.
pub const NAMESPACE_MISSING: &str = "no está en la copia";
pub const NAMESPACE_SURPLUS: &str = "está en la copia y no se leyó de la base";
pub const NONE: &str = "ninguna";
pub const DOCUMENTS: &str = "documentos";
pub const BYTES: &str = "bytes";
pub const INDEXES: &str = "índices";
pub const KIND: &str = "tipo";
pub const STORE_REMEDY: &str = "Revisá las credenciales, la cuota y el estado del servicio, y pedí otro backup. Lo que quedó ahí se ve en «canje backup list».";
pub const SHRANK_REMEDY: &str =
    "Si nadie borró eso a propósito, compará este backup con el anterior antes de que la política borre nada.";
pub const VANISHED_REMEDY: &str =
    "Averiguá quién lo borró del destino; mientras tanto hay una copia menos. Un backup nuevo no lo reemplaza.";
pub const MANIFEST_CHANGED: &str = "su manifiesto no es el que se guardó";
pub const MANIFEST_GONE: &str = "su manifiesto ya no está";
pub const UNMOUNTED: &str = "esa carpeta no está montada";
pub const NEVER_SENT: &str = "no hay ninguna copia";

pub fn differs(what: &[String]) -> String {
    format!("no es lo que se leyó de la base: {}", what.join(", "))
}

pub fn figure_differs(what: &str, expected: i64, found: i64) -> String {
    format!("{what} {} en lugar de {}", integer(found), integer(expected))
}

pub fn text_differs(what: &str, expected: &str, found: &str) -> String {
    format!("{what} {found} en lugar de {expected}")
}

pub fn root_differs(expected: &str, found: &str) -> String {
    format!("la huella de todo es {found} en lugar de {expected}")
}

pub fn not_listed(store: &str) -> String {
    format!("{store} no lo nombra después de guardarlo")
}

pub fn size_differs(expected: u64, found: u64) -> String {
    format!("tiene {} bytes en lugar de {}", integer(found), integer(expected))
}

pub fn not_ours(store: &str) -> String {
    format!("está en {store} y no lo guardó este backup")
}

pub fn in_store(store: &str, detail: &str) -> String {
    format!("en {store}: {detail}")
}

pub fn vanished(store: &str, backup: &str, detail: &str) -> String {
    format!("el backup {backup} de {store}: {detail}")
}

pub fn archive_shrank(before: i64, after: i64) -> String {
    format!("el archivo pesa {} y el anterior pesaba {}", size(after.unsigned_abs()), size(before.unsigned_abs()))
}

pub fn shrank(name: &str, before: i64, after: i64) -> String {
    format!("{name} tiene {} documentos y tenía {}", integer(after), integer(before))
}

// Reasons a run fails.
pub const SILENT: &str =
    "No dio señales de vida durante cinco minutos: el proceso que lo hacía murió. No cuenta como backup; pedí otro.";
pub const DATABASE: &str = "la base de datos no respondió como debía";
pub const CANNOT_SCAN: &str = "no se pudo leer la base";
pub const CANNOT_SEAL: &str = "no se pudo sellar el archivo";
pub const CANNOT_RESTORE: &str = "no se pudo hacer la restauración de prueba";
pub const SPOOL_GONE: &str = "los archivos sellados ya no están en el disco: pedí otro backup";
pub const NOT_ALL_RESTORED: &str = "la restauración de prueba no dio todas las colecciones iguales";

pub fn found(first: &str, others: usize) -> String {
    match others {
        0 => first.to_owned(),
        _ => format!("{first} (y {} más)", counted(others as u64, "hallazgo", "hallazgos")),
    }
}

pub fn disk(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no queda espacio en el disco".into(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "sin permiso en el disco".into(),
        kind => format!("el disco o la red no respondieron como debían ({kind})"),
    }
}

pub fn store_gone(name: &str) -> String {
    format!("el destino {name} ya no está configurado")
}

pub fn store_failed(name: &str, why: &str) -> String {
    format!("{name}: {why}")
}

pub fn no_local_room(free: u64, needed: u64) -> String {
    format!(
        "no alcanza el disco de este servidor: hay {} libres y hacen falta {}; liberá espacio o cambiá CANJE_DATA_DIR",
        size(free),
        size(needed)
    )
}

pub fn no_room(store: &str, free: u64, needed: u64) -> String {
    format!(
        "no alcanza el lugar en {store}: quedan {} y hacen falta {}; borrá backups viejos con la política o ampliá la cuota",
        size(free),
        size(needed)
    )
}

pub fn too_small(bytes: u64) -> String {
    format!("el destino solo acepta archivos de {}: no entra ni una parte", size(bytes))
}

pub fn chain_taken(store: &str) -> String {
    format!("el lugar en la cadena de {store} lo tomó otro backup")
}

pub fn part_unknown(index: i32) -> String {
    format!("el manifiesto no nombra la parte {index}")
}

pub fn part_changed(index: u32) -> String {
    format!("la parte {index} no es la que se guardó")
}

// Jobs.
pub const NOTHING_TO_DRILL: &str = "no hay ningún backup completo para ensayar";

pub fn postponed(other: &BackupId) -> String {
    format!("Hay otro en curso ({}); se intenta de nuevo en diez minutos.", other.short())
}

pub fn drilled(backup: &str, store: &str) -> String {
    format!("El backup {backup} se restauró desde {store} y es igual.")
}

pub fn drill_failed(backup: &str, why: &str) -> String {
    format!("El ensayo con el backup {backup} falló: {why}")
}

pub fn reread_done(copies: u64, parts: u64, bad: u64, unseen: u64, vanished: u64) -> String {
    format!(
        "{}, {} bien; {} mal, {} sin poder leer, {} desaparecidas.",
        counted(copies, "copia", "copias"),
        counted(parts, "parte releída", "partes releídas"),
        integer(bad),
        integer(unseen),
        integer(vanished)
    )
}
