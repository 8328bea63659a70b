//! What a value looks like, for fields whose name says nothing.
//!
//! A shape can only mask. Identifiers we make ourselves (UUIDs, hexadecimal, prefixed ids), dates and times are recognised,
//! since masking them would blind the inspector without protecting anyone.

/// Longest text shown when nothing is known about its field, in characters.
const LONGEST: usize = 40;

/// Whether a text is a secret by its own form: password hashes, signed tokens, keys, addresses with a password in them.
pub(super) fn is_secret(text: &str) -> bool {
    const HASHES: [&str; 8] = ["$2a$", "$2b$", "$2x$", "$2y$", "$argon2", "$scrypt$", "$6$", "$5$"];
    const KEYS: [&str; 9] = [
        "-----BEGIN",
        "sk_live_",
        "sk_test_",
        "rk_live_",
        "whsec_",
        "AGE-SECRET-KEY-",
        "otpauth://",
        "pbkdf2",
        "{SSHA}",
    ];
    let trimmed = text.trim_start();
    let starts = |list: &[&str]| list.iter().any(|start| trimmed.starts_with(start));
    // Most texts begin with none of these letters: this is asked of every text of an export.
    match trimmed.as_bytes().first() {
        Some(b'$') if starts(&HASHES) || trimmed.starts_with("$pbkdf2") => return true,
        Some(b'-' | b's' | b'r' | b'w' | b'A' | b'o' | b'p' | b'{') if starts(&KEYS) => return true,
        Some(b'e') if is_signed_token(trimmed) => return true,
        _ => {}
    }
    text.contains('@') && has_password(text)
}

/// Three base64url parts of which the first is a JSON object: a JWT.
fn is_signed_token(text: &str) -> bool {
    let mut parts = text.split('.');
    text.starts_with("eyJ")
        && text.len() > 30
        && parts.by_ref().take(3).filter(|part| part.len() > 4).count() >= 2
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'='))
}

/// An address of the form `scheme://user:password@host`, anywhere in the text.
fn has_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let authority =
            text[at + 3..].split(|c: char| c == '/' || c == '?' || c.is_whitespace()).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    })
}

/// Whether an unknown text is masked: long, or shaped like something that leads to a person.
pub(super) fn is_suspect(text: &str) -> bool {
    text.chars().nth(LONGEST).is_some() || is_address(text) || is_number_of_someone(text)
}

/// Contains an e-mail address.
pub(super) fn is_mail(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let host =
            text[at + 1..].split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).next().unwrap_or_default();
        before.is_some_and(|c| c.is_alphanumeric() || "._+-\"'".contains(c)) && host.trim_matches('.').contains('.')
    })
}

/// Contains an e-mail address, is a handle, or leads to a profile.
pub(super) fn is_address(text: &str) -> bool {
    let handle =
        text.trim().strip_prefix('@').is_some_and(|rest| rest.chars().next().is_some_and(char::is_alphanumeric));
    if handle || is_mail(text) {
        return true;
    }
    if !text.contains('.') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let profile =
        ["instagram.com", "tiktok.com", "facebook.com", "fb.com", "wa.me", "t.me/", "linkedin.com", "youtube.com"];
    profile.iter().any(|host| lower.contains(host))
}

/// Contains a phone or document number: five or more digits that are not part of a word, date, time or identifier.
pub(super) fn is_number_of_someone(text: &str) -> bool {
    if text.bytes().filter(u8::is_ascii_digit).count() < 5 || is_instant(text.trim()) || is_identifier(text.trim()) {
        return false;
    }
    let mut run = 0;
    for token in
        text.split(|c: char| c.is_whitespace() || ",;:()[]{}\"'=|".contains(c)).filter(|token| !token.is_empty())
    {
        let digits = token.bytes().filter(u8::is_ascii_digit).count();
        let numeric = token.bytes().all(|byte| byte.is_ascii_digit() || b"+-./".contains(&byte));
        if numeric && !is_instant(token) {
            run += digits;
            if run >= 5 {
                return true;
            }
        } else {
            run = 0;
        }
    }
    false
}

/// Whether a number could be a document or phone number when nothing is known about its field.
pub(super) fn is_document_number(number: f64) -> bool {
    number.fract() == 0.0 && (100_000.0..1e15).contains(&number.abs())
}

/// A date, a time, or both, in the forms programs write.
fn is_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    let fits = |pattern: &str| {
        bytes.len() >= pattern.len()
            && pattern.bytes().zip(bytes).all(|(want, have)| match want {
                b'0' => have.is_ascii_digit(),
                other => other == *have,
            })
    };
    let rest = |from: usize| bytes[from..].iter().all(|byte| byte.is_ascii_digit() || b"TZ:.+- ".contains(byte));
    (bytes.len() <= 35 && fits("0000-00-00") && rest(10))
        || (bytes.len() <= 20 && fits("00/00/0000") && rest(10))
        || (bytes.len() <= 8 && fits("00:00") && rest(5))
}

/// A UUID, long hexadecimal, or a word with digits in it (`ORD-1A2B3C4D`, `user_0a1b2c3d4e5f`).
fn is_identifier(text: &str) -> bool {
    let bytes = text.as_bytes();
    let uuid = bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let word = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    uuid || (word && bytes.iter().any(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_form() {
        for text in [
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlc2lnbmF0dXJl",
            "no se pudo abrir mongodb+srv://root:hunter2@db.example.net/x",
            "otpauth://totp/Canje?secret=ABC",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert!(is_secret(text), "{text}");
        }
        for text in ["https://example.com/a:b@c", "precio $25", "eyJ", "http://localhost:3000/"] {
            assert!(!is_secret(text), "{text}");
        }
    }

    #[test]
    fn people_are_known_by_their_form() {
        for text in [
            "ana@example.com",
            "escribir a <ana.b+c@correo.com.py>",
            "@ana.canjes",
            "https://www.instagram.com/ana",
            "0981 123 456",
            "+595 (981) 123-456",
            "1.234.567",
            "80012345-6",
            "4123456",
            "llamar al 0981 123456 por la tarde",
            "CI: 4.123.456",
        ] {
            assert!(is_suspect(text), "{text}");
        }
    }

    #[test]
    fn identifiers_and_times_are_not_people() {
        for text in [
            "550e8400-e29b-41d4-a716-446655440000",
            "65b2a1c3d4e5f60718293a4b",
            "user_0a1b2c3d4e5f",
            "ORD-12345678",
            "2026-01-31T12:34:56.123456+00:00",
            "2026-01-31T12:34:56.123Z",
            "31/01/2026 18:30",
            "18:30",
            "Asunción",
            "38",
            "10.5",
            "Reel/Video",
            "a @ b",
        ] {
            assert!(!is_suspect(text), "{text}");
        }
    }

    #[test]
    fn only_whole_numbers_of_the_right_length_are_document_numbers() {
        assert!(is_document_number(4_123_456.0) && is_document_number(595_981_123_456.0));
        assert!(!is_document_number(99_999.0) && !is_document_number(123_456.5) && !is_document_number(f64::NAN));
        assert!(!is_document_number(f64::INFINITY));
    }
}
