//! The order of work of every restore: collections with their options → documents → comparison → indexes → comparison of
//! definitions → views → what deletes by itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;

use super::judge::Judge;
use super::origin::Origin;
use crate::db::Db;
use crate::dump::compare::{Expiry, is_ttl};
use crate::dump::hash::Digest;
use crate::dump::{Definition, Kind};
use crate::i18n::backup::restore as words;
use crate::import::catalogue::{self, Wanted};
use crate::import::definitions::Views;
use crate::import::load::{self, Closing, Loaded};
use crate::import::plan::{Decision, Plan};
use crate::import::verify::Expected;
use crate::import::{Cause, Difference, Event, Progress, Stage};

/// What happens to TTL indexes and to collections that delete their own documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleting {
    /// Created when everything else was compared.
    Last,
    /// Not created: what is looked at must not shrink meanwhile.
    LeftOut,
}

/// What happens when something isn't equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDifference {
    /// The end.
    Stop,
    /// It is noted, so that one trial names everything.
    Note,
}

/// Told when a collection's documents were compared and found equal.
pub trait Marks: Send + Sync {
    /// This one needs no more documents, whatever happens.
    fn finished<'a>(&'a self, definition: &'a Definition) -> BoxFuture<'a, anyhow::Result<()>>;
}

/// A restore to be done.
pub struct Rebuild<'a> {
    /// The server.
    pub db: &'a Db,
    /// Where from.
    pub origin: &'a Origin,
    /// What goes where.
    pub plan: &'a Plan,
    /// Who compares.
    pub judge: &'a dyn Judge,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// TTL.
    pub deleting: Deleting,
    /// What isn't equal.
    pub on_difference: OnDifference,
    /// Places in the origin whose documents are in already; they are compared once more.
    pub finished: BTreeSet<usize>,
    /// Who remembers what is finished.
    pub marks: Option<&'a dyn Marks>,
}

/// One restored collection.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// Its place in the origin.
    pub index: usize,
    /// What was sent, each document confirmed.
    pub loaded: Loaded,
    /// What was read back.
    pub digest: Digest,
    /// What isn't equal.
    pub differences: Vec<Difference>,
}

/// Everything restored.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Collections that were loaded and compared.
    pub collections: Vec<Rebuilt>,
    /// What stopped the loading, where differences are noted: documents the server refused.
    pub refused: Vec<Difference>,
    /// Definitions that aren't equal.
    pub definitions: Vec<Difference>,
    /// Namespaces at the target whose deleting was left out.
    pub left_out: Vec<String>,
}

