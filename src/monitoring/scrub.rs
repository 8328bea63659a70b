//! Takes what is personal or secret out of text before it leaves the house or is shown to more people than it concerns.
//!
//! It errs on the side of taking too much: an error without a number can still be found by its reference.

use serde_json::Value;

/// Names of fields whose value goes whatever it looks like.
const FIELDS: [&str; 22] = [
    "password",
    "contrasena",
    "clave",
    "secret",
    "token",
    "authorization",
    "cookie",
    "set-cookie",
    "api_key",
    "apikey",
    "signature",
    "email",
    "correo",
    "phone",
    "telefono",
    "whatsapp",
    "cedula",
    "ruc",
    "document",
    "documento",
    "ip_address",
    "user_agent",
];
/// Beginnings of keys and tokens of services we use or might.
const KEYS: [&str; 12] =
    ["whsec_", "re_", "sk_", "pk_", "sntrys_", "sntryu_", "ghp_", "xoxb-", "AKIA", "eyJ", "SK", "AC"];
/// Shortest text after such a beginning that is taken for a key.
const KEY_CHARACTERS: usize = 12;

const EMAIL: &str = "[correo]";
const NUMBER: &str = "[número]";
const PHONE: &str = "[teléfono]";
const KEY: &str = "[clave]";
const HIDDEN: &str = "[oculto]";

