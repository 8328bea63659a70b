//! The words that stand in place of masked values.

use super::number::counted;

/// An e-mail address stands here.
pub const EMAIL: &str = "correo";
/// A text that is a phone or document number stands here.
pub const NUMBER_TEXT: &str = "número de teléfono o documento";
/// A number stands here.
pub const NUMBER: &str = "número";
/// A date stands here.
pub const DATE: &str = "fecha";
/// A boolean stands here.
pub const BOOLEAN: &str = "sí o no";
/// Nothing stands here.
pub const NULL: &str = "nulo";
/// Some other value stands here.
pub const VALUE: &str = "valor";

/// A text of so many characters.
pub fn text(characters: usize) -> String {
    format!("texto de {}", counted(characters as u64, "carácter", "caracteres"))
}

/// So many bytes of a BSON binary subtype.
pub fn binary(bytes: usize, subtype: u8) -> String {
    format!("binario de {}, subtipo {subtype}", counted(bytes as u64, "byte", "bytes"))
}

/// A document of so many fields.
pub fn document(fields: usize) -> String {
    format!("documento de {}", counted(fields as u64, "campo", "campos"))
}

/// A list of so many elements.
pub fn array(elements: usize) -> String {
    format!("lista de {}", counted(elements as u64, "elemento", "elementos"))
}

/// In place of a personal value.
pub fn personal(what: &str) -> String {
    format!("[oculto: {what}]")
}

/// In place of a secret.
pub fn secret(what: &str) -> String {
    format!("[secreto: {what}]")
}
