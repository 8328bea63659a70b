//! A bucket of an S3-compatible service: the copy at another provider.
//!
//! Every object is one create-only put (`If-None-Match: *`) with its SHA-256, which the service checks. Parts are a few
//! megabytes, so nothing is ever sent in pieces: there is no multipart upload to be left half done, and no answer of
//! success that holds an error. What is written can't be deleted with the same credentials; pruning has its own, and
//! without them only the bucket's lifecycle rule removes anything.

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore as _, ObjectStoreExt as _, PutMode, RetryConfig};
use secrecy::{ExposeSecret as _, SecretString};

use super::s3_answer::judge;
use super::{Limits, Object, Put, Store, StoreError, check_folder, check_key};
use crate::app;
use crate::backup::model::StoreKind;
use crate::config;
use crate::i18n::backup::stores as words;
use crate::media::patience::Patience;

/// Largest object of a single put.
const PUT_BYTES: u64 = 5 * 1024 * 1024 * 1024;
/// How often an object that can't be created and can't be found either is tried for.
const CONFLICTS: u32 = 3;

/// The bucket.
#[derive(Debug)]
pub struct S3 {
    writer: AmazonS3,
    pruner: Option<AmazonS3>,
    bucket: String,
    prefix: String,
    patience: Patience,
}

impl S3 {
    /// A client for the configured bucket; asks nothing yet.
    pub fn open(config: &config::S3) -> anyhow::Result<Self> {
        Self::open_with(config, Patience::default())
    }

    /// One that waits less, or more.
    pub fn open_with(config: &config::S3, patience: Patience) -> anyhow::Result<Self> {
        app::use_ring();
        let client = |id: &str, secret: &SecretString| {
            let options = ClientOptions::new()
                .with_timeout(patience.answer)
                .with_connect_timeout(patience.answer.min(std::time::Duration::from_secs(10)))
                .with_allow_http(config.allow_http);
            AmazonS3Builder::new()
                .with_endpoint(&config.endpoint)
                .with_region(&config.region)
                .with_bucket_name(&config.bucket)
                .with_access_key_id(id)
                .with_secret_access_key(secret.expose_secret())
                .with_virtual_hosted_style_request(!config.path_style)
                .with_checksum_algorithm(Checksum::SHA256)
                .with_client_options(options)
                // One request per object: not every service knows the bulk form.
                .with_disable_bulk_delete(true)
                // How often is asked is decided here, for every store alike.
                .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() })
                .build()
        };
        let prefix = config.prefix.trim_matches('/');
        Ok(Self {
            writer: client(&config.access_key_id, &config.secret_access_key)?,
            pruner: config.prune.as_ref().map(|(id, secret)| client(id, secret)).transpose()?,
            bucket: config.bucket.clone(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            patience,
        })
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}{key}", self.prefix))
    }

    async fn create(&self, key: &str, bytes: &Bytes) -> Result<(), StoreError> {
        let path = &self.path(key);
        self.insist(key, bytes.len() as u64, || {
            async move {
                let put = self.writer.put_opts(path, bytes.clone().into(), PutMode::Create.into());
                put.await.map(drop)
            }
            .boxed()
        })
        .await
    }

    async fn insist<'a, T>(
        &self,
        key: &str,
        bytes: u64,
        mut ask: impl FnMut() -> BoxFuture<'a, object_store::Result<T>> + Send,
    ) -> Result<T, StoreError>
    where
        T: 'a,
    {
        let ask = || {
            let (asked, bucket, key) = (ask(), self.bucket.clone(), key.to_owned());
            async move { asked.await.map_err(|error| judge(&error, &bucket, &key, bytes)) }.boxed()
        };
        self.patience.insist::<_, StoreError>(ask).await
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
        self.bucket.clone()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        Box::pin(async { Ok(Limits { object_bytes: PUT_BYTES, free_bytes: None }) })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let size = bytes.len() as u64;
            if size > PUT_BYTES {
                return Err(StoreError::Refused(words::too_large(key, size, Some(PUT_BYTES))));
            }
            for _ in 0..CONFLICTS {
                match self.create(key, &bytes).await {
                    Ok(()) => return Ok(Put::Created),
                    // Perhaps it was us, and the answer was lost: the bytes say.
                    Err(StoreError::Occupied(_)) => match self.get(key).await {
                        Ok(there) if there == bytes => return Ok(Put::Existed),
                        Ok(_) => return Err(StoreError::Occupied(key.to_owned())),
                        // Two puts at once, and neither is in place yet.
                        Err(StoreError::Missing(_)) => {}
                        Err(error) => return Err(error),
                    },
                    // There is nothing to miss in a put but the bucket.
                    Err(StoreError::Missing(_)) => return Err(StoreError::Refused(words::no_bucket(&self.bucket))),
                    Err(error) => return Err(error),
                }
            }
            Err(StoreError::Unavailable(words::failing("S3", 409)))
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let path = &self.path(key);
            let ask = || async move { self.writer.get(path).await?.bytes().await }.boxed();
            self.insist(key, 0, ask).await
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        Box::pin(async move {
            let folder = check_folder(prefix)?;
            let path = &self.path(&folder);
            let ask = || async move { self.writer.list(Some(path)).try_collect::<Vec<_>>().await }.boxed();
            let mut objects = Vec::new();
            for found in self.insist(prefix, 0, ask).await? {
                let key = found.location.as_ref().strip_prefix(&self.prefix).filter(|key| key.starts_with(&folder));
                let key = key.ok_or_else(|| StoreError::Unavailable(words::nonsense("S3")))?.to_owned();
                objects.push(Object { key, bytes: found.size });
            }
            objects.sort();
            Ok(objects)
        })
    }

    fn can_delete(&self) -> bool {
        self.pruner.is_some()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let Some(pruner) = &self.pruner else {
                return Err(StoreError::Refused(words::S3_NO_PRUNE.to_owned()));
            };
            let path = &self.path(key);
            match self.insist(key, 0, || async move { pruner.delete(path).await }.boxed()).await {
                Err(StoreError::Missing(_)) => Ok(()),
                deleted => deleted,
            }
        })
    }
}
