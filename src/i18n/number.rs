//! Numbers as they are written in Paraguay; small enough for both builds.

/// `1.234.567`.
pub fn integer(value: impl Into<i128>) -> String {
    let value = value.into();
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if value < 0 {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// `1 documento`, `2.000 documentos`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", integer(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_take_dots() {
        assert_eq!(integer(0), "0");
        assert_eq!(integer(999), "999");
        assert_eq!(integer(1_000), "1.000");
        assert_eq!(integer(1_234_567), "1.234.567");
        assert_eq!(integer(-12_345), "−12.345");
        assert_eq!(integer(u64::MAX), "18.446.744.073.709.551.615");
    }

    #[test]
    fn one_is_singular_and_zero_is_not() {
        assert_eq!(counted(1, "documento", "documentos"), "1 documento");
        assert_eq!(counted(0, "documento", "documentos"), "0 documentos");
        assert_eq!(counted(1_500, "documento", "documentos"), "1.500 documentos");
    }
}
