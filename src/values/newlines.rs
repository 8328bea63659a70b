//! Line breaks of what was typed.

/// Text whose line breaks are one character each. Forms send two, and what is counted in the browser is counted here.
pub fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::newlines;

    #[test]
    fn a_line_break_is_one_character() {
        assert_eq!(newlines("uno\r\ndos\n\r\n"), "uno\ndos\n\n");
    }
}
