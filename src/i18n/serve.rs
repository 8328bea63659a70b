//! What the server says in the terminal.

use std::net::SocketAddr;

/// The port is taken, or isn't ours.
pub fn cannot_listen(address: SocketAddr) -> String {
    format!("no se puede escuchar en {address}: ¿hay otro servidor ahí? Cambiá LEPTOS_SITE_ADDR o cerrá el otro")
}
/// The server is up.
pub fn listening(base_url: &str, address: SocketAddr, host: &str) -> String {
    format!("Canje está listo en {base_url} (escucha en {address}, base de datos en {host}). Ctrl-C lo detiene.")
}
/// Ctrl-C was pressed.
pub const STOPPING: &str = "Deteniendo: se terminan los pedidos en curso…";
/// Everything ended.
pub const STOPPED: &str = "Detenido. Los datos quedaron guardados.";
