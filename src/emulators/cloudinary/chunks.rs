//! Files that arrive in parts: in order, one upload id for all of them, a range for each.

use std::collections::VecDeque;
use std::sync::Mutex;

use http::HeaderMap;
use serde_json::Value;

use super::Problem;

/// Uploads that are remembered; the oldest is forgotten first.
const KEPT: usize = 32;

/// Where a part belongs: from, to and of how many bytes, if that is known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    start: u64,
    end: u64,
    total: Option<u64>,
}

/// The uploads under way, and those that have just ended.
#[derive(Default)]
pub(super) struct Chunks(Mutex<VecDeque<(String, Upload)>>);

#[derive(Default)]
struct Upload {
    bytes: Vec<u8>,
    total: Option<u64>,
    /// What the last part was answered: sent again, it is answered the same.
    answer: Option<Value>,
}

/// What a part leads to.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// So many bytes are there.
    More(u64),
    /// All of them.
    Whole(Vec<u8>),
    /// All of them were, and this was the answer.
    Answered(Value),
}

/// The upload id and range of a request that is one of several; `None` for a file in one request.
pub(super) fn part_of(headers: &HeaderMap) -> Result<Option<(String, Range)>, Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("x-unique-upload-id"), text("content-range")) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Problem::new(400, "Missing required parameter - public_id")),
        (Some(_), None) => Err(Problem::new(400, "Missing Content-Range header")),
        (Some(id), Some(range)) if id.len() >= 16 => Ok(Some((id.to_owned(), parse(range)?))),
        (Some(_), Some(_)) => Err(Problem::new(400, "Invalid X-Unique-Upload-Id")),
    }
}

fn parse(text: &str) -> Result<Range, Problem> {
    let read = || {
        let (span, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (start, end) = span.split_once('-')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
        let total = if total == "-1" { None } else { Some(number(total)?) };
        let range = Range { start: number(start)?, end: number(end)?, total };
        (range.start <= range.end && total.is_none_or(|total| range.end < total)).then_some(range)
    };
    read().ok_or_else(|| Problem::new(400, format!("Invalid Content-Range header: {text}")))
}

impl Chunks {
    /// Takes a part; every one but the last has to be larger than `smallest`.
    pub(super) fn take(&self, id: &str, range: Range, part: &[u8], smallest: u64) -> Result<Step, Problem> {
        let mut uploads = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !uploads.iter().any(|(own, _)| own == id) {
            if uploads.len() == KEPT {
                uploads.pop_front();
            }
            uploads.push_back((id.to_owned(), Upload::default()));
        }
        let Some((_, upload)) = uploads.iter_mut().find(|(own, _)| own == id) else {
            return Err(Problem::new(500, "the upload is gone"));
        };
        upload.take(range, part, smallest)
    }

    /// Remembers what the last part was answered.
    pub(super) fn answered(&self, id: &str, answer: &Value) {
        let mut uploads = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, upload)) = uploads.iter_mut().find(|(own, _)| own == id) {
            upload.answer = Some(answer.clone());
        }
    }
}

impl Upload {
    fn take(&mut self, range: Range, part: &[u8], smallest: u64) -> Result<Step, Problem> {
        let refuse = |words: &str| Err(Problem::new(400, words));
        if range.end - range.start + 1 != part.len() as u64 {
            return refuse("Content-Range doesn't match the part's size");
        }
        if let (Some(before), Some(now)) = (self.total, range.total)
            && before != now
        {
            return refuse("Content-Range total has changed");
        }
        let is_last = range.total == Some(range.end + 1);
        if !is_last && part.len() as u64 <= smallest {
            return refuse("All parts except EOF-chunk must be larger than 5mb");
        }
        let so_far = self.bytes.len() as u64;
        if range.start > so_far {
            return refuse("Content-Range leaves a gap");
        }
        if range.start < so_far {
            let again = self.bytes.get(range.start as usize..=range.end as usize);
            if again != Some(part) {
                return refuse("Content-Range overlaps an earlier part");
            }
            return Ok(match (&self.answer, is_last) {
                (Some(answer), true) => Step::Answered(answer.clone()),
                (None, true) => Step::Whole(self.bytes.clone()),
                _ => Step::More(so_far),
            });
        }
        self.total = self.total.or(range.total);
        self.bytes.extend_from_slice(part);
        Ok(if is_last { Step::Whole(self.bytes.clone()) } else { Step::More(self.bytes.len() as u64) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(chunks: &Chunks, range: &str, part: &[u8]) -> Result<Step, String> {
        let range = parse(range).map_err(|problem| problem.message)?;
        chunks.take("an-upload-of-ours", range, part, 2).map_err(|problem| problem.message)
    }

    #[test]
    fn parts_become_the_file_and_may_be_sent_again() {
        let chunks = Chunks::default();
        assert_eq!(take(&chunks, "bytes 0-2/-1", b"abc"), Ok(Step::More(3)));
        assert_eq!(take(&chunks, "bytes 0-2/-1", b"abc"), Ok(Step::More(3)), "sent again");
        assert_eq!(take(&chunks, "bytes 3-5/7", b"def"), Ok(Step::More(6)));
        assert_eq!(take(&chunks, "bytes 6-6/7", b"g"), Ok(Step::Whole(b"abcdefg".to_vec())));
        assert_eq!(take(&chunks, "bytes 6-6/7", b"g"), Ok(Step::Whole(b"abcdefg".to_vec())), "its answer was lost");
        chunks.answered("an-upload-of-ours", &Value::Bool(true));
        assert_eq!(take(&chunks, "bytes 6-6/7", b"g"), Ok(Step::Answered(Value::Bool(true))));
    }

    #[test]
    fn what_breaks_a_rule_is_refused() {
        let chunks = Chunks::default();
        assert_eq!(take(&chunks, "bytes 0-2/9", b"abc"), Ok(Step::More(3)));
        for (range, part, about) in [
            ("bytes 3-5/9", &b"de"[..], "size"),
            ("bytes 4-6/9", b"efg", "gap"),
            ("bytes 1-3/9", b"xyz", "overlaps"),
            ("bytes 1-3/9", b"bcd", "overlaps"),
            ("bytes 3-5/8", b"def", "total"),
            ("bytes 3-4/9", b"de", "larger than 5mb"),
            ("bytes 5-3/9", b"", "Invalid"),
            ("bytes 3-9/9", b"defghij", "Invalid"),
            ("3-5/9", b"def", "Invalid"),
            ("bytes 3-5", b"def", "Invalid"),
            ("bytes +3-5/9", b"def", "Invalid"),
        ] {
            let refused = take(&chunks, range, part).unwrap_err();
            assert!(refused.contains(about), "{range}: {refused}");
        }
    }
}
