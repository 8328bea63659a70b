//! Raw BSON as the verifier sees it: frames and elements by their lengths, and a writer that appends.

/// Longest document of the format.
pub const DOCUMENT_BYTES: usize = 16_777_216;
/// Deepest nesting that is followed.
pub const DEPTH: usize = 200;

/// Element types that are looked at.
pub mod tag {
    pub const DOUBLE: u8 = 0x01;
    pub const TEXT: u8 = 0x02;
    pub const DOCUMENT: u8 = 0x03;
    pub const ARRAY: u8 = 0x04;
    pub const BINARY: u8 = 0x05;
    pub const UNDEFINED: u8 = 0x06;
    pub const OBJECT_ID: u8 = 0x07;
    pub const BOOLEAN: u8 = 0x08;
    pub const DATE: u8 = 0x09;
    pub const NULL: u8 = 0x0a;
    pub const REGEX: u8 = 0x0b;
    pub const POINTER: u8 = 0x0c;
    pub const CODE: u8 = 0x0d;
    pub const SYMBOL: u8 = 0x0e;
    pub const SCOPED_CODE: u8 = 0x0f;
    pub const INT32: u8 = 0x10;
    pub const TIMESTAMP: u8 = 0x11;
    pub const INT64: u8 = 0x12;
    pub const DECIMAL: u8 = 0x13;
    pub const MAX_KEY: u8 = 0x7f;
    pub const MIN_KEY: u8 = 0xff;
}

/// One element as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its type.
    pub tag: u8,
    /// Its name without the NUL.
    pub key: &'a [u8],
    /// Its value, lengths and NULs included.
    pub value: &'a [u8],
}

impl<'a> Field<'a> {
    /// A string's text.
    pub fn text(&self) -> Option<&'a str> {
        let inner = self.value.get(4..self.value.len().checked_sub(1)?)?;
        (self.tag == tag::TEXT).then(|| std::str::from_utf8(inner).ok())?
    }

    /// A whole number's value, whatever its width.
    pub fn whole(&self) -> Option<i64> {
        match self.tag {
            tag::INT32 => Some(i32::from_le_bytes(self.value.try_into().ok()?).into()),
            tag::INT64 => Some(i64::from_le_bytes(self.value.try_into().ok()?)),
            tag::DOUBLE => Some(f64::from_le_bytes(self.value.try_into().ok()?) as i64),
            _ => None,
        }
    }

    /// A boolean written as 0 or 1.
    pub fn boolean(&self) -> Option<bool> {
        match (self.tag, self.value) {
            (tag::BOOLEAN, [0]) => Some(false),
            (tag::BOOLEAN, [1]) => Some(true),
            _ => None,
        }
    }

    /// Whether it says yes, as a boolean or as a number.
    pub fn says_yes(&self) -> bool {
        if self.tag == tag::BOOLEAN { self.value != [0] } else { self.whole().is_some_and(|number| number != 0) }
    }
}

/// The elements of a document, or the offset of the first byte that makes no sense.
pub fn fields(document: &[u8]) -> Result<Vec<Field<'_>>, usize> {
    let end = check_frame(document)?;
    let mut found = Vec::new();
    let mut at = 4;
    while at < end {
        let (field, next) = field_at(document, at, end)?;
        found.push(field);
        at = next;
    }
    Ok(found)
}

/// Whether the document's structure holds to the last element, however deep; the offset of the first byte that doesn't.
pub fn sound(document: &[u8]) -> Result<(), usize> {
    walk(document, 1)
}

fn walk(document: &[u8], depth: usize) -> Result<(), usize> {
    let end = check_frame(document)?;
    if depth > DEPTH {
        return Err(0);
    }
    let mut at = 4;
    while at < end {
        let (field, next) = field_at(document, at, end)?;
        if matches!(field.tag, tag::DOCUMENT | tag::ARRAY) {
            let start = next - field.value.len();
            walk(field.value, depth + 1).map_err(|inside| start + inside)?;
        }
        at = next;
    }
    Ok(())
}

/// Checks length and closing byte; gives the offset of the latter.
fn check_frame(document: &[u8]) -> Result<usize, usize> {
    let stated = length(document).ok_or(0_usize)?;
    let end = document.len().wrapping_sub(1);
    if document.len() < 5 || stated != document.len() {
        return Err(0);
    }
    if document[end] == 0 { Ok(end) } else { Err(end) }
}

fn field_at(document: &[u8], at: usize, end: usize) -> Result<(Field<'_>, usize), usize> {
    let name_end = cstring_end(document, at + 1, end).ok_or(at)?;
    let rest = &document[name_end..end];
    let size = size_of(document[at], rest).filter(|size| *size <= rest.len()).ok_or(name_end)?;
    let field = Field { tag: document[at], key: &document[at + 1..name_end - 1], value: &rest[..size] };
    Ok((field, name_end + size))
}

/// Just behind the NUL that ends the text beginning at `from`.
fn cstring_end(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let length = bytes.get(from..end)?.iter().position(|byte| *byte == 0)?;
    Some(from + length + 1)
}

/// The four bytes at the start as a length.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let length = i32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    usize::try_from(length).ok()
}

fn size_of(of: u8, rest: &[u8]) -> Option<usize> {
    let text = |rest: &[u8]| {
        let size = length(rest)?.checked_add(4)?;
        (size > 4 && size <= rest.len() && rest[size - 1] == 0).then_some(size)
    };
    Some(match of {
        tag::UNDEFINED | tag::NULL | tag::MIN_KEY | tag::MAX_KEY => 0,
        tag::BOOLEAN => 1,
        tag::INT32 => 4,
        tag::DOUBLE | tag::DATE | tag::TIMESTAMP | tag::INT64 => 8,
        tag::OBJECT_ID => 12,
        tag::DECIMAL => 16,
        tag::TEXT | tag::CODE | tag::SYMBOL => text(rest)?,
        tag::POINTER => text(rest)?.checked_add(12)?,
        tag::BINARY => length(rest)?.checked_add(5)?,
        tag::DOCUMENT | tag::ARRAY | tag::SCOPED_CODE => length(rest).filter(|size| *size >= 5)?,
        tag::REGEX => {
            let pattern = cstring_end(rest, 0, rest.len())?;
            cstring_end(rest, pattern, rest.len())?
        }
        _ => return None,
    })
}

/// Begins a document in `out`; gives where, for [`end`].
pub fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    start
}

/// Ends the document that began at `start`.
pub fn end(out: &mut Vec<u8>, start: usize) {
    out.push(0);
    let length = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

/// Appends type and name; the value follows.
pub fn name(out: &mut Vec<u8>, tag: u8, key: &[u8]) {
    out.push(tag);
    out.extend_from_slice(key);
    out.push(0);
}

/// Appends the value of a string.
pub fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u32 + 1).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
    out.push(0);
}

/// An empty document.
pub const EMPTY: [u8; 5] = [5, 0, 0, 0, 0];
