//! Numbers and texts.

use super::{BadJson, Reader};
use crate::backup::verify::bytes::tag;

impl Reader<'_> {
    pub(super) fn digits(&mut self) -> Result<&str, BadJson> {
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
    pub(super) fn number(&mut self, out: &mut Vec<u8>) -> Result<u8, BadJson> {
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

    pub(super) fn string(&mut self) -> Result<String, BadJson> {
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