/// Every text in a JSON value, and whole fields whose name says that they are secret or personal.
pub fn json(value: &mut Value) {
    match value {
        Value::String(said) => {
            let clean = text(said);
            if clean != *said {
                *said = clean;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(json),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                if is_private(name) && (value.is_string() || value.is_number()) {
                    *value = HIDDEN.into();
                // Addresses of code: nothing of a person's, and Sentry can't use them changed.
                } else if name != "debug_meta" && name != "event_id" {
                    json(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_private(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    FIELDS.iter().any(|field| name == field.replace('-', "_") || name.ends_with(&format!("_{field}")))
}

/// A text without e-mail addresses, telephone and card numbers, query strings, credentials and keys.
pub fn text(said: &str) -> String {
    numbers(&words(said))
}

/// Goes word by word: addresses, queries, keys.
fn words(said: &str) -> String {
    let mut clean = String::with_capacity(said.len());
    let mut previous = "";
    for piece in said.split_inclusive(|character: char| character.is_whitespace() || "\"'`<>(),;".contains(character)) {
        let end = piece
            .char_indices()
            .next_back()
            .map_or(0, |(at, last)| if last.is_whitespace() || "\"'`<>(),;".contains(last) { at } else { piece.len() });
        let (word, rest) = piece.split_at(end);
        let follows_scheme = ["bearer", "basic"].iter().any(|scheme| previous.eq_ignore_ascii_case(scheme));
        if follows_scheme && word.len() >= KEY_CHARACTERS {
            clean.push_str(KEY);
        } else {
            clean.push_str(&one_word(word));
        }
        clean.push_str(rest);
        if !word.is_empty() {
            previous = word;
        }
    }
    clean
}

fn one_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        let rest = without_query(rest);
        let rest = rest.rsplit_once('@').map_or(rest.clone(), |(_, host)| format!("{HIDDEN}@{host}"));
        return format!("{scheme}://{rest}");
    }
    if is_email(word) {
        return EMAIL.into();
    }
    if word.contains('/') && word.contains('?') {
        return without_query(word);
    }
    // `name=value` and `name:value`: either half may be the secret.
    for sign in ['=', ':'] {
        if let Some((name, value)) = word.split_once(sign)
            && !value.is_empty()
        {
            let value = if is_private(name.trim_matches(|character: char| !character.is_alphanumeric())) {
                HIDDEN.to_owned()
            } else {
                one_word(value)
            };
            return format!("{}{sign}{value}", one_word(name));
        }
    }
    if is_key(word) { KEY.into() } else { word.to_owned() }
}

fn without_query(path: &str) -> String {
    match path.split_once('?') {
        Some((path, query)) if !query.is_empty() => format!("{path}?{HIDDEN}"),
        _ => path.to_owned(),
    }
}

fn is_email(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else { return false };
    // A release (`canje@0.1.0`) isn't an address: no top-level domain begins with a digit.
    let top = host.trim_end_matches('.').rsplit_once('.').map(|(_, top)| top);
    !name.is_empty() && top.is_some_and(|top| !top.starts_with(|first: char| first.is_ascii_digit()))
}

fn is_key(word: &str) -> bool {
    KEYS.iter().filter_map(|prefix| word.strip_prefix(prefix)).any(|rest| {
        rest.len() >= KEY_CHARACTERS
            && rest.chars().any(|character| character.is_ascii_digit())
            && rest.chars().all(|character| character.is_ascii_alphanumeric() || "_-.+/=".contains(character))
    })
}

/// Runs of digits that are as long as a telephone or card number, however they are grouped.
fn numbers(said: &str) -> String {
    let characters: Vec<char> = said.chars().collect();
    let mut clean = String::with_capacity(said.len());
    let mut at = 0;
    while at < characters.len() {
        let is_start = characters[at].is_ascii_digit() || characters[at] == '+';
        let follows_word = at > 0 && (characters[at - 1].is_alphanumeric() || characters[at - 1] == '_');
        if !is_start || follows_word {
            clean.push(characters[at]);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut digits = String::new();
        if characters[at].is_ascii_digit() {
            digits.push(characters[at]);
        }
        while end < characters.len() {
            let next_is_digit = characters.get(end + 1).is_some_and(char::is_ascii_digit);
            match characters[end] {
                digit if digit.is_ascii_digit() => digits.push(digit),
                ' ' | '-' if next_is_digit => {}
                _ => break,
            }
            end += 1;
        }
        let ends_in_word = characters.get(end).is_some_and(|next| next.is_alphabetic() || *next == '_');
        let whole: String = characters[at..end].iter().collect();
        match kind_of(&digits) {
            Some(mark) if !ends_in_word => clean.push_str(mark),
            _ => clean.push_str(&whole),
        }
        at = end;
    }
    clean
}

fn kind_of(digits: &str) -> Option<&'static str> {
    let is_phone = (digits.starts_with("595") && (11..=13).contains(&digits.len()))
        || (digits.starts_with("09") && digits.len() == 10);
    match digits.len() {
        _ if is_phone => Some(PHONE),
        13..=19 => Some(NUMBER),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_personal_or_secret_goes() {
        for (said, clean) in [
            ("no account ana.perez+x@example.com here", "no account [correo] here"),
            ("<ana@example.com>, \"b@example.com\"", "<[correo]>, \"[correo]\""),
            ("mongodb+srv://user:pa@ss@db.example.com/x?w=1", "mongodb+srv://[oculto]@db.example.com/x?[oculto]"),
            ("GET /login?next=/x&email=a%40b.c failed", "GET /login?[oculto] failed"),
            ("call 0981123456 or +595 981 123 456 or 595981123456", "call [teléfono] or [teléfono] or [teléfono]"),
            ("card 4111 1111 1111 1111 or 4111111111111111", "card [número] or [número]"),
            ("Authorization: Bearer abcdef0123456789xyz", "Authorization: Bearer [clave]"),
            ("key re_abc123DEF456ghi and whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "key [clave] and [clave]"),
            ("password=hunter2 token:abc", "password=[oculto] token:[oculto]"),
            ("https://s3.example.com/f?X-Amz-Signature=aa", "https://s3.example.com/f?[oculto]"),
        ] {
            assert_eq!(text(said), clean);
        }
    }

    #[test]
    fn what_helps_to_find_the_error_stays() {
        for said in [
            "E11000 duplicate key error collection: canje.users index: email_1",
            "no such order 1001 in /admin/data/legacy/users/doc/65f0c2",
            "tokio::runtime::re_poll at src/web/answer.rs:101:9",
            "took 1532 ms at 2026-11-22T08:00:00Z; reference Abc-_123xYz9",
        ] {
            assert_eq!(text(said), said);
        }
    }

    #[test]
    fn fields_go_by_their_name() {
        let mut value = serde_json::json!({
            "user_email": "x", "telefono": 5, "route": "GET /x", "extra": { "set-cookie": "a=b", "n": ["0981123456"] }
        });
        json(&mut value);
        assert_eq!(
            value,
            serde_json::json!({
                "user_email": "[oculto]", "telefono": "[oculto]", "route": "GET /x",
                "extra": { "set-cookie": "[oculto]", "n": ["[teléfono]"] }
            })
        );
    }

    proptest! {
        #[test]
        fn no_address_survives_whatever_stands_around_it(before in ".{0,12}[ (<\"]", after in "[ )>\",].{0,12}") {
            let clean = text(&format!("{before}canary@example.com{after}"));
            prop_assert!(!clean.contains("canary@"), "{}", clean);
        }

        #[test]
        fn any_text_can_be_scrubbed(said in ".*") {
            text(&said);
        }
    }
}
