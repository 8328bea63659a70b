//! What is said about local files, the previous system's backups, and on the command line.

use crate::backup::model::Finding;
use crate::backup::verify::Report;
use crate::i18n::format::{integer, size};

pub const FORMAT_UNKNOWN: &str = "formato desconocido";
pub const FORMAT_MANIFEST: &str = "manifiesto público de un backup de Canje";
pub const FORMAT_LEGACY_MANIFEST: &str = "manifiesto de un backup del sistema anterior";
pub const LEGACY_CURRENT: &str = "con cantidades, tamaños y MD5";
pub const LEGACY_COUNTS: &str = "solo con cantidades";
pub const LEGACY_OLDEST: &str = "sin manifiesto";
pub const LEGACY_BROKEN: &str = "con el manifiesto dañado";
pub const NOT_TEXT: &str = "no es texto UTF-8";
pub const NO_CHECKSUMS: &str = "una carpeta de mongodump no trae cantidades ni sumas de control: si un archivo fue cortado justo entre dos documentos, no se puede saber";
pub const EMPTY_FOLDER: &str = "la carpeta no contiene ningún backup";
pub const FOREIGN_FILE: &str = "archivo que no es parte de un mongodump";
pub const FILE_TWICE: &str = "está dos veces";
pub const NO_METADATA: &str =
    "tiene documentos pero falta su definición (.metadata.json): se perderían los índices y las opciones";
pub const NO_DATA_FILE: &str = "tiene definición pero falta el archivo con sus documentos";
pub const BAD_FILE_NAME: &str = "nombre de archivo que mongodump no escribe";
pub const NOT_A_LEGACY_MANIFEST: &str = "no es un manifiesto conocido";
pub const NO_COUNT: &str = "el manifiesto no dice cuántos documentos tiene";
pub const COLLECTIONS: &str = "colecciones";
pub const DOCUMENTS: &str = "documentos";
pub const EXCLUDED_BY_LEGACY: &str = "el sistema anterior la dejó afuera";
pub const ONLY_A_MANIFEST: &str = "es solo el manifiesto, sin los archivos: lo que dice no se puede probar";
pub const TAR_TRAILING: &str = "hay bytes de más después del final";
pub const TAR_BROKEN: &str = "el tar está dañado o cortado: no se puede leer el resto";
pub const EMPTY_WITHOUT_FILE: &str = "figura vacía en el manifiesto y no tiene archivo";
pub const NOT_IN_LEGACY_MANIFEST: &str = "está en el backup pero el manifiesto no la nombra";
pub const EMPTY_LEGACY: &str = "no contiene ninguna colección";
pub const NO_LEGACY_MANIFEST: &str = "no trae manifiesto: no hay con qué comparar las cantidades";
pub const NO_DEFINITIONS: &str = "este formato no guarda índices, opciones ni validadores";
pub const NEEDS_KEYS: &str = "hacen falta --identity y --trust";
pub const BROKE_OFF: &str = "la verificación se interrumpió";
pub const NEVER_STORED: &str = "esta copia no llegó a guardarse entera";
pub const NOT_CONFIGURED: &str = "este destino ya no está configurado";
pub const NOWHERE: &str = "el backup no está en ningún destino";
pub const UNKNOWN: &str = "no hay ningún backup registrado con ese identificador";
pub const ALL_WELL: &str = "Todo en orden.";
pub const NOT_WELL: &str = "Hay hallazgos: no des por buena esta copia.";

pub fn format_archive(layer: Option<&str>, server: &str) -> String {
    match layer {
        Some(layer) => format!("archivo de mongodump ({layer}, servidor {server})"),
        None => format!("archivo de mongodump (servidor {server})"),
    }
}

pub fn format_directory(server: &str) -> String {
    if server.is_empty() { "carpeta de mongodump".into() } else { format!("carpeta de mongodump (servidor {server})") }
}

pub fn format_legacy(form: &str) -> String {
    format!("backup del sistema anterior, {form}")
}

pub fn unknown_file(manifest: &str) -> String {
    format!("no es un archivo de mongodump, ni un backup del sistema anterior, ni un backup guardado o su {manifest}")
}

pub fn header_has_also(name: &str, value: &str) -> String {
    format!("el encabezado trae además {name}: {value}")
}

pub fn crc_equal(collections: usize, documents: i64) -> String {
    format!(
        "{} colecciones con {} documentos; el CRC de cada una coincide con el que trae el archivo.",
        integer(collections as i64),
        integer(documents)
    )
}

pub fn broken_layer(at: &str) -> String {
    format!("los datos comprimidos están dañados ({at})")
}

pub fn bad_legacy_manifest(line: usize, column: usize) -> String {
    format!("el manifiesto no se puede leer (línea {line}, columna {column})")
}

pub fn failed_collection(error: &str) -> String {
    format!("esa colección falló y el sistema la dio por vacía: {error}")
}

pub fn wrong_total(what: &str, stated: i64, sum: i64) -> String {
    format!("el manifiesto dice {} {what} en total y lo que enumera suma {}", integer(stated), integer(sum))
}

pub fn bad_element(what: &str, at: &str) -> String {
    format!("un elemento no es un documento JSON válido: {what} ({at})")
}

pub fn not_an_array(at: &str) -> String {
    format!("no es una lista JSON ({at})")
}

pub fn wrong_md5(stated: &str, found: &str) -> String {
    format!("el MD5 es {found} y el manifiesto dice {stated}")
}

pub fn twice_in_tar(name: &str) -> String {
    format!("«{name}» está dos veces en el tar")
}

pub fn pruned(by: &str) -> String {
    format!("esta copia se borró a propósito; lo aprobó {by}")
}

pub fn heading(store: Option<&str>, report: &Report) -> String {
    let of = match store {
        Some(store) => format!("{store}: {}", report.format),
        None => report.format.clone(),
    };
    let documents: i64 = report.namespaces.iter().map(|namespace| namespace.documents).sum();
    let collections = integer(report.namespaces.len() as i64);
    format!("{of} — {collections} colecciones, {} documentos, {} leídos", integer(documents), size(report.bytes))
}

pub fn line(severity: &str, finding: &Finding) -> String {
    match &finding.namespace {
        Some(place) => format!("[{severity}] {place}: {}", finding.detail),
        None => format!("[{severity}] {}", finding.detail),
    }
}
