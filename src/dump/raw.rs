//! Raw BSON, element by element: the only view of a document that changes nothing.
//!
//! Dump metadata, definitions and documents are handled as the bytes they are. Duplicate keys, odd array keys and unknown
//! binary subtypes survive because nothing here decodes into a map. [`elements`] walks, [`Builder`] concatenates.

/// BSON element types, by their byte on the wire.
pub mod kind {
    pub const DOUBLE: u8 = 0x01;
    pub const STRING: u8 = 0x02;
    pub const DOCUMENT: u8 = 0x03;
    pub const ARRAY: u8 = 0x04;
    pub const BINARY: u8 = 0x05;
    pub const UNDEFINED: u8 = 0x06;
    pub const OBJECT_ID: u8 = 0x07;
    pub const BOOLEAN: u8 = 0x08;
    pub const DATE: u8 = 0x09;
    pub const NULL: u8 = 0x0a;
    pub const REGEX: u8 = 0x0b;
    pub const DB_POINTER: u8 = 0x0c;
    pub const CODE: u8 = 0x0d;
    pub const SYMBOL: u8 = 0x0e;
    pub const CODE_WITH_SCOPE: u8 = 0x0f;
    pub const INT32: u8 = 0x10;
    pub const TIMESTAMP: u8 = 0x11;
    pub const INT64: u8 = 0x12;
    pub const DECIMAL128: u8 = 0x13;
    pub const MIN_KEY: u8 = 0xff;
    pub const MAX_KEY: u8 = 0x7f;
}

/// The bytes don't follow the BSON grammar; `at` counts from the start of the document handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Offset of the first byte that makes no sense.
    pub at: usize,
}

/// One element of a document: type, name and value exactly as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The type byte, see [`kind`].
    pub kind: u8,
    /// The name without its closing NUL; not necessarily UTF-8.
    pub key: &'a [u8],
    /// The value's bytes, lengths and closing NULs included.
    pub value: &'a [u8],
    /// Where the value begins, counted from the start of the document.
    pub at: usize,
}

impl<'a> Element<'a> {
    /// The text of a string, symbol or code value, if it is UTF-8.
    pub fn as_str(&self) -> Option<&'a str> {
        if !matches!(self.kind, kind::STRING | kind::SYMBOL | kind::CODE) || self.value.len() < 5 {
            return None;
        }
        std::str::from_utf8(&self.value[4..self.value.len() - 1]).ok()
    }

    /// The value of an int32, int64 or whole double.
    pub fn as_i64(&self) -> Option<i64> {
        match self.kind {
            kind::INT32 => Some(i32::from_le_bytes(self.value.try_into().ok()?).into()),
            kind::INT64 => Some(i64::from_le_bytes(self.value.try_into().ok()?)),
            kind::DOUBLE => {
                let double = f64::from_le_bytes(self.value.try_into().ok()?);
                (double.fract() == 0.0 && double.abs() < 9.0e15).then_some(double as i64)
            }
            _ => None,
        }
    }

    /// A boolean's value.
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind == kind::BOOLEAN).then(|| self.value == [1])
    }

    /// The bytes of a sub-document.
    pub fn as_document(&self) -> Option<&'a [u8]> {
        (self.kind == kind::DOCUMENT).then_some(self.value)
    }

    /// The name as text, if it is UTF-8.
    pub fn name(&self) -> Option<&'a str> {
        std::str::from_utf8(self.key).ok()
    }
}

/// Walks the elements of one document, duplicates included, in stored order.
pub fn elements(document: &[u8]) -> Elements<'_> {
    let framed = document.len() >= 5
        && document[..4] == u32::try_from(document.len()).unwrap_or(0).to_le_bytes()
        && document[document.len() - 1] == 0;
    Elements { document, at: if framed { 4 } else { 0 }, done: false }
}

/// The walk of [`elements`]. After an error it yields nothing more.
#[derive(Debug)]
pub struct Elements<'a> {
    document: &'a [u8],
    at: usize,
    done: bool,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.step() {
            Ok(Some(element)) => Some(Ok(element)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err(malformed) => {
                self.done = true;
                Some(Err(malformed))
            }
        }
    }
}

impl<'a> Elements<'a> {
    fn step(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        let end = self.document.len().checked_sub(1).ok_or(Malformed { at: 0 })?;
        if self.at < 4 {
            return Err(Malformed { at: 0 });
        }
        if self.at == end {
            return Ok(None);
        }
        let here = Malformed { at: self.at };
        let kind = self.document[self.at];
        let name = &self.document[self.at + 1..end];
        let length = name.iter().position(|byte| *byte == 0).ok_or(here)?;
        let at = self.at + 1 + length + 1;
        let size = value_size(kind, &self.document[at..end]).ok_or(Malformed { at })?;
        self.at = at + size;
        Ok(Some(Element { kind, key: &name[..length], value: &self.document[at..at + size], at }))
    }
}

