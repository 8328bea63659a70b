//! Where backups are kept. One layout in every store, objects of at most a part's size, created once and never replaced.
//!
//! A [`Store`] answers about itself: nothing is cached, [`Store::get`] reads from the service every time. What is retried
//! and what isn't follows each service's contract; an answer that came back wrong is an error, never a guess.

mod cloudinary;
mod folder;
mod s3;
mod s3_answer;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;

pub use cloudinary::Cloudinary;
pub use folder::{Folder, free_bytes};
pub use s3::S3;

use super::model::StoreKind;
use crate::app::Clock;
use crate::config;
use crate::i18n::backup::stores as words;

/// Why a store didn't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such object.
    #[error("{}", crate::i18n::backup::stores::missing(.0))]
    Missing(String),
    /// Another object lies under this key.
    #[error("{}", crate::i18n::backup::stores::occupied(.0))]
    Occupied(String),
    /// Credentials, permissions or the plan: trying again changes nothing. The words never hold a secret.
    #[error("{0}")]
    Refused(String),
    /// No room, or a quota is used up.
    #[error("{0}")]
    Full(String),
    /// It couldn't be reached, or answered nonsense; every safe retry is used up.
    #[error("{0}")]
    Unavailable(String),
}

/// What became of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Stored.
    Created,
    /// The same bytes were there already.
    Existed,
}

/// An object as a store lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// Its whole key.
    pub key: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What a store can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest object.
    pub object_bytes: u64,
    /// Room left, where it is known.
    pub free_bytes: Option<u64>,
}

/// A place for backups. Keys are `a-z A-Z 0-9 . _ - /`, relative, without `..`.
pub trait Store: fmt::Debug + Send + Sync {
    /// Its configured name: `cloudinary`, `s3`, `offsite`, or the folder.
    fn name(&self) -> &str;
    /// Its kind.
    fn kind(&self) -> StoreKind;
    /// What people know it by: account, bucket, folder. Never a secret.
    fn place(&self) -> String;
    /// Whether it is a local twin of the service.
    fn is_twin(&self) -> bool {
        false
    }
    /// What it can take, asked now.
    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>>;
    /// Creates an object. The same bytes under the same key are fine; other bytes are [`StoreError::Occupied`].
    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>>;
    /// Reads an object whole, from the service itself.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>>;
    /// Everything under a folder, at any depth, sorted by key; `""` is everything there is.
    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>>;
    /// Whether [`delete`](Self::delete) can work at all: an S3 store needs credentials of its own for that.
    fn can_delete(&self) -> bool {
        true
    }
    /// Removes an object; one that is gone already is fine. Only pruning calls this.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Longest key: with the longest root before it, every service takes it.
const KEY_BYTES: usize = 180;

/// Whether a key is one. What isn't never reaches a service, where it might mean something else.
fn check_key(key: &str) -> Result<(), StoreError> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/');
    let is_name = |name: &str| !name.is_empty() && name != "." && name != ".." && !name.starts_with(folder::INCOMING);
    let is_key = key.len() <= KEY_BYTES && key.bytes().all(is_plain) && key.split('/').all(is_name);
    if is_key { Ok(()) } else { Err(StoreError::Refused(words::bad_key(key))) }
}

/// A folder's name as keys below it begin: with a slash behind it, unless it is everything.
fn check_folder(prefix: &str) -> Result<String, StoreError> {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    if prefix.is_empty() {
        return Ok(String::new());
    }
    check_key(prefix)?;
    Ok(format!("{prefix}/"))
}

/// The configured stores, the daily one first; signatures and expiry go by `clock`.
pub fn configured(config: &config::Backups, clock: &Clock) -> anyhow::Result<Vec<Arc<dyn Store>>> {
    let mut stores: Vec<Arc<dyn Store>> = Vec::new();
    if let Some(cloudinary) = &config.cloudinary {
        stores.push(Arc::new(Cloudinary::open(cloudinary, clock.clone())?));
    }
    if let Some(s3) = &config.s3 {
        stores.push(Arc::new(S3::open(s3)?));
    }
    if let Some(folder) = &config.folder {
        stores.push(Arc::new(Folder::at("offsite", folder)));
    }
    Ok(stores)
}
