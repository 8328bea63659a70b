//! Raw files of a Cloudinary account: the convenient daily copy.
//!
//! Every file is of type `authenticated`, so nobody reads one by knowing its name; ours are read by addresses that are
//! signed and expire. Nothing is overwritten, and what an upload finds in its place is compared byte by byte. It has no
//! object lock: never the only store.

use bytes::Bytes;
use futures::future::BoxFuture;

use super::{Limits, Object, Put, Store, StoreError, check_folder, check_key};
use crate::app::Clock;
use crate::backup::model::StoreKind;
use crate::config;
use crate::i18n::backup::stores as words;
use crate::media::cloudinary::{Account, PRIVATE_RAW, REQUEST_BYTES, Silence, Trouble};
use crate::media::patience::Patience;

/// As people know the service.
const SERVICE: &str = "Cloudinary";
/// What every plan takes, where the account doesn't say.
const SMALLEST_PLAN_BYTES: u64 = 10 * 1024 * 1024;
/// Bytes that one credit keeps, or sends.
const CREDIT_BYTES: f64 = 1e9;
/// What is kept is also read back at least once, and both draw from the same credits.
const COST: f64 = 2.0;

/// The account.
#[derive(Debug)]
pub struct Cloudinary {
    account: Account,
    root: String,
    is_twin: bool,
}

impl Cloudinary {
    /// A client for the configured account; asks nothing yet.
    pub fn open(config: &config::Cloudinary, clock: Clock) -> anyhow::Result<Self> {
        Self::open_with(config, clock, Patience::default())
    }

    /// One that waits less, or more.
    pub fn open_with(config: &config::Cloudinary, clock: Clock, patience: Patience) -> anyhow::Result<Self> {
        let host = config.api_base.parse::<http::Uri>()?.host().unwrap_or_default().to_owned();
        Ok(Self {
            account: Account::open(config, clock, patience)?,
            root: config.backup_root.clone(),
            is_twin: matches!(host.as_str(), "127.0.0.1" | "localhost" | "[::1]"),
        })
    }

    fn public_id(&self, key: &str) -> String {
        format!("{}/{key}", self.root)
    }

    /// What became of an upload that found another file, or may have: the bytes themselves say.
    async fn compare(&self, key: &str, bytes: &Bytes) -> Result<Put, StoreError> {
        let there = self.account.download(PRIVATE_RAW, &self.public_id(key)).await;
        let there = there.map_err(|trouble| explain(trouble, key, bytes.len() as u64))?;
        if there == bytes { Ok(Put::Existed) } else { Err(StoreError::Occupied(key.to_owned())) }
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
        self.account.cloud().to_owned()
    }

    fn is_twin(&self) -> bool {
        self.is_twin
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        Box::pin(async {
            let usage = self.account.usage().await.map_err(|trouble| explain(trouble, "", 0))?;
            let most = usage.media_limits.raw_max_size_bytes.unwrap_or(SMALLEST_PLAN_BYTES);
            let left = usage.credits.limit.map(|limit| (limit - usage.credits.usage).max(0.0));
            Ok(Limits {
                object_bytes: most.min(REQUEST_BYTES),
                free_bytes: left.map(|credits| (credits * CREDIT_BYTES / COST) as u64),
            })
        })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let size = bytes.len() as u64;
            if size > REQUEST_BYTES {
                return Err(StoreError::Refused(words::too_large(key, size, Some(REQUEST_BYTES))));
            }
            match self.account.upload(PRIVATE_RAW, &self.public_id(key), &bytes).await {
                Ok(uploaded) if !uploaded.existing && uploaded.is_of(&bytes) => Ok(Put::Created),
                Ok(_) | Err(Trouble::Occupied) => self.compare(key, &bytes).await,
                // There is nothing to miss in an upload but the account.
                Err(Trouble::Missing) => Err(StoreError::Refused(words::CLOUDINARY_KEY.to_owned())),
                Err(trouble) => Err(explain(trouble, key, size)),
            }
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let found = self.account.download(PRIVATE_RAW, &self.public_id(key)).await;
            found.map_err(|trouble| explain(trouble, key, 0))
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        Box::pin(async move {
            let folder = check_folder(prefix)?;
            let listed = self.account.list(PRIVATE_RAW, &self.public_id(&folder)).await;
            let root = format!("{}/", self.root);
            let mut objects = Vec::new();
            for file in listed.map_err(|trouble| explain(trouble, prefix, 0))? {
                // The service is asked for names that begin so; another one in the list is an answer to something else.
                let key = file.public_id.strip_prefix(&root).filter(|key| key.starts_with(&folder));
                let key = key.ok_or_else(|| StoreError::Unavailable(words::nonsense(SERVICE)))?.to_owned();
                objects.push(Object { key, bytes: file.bytes });
            }
            objects.sort();
            Ok(objects)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let gone = self.account.destroy(PRIVATE_RAW, &self.public_id(key)).await;
            gone.map_err(|trouble| explain(trouble, key, 0))
        })
    }
}

/// In words people read.
fn explain(trouble: Trouble, key: &str, bytes: u64) -> StoreError {
    match trouble {
        Trouble::Missing => StoreError::Missing(key.to_owned()),
        Trouble::Occupied => StoreError::Occupied(key.to_owned()),
        Trouble::TooLarge { most } => StoreError::Refused(words::too_large(key, bytes, most)),
        Trouble::Secret => StoreError::Refused(words::CLOUDINARY_SECRET.to_owned()),
        Trouble::Key => StoreError::Refused(words::CLOUDINARY_KEY.to_owned()),
        Trouble::Clock => StoreError::Refused(words::clock(SERVICE)),
        Trouble::Forbidden => StoreError::Refused(words::CLOUDINARY_FORBIDDEN.to_owned()),
        Trouble::Quota => StoreError::Full(words::CLOUDINARY_QUOTA.to_owned()),
        Trouble::Limited { until } => StoreError::Unavailable(words::limited(SERVICE, until)),
        Trouble::Refused { status, message } => StoreError::Refused(words::refused(SERVICE, status, &message)),
        Trouble::Failing(status) => StoreError::Unavailable(words::failing(SERVICE, status)),
        Trouble::Unreachable(Silence::Timeout) => StoreError::Unavailable(words::timeout(SERVICE)),
        Trouble::Unreachable(Silence::Connection) => StoreError::Unavailable(words::unreachable(SERVICE)),
        Trouble::Unreachable(Silence::Cut) => StoreError::Unavailable(words::cut(SERVICE)),
        Trouble::Nonsense(_) => StoreError::Unavailable(words::nonsense(SERVICE)),
    }
}