/// Size of a value of type `of` at the start of `rest`, if it fits there and its own framing is right.
fn value_size(of: u8, rest: &[u8]) -> Option<usize> {
    let size = match of {
        kind::DOUBLE | kind::DATE | kind::TIMESTAMP | kind::INT64 => 8,
        kind::STRING | kind::CODE | kind::SYMBOL => string_size(rest)?,
        kind::DOCUMENT | kind::ARRAY | kind::CODE_WITH_SCOPE => {
            let size = length_at(rest)?;
            if size < 5 || size > rest.len() || rest[size - 1] != 0 {
                return None;
            }
            size
        }
        kind::BINARY => length_at(rest)?.checked_add(5)?,
        kind::UNDEFINED | kind::NULL | kind::MIN_KEY | kind::MAX_KEY => 0,
        kind::OBJECT_ID => 12,
        kind::BOOLEAN => 1,
        kind::REGEX => {
            let pattern = rest.iter().position(|byte| *byte == 0)? + 1;
            pattern + rest[pattern..].iter().position(|byte| *byte == 0)? + 1
        }
        kind::DB_POINTER => string_size(rest)?.checked_add(12)?,
        kind::INT32 => 4,
        kind::DECIMAL128 => 16,
        _ => return None,
    };
    (size <= rest.len()).then_some(size)
}

fn length_at(bytes: &[u8]) -> Option<usize> {
    let length = i32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    usize::try_from(length).ok()
}

/// Size of a length-prefixed string with its prefix and closing NUL.
pub(super) fn string_size(bytes: &[u8]) -> Option<usize> {
    let size = length_at(bytes)?.checked_add(4)?;
    (size >= 5 && size <= bytes.len() && bytes[size - 1] == 0).then_some(size)
}

/// The first element called `name`.
pub fn find<'a>(document: &'a [u8], name: &str) -> Option<Element<'a>> {
    elements(document).map_while(Result::ok).find(|element| element.key == name.as_bytes())
}

/// Writes a document by appending elements; nothing is sorted, merged or re-encoded.
#[derive(Clone, Debug)]
pub struct Builder {
    bytes: Vec<u8>,
}

impl Default for Builder {
    fn default() -> Self {
        Self { bytes: vec![0; 4] }
    }
}

impl Builder {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a value given as its raw bytes. `key` must not hold a NUL.
    pub fn raw(&mut self, kind: u8, key: &[u8], value: &[u8]) -> &mut Self {
        self.bytes.push(kind);
        self.bytes.extend_from_slice(key);
        self.bytes.push(0);
        self.bytes.extend_from_slice(value);
        self
    }

    /// Appends an element as it is.
    pub fn element(&mut self, element: &Element<'_>) -> &mut Self {
        self.raw(element.kind, element.key, element.value)
    }

    /// Appends a string.
    pub fn string(&mut self, key: &str, value: &str) -> &mut Self {
        let value = string_value(value);
        self.raw(kind::STRING, key.as_bytes(), &value)
    }

    /// Appends an int32.
    pub fn int32(&mut self, key: &str, value: i32) -> &mut Self {
        self.raw(kind::INT32, key.as_bytes(), &value.to_le_bytes())
    }

    /// Appends an int64.
    pub fn int64(&mut self, key: &str, value: i64) -> &mut Self {
        self.raw(kind::INT64, key.as_bytes(), &value.to_le_bytes())
    }

    /// Appends a boolean.
    pub fn boolean(&mut self, key: &str, value: bool) -> &mut Self {
        self.raw(kind::BOOLEAN, key.as_bytes(), &[value.into()])
    }

    /// Appends a sub-document given as its bytes.
    pub fn document(&mut self, key: &str, value: &[u8]) -> &mut Self {
        self.raw(kind::DOCUMENT, key.as_bytes(), value)
    }

    /// Appends an array given as its bytes.
    pub fn array(&mut self, key: &str, value: &[u8]) -> &mut Self {
        self.raw(kind::ARRAY, key.as_bytes(), value)
    }

    /// The finished bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        let length = u32::try_from(self.bytes.len()).expect("a BSON document is far below 4 GiB");
        self.bytes[..4].copy_from_slice(&length.to_le_bytes());
        self.bytes
    }
}

/// A string value: length, bytes, NUL.
pub(super) fn string_value(text: &str) -> Vec<u8> {
    let mut value = Vec::with_capacity(text.len() + 5);
    let length = u32::try_from(text.len() + 1).expect("a BSON string is far below 4 GiB");
    value.extend_from_slice(&length.to_le_bytes());
    value.extend_from_slice(text.as_bytes());
    value.push(0);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_and_walks_the_same_bytes() {
        let mut builder = Builder::new();
        builder.int32("_id", 1).string("s", "hé").boolean("s", true);
        let bytes = builder.finish();
        let seen: Vec<_> = elements(&bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(seen.iter().map(|e| e.name().unwrap()).collect::<Vec<_>>(), ["_id", "s", "s"]);
        assert_eq!(seen[1].as_str(), Some("hé"));
        let mut copy = Builder::new();
        for element in &seen {
            copy.element(element);
        }
        assert_eq!(copy.finish(), bytes);
    }

    #[test]
    fn refuses_broken_framing_and_says_where() {
        assert_eq!(elements(&[]).next(), Some(Err(Malformed { at: 0 })));
        let mut bytes = Builder::new().string("s", "abc").clone().finish();
        bytes[7] = 200;
        assert_eq!(elements(&bytes).next(), Some(Err(Malformed { at: 7 })));
    }
}
