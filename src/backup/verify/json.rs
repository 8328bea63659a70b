//! Extended JSON to BSON in one pass, without a tree: names keep their order and may stand twice.
//!
//! Enough for definitions (canonical and relaxed) and for the documents of the previous system. An object whose first name
//! is one of Extended JSON's own is the value it stands for.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::bytes::{self, DEPTH, tag};

/// Where the text stops being Extended JSON, and why, for developers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadJson {
    /// Byte offset in the text.
    pub at: usize,
    /// What was wrong there.
    pub what: &'static str,
}

/// Reads one object.
pub fn document(text: &str) -> Result<Vec<u8>, BadJson> {
    let mut reader = Reader { text, at: 0 };
    let mut out = Vec::with_capacity(text.len());
    reader.skip();
    let (of, start) = reader.value(&mut out, 0)?;
    reader.skip();
    if reader.at < text.len() {
        return reader.bad("text after the end");
    }
    if of != tag::DOCUMENT {
        return Err(BadJson { at: 0, what: "not an object" });
    }
    debug_assert_eq!(start, 0);
    Ok(out)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn bad<T>(&self, what: &'static str) -> Result<T, BadJson> {
        Err(BadJson { at: self.at, what })
    }

    fn next(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn skip(&mut self) {
        while matches!(self.next(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Skips white space and takes `byte` if it comes.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip();
        let is_next = self.next() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    fn needs(&mut self, byte: u8, what: &'static str) -> Result<(), BadJson> {
        if self.takes(byte) { Ok(()) } else { self.bad(what) }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = self.text[self.at..].starts_with(word);
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    /// Appends a value; gives its type and where it begins in `out`.
    fn value(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(u8, usize), BadJson> {
        if depth > DEPTH {
            return self.bad("nested too deeply");
        }
        self.skip();
        let start = out.len();
        let of = match self.next() {
            b'{' => self.object(out, depth)?,
            b'[' => self.array(out, depth)?,
            b'"' => {
                let text = self.string()?;
                bytes::text(out, &text);
                tag::TEXT
            }
            b'-' | b'0'..=b'9' => self.number(out)?,
            _ if self.takes_word("true") => {
                out.push(1);
                tag::BOOLEAN
            }
            _ if self.takes_word("false") => {
                out.push(0);
                tag::BOOLEAN
            }
            _ if self.takes_word("null") => tag::NULL,
            _ => return self.bad("no value"),
        };
        Ok((of, start))
    }

    /// Appends name and value. The type stands before the name and is known only afterwards.
    fn member(&mut self, out: &mut Vec<u8>, key: &str, depth: usize) -> Result<(), BadJson> {
        if key.contains('\0') {
            return self.bad("a name holds a NUL");
        }
        let place = out.len();
        bytes::name(out, 0, key.as_bytes());
        out[place] = self.value(out, depth)?.0;
        Ok(())
    }

    fn array(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<u8, BadJson> {
        self.at += 1;
        let start = bytes::begin(out);
        if !self.takes(b']') {
            for position in 0_usize.. {
                self.member(out, &position.to_string(), depth + 1)?;
                if !self.takes(b',') {
                    self.needs(b']', "no closing bracket")?;
                    break;
                }
            }
        }
        bytes::end(out, start);
        Ok(tag::ARRAY)
    }

    fn object(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<u8, BadJson> {
        self.at += 1;
        let start = bytes::begin(out);
        if self.takes(b'}') {
            bytes::end(out, start);
            return Ok(tag::DOCUMENT);
        }
        let mut is_first = true;
        loop {
            self.skip();
            let key = self.string()?;
            self.needs(b':', "no colon")?;
            if is_first && key.starts_with('$') {
                out.truncate(start);
                if let Some(of) = self.wrapped(&key, out, depth)? {
                    self.needs(b'}', "a value of Extended JSON stands beside other names")?;
                    return Ok(of);
                }
                bytes::begin(out);
            }
            is_first = false;
            self.member(out, &key, depth + 1)?;
            if !self.takes(b',') {
                self.needs(b'}', "no closing brace")?;
                bytes::end(out, start);
                return Ok(tag::DOCUMENT);
            }
        }
    }

    /// The value behind one of Extended JSON's own names; `None`, with nothing read, for any other name.
    fn wrapped(&mut self, key: &str, out: &mut Vec<u8>, depth: usize) -> Result<Option<u8>, BadJson> {
        self.skip();
        let of = match key {
            "$numberInt" => {
                let number: i32 = self.parsed()?;
                out.extend_from_slice(&number.to_le_bytes());
                tag::INT32
            }
            "$numberLong" => {
                let number: i64 = self.parsed()?;
                out.extend_from_slice(&number.to_le_bytes());
                tag::INT64
            }
            "$numberDouble" => {
                out.extend_from_slice(&self.double()?.to_le_bytes());
                tag::DOUBLE
            }
            "$numberDecimal" => {
                let number: bson::Decimal128 = self.parsed()?;
                out.extend_from_slice(&number.bytes());
                tag::DECIMAL
            }
            "$oid" => {
                out.extend_from_slice(&self.object_id()?);
                tag::OBJECT_ID
            }
            "$date" => {
                out.extend_from_slice(&self.date()?.to_le_bytes());
                tag::DATE
            }
            "$symbol" => {
                bytes::text(out, &self.string()?);
                tag::SYMBOL
            }
            "$uuid" => {
                let uuid: uuid::Uuid = self.parsed()?;
                binary(out, 4, uuid.as_bytes());
                tag::BINARY
            }
            "$binary" => {
                let [data, subtype] = self.two(["base64", "subType"], Self::string)?;
                let data = BASE64_STANDARD.decode(data).or_else(|_| self.bad("no base64"))?;
                let is_short = (1..=2).contains(&subtype.len());
                let subtype = u8::from_str_radix(&subtype, 16).ok().filter(|_| is_short);
                let Some(subtype) = subtype else { return self.bad("no subtype") };
                binary(out, subtype, &data);
                tag::BINARY
            }
            "$timestamp" => {
                let [seconds, ordinal] = self.two(["t", "i"], Self::unsigned)?;
                out.extend_from_slice(&ordinal.to_le_bytes());
                out.extend_from_slice(&seconds.to_le_bytes());
                tag::TIMESTAMP
            }
            "$regularExpression" => {
                let [pattern, options] = self.two(["pattern", "options"], Self::string)?;
                if pattern.contains('\0') || options.contains('\0') {
                    return self.bad("a pattern holds a NUL");
                }
                out.extend_from_slice(pattern.as_bytes());
                out.push(0);
                out.extend_from_slice(options.as_bytes());
                out.push(0);
                tag::REGEX
            }
            "$dbPointer" => {
                self.needs(b'{', "no object")?;
                self.named("$ref")?;
                bytes::text(out, &self.string()?);
                self.needs(b',', "no comma")?;
                self.named("$id")?;
                self.needs(b'{', "no object")?;
                self.named("$oid")?;
                out.extend_from_slice(&self.object_id()?);
                self.needs(b'}', "no closing brace")?;
                self.needs(b'}', "no closing brace")?;
                tag::POINTER
            }
            "$code" => return self.code(out, depth).map(Some),
            "$minKey" | "$maxKey" => {
                if self.unsigned()? != 1 {
                    return self.bad("not 1");
                }
                if key == "$minKey" { tag::MIN_KEY } else { tag::MAX_KEY }
            }
            "$undefined" if self.takes_word("true") => tag::UNDEFINED,
            "$undefined" => return self.bad("not true"),
            _ => return Ok(None),
        };
        Ok(Some(of))
    }

    fn code(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<u8, BadJson> {
        let code = self.string()?;
        if !self.takes(b',') {
            bytes::text(out, &code);
            return Ok(tag::CODE);
        }
        self.named("$scope")?;
        let start = bytes::begin(out);
        bytes::text(out, &code);
        if self.value(out, depth + 1)?.0 != tag::DOCUMENT {
            return self.bad("a scope that is no object");
        }
        let length = (out.len() - start) as u32;
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        Ok(tag::SCOPED_CODE)
    }

    /// The name that has to come, and its colon.
    fn named(&mut self, name: &str) -> Result<(), BadJson> {
        self.skip();
        if self.string()? != name {
            return self.bad("another name was expected");
        }
        self.needs(b':', "no colon")?;
        self.skip();
        Ok(())
    }

    /// An object of exactly these two names, in either order.
    fn two<T>(&mut self, names: [&str; 2], read: impl Fn(&mut Self) -> Result<T, BadJson>) -> Result<[T; 2], BadJson> {
        self.needs(b'{', "no object")?;
        self.skip();
        let first = self.string()?;
        let is_turned = first == names[1];
        if !is_turned && first != names[0] {
            return self.bad("another name was expected");
        }
        self.needs(b':', "no colon")?;
        self.skip();
        let one = read(self)?;
        self.needs(b',', "no comma")?;
        self.named(names[usize::from(!is_turned)])?;
        let other = read(self)?;
        self.needs(b'}', "no closing brace")?;
        Ok(if is_turned { [other, one] } else { [one, other] })
    }

    fn parsed<T: std::str::FromStr>(&mut self) -> Result<T, BadJson> {
        let text = self.string()?;
        text.parse().or_else(|_| self.bad("no such number"))
    }

    fn unsigned(&mut self) -> Result<u32, BadJson> {
        self.digits()?.parse().or_else(|_| self.bad("no such number"))
    }

    fn object_id(&mut self) -> Result<[u8; 12], BadJson> {
        let digits = self.string()?;
        let bytes = hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map_or_else(|| self.bad("no object id"), Ok)
    }

    fn double(&mut self) -> Result<f64, BadJson> {
        let text = self.string()?;
        match text.as_str() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            digits if !digits.contains(|letter: char| letter.is_alphabetic() && !matches!(letter, 'e' | 'E')) => {
                digits.parse().or_else(|_| self.bad("no such number"))
            }
            _ => self.bad("no such number"),
        }
    }

    /// Milliseconds: canonical, RFC 3339, or bare.
    fn date(&mut self) -> Result<i64, BadJson> {
        match self.next() {
            b'{' => {
                self.at += 1;
                self.named("$numberLong")?;
                let millis = self.parsed()?;
                self.needs(b'}', "no closing brace")?;
                Ok(millis)
            }
            b'"' => {
                let text = self.string()?;
                let instant: Result<jiff::Timestamp, _> = text.parse();
                instant.map(jiff::Timestamp::as_millisecond).or_else(|_| self.bad("no date"))
            }
            _ => self.digits()?.parse().or_else(|_| self.bad("no date")),
        }
    }

    fn digits(&mut self) -> Result<&str, BadJson> {
        let start = self.at;
        while matches!(self.next(), b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') {
            self.at += 1;
        }
        let digits = &self.text[start..self.at];
        let unsigned = digits.strip_prefix('-').unwrap_or(digits);
        let is_padded = unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes()[1].is_ascii_digit();
        let is_open = !unsigned.starts_with(|first: char| first.is_ascii_digit()) || unsigned.ends_with('.');
        if is_padded || is_open || unsigned.contains(".e") || unsigned.contains(".E") {
            return Err(BadJson { at: start, what: "no number" });
        }
        Ok(digits)
    }

    /// A bare number: the narrowest of int32, int64, double that holds it.
    fn number(&mut self, out: &mut Vec<u8>) -> Result<u8, BadJson> {
        let at = self.at;
        let digits = self.digits()?;
        if digits != "-0" && !digits.contains(['.', 'e', 'E']) {
            if let Ok(number) = digits.parse::<i32>() {
                out.extend_from_slice(&number.to_le_bytes());
                return Ok(tag::INT32);
            }
            if let Ok(number) = digits.parse::<i64>() {
                out.extend_from_slice(&number.to_le_bytes());
                return Ok(tag::INT64);
            }
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                out.extend_from_slice(&number.to_le_bytes());
                Ok(tag::DOUBLE)
            }
            _ => Err(BadJson { at, what: "no such number" }),
        }
    }

    fn string(&mut self) -> Result<String, BadJson> {
        if self.next() != b'"' {
            return self.bad("no text");
        }
        self.at += 1;
        let mut found = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.find(|letter: char| letter < ' ' || letter == '"' || letter == '\\') else {
                return self.bad("an open text");
            };
            found.push_str(&rest[..stop]);
            self.at += stop + 1;
            match rest.as_bytes()[stop] {
                b'"' => return Ok(found),
                b'\\' => found.push(self.escaped()?),
                _ => return self.bad("a control character in a text"),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, BadJson> {
        let letter = self.next();
        self.at += 1;
        Ok(match letter {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => letter.into(),
            b'u' => {
                let mut units = vec![self.unit()?];
                if (0xd800..0xdc00).contains(&units[0]) && self.takes_word("\\u") {
                    units.push(self.unit()?);
                }
                let mut read = char::decode_utf16(units);
                match (read.next(), read.next()) {
                    (Some(Ok(letter)), None) => letter,
                    _ => return self.bad("half a surrogate pair"),
                }
            }
            _ => return self.bad("an unknown escape"),
        })
    }

    fn unit(&mut self) -> Result<u16, BadJson> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| !digits.starts_with('+'));
        let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) else {
            return self.bad("four hexadecimal digits were expected");
        };
        self.at += 4;
        Ok(unit)
    }
}

/// A binary value; subtype 2 repeats its length inside.
fn binary(out: &mut Vec<u8>, subtype: u8, data: &[u8]) {
    let length = data.len() as u32;
    if subtype == 2 {
        out.extend_from_slice(&(length + 4).to_le_bytes());
        out.push(subtype);
        out.extend_from_slice(&length.to_le_bytes());
    } else {
        out.extend_from_slice(&length.to_le_bytes());
        out.push(subtype);
    }
    out.extend_from_slice(data);
}
