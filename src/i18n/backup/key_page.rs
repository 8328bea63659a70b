//! Words of the page about keys.

pub const TITLE: &str = "Claves de los backups";
pub const PURPOSE: &str =
    "Con qué se cifran y firman. Acá solo están las mitades públicas; las privadas nunca pasan por el navegador.";
pub const KEYS: &str = "Claves";
pub const NONE: &str = "Todavía no hay claves";
pub const NONE_HINT: &str =
    "Creálas en el servidor con «canje keys generate»; la de recuperación se muestra una sola vez.";
pub const DEMO: &str = "Claves de demostración";
pub const DEMO_BODY: &str = "Se crearon solas en el primer arranque. En producción se crean con «canje keys generate».";
pub const QUESTION: &str = "¿La clave de recuperación está impresa y guardada?";
pub const WHY: &str = "Se mostró una sola vez al crearla y no está en ningún servidor. Si se pierde esta máquina, es lo único que abre los backups.";
pub const STORED: &str = "Sí: está impresa, guardada lejos de este servidor, y alguien más sabe dónde";
pub const CONFIRM: &str = "Confirmar que está guardada";
pub const NOT_SAID: &str = "Marcá la casilla solo cuando de verdad esté impresa y guardada.";
pub const CONFIRMED: &str = "Quedó registrado que la clave de recuperación está guardada.";
pub const STATE: &str = "Estado";
pub const IN_USE: &str = "En uso";
pub const RETIRED: &str = "Retirada";
pub const FINGERPRINT: &str = "Huella";
pub const PUBLIC: &str = "Clave pública";
pub const SINCE: &str = "Desde";
pub const ROTATE: &str = "Cambiar las claves";
pub const ROTATE_BODY: &str = "Se hace en el servidor, nunca desde acá. Las claves anteriores quedan guardadas y siguen abriendo y probando los backups viejos.";
pub const ROTATE_AFTER: &str = "La clave de recuperación no cambia: la impresa sigue sirviendo para todo.";

pub fn confirmed_by(name: &str) -> String {
    format!("{name} confirmó que la clave de recuperación está impresa y guardada")
}

/// A kind's name and what it is for.
pub fn kind(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "operations" => ("Operación", "La privada está en el servidor: con ella se prueban y restauran los backups."),
        "recovery" => {
            ("Recuperación", "La privada está solo en papel: abre cualquier backup aunque se pierda el servidor.")
        }
        _ => ("Firma", "Con la privada se firma cada manifiesto; con esta se comprueba que es nuestro."),
    }
}
