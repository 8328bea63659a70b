//! What stopped a run, in words that may be shown: no part of a connection string, no driver's text.

use std::io;

use crate::backup::stores::StoreError;
use crate::db::Db;
use crate::i18n::backup::run as words;
use crate::monitoring::scrub;

/// The run isn't this process's any more; it writes nothing more about it.
#[derive(Debug, thiserror::Error)]
#[error("the run is led by somebody else")]
pub(super) struct NotMine;

/// What stopped it, said already in words people read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Worded(pub String);

/// Whether the database was away: that is no verdict on the backup, so it is tried again.
pub(super) fn is_away(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<mongodb::error::Error>()).any(Db::is_unavailable)
}

/// The reason in words. What isn't ours to show is in the log, under the run's name.
pub(super) fn say(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain() {
        if let Some(worded) = cause.downcast_ref::<Worded>() {
            said.push(worded.0.clone());
            break;
        }
        if let Some(store) = cause.downcast_ref::<StoreError>() {
            said.push(store.to_string());
            break;
        }
        if cause.is::<mongodb::error::Error>() {
            said.push(words::DATABASE.into());
            break;
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            said.push(words::disk(error));
            break;
        }
        said.push(scrub::text(&cause.to_string()));
    }
    said.dedup();
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn errors_returned_connection_string_fragments() {
        // The driver's text never appears, whatever is in it.
        let driver = mongodb::error::Error::custom("mongodb://ana:s3cret@db.example.com refused".to_owned());
        let said = say(&anyhow::Error::from(driver).context("leyendo"));
        assert_eq!(said, format!("leyendo: {}", words::DATABASE));
        let text = say(&anyhow::anyhow!("mongodb://ana:s3cret@db.example.com/x"));
        assert!(!text.contains("s3cret"), "{text}");
    }

    #[test]
    fn our_own_words_are_kept() {
        let store = Err::<(), _>(StoreError::Full("no queda lugar".into())).context("guardando en cloudinary");
        assert_eq!(say(&store.unwrap_err()), "guardando en cloudinary: no queda lugar");
        assert_eq!(say(&Worded("así no".into()).into()), "así no");
    }
}
