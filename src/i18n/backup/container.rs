//! What is said about stored backups.

pub const BAD_SIGNATURE: &str = "la firma del manifiesto no corresponde a ninguna clave de confianza";
pub const BAD_MANIFEST: &str = "el manifiesto no se puede leer";
pub const BAD_PRIVATE: &str = "el manifiesto privado no es el que el manifiesto público nombra";
pub const CANNOT_DECRYPT: &str = "no se pudo descifrar con ninguna de nuestras claves";
pub const NEEDS_KEYS: &str = "hacen falta --identity y --trust";

pub fn cannot_fetch(key: &str) -> String {
    format!("no se pudo traer {key}")
}

pub fn unknown_format(format: &str) -> String {
    format!("formato de backup desconocido: {format:?}")
}

pub fn part_differs(index: u32) -> String {
    format!("la parte {index} no es la que el manifiesto nombra")
}

pub fn unknown_backup(id: &str) -> String {
    format!("no hay ningún backup {id} registrado")
}

pub fn nowhere(id: &str) -> String {
    format!("el backup {id} no está en ningún destino configurado")
}

pub fn cannot_open(id: &str, store: &str) -> String {
    format!("el backup {id} no se pudo abrir desde {store}")
}

pub fn cannot_create(path: &str) -> String {
    format!("no se pudo crear {path}; si ya existe, elegí otro nombre")
}
