//! What the operator reads when the database can't be used, is being started, or is not as declared.

/// The oldest server we accept.
pub const OLDEST_VERSION: &str = "6.0";

/// How the embedded engine is named wherever a host would be shown.
pub const EMBEDDED_ALIAS: &str = "base de datos embebida";

// --- Connecting -------------------------------------------------------------------------------------------------

pub fn uri_invalid(variable: &str) -> String {
    format!(
        "La dirección de la base de datos en {variable} no se entiende. Tiene que empezar con \
         mongodb:// o mongodb+srv:// y seguir el formato de MongoDB. Revisala y probá de nuevo."
    )
}

pub fn name_invalid(name: &str) -> String {
    format!(
        "«{name}» no sirve como nombre de base de datos: usá entre 1 y 63 letras, números, guiones o guiones bajos \
         en CANJE_DB (y no admin, config ni local)."
    )
}

pub fn unreachable(host: &str) -> String {
    format!(
        "No pudimos conectarnos a la base de datos en {host}. Fijate que el servidor esté encendido, que la dirección \
         sea la correcta y que el firewall (o la lista de acceso de Atlas) deje pasar a esta máquina."
    )
}

pub fn credentials_refused(host: &str) -> String {
    format!(
        "La base de datos en {host} no aceptó el usuario o la contraseña. Revisá las credenciales de la dirección \
         (los caracteres especiales van escritos como %XX)."
    )
}

pub fn standalone(host: &str) -> String {
    format!(
        "El servidor MongoDB en {host} está instalado como servidor suelto (standalone) y así no tiene transacciones: \
         Canje no lo usa para no dejar cambios a medias. Convertilo en un replica set de un solo nodo \
         (mongod --replSet rs0 y después rs.initiate()) o usá MongoDB Atlas."
    )
}

pub fn too_old(host: &str, found: &str) -> String {
    format!(
        "El servidor MongoDB en {host} es demasiado viejo: tiene la versión {found} y Canje necesita la \
         {OLDEST_VERSION} o una más nueva. Actualizalo y volvé a arrancar."
    )
}

pub fn odd_server(host: &str) -> String {
    format!("Lo que responde en {host} no se comporta como un servidor MongoDB. Revisá la dirección.")
}

// --- Running ----------------------------------------------------------------------------------------------------

pub const UNAVAILABLE: &str = "La base de datos no responde en este momento. Lo que ya se guardó no se perdió; volvé a \
                               probar en unos segundos.";
pub const TIMED_OUT: &str =
    "La consulta tardó más de lo permitido y la cortamos. Probá con un filtro más angosto o que use un índice.";

pub fn read_forbidden(what: &str) -> String {
    format!("Esta conexión es solo de lectura y no deja pasar «{what}».")
}

pub fn read_refused(code: i32) -> String {
    format!("La base de datos no aceptó la consulta (código {code}).")
}

pub const READ_MALFORMED: &str = "La base de datos respondió algo que no pudimos leer.";

// --- Index findings ---------------------------------------------------------------------------------------------

pub fn index_created(collection: &str, index: &str) -> String {
    format!("{collection}: se creó el índice {index}, que faltaba.")
}

pub fn index_missing(collection: &str, index: &str, reason: &str) -> String {
    format!("{collection}: falta el índice {index} y no se pudo crear: {reason}.")
}

pub fn index_absent(collection: &str, index: &str) -> String {
    format!("{collection}: falta el índice {index}.")
}

pub fn index_extra(collection: &str, index: &str) -> String {
    format!("{collection}: hay un índice que el programa no declara: {index}. No se toca.")
}

pub fn index_differs(collection: &str, index: &str, property: &str) -> String {
    format!(
        "{collection}: el índice {index} no es como el programa lo declara (difiere en {property}). No se toca: \
         borralo a mano si querés que se cree de nuevo."
    )
}

pub fn collection_undeclared(collection: &str) -> String {
    format!("{collection}: hay una colección que el programa no declara. No se toca.")
}

pub const REASON_DUPLICATES: &str = "hay documentos repetidos que un índice único no admite";
pub const REASON_SAME_KEYS: &str = "ya hay otro índice con los mismos campos y otro nombre u opciones";
pub const REASON_TOO_SLOW: &str = "la construcción pasó el tiempo permitido; creá el índice a mano con calma";
pub fn reason_server(code: i32, name: &str) -> String {
    format!("el servidor lo rechazó ({name}, código {code})")
}
pub const REASON_OTHER: &str = "se perdió la conexión con el servidor";

// --- The embedded engine ----------------------------------------------------------------------------------------

pub const ENGINE_NO_BINARY: &str = "No hay ningún servidor de base de datos instalado en esta máquina. Corré «make run» (o «make build»), que lo \
     instala solo, o indicá una base MongoDB propia en MONGODB_URI.";

pub fn engine_other_data(program: &str) -> String {
    format!(
        "La carpeta de datos ya tiene una base creada con {program}, que ahora no está instalado. Instalalo de nuevo, o \
         elegí otra carpeta en CANJE_DATA_DIR para empezar de cero."
    )
}

pub fn engine_data_dir(path: &str, reason: &str) -> String {
    format!("No se puede usar la carpeta de datos {path}: {reason}. Revisá los permisos o cambiá CANJE_DATA_DIR.")
}

pub fn engine_ended(log: &str) -> String {
    format!("La base de datos embebida se cerró apenas arrancó. El motivo está al final de {log}.")
}

pub fn engine_not_ready(seconds: u64, log: &str) -> String {
    format!("La base de datos embebida no estuvo lista en {seconds} segundos. Mirá el final de {log}.")
}

pub fn engine_held(path: &str) -> String {
    format!(
        "Otro proceso tiene tomada la carpeta de datos {path} pero su base de datos no responde. Cerralo y probá de \
         nuevo."
    )
}

pub fn engine_spawn(program: &str, reason: &str) -> String {
    format!("No se pudo arrancar {program}: {reason}.")
}

pub fn engine_starting(program: &str) -> String {
    format!("Base de datos embebida: arrancando {program}…")
}

pub fn engine_waiting(seconds: u64) -> String {
    format!("Base de datos embebida: esperando que esté lista ({seconds} s)…")
}

pub fn engine_ready(address: &str) -> String {
    format!("Base de datos embebida: lista en {address}")
}

pub fn engine_joined(address: &str) -> String {
    format!("Base de datos embebida: ya está en marcha en {address}, se usa esa")
}
