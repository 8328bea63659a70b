//! What a new password must be. Old ones that fall short still open their accounts.

use std::collections::BTreeSet;

use crate::i18n::accounts as words;

/// Characters, not bytes.
const SHORTEST: usize = 12;
const LONGEST: usize = 128;
/// Letters that remain of a password once its common parts are gone; fewer say that it was made of common parts.
const OWN_LETTERS: usize = 4;

/// Words common passwords are made of, longest first: the product, the place, the keyboard, the usual suspects.
const COMMON: &str = include_str!("common_passwords.txt");

/// Everything wrong with a new password, as sentences; none when it will do.
pub fn problems(password: &str, email: &str) -> Vec<String> {
    let characters = password.chars().count();
    let mut problems = Vec::new();
    if characters < SHORTEST {
        problems.push(words::password_too_short(SHORTEST));
    }
    if characters > LONGEST {
        problems.push(words::password_too_long(LONGEST));
    }
    if !password.chars().any(char::is_uppercase) {
        problems.push(words::PASSWORD_NEEDS_UPPER.into());
    }
    if !password.chars().any(char::is_lowercase) {
        problems.push(words::PASSWORD_NEEDS_LOWER.into());
    }
    if !password.chars().any(|c| c.is_ascii_digit()) {
        problems.push(words::PASSWORD_NEEDS_DIGIT.into());
    }
    if characters <= LONGEST && is_common(password, email) {
        problems.push(words::PASSWORD_COMMON.into());
    }
    problems
}

/// Whether little is left once common words, the person's own address and everything that isn't a letter are taken away.
fn is_common(password: &str, email: &str) -> bool {
    let own = plain(email.split('@').next().unwrap_or_default());
    // Digits are read as the letters they look like, and as digits: `p4ssw0rd` and `password1537` are both common.
    let without_digits: String = password.chars().filter(|c| !c.is_ascii_digit()).collect();
    [plain(password), plain(&without_digits)].into_iter().any(|mut rest| {
        for word in COMMON.lines().chain((own.len() >= OWN_LETTERS).then_some(own.as_str())) {
            rest = rest.replace(word, " ");
        }
        let own_letters: BTreeSet<char> = rest.chars().filter(|c| c.is_alphabetic()).collect();
        own_letters.len() < OWN_LETTERS
    })
}

/// Lower case, accents gone, digits and signs read as the letters they stand for.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        })
        .filter(|c| c.is_alphabetic())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, fits: bool) {
        let problems = problems(password, "soledad@example.com");
        assert_eq!(problems.is_empty(), fits, "{password}: {problems:?}");
    }

    #[test]
    fn good_passwords_pass() {
        check("Palma-Alta-2026", true);
        check("Tres7caballosgrises", true);
        check("ÑandúVeloz-44", true);
        check(&format!("Ab1{}", "kzrw".repeat(31)), true);
    }

    #[test]
    fn each_rule_refuses() {
        check("Corta-8zkw", false);
        check("sinmayusculas8zkw", false);
        check("SINMINUSCULAS8ZKW", false);
        check("SinNumerosZkwqx", false);
        check(&format!("Ab1{}", "kzrw".repeat(40)), false);
        assert_eq!(problems("", "").len(), 5, "every rule is named at once");
    }

    #[test]
    fn common_ones_are_refused_however_they_are_dressed() {
        for password in [
            "Password1234",
            "P4ssw0rd-2026!",
            "Canje-Demo-2026",
            "CanjeParaguay2026",
            "C4nj3C4nj3C4nj3",
            "Contraseña123",
            "Asuncion-1537",
            "Qwertyuiop123",
            "Soledad-123456",
            "Aaaaaaaaaaa1",
            "Ababababab12",
        ] {
            check(password, false);
        }
    }

    #[test]
    fn the_list_is_written_as_passwords_are_read() {
        for word in COMMON.lines() {
            assert_eq!(plain(word), word, "{word}");
        }
        assert!(COMMON.lines().is_sorted_by_key(|word| std::cmp::Reverse(word.len())), "longest first");
    }
}
