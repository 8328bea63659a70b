//! Signatures, reckoned by the service's own description and not by our client.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Problem;
use crate::emulators::Twins;

/// How long a signature is good for, in seconds.
const GOOD_FOR: i64 = 3_600;

fn sha1(text: &str) -> Vec<u8> {
    Sha1::digest(text).to_vec()
}

fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

/// What of these parameters is signed, and how, by version 2: `&` in a value is escaped. Version 1 differs only where a
/// value has one, and is not taken there.
pub fn string_to_sign(params: &[(String, String)]) -> String {
    let unsigned = ["file", "cloud_name", "resource_type", "api_key", "signature"];
    let mut lines: Vec<String> = Vec::new();
    for (name, value) in params {
        if !unsigned.contains(&name.as_str()) && !value.is_empty() {
            lines.push(format!("{name}={}", value.replace('&', "%26")));
        }
    }
    // By name: a sign of equality sorts after a digit or a capital, so the lines themselves won't do.
    lines.sort_by(|left, right| left.split('=').next().cmp(&right.split('=').next()));
    lines.join("&")
}

/// What the service puts under an answer about a file: the account's hash is SHA-1, as accounts have it unless asked.
pub(super) fn of_answer(public_id: &str, version: i64, secret: &str) -> String {
    hex::encode(sha1(&format!("public_id={public_id}&version={version}{secret}")))
}

/// Checks that a request's parameters come from somebody who has the secret, and just now.
pub(super) fn check(twins: &Twins, cloud: &str, params: &[(String, String)]) -> Result<(), Problem> {
    let settings = &twins.settings;
    if cloud != settings.cloudinary_cloud {
        return Err(Problem::new(401, "Invalid cloud_name ".to_owned() + cloud));
    }
    let find = |name: &str| params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let Some(signature) = find("signature").filter(|signature| !signature.is_empty()) else {
        return Err(Problem::new(400, "Upload preset must be specified when using unsigned upload"));
    };
    match find("api_key") {
        None => return Err(Problem::new(401, "Must supply api_key")),
        Some(key) if key != settings.cloudinary_api_key => {
            return Err(Problem::new(401, format!("Unknown API key {key}")));
        }
        Some(_) => {}
    }
    let timestamp = find("timestamp").ok_or_else(|| Problem::new(400, "Missing required parameter - timestamp"))?;
    let reported: i64 = timestamp.parse().map_err(|_| Problem::new(400, format!("Invalid timestamp {timestamp}")))?;
    let string = string_to_sign(params);
    let said = format!("{string}{}", settings.cloudinary_api_secret);
    let expected = if signature.len() == 40 { hex::encode(sha1(&said)) } else { hex::encode(sha256(&said)) };
    if !bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
        return Err(Problem::new(401, format!("Invalid Signature {signature}. String to sign - '{string}'.")));
    }
    if twins.clock.now().as_second() - reported > GOOD_FOR {
        let words = format!("Stale request - reported time is {reported} which is more than 1 hour ago");
        return Err(Problem::new(401, words));
    }
    Ok(())
}

/// The signature in a delivery address, of what follows it without the version; 8 characters of SHA-1 or 32 of SHA-256.
pub fn delivery_signature(source: &str, secret: &str, is_long: bool) -> String {
    use base64::Engine as _;
    let said = format!("{}{secret}", escape(source));
    let (digest, length) = if is_long { (sha256(&said), 32) } else { (sha1(&said), 8) };
    let mut text = base64::engine::general_purpose::URL_SAFE.encode(digest);
    text.truncate(length);
    text
}

/// Whether `signed` is one of the two signatures of `source`.
pub(super) fn is_delivery_of(signed: &str, source: &str, secret: &str) -> bool {
    let expected = delivery_signature(source, secret, signed.len() == 32);
    expected.as_bytes().ct_eq(signed.as_bytes()).into()
}

fn escape(source: &str) -> String {
    let mut escaped = String::new();
    for byte in source.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-/:,".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "abcd-TEST-secret_0001";

    #[test]
    fn delivery_addresses_are_signed_as_published() {
        for (secret, source, is_long, expected) in [
            ("b", "c_crop,h_20,w_10/image.jpg", false, "Ai4Znfl3"),
            ("b", "image.jpg", false, "--SjmNDA"),
            ("b", "sample.jpg", false, "v2fTPYTu"),
            ("b", "sample.jpg", true, "2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf"),
            (SECRET, "c_fill,g_auto,h_400,w_600/f_auto,q_auto/catalog/prod-7f3a/01.jpg", false, "zl4Fhnne"),
            (SECRET, "catalog/prod-7f3a/01", true, "NlyYVM5u_20o6fUsAN6bu0V0q2ciyqEh"),
            (SECRET, "c_fill,h_400,w_600/catálogo/foto ñandú.jpg", false, "cBEfp-MR"),
            (SECRET, "backups/2026-01-01.tar.zst.age", false, "NS4dh6H4"),
            (SECRET, "backups/2026-01-01.tar.zst.age", true, "IKDnbde_JuQtjyUJRpKAz-XJSAR9r1XD"),
        ] {
            assert_eq!(delivery_signature(source, secret, is_long), expected, "{source}");
            assert!(is_delivery_of(expected, source, secret));
            assert!(!is_delivery_of(expected, "another.jpg", secret));
        }
    }

    #[test]
    fn answers_are_signed_as_published() {
        let expected = "13d4bf8ce43b19b558fa6bc29744b4972d919b21";
        assert_eq!(of_answer("catalog/prod-7f3a/01", 1_767_225_605, SECRET), expected);
    }
}
