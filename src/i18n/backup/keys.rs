//! What is said about keys.

use std::path::Path;

pub const NOT_A_SIGNING_KEY: &str = "no es una clave de firma (64 dígitos hexadecimales)";
pub const NOT_A_TRUSTED_KEY: &str = "no es una clave pública de firma (64 dígitos hexadecimales)";

pub fn no_keys(directory: &Path) -> String {
    format!("no hay claves de backup en {}: creálas con «canje keys generate»", directory.display())
}

pub fn keys_exist(directory: &Path) -> String {
    format!("ya hay claves en {}: no se pisan; para cambiarlas, «canje keys rotate»", directory.display())
}

pub fn cannot_read(path: &Path) -> String {
    format!("no se pudo leer {}", path.display())
}

pub fn cannot_write(path: &Path) -> String {
    format!("no se pudo escribir {}", path.display())
}

pub fn readable_by_others(path: &Path) -> String {
    format!("{} lo puede leer otra persona de esta máquina: ponele permisos 0600", path.display())
}

pub fn not_an_identity() -> String {
    "no es una clave privada age (AGE-SECRET-KEY-1…)".into()
}

pub fn no_keys_in_files() -> String {
    "los archivos no contienen claves".into()
}

pub fn generated(directory: &Path, recovery: &str, keys: &str) -> String {
    format!(
        "Claves creadas en {}.\n\n{keys}\n\nCLAVE DE RECUPERACIÓN (se muestra una sola vez y no se guarda en ningún lado):\n\n    {recovery}\n\n\
         Imprimila o copiala a mano, guardala lejos de esta máquina y confirmalo en /admin/backups/claves.\n\
         Con ella se puede abrir cualquier backup aunque se pierda este servidor.",
        directory.display()
    )
}

pub fn demo_keys(directory: &Path, recovery: &str) -> String {
    format!(
        "Demostración: se crearon claves de backup en {}. Clave de recuperación (solo se muestra ahora): {recovery}",
        directory.display()
    )
}

pub fn shown(keys: &str) -> String {
    format!("# Claves públicas de los backups. La línea de firma es la que se le da a --trust.\n{keys}")
}

pub fn rotated(keys: &str) -> String {
    format!("Claves cambiadas; las anteriores siguen abriendo y probando los backups viejos.\n\n{keys}")
}

pub fn key_line(kind: &str, fingerprint: &str, public: &str) -> String {
    let kind = match kind {
        "operations" => "operación",
        "recovery" => "recuperación",
        _ => "firma",
    };
    match kind {
        // As it stands, the output is a file that `--trust` takes.
        "firma" => format!("# {kind} {fingerprint}\n{public}"),
        _ => format!("# {kind} {fingerprint} {public}"),
    }
}
