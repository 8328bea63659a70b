//! What the command line says of itself.

/// The program.
pub const ABOUT: &str = "Canje: campañas de contenido a cambio de productos";
/// `canje serve`.
pub const SERVE: &str = "Abre la base, la prepara y atiende el sitio";
/// `canje serve --no-worker`.
pub const NO_WORKER: &str = "No hace el trabajo de fondo: lo hace otro proceso";
/// `canje worker`.
pub const WORKER: &str = "Hace el trabajo de fondo, sin atender el sitio";
/// `canje jobs`.
pub const JOBS: &str = "Muestra las tareas y ejecuta una ahora";
/// `canje import`.
pub const IMPORT: &str = "Importa un dump de MongoDB y verifica cada documento";
/// `canje adopt`.
pub const ADOPT: &str = "Adopta una base anterior en la base viva, con informe";
/// `canje inspect`.
pub const INSPECT: &str = "Lista las colecciones de una base, contadas ahora";
/// `canje webhooks`.
pub const WEBHOOKS: &str = "Reprocesa entregas recibidas";
/// `canje users`.
pub const USERS: &str = "Crea cuentas, las lista y cambia roles";
/// `canje notifications`.
pub const NOTIFICATIONS: &str = "Lista los avisos del sistema";
/// `canje emulators`.
pub const EMULATORS: &str = "Corre los servicios simulados solos, para desarrollar y probar";
/// `canje assets`.
pub const ASSETS: &str = "Prepara los archivos del sitio (estilos, tipografías, wasm)";

/// A command that didn't do what it was asked.
pub fn failed(error: &anyhow::Error) -> String {
    format!("No se pudo: {error:#}")
}
/// The site's files are in place.
pub fn assets_built(files: usize, has_wasm: bool) -> String {
    let islands = if has_wasm { "con islas" } else { "sin islas: falta la compilación para el navegador" };
    format!("Sitio preparado: {files} archivos, {islands}.")
}
