//! A bucket of an S3-compatible service: the copy at another provider.

use bytes::Bytes;
use futures::future::BoxFuture;

use super::{Limits, Object, Put, Store, StoreError};
use crate::backup::model::StoreKind;
use crate::config;

/// The bucket.
#[derive(Debug)]
pub struct S3 {
    config: config::S3,
}

impl S3 {
    /// A client for the configured bucket.
    pub fn open(config: &config::S3) -> anyhow::Result<Self> {
        Ok(Self { config: config.clone() })
    }
}

impl Store for S3 {
    fn name(&self) -> &str {
        "s3"
    }

    fn kind(&self) -> StoreKind {
        StoreKind::S3
    }

    fn place(&self) -> String {
        self.config.bucket.clone()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        Box::pin(async { Err(StoreError::Unavailable("s3".into())) })
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
