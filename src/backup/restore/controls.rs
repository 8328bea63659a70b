//! The known-bad controls: copies are damaged on purpose, and whoever compares has to find it. A comparison that can't fail
//! proves nothing.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use bson::{RawDocumentBuf, doc};
use bytes::Bytes;
use futures::future::BoxFuture;

use super::judge::Judge;
use super::origin::Origin;
use super::rebuild::Rebuilt;
use super::scratch::Scratch;
use crate::backup::container::{OpenBackup, part_name};
use crate::backup::keys::{Opener, random};
use crate::backup::model::StoreKind;
use crate::backup::stores::{Limits, Object, Put, Store, StoreError};
use crate::backup::verify::Expected as ExpectedBackup;
use crate::db::Db;
use crate::dump::compare::{Expiry, is_ttl};
use crate::dump::{Definition, Kind, index_name};
use crate::i18n::backup::restore as words;
use crate::import::definitions::Views;
use crate::import::verify::Expected;
use crate::import::{Difference, Failure, Silent};

/// How a control came out, in words.
#[derive(Debug)]
pub enum Control {
    /// The damage was found.
    Found(String),
    /// It wasn't: whoever compares can't fail.
    Missed(String),
    /// There is nothing of the kind to be damaged.
    Nothing(String),
}

/// One flipped bit in one part, at a place nobody knows before; the store itself is not touched.
pub async fn flipped_bit(backup: &OpenBackup, opener: &Opener, judge: &dyn Judge) -> anyhow::Result<Control> {
    let parts = &backup.public.parts;
    let [a, b] = [random::<8>(), random::<8>()].map(u64::from_le_bytes);
    let part = usize::try_from(a % (parts.len().max(1) as u64)).ok().and_then(|place| parts.get(place));
    let part = part.context(words::NO_PARTS)?;
    let at = usize::try_from(b % part.bytes.max(1))?;
    let key = format!("{}/{}", backup.prefix(), part_name(part.index));
    let flipped = Flipped { inner: backup.store().clone(), key, at };
    let expected = ExpectedBackup {
        id: backup.public.id.clone(),
        manifest_sha256: None,
        previous: None,
        root: Some(backup.public.root.clone()),
    };
    let report = judge.stored(&flipped, backup.prefix(), opener, &expected).await;
    let what = words::flipped(part.index, at);
    Ok(if report.is_ok() { Control::Missed(what) } else { Control::Found(what) })
}

/// One document deleted from a restored collection: the smallest one that has any.
pub async fn deleted_document(
    db: &Db,
    origin: &Origin,
    scratches: &[Scratch],
    rebuilt: &[Rebuilt],
    judge: &dyn Judge,
) -> anyhow::Result<Control> {
    let smallest = rebuilt
        .iter()
        .filter(|rebuilt| rebuilt.differences.is_empty() && rebuilt.digest.documents > 0)
        .filter(|rebuilt| origin.definitions[rebuilt.index].kind == Kind::Collection)
        .min_by_key(|rebuilt| (origin.definitions[rebuilt.index].is_capped(), rebuilt.digest.documents));
    let Some(Rebuilt { index, loaded, .. }) = smallest else {
        return Ok(Control::Nothing(words::NO_DOCUMENT.into()));
    };
    let definition = &origin.definitions[*index];
    let database = &scratch_of(scratches, definition)?.database;
    let collection = database.collection::<RawDocumentBuf>(&definition.collection);
    ensure!(collection.delete_one(doc! {}).await?.deleted_count == 1, words::not_damaged(&definition.namespace()));
    let surveyed = &origin.survey.namespaces[*index];
    let expected = Expected { index: *index, definition, database: database.name(), form: loaded.form, surveyed };
    let found = judge.documents(db, &origin.source, expected, &Silent).await.map_err(Failure::from)?;
    let what = words::deleted(&definition.namespace());
    Ok(if found.differences.is_empty() { Control::Missed(what) } else { Control::Found(what) })
}

/// One index less on a restored collection whose definition came out equal.
pub async fn dropped_index(
    origin: &Origin,
    scratches: &[Scratch],
    differences: &[Difference],
    judge: &dyn Judge,
) -> anyhow::Result<Control> {
    let own = |index: &&Vec<u8>| index_name(index).is_some_and(|name| name != "_id_") && !is_ttl(index);
    let is_equal = |definition: &&Definition| {
        scratch_of(scratches, definition).is_ok_and(|scratch| {
            let namespace = format!("{}.{}", scratch.database.name(), definition.collection);
            !differences.iter().any(|difference| difference.namespace == namespace)
        })
    };
    let with_index = origin
        .definitions
        .iter()
        .filter(|definition| definition.kind == Kind::Collection)
        .filter(is_equal)
        .find_map(|definition| Some((definition, definition.indexes.iter().flatten().find(own)?)));
    let Some((definition, index)) = with_index else {
        return Ok(Control::Nothing(words::NO_INDEX.into()));
    };
    let name = index_name(index).unwrap_or_default();
    let database = &scratch_of(scratches, definition)?.database;
    database.run_command(doc! { "dropIndexes": &definition.collection, "index": name }).await?;
    let same = |other: &&Definition| other.database == definition.database;
    let wanted: Vec<&Definition> = origin.definitions.iter().filter(same).collect();
    let found = judge.definitions(database, &wanted, Expiry::Pending, Views::Included).await.map_err(Failure::from)?;
    let namespace = format!("{}.{}", database.name(), definition.collection);
    let is_found = found.iter().any(|difference| difference.namespace == namespace && difference.what.contains(name));
    let what = words::index_dropped(&definition.namespace(), name);
    Ok(if is_found { Control::Found(what) } else { Control::Missed(what) })
}

fn scratch_of<'a>(scratches: &'a [Scratch], definition: &Definition) -> anyhow::Result<&'a Scratch> {
    let found = scratches.iter().find(|scratch| scratch.source == definition.database);
    found.with_context(|| words::not_damaged(&definition.namespace()))
}

/// A store that gives one object back with one bit turned, and takes nothing.
#[derive(Debug)]
struct Flipped {
    inner: Arc<dyn Store>,
    key: String,
    at: usize,
}

impl Store for Flipped {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn kind(&self) -> StoreKind {
        self.inner.kind()
    }

    fn place(&self) -> String {
        self.inner.place()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        self.inner.limits()
    }

    fn put<'a>(&'a self, key: &'a str, _: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move { Err(StoreError::Refused(words::read_only(key))) })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        Box::pin(async move {
            let bytes = self.inner.get(key).await?;
            if key != self.key {
                return Ok(bytes);
            }
            let mut bytes = bytes.to_vec();
            if let Some(byte) = bytes.get_mut(self.at) {
                *byte ^= 1;
            }
            Ok(bytes.into())
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        self.inner.list(prefix)
    }

    fn can_delete(&self) -> bool {
        false
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { Err(StoreError::Refused(words::read_only(key))) })
    }
}
