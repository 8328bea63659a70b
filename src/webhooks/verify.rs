//! Whether a delivery is authentic: over the raw bytes, in constant time, with each secret that is good now.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Secrets;

/// How far Sentry's timestamp may be off; it isn't signed, so this is a check of sanity only.
pub const SENTRY_TOLERANCE: Duration = Duration::from_secs(10 * 60);
/// How far the signed timestamp of a Svix signature may be off.
pub const SVIX_TOLERANCE: Duration = Duration::from_secs(5 * 60);

fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac
}

/// `Sentry-Hook-Signature`: hexadecimal HMAC-SHA256 of the body.
pub fn is_sentrys(secrets: &Secrets, signature: &str, body: &[u8]) -> bool {
    let Ok(signature) = hex::decode(signature.trim()) else { return false };
    secrets.accepted().any(|secret| mac(secret.expose_secret().as_bytes(), &[body]).verify_slice(&signature).is_ok())
}

/// What Sentry would put in `Sentry-Hook-Signature`.
pub fn sign_sentry(secret: &SecretString, body: &[u8]) -> String {
    hex::encode(mac(secret.expose_secret().as_bytes(), &[body]).finalize().into_bytes())
}

/// `svix-signature`: a list of `version,base64`; any `v1` entry of a good secret passes.
pub fn is_svixs(secrets: &Secrets, id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> bool {
    let offered: Vec<_> = signatures
        .split_ascii_whitespace()
        .filter_map(|entry| STANDARD.decode(entry.strip_prefix("v1,")?).ok())
        .collect();
    secrets.accepted().filter_map(svix_key).any(|key| {
        let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
        offered.iter().any(|signature| mac(&key, &parts).verify_slice(signature).is_ok())
    })
}

/// What Svix would put in `svix-signature`; `None` when the secret isn't one of its kind.
pub fn sign_svix(secret: &SecretString, id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    Some(format!("v1,{}", STANDARD.encode(mac(&svix_key(secret)?, &parts).finalize().into_bytes())))
}

fn svix_key(secret: &SecretString) -> Option<Vec<u8>> {
    STANDARD.decode(secret.expose_secret().strip_prefix("whsec_")?).ok()
}

/// A shared token. Digests are compared, so that not even its length shows.
pub fn is_token(secrets: &Secrets, offered: &str) -> bool {
    let offered = Sha256::digest(offered.as_bytes());
    secrets.accepted().any(|secret| Sha256::digest(secret.expose_secret().as_bytes()).ct_eq(&offered).into())
}

/// Whether a time in Unix seconds is within `tolerance` of now, on either side.
pub fn is_recent(seconds: i64, now: Timestamp, tolerance: Duration) -> bool {
    seconds.abs_diff(now.as_second()) <= tolerance.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTRY: &str = "sntrys_client_secret_TEST_0001";
    const BODY: &str = r#"{"action":"triggered","installation":{"uuid":"7a485448-a9e2-4c85-8a3c-4f44175783c9"},"data":{"event":{"event_id":"e4874d664c3540c1a32eab185f12c5ab","issue_id":"4711","title":"panic: order total mismatch","level":"error","environment":"production","project":1001,"web_url":"https://acme.sentry.io/issues/4711/events/e4874d664c3540c1a32eab185f12c5ab/"},"triggered_rule":"Pagos: error nuevo"},"actor":{"type":"application","id":"sentry","name":"Sentry"}}"#;
    const SIGNED: &str = "a9978b37eb6494dcd05c9acf5fea530509031d986e3f41e0a962bc855f3a3d4c";

    fn secrets(current: &str, previous: Option<&str>) -> Secrets {
        Secrets { current: Some(current.into()), previous: previous.map(Into::into) }
    }

    #[test]
    fn sentrys_signature_is_over_the_raw_bytes() {
        let own = secrets(SENTRY, None);
        assert_eq!(sign_sentry(&SENTRY.into(), BODY.as_bytes()), SIGNED);
        assert!(is_sentrys(&own, SIGNED, BODY.as_bytes()));
        assert!(is_sentrys(&own, &SIGNED.to_uppercase(), BODY.as_bytes()), "the same digest in other letters");
        let again = "5eace1514b1d7e42dff91651d88c30032e26568d1c636af0b45dc19b0da5e360";
        assert!(!is_sentrys(&own, again, BODY.as_bytes()), "the signature of re-serialised JSON");
        let spaced = BODY.replace("\",\"", "\", \"");
        assert!(!is_sentrys(&own, SIGNED, spaced.as_bytes()), "re-serialised JSON");
        assert!(!is_sentrys(&own, SIGNED, BODY.replacen("4711", "4712", 1).as_bytes()), "one byte changed");
        let empty = "961bd4f092ef617675533c37ddbdcb3f49b40893e3c3570d2917241e2a61b023";
        assert!(is_sentrys(&own, empty, b""), "an empty body is signed too");
        for bad in ["", "zz", &SIGNED[..62], SENTRY] {
            assert!(!is_sentrys(&own, bad, BODY.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn both_secrets_are_good_while_one_replaces_the_other() {
        let body = BODY.as_bytes();
        assert!(is_sentrys(&secrets("the new secret", Some(SENTRY)), SIGNED, body));
        assert!(!is_sentrys(&secrets("the new secret", None), SIGNED, body));
        assert!(!is_sentrys(&Secrets::default(), SIGNED, body), "not configured");
        assert!(is_token(&secrets("new-token", Some("old-token")), "old-token"));
        assert!(is_token(&secrets("new-token", Some("old-token")), "new-token"));
        assert!(!is_token(&secrets("new-token", None), "new-toke"));
        assert!(!is_token(&Secrets::default(), ""), "no token is nobody's token");
    }

    #[test]
    fn svix_vectors_of_its_own_library() {
        let (id, at, body) = (
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            "1649367553",
            br#"{"email":"test@example.com","username":"test_user"}"#,
        );
        let own = secrets("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", None);
        let good = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        assert!(is_svixs(&own, id, at, good, body));
        assert!(is_svixs(&own, id, at, &format!("v1,AAAA v2,x {good}"), body), "any entry of the list");
        assert!(!is_svixs(&own, id, "1649367554", good, body), "the timestamp is signed");
        assert!(!is_svixs(&own, "msg_other", at, good, body), "so is the id");
        assert!(!is_svixs(&own, id, at, &good.replace("v1", "v2"), body), "another version");
        assert!(!is_svixs(&secrets("C2FVsBQIhrscChlQIMV+b5sSYspob7oD", None), id, at, good, body), "no whsec_");
    }

    #[test]
    fn svix_vectors_of_a_rotation() {
        const BODY: &str = r#"{"type":"email.bounced","created_at":"2026-01-01T00:00:10.000Z","data":{"email_id":"56761188-7520-42d8-8898-ff6fc54ce618","created_at":"2026-01-01T00:00:01.000Z","from":"Tienda <no-reply@mail.example.com>","to":["cliente@example.net"],"subject":"Tu pedido 1001","tags":{"order_id":"1001"},"bounce":{"message":"The recipient address does not exist","type":"Permanent","subType":"General","diagnosticCode":["smtp; 550 5.1.1 user unknown"]}}}"#;
        let (id, first, second) = (
            "msg_2b9WqEmulator0001",
            "whsec_ZW11bGF0b3Itc2lnbmluZy1rZXktMDAwMQ==",
            "whsec_ZW11bGF0b3Itc2lnbmluZy1rZXktMDAwMg==",
        );
        for (secret, at, signature) in [
            (first, "1767225611", "v1,kWu1Bp0nDIlMVrUJQ2zcwGV1Qcle422A/7BystsUZV8="),
            (second, "1767225611", "v1,mbhnZX80iNZrA9+pJwdY6wR508TYUOWWwkUrWk3u458="),
            (first, "1767225911", "v1,oNhggF1mPbnDv6tkuKYjur4V7xG9avO6Z+5LZJL1v0Y="),
        ] {
            assert_eq!(BODY.len(), 439);
            assert_eq!(sign_svix(&secret.into(), id, at, BODY.as_bytes()).as_deref(), Some(signature));
            assert!(is_svixs(&secrets(second, Some(first)), id, at, signature, BODY.as_bytes()));
        }
    }

    #[test]
    fn times_may_be_off_both_ways_and_not_far() {
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        for (off, fine) in [(0, true), (600, true), (-600, true), (601, false), (-601, false), (i64::MAX, false)] {
            assert_eq!(is_recent(now.as_second().saturating_add(off), now, SENTRY_TOLERANCE), fine, "{off}");
        }
    }
}
