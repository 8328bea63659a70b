//! Raw files of a Cloudinary account: the convenient daily copy.

use bytes::Bytes;
use futures::future::BoxFuture;

use super::{Limits, Object, Put, Store, StoreError};
use crate::backup::model::StoreKind;
use crate::config;

/// The account.
#[derive(Debug)]
pub struct Cloudinary {
    config: config::Cloudinary,
}

impl Cloudinary {
    /// A client for the configured account.
    pub fn open(config: &config::Cloudinary) -> anyhow::Result<Self> {
        Ok(Self { config: config.clone() })
    }
}

impl Store for Cloudinary {
    fn name(&self) -> &str {
        "cloudinary"
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Cloudinary
    }

    fn place(&self) -> String {
        self.config.cloud.clone()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        Box::pin(async { Err(StoreError::Unavailable("cloudinary".into())) })
    }

    fn put<'a>(&'a self, key: &'a str, _bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move { Err(StoreError::Unavailable(key.to_owned())) })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        Box::pin(async move { Err(StoreError::Unavailable(key.to_owned())) })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        Box::pin(async move { Err(StoreError::Unavailable(prefix.to_owned())) })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { Err(StoreError::Unavailable(key.to_owned())) })
    }
}
