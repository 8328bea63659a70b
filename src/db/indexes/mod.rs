//! Declared collections and indexes, and their two-way comparison with the live ones.
//!
//! A collection is declared by implementing [`Stored`] for its document type; the list of all declarations is given to
//! [`Db::prepare`] at start. Missing indexes are created; whatever else differs is reported as an [`IndexFinding`] and left
//! alone: an index somebody made by hand may be what keeps a big installation fast, and rebuilding one takes the time it
//! takes.

mod compare;
mod spec;

use std::time::Duration;

use bson::{Document, doc};
use futures::TryStreamExt;
use mongodb::error::{Error, ErrorKind};
use serde::{Serialize, de::DeserializeOwned};

pub use compare::{IndexFinding, MissingReason};
pub use spec::{Direction, IndexSpec};

use super::Db;

/// An index build on a collection of our own is bounded, so that start-up can't hang on it.
const BUILD_LIMIT: Duration = Duration::from_secs(60);

/// A document type with a collection of its own in the live database.
pub trait Stored: Serialize + DeserializeOwned + Unpin + Send + Sync {
    const COLLECTION: &'static str;
    /// `_id_` is understood.
    const INDEXES: &'static [IndexSpec] = &[];
}

/// A declaration without its type, so that declarations can stand in one list.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub collection: &'static str,
    pub indexes: &'static [IndexSpec],
}

impl Declared {
    /// The declaration of `T`.
    pub const fn of<T: Stored>() -> Self {
        Self { collection: T::COLLECTION, indexes: T::INDEXES }
    }
}

impl Db {
    /// Makes the live database what the program declares, as far as that destroys nothing: missing collections and
    /// indexes are created. Returns everything noticed; `Err` only when the database couldn't be asked.
    pub async fn prepare(&self, declared: &[Declared]) -> Result<Vec<IndexFinding>, Error> {
        let existing = self.live_collections().await?;
        for missing in declared.iter().filter(|d| !existing.iter().any(|name| name == d.collection)) {
            self.create_collection(missing.collection).await?;
        }
        let mut findings = Vec::new();
        for finding in self.check_indexes(declared).await? {
            match finding {
                IndexFinding::Missing { collection, index, .. } => {
                    findings.push(self.create_index(declared, collection, index).await?);
                }
                other => findings.push(other),
            }
        }
        Ok(findings)
    }

    /// Compares declared and live indexes both ways and changes nothing.
    pub async fn check_indexes(&self, declared: &[Declared]) -> Result<Vec<IndexFinding>, Error> {
        let existing = self.live_collections().await?;
        let mut findings = Vec::new();
        for declaration in declared {
            let live = match existing.iter().any(|name| name == declaration.collection) {
                true => self.live_indexes(declaration.collection).await?,
                false => Vec::new(),
            };
            findings.extend(compare::compare(declaration, &live));
        }
        findings.extend(
            existing
                .into_iter()
                .filter(|name| !declared.iter().any(|d| d.collection == name) && !name.starts_with("system."))
                .map(|collection| IndexFinding::Undeclared { collection }),
        );
        Ok(findings)
    }

    async fn live_collections(&self) -> Result<Vec<String>, Error> {
        let mut names = self.live.list_collection_names().await?;
        names.sort_unstable();
        Ok(names)
    }

    async fn live_indexes(&self, collection: &str) -> Result<Vec<Document>, Error> {
        // Not the typed listing: it drops properties that it doesn't know, and those would then never be reported.
        let command = doc! { "listIndexes": collection };
        self.live.run_cursor_command(command).await?.try_collect().await
    }

    async fn create_collection(&self, name: &str) -> Result<(), Error> {
        const NAMESPACE_EXISTS: i32 = 48;
        match self.live.create_collection(name).await {
            Err(error) if code(&error) == Some(NAMESPACE_EXISTS) => Ok(()),
            other => other,
        }
    }

    async fn create_index(
        &self,
        declared: &[Declared],
        collection: &'static str,
        index: &'static str,
    ) -> Result<IndexFinding, Error> {
        let spec = declared
            .iter()
            .filter(|d| d.collection == collection)
            .flat_map(|d| d.indexes)
            .find(|spec| spec.name == index)
            .expect("a missing index was declared");
        let command = doc! {
            "createIndexes": collection,
            "indexes": [spec.definition()],
            "maxTimeMS": i64::try_from(BUILD_LIMIT.as_millis()).unwrap_or(i64::MAX),
        };
        match self.live.run_command(command).await {
            Ok(_) => Ok(IndexFinding::Created { collection, index }),
            Err(error) if Db::is_unavailable(&error) => Err(error),
            Err(error) => Ok(IndexFinding::Missing { collection, index, reason: Some(MissingReason::of(&error)) }),
        }
    }
}

fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(e) => Some(e.code),
        _ => None,
    }
}
