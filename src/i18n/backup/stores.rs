//! What stores say.

use std::path::Path;

pub fn missing(key: &str) -> String {
    format!("no existe {key}")
}

pub fn occupied(key: &str) -> String {
    format!("ya hay otro archivo en {key}: no se pisa")
}

pub fn bad_key(key: &str) -> String {
    format!("nombre no permitido: {key:?}")
}

pub fn disk_full(key: &str) -> String {
    format!("no queda espacio en el disco para {key}")
}

pub fn no_permission(key: &str) -> String {
    format!("sin permiso para {key}")
}

pub fn disk(key: &str, error: &std::io::Error) -> String {
    format!("el disco no respondió como debía con {key}: {error}")
}

pub fn folder_place(root: &Path) -> String {
    format!("carpeta {}", root.display())
}
