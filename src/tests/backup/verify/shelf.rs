//! A store in memory, whose objects a test changes as it likes.

use std::collections::BTreeMap;

use bytes::Bytes;
use canje::backup::model::{BackupId, StoreKind};
use canje::backup::stores::{Limits, Object, Put, Store, StoreError};
use canje::backup::verify::{Expected, Report, stored};
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};

use crate::backup::sample::Sample;

/// The files of one backup by their names under its prefix.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub prefix: String,
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Shelf {
    /// The sample's files.
    pub fn of(sample: &Sample) -> Self {
        let place = sample.folder.path().join("store").join(&sample.prefix);
        let mut names: Vec<String> = ["manifest.json", "manifest.sig", "manifest.private"].map(str::to_owned).to_vec();
        names.extend(sample.public.parts.iter().map(|part| format!("parts/{:08}", part.index)));
        let files = names.into_iter().map(|name| (name.clone(), std::fs::read(place.join(name)).unwrap())).collect();
        Self { prefix: sample.prefix.clone(), files }
    }

    /// A file, to be changed.
    pub fn file(&mut self, name: &str) -> &mut Vec<u8> {
        self.files.get_mut(name).unwrap()
    }
}

/// What the catalogue knows of the sample.
pub fn expected(sample: &Sample, shelf: &Shelf) -> Expected {
    Expected {
        id: BackupId::parse(sample.public.id.as_str()).unwrap(),
        manifest_sha256: Some(hex::encode(Sha256::digest(&shelf.files["manifest.json"]))),
        previous: Some(sample.public.previous.clone()),
        root: Some(sample.public.root.clone()),
    }
}

/// Judges what lies on the shelf.
pub async fn judge(sample: &Sample, shelf: &Shelf, expected: Option<&Expected>) -> Report {
    stored(shelf, &shelf.prefix, &sample.keys.opener, expected, &|_, _| {}).await
}

impl Store for Shelf {
    fn name(&self) -> &str {
        "shelf"
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Folder
    }

    fn place(&self) -> String {
        "estante".into()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        Box::pin(async { Ok(Limits { object_bytes: u64::MAX, free_bytes: None }) })
    }

    fn put<'a>(&'a self, key: &'a str, _: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move { Err(StoreError::Refused(key.to_owned())) })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        let name = key.strip_prefix(&format!("{}/", self.prefix)).map(str::to_owned);
        let found = name.and_then(|name| self.files.get(&name)).cloned();
        Box::pin(async move { found.map(Bytes::from).ok_or_else(|| StoreError::Missing(key.to_owned())) })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        assert_eq!(prefix, self.prefix);
        let found = self.files.iter();
        let objects =
            found.map(|(name, bytes)| Object { key: format!("{prefix}/{name}"), bytes: bytes.len() as u64 }).collect();
        Box::pin(async move { Ok(objects) })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { Err(StoreError::Refused(key.to_owned())) })
    }
}
