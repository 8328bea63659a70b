//! What the command line says about a wrong environment.

/// Said of an address to listen on.
pub const EXPECTED_LISTEN: &str = "una dirección con puerto, por ejemplo 127.0.0.1:3000";
/// Said of a list of addresses.
pub const EXPECTED_ADDRESSES: &str = "direcciones IP separadas por comas";
/// How to make a key.
pub const SECRET_KEY_REMEDY: &str = "generá una con «openssl rand -hex 32» y guardala fuera del repositorio";

/// The list of problems.
pub fn problems(problems: &[String]) -> String {
    format!("La configuración tiene {} problema(s):\n  - {}", problems.len(), problems.join("\n  - "))
}
/// A switch with another value than on or off.
pub fn not_a_flag(name: &str) -> String {
    format!("{name}: se espera 1 o 0")
}
/// A value of another shape.
pub fn not_parsed(name: &str, expected: &str) -> String {
    format!("{name}: se espera {expected}")
}
/// A required value that isn't there.
pub fn missing(name: &str, remedy: &str) -> String {
    format!("{name}: falta; {remedy}")
}
/// A database name the server can't hold.
pub const CLOUDINARY_REMEDY: &str = "la nube, la clave y el secreto de Cloudinary van juntos";
pub const S3_REMEDY: &str = "los datos del destino S3 van juntos: punto de acceso, bucket, clave y secreto";

pub fn same_database(one: &str, other: &str) -> String {
    format!("{one} y {other}: tienen que ser dos bases distintas")
}

pub fn bad_keep(name: &str, problem: &str) -> String {
    format!("{name}: {problem}")
}

pub fn bad_segment(name: &str) -> String {
    format!("{name}: usá solo letras, números, «-», «_» y «.»")
}

pub fn bad_database_name(name: &str) -> String {
    format!("{name}: el nombre de la base lleva hasta 63 caracteres, sin espacios ni / \\ . \" $")
}
/// A connection string of another kind.
pub fn bad_mongodb_uri(name: &str) -> String {
    format!("{name}: tiene que empezar con mongodb:// o mongodb+srv://")
}
/// A base URL with a path, or none at all.
pub fn bad_base_url(name: &str) -> String {
    format!("{name}: se espera esquema y dominio, sin ruta, por ejemplo https://canje.example.com")
}
/// Plain HTTP outside this machine.
pub fn insecure_base_url(name: &str) -> String {
    format!("{name}: http solo se acepta para esta misma máquina; en otro lado usá https")
}
/// A key that is too short.
pub fn short_secret_key(name: &str) -> String {
    format!("{name}: tiene menos de 32 caracteres; {SECRET_KEY_REMEDY}")
}
/// The environment's name when none is given.
pub fn default_environment(demo: bool) -> &'static str {
    if demo { "Demostración" } else { "Producción" }
}
/// A `Leptos.toml` that can't be read.
pub fn bad_site_file(error: &impl std::fmt::Display) -> String {
    format!("Leptos.toml: {error}")
}

/// The sender when none is configured.
pub const DEFAULT_SENDER: &str = "Canje <no-reply@localhost>";
/// What a sender looks like.
pub const EXPECTED_SENDER: &str = "un remitente como «Canje <avisos@ejemplo.com>»";
/// The remedy for a `_PREVIOUS` secret that stands alone.
pub const CURRENT_SECRET_REMEDY: &str =
    "el anterior solo acompaña a uno vigente: poné acá el nuevo, o borrá el anterior";
/// The remedy for half a WhatsApp account.
pub const WHATSAPP_REMEDY: &str = "WhatsApp necesita los tres datos de la cuenta, o ninguno";

/// A shared secret that could be guessed.
pub fn short_secret(name: &str, characters: usize) -> String {
    format!("{name}: tiene que tener {characters} caracteres o más")
}

/// Two settings that exclude each other.
pub fn one_of(first: &str, second: &str) -> String {
    format!("{first} y {second}: dejá uno solo, el correo sale por un camino")
}

/// An SMTP address without its scheme.
pub fn bad_smtp_url(name: &str) -> String {
    format!("{name}: tiene que empezar con smtps:// o smtp://")
}
