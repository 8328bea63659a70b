//! Which pictures can be shown as they are, and which wait for the media migration.

use std::collections::HashSet;

use bson::RawDocumentBuf;

use super::super::leaf::shown_id;

/// What a stored picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// An address anybody can load.
    Https(String),
    /// Bytes inside the row; the source keeps them.
    Inline,
    /// In the previous system's own store, where it still is.
    Stored,
    /// It points to nothing.
    Dangling,
}

/// The ids of the pictures in the previous system's own store.
#[derive(Debug, Default)]
pub struct Pictures(HashSet<String>);

impl From<&[RawDocumentBuf]> for Pictures {
    fn from(files: &[RawDocumentBuf]) -> Self {
        let ids = files.iter().map(|file| shown_id(file));
        Self(ids.collect())
    }
}

impl Pictures {
    /// What a stored value is; `None` for an empty one.
    pub fn judge(&self, stored: &str) -> Option<Picture> {
        let stored = stored.trim();
        if stored.is_empty() {
            return None;
        }
        if stored.starts_with("data:") {
            return Some(Picture::Inline);
        }
        if let Some((_, id)) = stored.rsplit_once("/api/images/") {
            let is_there = self.0.contains(id.split(['?', '#']).next().unwrap_or_default());
            return Some(if is_there { Picture::Stored } else { Picture::Dangling });
        }
        Some(if stored.starts_with("https://") { Picture::Https(stored.to_owned()) } else { Picture::Dangling })
    }
}
