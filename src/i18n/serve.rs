//! What the server says in the terminal.

use std::net::SocketAddr;

/// The port is taken, or isn't ours.
pub fn cannot_listen(address: SocketAddr) -> String {
    format!("no se puede escuchar en {address}: ¿hay otro servidor ahí? Cambiá LEPTOS_SITE_ADDR o cerrá el otro")
}
/// The server is up.
pub fn listening(base_url: &str, address: SocketAddr, host: &str) -> String {
    format!("Canje está listo en {base_url} (escucha en {address}, con {host}). Ctrl-C lo detiene.")
}
/// `canje worker` has begun.
pub const WORKING: &str = "El trabajo de fondo está en marcha. Ctrl-C lo detiene.";
/// Ctrl-C was pressed.
pub const STOPPING: &str = "Deteniendo: se terminan los pedidos en curso…";
/// Everything ended.
pub const STOPPED: &str = "Detenido. Los datos quedaron guardados.";
/// A start that was killed left a half-made database of the demonstration.
pub fn demo_discards(database: &str) -> String {
    format!("Demostración: se descarta «{database}», que quedó a medio importar")
}
/// The demonstration's dump is imported.
pub const DEMO_IMPORTS: &str = "Demostración: se importa el dump sintético y se verifica cada documento";
/// The demonstration's accounts are adopted.
pub fn demo_adopted(written: u64) -> String {
    format!("Demostración: {written} cuentas adoptadas en la base viva")
}
/// What somebody who tries it needs.
pub fn demo_accounts(password: &str, accounts: &[(String, String)]) -> String {
    let lines: Vec<_> = accounts.iter().map(|(email, role)| format!("    {email:<24} {role}")).collect();
    format!(
        "\n  DEMOSTRACIÓN: datos inventados en una base embebida. Es para probar; los datos reales van en un MongoDB real.\n  \
         Cuentas (clave de todas: {password}):\n{}\n",
        lines.join("\n")
    )
}
