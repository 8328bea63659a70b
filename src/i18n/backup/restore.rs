//! Words of restores.

use crate::backup::restore::Bucket;
use crate::dump::compare::Difference;
use crate::dump::hash::Digest;
use crate::i18n::number::{counted, integer};

pub const PRELUDE_DIFFERS: &str = "el índice del archivo no nombra las mismas colecciones que el manifiesto firmado";
pub const NOT_CHOSEN: &str = "no se eligió";
pub const IN_ALREADY: &str = "ya estaba restaurada y comparada";
pub const AUTOMATIC: &str = "prueba automática";
pub const NO_PARTS: &str = "el backup no tiene partes";
pub const NO_DOCUMENT: &str = "Control con un documento borrado: no aplica, el backup no tiene documentos.";
pub const NO_INDEX: &str = "Control con un índice borrado: no aplica, no hay índices además de _id_.";
pub const NOT_RESTORED: &str = "la colección no llegó a restaurarse";
pub const DO_NOT_TRUST: &str =
    "No uses este backup como única copia: hacé otro y mirá si vuelve a pasar. Los anteriores siguen en su lugar.";
pub const TTL_LEFT_OUT: &str = "tiene vencimiento automático (TTL): en la copia de prueba no se activó, para que no borre \
     documentos mientras se compara; la definición verdadera está en el backup";
pub const VIEW: &str = "la vista restaurada no contesta lo mismo que su definición sobre los datos restaurados";

pub fn definition_differs(namespace: &str) -> String {
    format!("la definición de {namespace} en el archivo no es la que firma el manifiesto")
}

pub fn exists(database: &str) -> String {
    format!("la base «{database}» ya existe; no se restaura encima de nada")
}

pub fn not_ours(database: &str) -> String {
    format!("«{database}» no es una base hecha por una restauración de prueba: no se toca")
}

pub fn defining(namespace: &str) -> String {
    format!("al crear {namespace}")
}

pub fn not_created(error: &str) -> String {
    format!("el servidor no la pudo crear igual: {error}")
}

pub fn definition(difference: &Difference) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nada".into());
    format!("{}: el backup dice {}, la copia {}", difference.part, side(&difference.expected), side(&difference.found))
}

pub fn document(id: Option<&str>, what: &str) -> String {
    match id {
        Some(id) => format!("{what} (_id {id})"),
        None => what.to_owned(),
    }
}

pub fn digest(expected: &Digest, found: &Digest) -> String {
    format!(
        "el backup tiene {} y {}, la copia {} y {}; la huella {}",
        documents(expected.documents),
        counted(expected.bytes, "byte", "bytes"),
        documents(found.documents),
        counted(found.bytes, "byte", "bytes"),
        if expected.h_set == found.h_set { "coincide" } else { "no coincide" }
    )
}

fn documents(count: u64) -> String {
    counted(count, "documento", "documentos")
}

pub fn short(expected: u64, loaded: u64) -> String {
    format!("el manifiesto firma {}, el archivo trajo {}", documents(expected), integer(loaded))
}

pub fn compared(scratch: &str, source: &str, read: u64, equal: usize, collections: usize) -> String {
    format!(
        "«{source}» se restauró en {scratch}: {} leídos de vuelta; {} de {} con la misma huella que el backup.",
        documents(read),
        integer(equal as u64),
        counted(collections as u64, "colección", "colecciones"),
    )
}

pub fn inserted(scratch: &str, sent: u64) -> String {
    format!("{scratch}: {} enviados y todos confirmados por el servidor.", documents(sent))
}

pub fn capped(collections: usize) -> String {
    format!("{} con el mismo orden.", counted(collections as u64, "colección limitada", "colecciones limitadas"))
}

pub fn defined(namespaces: usize, indexes: usize) -> String {
    format!(
        "Opciones, validadores e índices comparados uno por uno: {}, {}.",
        counted(namespaces as u64, "colección o vista", "colecciones y vistas"),
        counted(indexes as u64, "índice", "índices"),
    )
}

pub fn bucket(namespace: &str, bucket: &Bucket) -> String {
    format!("{namespace}: {} con todos sus pedazos.", counted(bucket.complete, "archivo", "archivos"))
}

pub fn incomplete(bucket: &Bucket) -> String {
    format!(
        "igual que en el origen: {} (_id {}), {}",
        counted(bucket.incomplete_files, "archivo incompleto", "archivos incompletos"),
        if bucket.incomplete.is_empty() { "—".into() } else { bucket.incomplete.join(", ") },
        counted(bucket.orphans, "archivo sin ficha", "archivos sin ficha"),
    )
}

pub fn view(namespace: &str, documents: usize) -> String {
    format!("{namespace}: {} iguales por la vista y por su definición.", self::documents(documents as u64))
}

pub fn view_unanswered(why: &str) -> String {
    format!("la vista no se puede consultar en este servidor, tampoco por su definición: {why}")
}

pub fn flipped(part: u32, at: usize) -> String {
    format!("un bit cambiado en la parte {part}, byte {}", integer(at as u64))
}

pub fn deleted(namespace: &str) -> String {
    format!("un documento borrado de la copia de {namespace}")
}

pub fn index_dropped(namespace: &str, index: &str) -> String {
    format!("el índice {index} borrado de la copia de {namespace}")
}

pub fn not_damaged(namespace: &str) -> String {
    format!("no se pudo dañar la copia de {namespace} para el control")
}

pub fn control_found(what: &str) -> String {
    format!("Se dañó una copia a propósito y la verificación lo encontró: {what}.")
}

pub fn control_missed(what: &str) -> String {
    format!("el verificador no sabe fallar: no encontró {what}")
}

pub fn not_removed(database: &str, error: &anyhow::Error) -> String {
    format!("la base de prueba {database} no se pudo borrar ({error}); la próxima prueba de este backup la borra")
}

pub fn read_only(key: &str) -> String {
    format!("es una copia para el control, no se escribe en ella: {key}")
}
