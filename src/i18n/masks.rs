//! The words that stand in place of masked values.

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
    match characters {
        1 => "texto de 1 carácter".into(),
        n => format!("texto de {n} caracteres"),
    }
}

/// So many bytes of a BSON binary subtype.
pub fn binary(bytes: usize, subtype: u8) -> String {
    format!("binario de {bytes} bytes, subtipo {subtype}")
}

/// A document of so many fields.
pub fn document(fields: usize) -> String {
    match fields {
        1 => "documento de 1 campo".into(),
        n => format!("documento de {n} campos"),
    }
}

/// A list of so many elements.
pub fn array(elements: usize) -> String {
    match elements {
        1 => "lista de 1 elemento".into(),
        n => format!("lista de {n} elementos"),
    }
}

/// In place of a personal value.
pub fn personal(what: &str) -> String {
    format!("[oculto: {what}]")
}

/// In place of a secret.
pub fn secret(what: &str) -> String {
    format!("[secreto: {what}]")
}
