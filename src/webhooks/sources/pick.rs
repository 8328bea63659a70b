//! Picking fields out of payloads whose every field may be missing, a number instead of a string, or the other way round.

use serde_json::Value;

/// Longest picked line, in characters.
const LINE: usize = 300;
/// Longest picked address, in characters.
const URL: usize = 1000;

/// The value at a path such as `data.event.title`.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// The first of these paths with a text, a number or a truth value, as one line.
pub fn text(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| plain(at(value, path)?))
}

/// A scalar as one line; nothing when it is empty.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => line(text, LINE),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The first of these paths with the address of a web page. Nothing else may become a link.
pub fn url(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| web_address(at(value, path)?.as_str()?))
}

/// An `http` or `https` address, shortened.
pub fn web_address(text: &str) -> Option<String> {
    let text = line(text, URL)?;
    let lower = text.to_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")).then_some(text)
}

/// One line without control characters, at most so long.
pub fn line(text: &str, characters: usize) -> Option<String> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(characters * 2).collect();
    let text: String = text.trim().chars().take(characters).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_texts_are_the_same() {
        let value = json!({ "a": { "id": 4711, "text": " x\ny ", "none": null, "empty": "", "list": [1] } });
        assert_eq!(text(&value, &["a.id"]).as_deref(), Some("4711"));
        assert_eq!(text(&value, &["a.none", "a.empty", "a.list", "a.b.c", "a.text"]).as_deref(), Some("x y"));
        assert_eq!(text(&value, &["a.none"]), None);
    }

    #[test]
    fn only_web_pages_become_links() {
        let value = json!({ "a": "javascript:alert(1)", "b": "data:text/html,x", "c": "HTTPS://x.example/1" });
        assert_eq!(url(&value, &["a", "b", "c"]).as_deref(), Some("HTTPS://x.example/1"));
        assert_eq!(url(&value, &["a", "b"]), None);
    }
}
