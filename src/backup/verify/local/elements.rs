//! The elements of a JSON array, one after the other, without ever holding the array.

use std::io::{self, Read};

use super::source::next;

/// Longest text of one element: the largest document written out as Extended JSON, and some.
const LONGEST: usize = 96 * 1024 * 1024;
/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// How an array ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// With its bracket, and nothing after it.
    Well,
    /// The bytes ended first, here.
    Cut(u64),
    /// Something stood here that can't.
    Wrong(u64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    /// Behind the opening bracket: the array may also end.
    First,
    /// Behind a comma.
    Next,
    Inside,
    /// Behind an element.
    Between,
    After,
}

/// Hands each element's text to `take`, with its offset.
pub fn each(mut reader: impl Read, mut take: impl FnMut(&[u8], u64) -> io::Result<()>) -> io::Result<Ended> {
    let mut piece = vec![0; PIECE];
    let (mut state, mut offset, mut started) = (State::Before, 0_u64, 0_u64);
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    let mut element = Vec::new();
    loop {
        let read = next(&mut reader, &mut piece)?;
        if read == 0 {
            return Ok(if state == State::After { Ended::Well } else { Ended::Cut(offset) });
        }
        for byte in piece[..read].iter().copied() {
            let at = offset;
            offset += 1;
            let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            if state == State::Inside {
                // What has a closing mark of its own is over behind it, whatever comes next.
                let is_closed = matches!(element.first(), Some(b'{' | b'[' | b'"'));
                let is_over = depth == 0 && !is_text && (is_closed || is_space || matches!(byte, b',' | b']'));
                if !is_over {
                    element.push(byte);
                    if element.len() > LONGEST {
                        return Ok(Ended::Wrong(started));
                    }
                    match byte {
                        _ if is_escaped => is_escaped = false,
                        b'\\' if is_text => is_escaped = true,
                        b'"' => is_text = !is_text,
                        _ if is_text => {}
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    continue;
                }
                take(&element, started)?;
                element.clear();
                state = State::Between;
            }
            state = match (state, byte) {
                _ if is_space => state,
                (State::Before, b'[') => State::First,
                (State::First, b']') | (State::Between, b']') => State::After,
                (State::Between, b',') => State::Next,
                (State::First | State::Next, b'{') => {
                    started = at;
                    element.push(byte);
                    depth = 1;
                    State::Inside
                }
                (State::First | State::Next, b',' | b']' | b'}') => return Ok(Ended::Wrong(at)),
                // No document, but its end can be found.
                (State::First | State::Next, _) => {
                    started = at;
                    element.push(byte);
                    (depth, is_text) = (usize::from(byte == b'['), byte == b'"');
                    State::Inside
                }
                _ => return Ok(Ended::Wrong(at)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Ended) {
        let mut found = Vec::new();
        let ended = each(text.as_bytes(), |element, at| {
            found.push(format!("{at}:{}", String::from_utf8_lossy(element)));
            Ok(())
        });
        (found, ended.unwrap())
    }

    #[test]
    fn elements_come_one_by_one() {
        let (found, ended) = read(" [ {\"a\":\"]},\\\"\"} ,[1,{}], 7,\n\"x,]\"] \n");
        assert_eq!(found, ["3:{\"a\":\"]},\\\"\"}", "18:[1,{}]", "26:7", "29:\"x,]\""]);
        assert_eq!(ended, Ended::Well);
        assert_eq!(read("[]"), (vec![], Ended::Well));
    }

    #[test]
    fn what_ends_early_or_goes_wrong_is_told_with_its_place() {
        assert_eq!(read("[{\"a\":1}").1, Ended::Cut(8));
        assert_eq!(read("[{\"a\":").1, Ended::Cut(6));
        assert_eq!(read("").1, Ended::Cut(0));
        assert_eq!(read("[{},]").1, Ended::Wrong(4));
        assert_eq!(read("[{}] x").1, Ended::Wrong(5));
        assert_eq!(read("{}").1, Ended::Wrong(0));
        assert_eq!(read("[{}{}]").1, Ended::Wrong(3));
    }
}
