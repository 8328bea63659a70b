//! Telephone numbers as people write them, and whether WhatsApp reaches them.

/// Paraguay's country code.
const PARAGUAY: &str = "595";

/// A number in E.164.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    e164: String,
    kind: PhoneKind,
}

/// What is known of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A Paraguayan mobile.
    Mobile,
    /// A Paraguayan land line: no WhatsApp by default.
    Landline,
    /// Another country's, of which nothing else is known.
    Foreign,
}

impl Phone {
    /// The number somebody wrote: a Paraguayan one in any spelling, another country's only with its `+` or `00`.
    ///
    /// Adoption is stricter (it looks numbers of other countries up); here whoever writes means to send something.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed
            .chars()
            .any(|c| !c.is_ascii_digit() && !matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'))
        {
            return None;
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let (full, is_international) = if typed.trim_start_matches('(').starts_with('+') {
            (digits, true)
        } else if let Some(rest) = digits.strip_prefix("00") {
            (rest.to_owned(), true)
        } else if let Some(rest) = digits.strip_prefix('0') {
            (format!("{PARAGUAY}{rest}"), false)
        } else if digits.len() == 9 && digits.starts_with('9') {
            (format!("{PARAGUAY}{digits}"), false)
        } else if digits.starts_with(PARAGUAY) && digits.len() >= 12 {
            (digits, false)
        } else {
            return None;
        };
        match full.strip_prefix(PARAGUAY) {
            // People write +595 0981.
            Some(national) => Self::paraguayan(national.strip_prefix('0').unwrap_or(national)),
            None if is_international && (8..=15).contains(&full.len()) && !full.starts_with('0') => {
                Some(Self { e164: format!("+{full}"), kind: PhoneKind::Foreign })
            }
            None => None,
        }
    }

    fn paraguayan(national: &str) -> Option<Self> {
        let kind = if is_mobile(national) {
            PhoneKind::Mobile
        } else if (7..=9).contains(&national.len()) && matches!(national.as_bytes().first(), Some(b'2'..=b'7')) {
            PhoneKind::Landline
        } else {
            return None;
        };
        Some(Self { e164: format!("+{PARAGUAY}{national}"), kind })
    }

    /// `+595981123456`.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// What is known of it.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// Whether a message may be sent there.
    pub fn has_whatsapp(&self) -> bool {
        self.kind != PhoneKind::Landline
    }
}

/// The one place that knows the mobile blocks: nine digits, `9(51|6[129]|7[1-6]|8[1-7]|9[1-5])` and six more.
fn is_mobile(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 9
        && bytes[0] == b'9'
        && matches!(
            (bytes[1], bytes[2]),
            (b'5', b'1') | (b'6', b'1' | b'2' | b'9') | (b'7', b'1'..=b'6') | (b'8', b'1'..=b'7') | (b'9', b'1'..=b'5')
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(typed: &str) -> Option<String> {
        Phone::parse(typed).map(|phone| phone.e164)
    }

    #[test]
    fn the_contracts_table() {
        for typed in [
            "0981 123 456",
            "(0981) 123-456",
            "981123456",
            "+595 981 123456",
            "595981123456",
            "00595981123456",
            "+595 0981 123456",
        ] {
            assert_eq!(number(typed).as_deref(), Some("+595981123456"), "{typed}");
        }
        for (typed, expected) in [
            ("0961123456", "+595961123456"),
            ("0951123456", "+595951123456"),
            ("0991-123.456", "+595991123456"),
            ("+54 9 11 5555 1234", "+5491155551234"),
        ] {
            assert_eq!(number(typed).as_deref(), Some(expected), "{typed}");
        }
        let land = Phone::parse("021 234 567").unwrap();
        assert!(land.kind() == PhoneKind::Landline && !land.has_whatsapp());
        for typed in ["0911123456", "098112345", "0800 11 22 33", "", "+", "abc", "0981 123 456 (mamá)", "54911123456"]
        {
            assert_eq!(number(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_number_read_twice_is_the_same(typed in "[+0-9 ().-]{0,20}") {
            if let Some(phone) = Phone::parse(&typed) {
                prop_assert_eq!(Phone::parse(phone.e164()), Some(phone.clone()));
                prop_assert!(phone.e164()[1..].bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }
}
