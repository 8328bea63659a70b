//! Words of the page that hands a backup over.

use crate::i18n::accounts;

pub const TITLE: &str = "Descargar backup";
pub const PURPOSE: &str = "Se descarga cifrado, tal como está guardado. Acá no hay ninguna clave que lo abra.";
pub const PASSWORD: &str = "Tu contraseña";
pub const PASSWORD_HINT: &str = "La pedimos de nuevo porque el archivo contiene todos los datos. Queda en auditoría.";
pub const SUBMIT: &str = "Descargar backup cifrado";
pub const WRONG_PASSWORD: &str = "La contraseña no coincide. Revisala y probá de nuevo.";
pub const NOWHERE: &str =
    "Ningún destino configurado tiene este backup completo. Mirá su acta y volvé a intentarlo más tarde.";
pub const WITH_CANJE: &str = "Con este programa";
pub const WITH_CANJE_BODY: &str =
    "En el servidor, donde están las claves. Escribe un archivo mongodump común y se lo pasa a la herramienta oficial:";
pub const WITHOUT_CANJE: &str = "Sin este programa";
pub const WITHOUT_CANJE_BODY: &str = "Con cualquier máquina que tenga age, zstd y mongorestore. CLAVE.txt es la clave de recuperación impresa, copiada a un archivo:";
pub const RESTORE_NOTE: &str = "La herramienta oficial agrega a lo que ya existe y termina con código 0 aunque falle: restaurá siempre en una base que no exista y compará las cantidades con el acta.";
pub const VERIFY: &str = "Comprobar lo descargado";
pub const VERIFY_BODY: &str = "Relee el archivo entero y comprueba firma, partes y hashes:";
pub const WHAT: &str = "Qué se descarga";
pub const FROM: &str = "Desde";
pub const SIZE: &str = "Tamaño";
pub const COPY: &str = "Copiar";
pub const COPIED: &str = "Copiado";

/// With our program, on the server.
pub fn canje_command(id: &str) -> String {
    format!("canje backup decrypt {id} -o - | mongorestore --archive --nsFrom='*' --nsTo='recuperado_*'")
}

/// With public tools only.
pub fn plain_command(folder: &str) -> String {
    format!(
        "tar -xf {folder}.tar\nfor parte in {folder}/parts/*; do age -d -i CLAVE.txt \"$parte\" | zstd -dc; done > {folder}.archive\nmongorestore --archive={folder}.archive --nsFrom='*' --nsTo='recuperado_*'"
    )
}

pub fn verify_command(folder: &str) -> String {
    format!("canje backup verify {folder}.tar")
}

/// Why the password didn't do.
pub fn refusal(refusal: &crate::accounts::service::Refusal) -> String {
    use crate::accounts::service::Refusal;
    match refusal {
        Refusal::Locked { minutes } => accounts::locked(*minutes),
        Refusal::RateLimited { seconds } => accounts::rate_limited(*seconds),
        _ => WRONG_PASSWORD.into(),
    }
}
