//! Telephone numbers, from however they were typed to E.164.

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};

const PARAGUAY: &str = "595";

/// The number in E.164, or `None` when what was typed can't be told for certain.
///
/// A Paraguayan mobile may be written with or without country code and trunk zero. Anything else needs its `+` and has to
/// be a number its country gives to people: a mobile number with a digit missing would otherwise pass for a service number.
pub fn normalise(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}')) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    paraguayan(&digits).or_else(|| if typed.starts_with('+') { abroad(typed) } else { None })
}

/// Whether a number is written the way nearly all are stored: +595 and nine digits that don't begin with 0.
pub fn is_stored_form(number: &str) -> bool {
    number
        .strip_prefix("+595")
        .is_some_and(|rest| rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_digit()) && !rest.starts_with('0'))
}

/// The last nine digits without leading zeros: enough to tell whether two spellings are one Paraguayan number.
pub fn tail(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(9);
    digits[from..].iter().collect::<String>().trim_start_matches('0').to_owned()
}

fn paraguayan(digits: &str) -> Option<String> {
    let national = digits.strip_prefix(PARAGUAY).filter(|rest| rest.len() >= 9).unwrap_or(digits);
    let national = national.strip_prefix('0').unwrap_or(national);
    let is_mobile = national.len() == 9 && national.starts_with('9');
    is_mobile.then(|| format!("+{PARAGUAY}{national}"))
}

fn abroad(typed: &str) -> Option<String> {
    let number = phonenumber::parse(None::<country::Id>, typed).ok()?;
    let personal = matches!(number.number_type(&DATABASE), Type::Mobile | Type::FixedLine | Type::FixedLineOrMobile);
    (number.is_valid() && personal).then(|| number.format().mode(Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_a_mobile_is_one_number() {
        for typed in [
            "0981123456",
            "981123456",
            "595981123456",
            "+595981123456",
            "+595 981123456",
            "+595 981 123 456",
            "+5950981123456",
            "0981-123.456",
            "(0981) 123 456",
        ] {
            assert_eq!(normalise(typed).as_deref(), Some("+595981123456"), "{typed}");
        }
    }

    #[test]
    fn what_cant_be_told_is_left_alone() {
        for typed in ["", "98112345", "09811234567", "12345", "no tengo", "0981123456 (mamá)", "54911123456", "+1", "+"]
        {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }

    #[test]
    fn numbers_from_abroad_and_land_lines_need_their_plus() {
        assert_eq!(normalise("+54 9 11 2345 6789").as_deref(), Some("+5491123456789"));
        assert_eq!(normalise("+595 21 444 000").as_deref(), Some("+59521444000"));
        assert_eq!(normalise("021 444 000"), None);
    }

    #[test]
    fn tails_tell_spellings_of_one_number() {
        assert_eq!(tail("+595 981 123 456"), tail("0981123456"));
        assert_ne!(tail("0981123456"), tail("0981123457"));
        assert_eq!(tail(""), "");
    }

    proptest! {
        #[test]
        fn a_normalised_number_stays_as_it_is(typed in "[+0-9 ()-]{0,18}") {
            if let Some(number) = normalise(&typed) {
                prop_assert_eq!(normalise(&number), Some(number));
            }
        }

        #[test]
        fn mobiles_are_found_in_any_dress(digits in "9[0-9]{8}", zero in any::<bool>(), code in 0..4usize) {
            let code = ["", "595", "+595", "+595 "][code];
            let zero = if zero { "0" } else { "" };
            let number = normalise(&format!("{code}{zero}{digits}"));
            prop_assert_eq!(&number, &Some(format!("+595{digits}")));
            prop_assert!(is_stored_form(&number.unwrap()));
        }
    }
}
