//! Extended JSON's own names, and the values they stand for.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{BadJson, Reader};
use crate::backup::verify::bytes::{self, tag};

impl Reader<'_> {
    /// The value behind one of Extended JSON's own names; `None`, with nothing read, for any other name.
    pub(super) fn wrapped(&mut self, key: &str, out: &mut Vec<u8>, depth: usize) -> Result<Option<u8>, BadJson> {
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
