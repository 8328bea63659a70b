//! What the answers of an S3-compatible service mean.
//!
//! The client keeps a refusal's XML only as text inside its errors, and that text may hold the request that was signed. So
//! the code and the status are read out of it, and none of it is passed on.

use std::error::Error as _;

use object_store::Error;

use super::StoreError;
use crate::i18n::backup::stores as words;
use crate::media::patience::Failed;

/// As people know the service.
const SERVICE: &str = "S3";

/// Judges a failed request about `key` of `bytes` bytes (0 when nothing was sent).
pub(super) fn judge(error: &Error, bucket: &str, key: &str, bytes: u64) -> Failed<StoreError> {
    let text = chain(error);
    let code = between(&text, "<Code>", "</Code>").unwrap_or_default();
    let status = between(&text, "status code: ", " ").and_then(|status| status.parse::<u16>().ok());
    let refused = |words: String| Failed::ForGood(StoreError::Refused(words));
    let for_now = |words: String| Failed::ForNow(StoreError::Unavailable(words), None);
    match code {
        "SignatureDoesNotMatch" => return refused(words::S3_SECRET.to_owned()),
        "InvalidAccessKeyId" | "NotSignedUp" | "InvalidToken" => return refused(words::S3_KEY.to_owned()),
        "RequestTimeTooSkewed" | "RequestExpired" => return refused(words::clock(SERVICE)),
        "AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException" => {
            return refused(words::S3_REGION.to_owned());
        }
        "NoSuchBucket" => return refused(words::no_bucket(bucket)),
        "EntityTooLarge" => return refused(words::too_large(key, bytes, None)),
        // Damaged on the way: the digest was checked on the other side.
        "BadDigest" | "XAmzContentSHA256Mismatch" => return for_now(words::nonsense(SERVICE)),
        "OperationAborted" | "ConditionalRequestConflict" => return for_now(words::failing(SERVICE, 409)),
        "RequestTimeout" => return for_now(words::timeout(SERVICE)),
        code if code.contains("Quota") || code.contains("StorageFull") => {
            return Failed::ForGood(StoreError::Full(words::bucket_full(bucket)));
        }
        _ => {}
    }
    match (error, status) {
        (_, Some(507)) => Failed::ForGood(StoreError::Full(words::bucket_full(bucket))),
        (Error::NotFound { .. }, _) => Failed::ForGood(StoreError::Missing(key.to_owned())),
        (Error::AlreadyExists { .. } | Error::Precondition { .. }, _) => {
            Failed::ForGood(StoreError::Occupied(key.to_owned()))
        }
        (Error::PermissionDenied { .. } | Error::Unauthenticated { .. }, _) => refused(words::denied(bucket)),
        (_, Some(status @ (408 | 429 | 500..))) => for_now(words::failing(SERVICE, status)),
        (_, Some(status)) => refused(words::refused(SERVICE, status, code)),
        (_, None) if text.contains("without LOCATION") => refused(words::S3_REGION.to_owned()),
        (_, None) if text.contains("timed out") || text.contains("timeout") => for_now(words::timeout(SERVICE)),
        (_, None) if text.contains("error trying to connect") || text.contains("tcp connect") => {
            for_now(words::unreachable(SERVICE))
        }
        (_, None) => for_now(words::cut(SERVICE)),
    }
}

/// Everything the error and its causes say.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push('\n');
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How an answer is judged whose error the client made of this text.
    fn judged(text: &str) -> (bool, String) {
        let error = Error::Generic { store: "S3", source: text.to_owned().into() };
        match judge(&error, "offsite", "a/b", 7) {
            Failed::ForGood(error) => (false, error.to_string()),
            Failed::ForNow(error, _) => (true, error.to_string()),
        }
    }

    #[test]
    fn every_row_of_the_error_table_leads_where_it_says() {
        let answer = |status: &str, code: &str| {
            format!(
                "Server returned non-2xx status code: {status}: <Error><Code>{code}</Code><Message>x</Message></Error>"
            )
        };
        for (status, code, is_again) in [
            ("400 Bad Request", "InvalidDigest", false),
            ("400 Bad Request", "MalformedXML", false),
            ("400 Bad Request", "BadDigest", true),
            ("403 Forbidden", "SignatureDoesNotMatch", false),
            ("403 Forbidden", "InvalidAccessKeyId", false),
            ("403 Forbidden", "RequestTimeTooSkewed", false),
            ("404 Not Found", "NoSuchBucket", false),
            ("409 Conflict", "ConditionalRequestConflict", true),
            ("429 Too Many Requests", "SlowDown", true),
            ("500 Internal Server Error", "InternalError", true),
            ("503 Service Unavailable", "SlowDown", true),
            ("503 Service Unavailable", "", true),
            ("507 Insufficient Storage", "", false),
            ("403 Forbidden", "QuotaExceeded", false),
        ] {
            assert_eq!(judged(&answer(status, code)).0, is_again, "{status} {code}");
        }
    }

    #[test]
    fn nothing_of_what_was_signed_is_passed_on() {
        let text = "Server returned non-2xx status code: 418 I'm a teapot: <Error><Code>Odd</Code>\
                    <StringToSign>AWS4-HMAC-SHA256 marker</StringToSign></Error>";
        let (_, words) = judged(text);
        assert!(words.contains("Odd") && !words.contains("marker"), "{words}");
    }
}
