//! What is said in place of a masked value: enough to see what kind of thing stands there, nothing that identifies.

use bson::RawBsonRef;

use super::{Rule, Visibility, shapes};
use crate::i18n::masks as words;

/// The words shown instead of a value that may not be shown. For secrets: type and size, nothing else.
pub fn hint(rule: Rule, value: RawBsonRef<'_>) -> String {
    match rule.of(value) {
        Visibility::Secret => words::secret(&kind(value)),
        Visibility::Open | Visibility::Personal => words::personal(&shape(value)),
    }
}

fn shape(value: RawBsonRef<'_>) -> String {
    match value {
        RawBsonRef::String(text) if shapes::is_mail(text) => words::EMAIL.into(),
        RawBsonRef::String(text) if shapes::is_number_of_someone(text) => words::NUMBER_TEXT.into(),
        other => kind(other),
    }
}

/// Type and size.
fn kind(value: RawBsonRef<'_>) -> String {
    match value {
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => {
            words::text(text.chars().count())
        }
        RawBsonRef::JavaScriptCodeWithScope(code) => words::text(code.code.chars().count()),
        RawBsonRef::Binary(binary) => words::binary(binary.bytes.len(), u8::from(binary.subtype)),
        RawBsonRef::Int32(_) | RawBsonRef::Int64(_) | RawBsonRef::Double(_) | RawBsonRef::Decimal128(_) => {
            words::NUMBER.into()
        }
        RawBsonRef::DateTime(_) | RawBsonRef::Timestamp(_) => words::DATE.into(),
        RawBsonRef::Document(document) => words::document(document.iter().count()),
        RawBsonRef::Array(array) => words::array(array.into_iter().count()),
        RawBsonRef::Boolean(_) => words::BOOLEAN.into(),
        RawBsonRef::Null | RawBsonRef::Undefined => words::NULL.into(),
        _ => words::VALUE.into(),
    }
}
