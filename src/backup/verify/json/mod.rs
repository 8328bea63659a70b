//! Extended JSON to BSON in one pass, without a tree: names keep their order and may stand twice.
//!
//! Enough for definitions (canonical and relaxed) and for the documents of the previous system. An object whose first name
//! is one of Extended JSON's own is the value it stands for.

mod text;
mod wrapped;

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
}
