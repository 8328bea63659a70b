//! What a spreadsheet would run instead of show.

/// Whether a spreadsheet would take a text for a formula.
pub fn looks_like_formula(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n'))
}