impl Rebuild<'_> {
    /// Does it.
    pub async fn run(&self) -> Result<Outcome, Cause> {
        for (index, definition, database) in self.loads(|definition| definition.kind != Kind::View) {
            if !self.finished.contains(&index) {
                catalogue::create(&self.db.client.database(database), definition)
                    .await
                    .map_err(|error| not_defined(definition, database, error))?;
            }
        }
        let mut outcome = self.documents().await?;
        self.indexes(Wanted::Lasting, &mut outcome).await?;
        self.compare(Expiry::Pending, Views::Pending, &mut outcome).await?;
        for (_, definition, database) in self.loads(|definition| definition.kind == Kind::View) {
            let created = catalogue::create(&self.db.client.database(database), definition).await;
            self.defined(definition, database, created, &mut outcome)?;
        }
        match self.deleting {
            Deleting::Last => {
                self.indexes(Wanted::Expiring, &mut outcome).await?;
                for (_, definition, database) in self.loads(catalogue::expires) {
                    let set = catalogue::set_expiry(&self.db.client.database(database), definition).await;
                    self.defined(definition, database, set, &mut outcome)?;
                }
                self.compare(Expiry::Included, Views::Included, &mut outcome).await?;
            }
            Deleting::LeftOut => {
                let deletes = |definition: &Definition| {
                    catalogue::expires(definition) || definition.indexes.iter().flatten().any(|index| is_ttl(index))
                };
                let left_out = self.loads(deletes).map(|(_, definition, database)| at(definition, database));
                outcome.left_out = left_out.collect();
                self.compare(Expiry::Pending, Views::Included, &mut outcome).await?;
            }
        }
        Ok(outcome)
    }

    /// The namespaces of the plan that are of a kind.
    fn loads(&self, wanted: impl Fn(&Definition) -> bool) -> impl Iterator<Item = (usize, &Definition, &str)> {
        self.plan.loads().filter(move |(_, definition, _)| wanted(definition))
    }

    /// Loads and compares, one collection after the other.
    async fn documents(&self) -> Result<Outcome, Cause> {
        let mut remaining = self.plan.clone();
        for index in &self.finished {
            remaining.decisions[*index] = Decision::Skip { reason: words::IN_ALREADY.into() };
        }
        let comparing = Comparing { rebuild: self, compared: Mutex::default() };
        let Origin { source, survey, .. } = self.origin;
        let loaded = load::load(self.db, source, &remaining, survey, self.progress, Some(&comparing)).await;
        let refused = match loaded {
            Err(Cause::Different(refused)) if self.on_difference == OnDifference::Note => refused,
            loaded => loaded.map(|_| Vec::new())?,
        };
        for (index, ..) in self.loads(|definition| definition.kind != Kind::View) {
            if self.finished.contains(&index) {
                comparing.closed(index, Loaded::default()).await?;
            }
        }
        let collections = comparing.compared.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Outcome { collections, refused, ..Outcome::default() })
    }

    async fn indexes(&self, wanted: Wanted, outcome: &mut Outcome) -> Result<(), Cause> {
        for (index, definition, database) in self.loads(|definition| definition.kind != Kind::View) {
            let documents = self.origin.survey.namespaces[index].digest.documents;
            let namespace = &at(definition, database);
            self.progress.report(&Event::Running { stage: Stage::Define, namespace, documents, total: None });
            let target = self.db.client.database(database);
            let created = catalogue::create_indexes(&target, definition, wanted, documents).await;
            self.defined(definition, database, created, outcome)?;
        }
        Ok(())
    }

    /// A definition the server refuses is a difference like any other; a lost server ends everything.
    fn defined(
        &self,
        definition: &Definition,
        database: &str,
        created: Result<(), impl Into<anyhow::Error>>,
        outcome: &mut Outcome,
    ) -> Result<(), Cause> {
        let Err(error) = created else { return Ok(()) };
        let error = error.into();
        let is_lost = error.chain().filter_map(|cause| cause.downcast_ref()).any(Db::is_unavailable);
        if is_lost || self.on_difference == OnDifference::Stop {
            return Err(not_defined(definition, database, error));
        }
        let what = words::not_created(&error.to_string());
        outcome.definitions.push(Difference { namespace: at(definition, database), id: None, what });
        Ok(())
    }

    async fn compare(&self, expiry: Expiry, views: Views, outcome: &mut Outcome) -> Result<(), Cause> {
        for (name, _) in self.plan.databases() {
            let wanted: Vec<&Definition> =
                self.plan.loads().filter(|(_, _, database)| *database == name).map(|(_, wanted, _)| wanted).collect();
            let database = self.db.client.database(&name);
            let found = self.judge.definitions(&database, &wanted, expiry, views).await?;
            if !found.is_empty() && self.on_difference == OnDifference::Stop {
                return Err(Cause::Different(found));
            }
            for difference in found {
                if !outcome.definitions.contains(&difference) {
                    outcome.definitions.push(difference);
                }
            }
        }
        Ok(())
    }
}

/// Compares each collection as soon as its documents are in.
struct Comparing<'a> {
    rebuild: &'a Rebuild<'a>,
    compared: Mutex<Vec<Rebuilt>>,
}

impl Comparing<'_> {
    async fn compare(&self, index: usize, loaded: Loaded) -> Result<(), Cause> {
        let rebuild = self.rebuild;
        let Some((_, definition, database)) = rebuild.plan.loads().find(|(place, ..)| *place == index) else {
            return Ok(());
        };
        if definition.kind == Kind::View {
            return Ok(());
        }
        let surveyed = &rebuild.origin.survey.namespaces[index];
        let expected = Expected { index, definition, database, form: loaded.form, surveyed };
        let source = &rebuild.origin.source;
        let found = rebuild.judge.documents(rebuild.db, source, expected, rebuild.progress).await?;
        if found.differences.is_empty() {
            // The blocks of a time series are looked for by their form, which only loading them tells.
            if let Some(marks) = rebuild.marks
                && definition.kind == Kind::Collection
            {
                marks.finished(definition).await?;
            }
        } else if rebuild.on_difference == OnDifference::Stop {
            return Err(Cause::Different(found.differences));
        }
        let rebuilt = Rebuilt { index, loaded, digest: found.digest, differences: found.differences };
        self.compared.lock().unwrap_or_else(PoisonError::into_inner).push(rebuilt);
        Ok(())
    }
}

impl Closing for Comparing<'_> {
    fn closed(&self, index: usize, loaded: Loaded) -> BoxFuture<'_, Result<(), Cause>> {
        Box::pin(self.compare(index, loaded))
    }
}

/// A namespace as the target names it.
fn at(definition: &Definition, database: &str) -> String {
    format!("{database}.{}", definition.collection)
}

fn not_defined(definition: &Definition, database: &str, error: impl Into<anyhow::Error>) -> Cause {
    Cause::Fault(error.into().context(words::defining(&at(definition, database))))
}
