//! What is on record: runs, their journal, the catalogue and the public halves of keys.
//!
//! Runs and journal live in the operations database, outside of what is backed up. Catalogue and keys live in the live
//! database: they are part of every backup.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use super::model::{
    BackupId, CheckResult, Destination, Excluded, Finding, Label, Namespace, Person, Progress, State, Step, Trigger,
};
use super::restore::extraction::Extraction;
use super::restore::records::{Deployment, RestorePlan};
use crate::db::indexes::Direction;
use crate::db::{Declared, IndexSpec, Stored};

/// A run, in `backup_runs` of the operations database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupRun {
    /// The backup's name.
    #[serde(rename = "_id")]
    pub id: BackupId,
    /// Why it was started.
    pub trigger: Trigger,
    /// Who asked.
    pub requested_by: Person,
    /// How far it is.
    pub status: State,
    /// `true` while under way, absent afterwards; at most one run is, by [`ActiveRun`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The stores it was asked for, by name, in order.
    pub stores: Vec<String>,
    /// Databases asked for; `None`: all the user may see.
    #[serde(default)]
    pub databases: Option<Vec<String>>,
    /// What it is doing.
    #[serde(default)]
    pub progress: Progress,
    /// Asked for at.
    pub created_at: DateTime,
    /// Begun at.
    #[serde(default)]
    pub started_at: Option<DateTime>,
    /// Over at.
    #[serde(default)]
    pub finished_at: Option<DateTime>,
    /// Raised while it lives; five minutes of silence fail it.
    pub heartbeat_at: DateTime,
    /// Who does it and whether it is still wanted.
    #[serde(default)]
    pub control: Control,
    /// T: the moment the backup stands for.
    #[serde(default)]
    pub taken_at: Option<DateTime>,
    /// The label earned.
    #[serde(default)]
    pub label: Option<Label>,
    /// The root hash over all namespaces, hexadecimal.
    #[serde(default)]
    pub root: Option<String>,
    /// Bytes of the plain archive.
    #[serde(default)]
    pub archive_bytes: i64,
    /// Included namespaces, sorted; without their definitions.
    #[serde(default)]
    pub collections: Vec<Namespace>,
    /// Left out, each with its reason.
    #[serde(default)]
    pub excluded: Vec<Excluded>,
    /// Every check with its evidence.
    #[serde(default)]
    pub checks: Vec<CheckResult>,
    /// What wasn't as it should be.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Where it is.
    #[serde(default)]
    pub destinations: Vec<Destination>,
    /// States reached, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// When a restore of it was last compared and found equal.
    #[serde(default)]
    pub restore_checked_at: Option<DateTime>,
    /// What stopped it, in words people read.
    #[serde(default)]
    pub error: Option<String>,
    /// Kept whatever the policy says, and why.
    #[serde(default)]
    pub hold: Option<String>,
    /// Deleted from its stores at.
    #[serde(default)]
    pub pruned_at: Option<DateTime>,
}

/// Who does a run, and whether it is still wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Made anew by whoever takes the run up; guards every write about it, so that of two only the later one writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The job that does it, by its run: while that waits or runs, a silent run is resumed and not failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_run: Option<String>,
    /// Who wants it to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<Person>,
}

impl BackupRun {
    /// A run as it is asked for.
    pub fn queued(
        trigger: Trigger,
        requested_by: Person,
        stores: Vec<String>,
        databases: Option<Vec<String>>,
        now: DateTime,
    ) -> Self {
        Self {
            id: BackupId::random(),
            trigger,
            requested_by,
            status: State::Queued,
            is_active: Some(true),
            stores,
            databases,
            progress: Progress::default(),
            created_at: now,
            started_at: None,
            finished_at: None,
            heartbeat_at: now,
            control: Control::default(),
            taken_at: None,
            label: None,
            root: None,
            archive_bytes: 0,
            collections: Vec::new(),
            excluded: Vec::new(),
            checks: Vec::new(),
            findings: Vec::new(),
            destinations: Vec::new(),
            steps: Vec::new(),
            restore_checked_at: None,
            error: None,
            hold: None,
            pruned_at: None,
        }
    }

    /// Documents of all included namespaces.
    pub fn documents(&self) -> i64 {
        self.collections.iter().map(|namespace| namespace.documents).sum()
    }

    /// Cipher bytes of one copy: the largest of its destinations.
    pub fn stored_bytes(&self) -> i64 {
        self.destinations.iter().map(|destination| destination.bytes).max().unwrap_or(0)
    }

    /// Stores that were read back and found equal.
    pub fn proven_stores(&self) -> usize {
        self.destinations.iter().filter(|destination| destination.ok).count()
    }
}

impl Stored for BackupRun {
    const COLLECTION: &'static str = "backup_runs";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("newest", &[("created_at", Direction::Descending), ("_id", Direction::Descending)]),
        IndexSpec::new("by_status", &[("status", Direction::Ascending), ("taken_at", Direction::Descending)]),
    ];
}

/// The lock of the run under way, in `backup_lock` of the operations database. Made in the transaction that makes the run and
/// removed in the one that ends it: its one possible name is what lets at most one run be active.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActiveRun {
    /// Always [`ActiveRun::NAME`].
    #[serde(rename = "_id")]
    pub name: String,
    /// The run.
    pub run: BackupId,
    /// Since when.
    pub since: DateTime,
}

impl ActiveRun {
    /// The one name.
    pub const NAME: &'static str = "active";
}

impl Stored for ActiveRun {
    const COLLECTION: &'static str = "backup_lock";
    const INDEXES: &'static [IndexSpec] = &[];
}

/// One line of a run's journal, in `backup_journal` of the operations database; written before the next step begins and
/// never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// `<run>/<sequence>`.
    #[serde(rename = "_id")]
    pub id: String,
    /// The run.
    pub run: BackupId,
    /// Its place, from 0.
    pub sequence: i64,
    /// What was done, such as `sealed`, `part-stored`, `manifest-stored`.
    pub step: String,
    /// When.
    pub at: DateTime,
    /// Who or what.
    pub actor: String,
    /// Hashes and figures.
    pub facts: bson::Document,
}

impl Stored for JournalEntry {
    const COLLECTION: &'static str = "backup_journal";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("by_run", &[("run", Direction::Ascending), ("sequence", Direction::Ascending)]).unique()];
}

/// One backup in one store, in `backup_catalog` of the live database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    /// `<store>/<backup>`.
    #[serde(rename = "_id")]
    pub id: String,
    /// The store's name.
    pub store: String,
    /// The backup.
    pub backup: BackupId,
    /// The prefix there.
    pub prefix: String,
    /// T.
    pub taken_at: DateTime,
    /// Place in the store's chain, from 0.
    pub chain: i64,
    /// SHA-256 of its public manifest, hexadecimal.
    pub manifest_sha256: String,
    /// SHA-256 of the manifest before it in this store, hexadecimal; `None` for the first.
    pub previous: Option<String>,
    /// Parts and cipher bytes.
    pub parts: i32,
    /// Cipher bytes.
    pub bytes: i64,
    /// Root hash, hexadecimal.
    pub root: String,
    /// When everything of it was last read back.
    pub read_back_at: Option<DateTime>,
    /// The next part the rolling re-reading looks at.
    #[serde(default)]
    pub next_part: i32,
    /// The signed tombstone, once it was pruned.
    #[serde(default)]
    pub tombstone: Option<Tombstone>,
}

/// The signed word that a backup was deleted on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When.
    pub at: DateTime,
    /// Who approved it.
    pub by: String,
    /// Hash of the plan it was part of, hexadecimal.
    pub plan: String,
    /// Ed25519 over [`Tombstone::signed_text`], hexadecimal.
    pub signature: String,
    /// When the last object was gone.
    #[serde(default)]
    pub deleted_at: Option<DateTime>,
}

impl Tombstone {
    /// What is signed: which backup went, from where, and by which plan.
    pub fn signed_text(store: &str, backup: &str, manifest_sha256: &str, plan: &str) -> String {
        format!("canje-tombstone/1\n{store}\n{backup}\n{manifest_sha256}\n{plan}\n")
    }
}

impl Stored for CatalogueEntry {
    const COLLECTION: &'static str = "backup_catalog";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("chain", &[("store", Direction::Ascending), ("chain", Direction::Ascending)]).unique(),
        IndexSpec::new("by_backup", &[("backup", Direction::Ascending)]),
    ];
}

/// The public half of a key, in `backup_keys` of the live database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Fingerprint: the first 16 hexadecimal digits of SHA-256 of the text.
    #[serde(rename = "_id")]
    pub fingerprint: String,
    /// `operations`, `recovery` or `signing`.
    pub kind: String,
    /// `age1…`, or 64 hexadecimal digits of an Ed25519 key.
    pub public: String,
    /// Since when.
    pub created_at: DateTime,
    /// Since when no longer used for new backups.
    #[serde(default)]
    pub retired_at: Option<DateTime>,
    /// The recovery key's checklist: who said that it was printed and stored, and when.
    #[serde(default)]
    pub stored_by: Option<Person>,
    /// When that was said.
    #[serde(default)]
    pub stored_at: Option<DateTime>,
}

impl Stored for PublicKey {
    const COLLECTION: &'static str = "backup_keys";
    const INDEXES: &'static [IndexSpec] = &[];
}

/// A database made by a restore, in `restores` of the operations database; written before the database is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreRecord {
    /// The new database's name.
    #[serde(rename = "_id")]
    pub database: String,
    /// `test-restore`, `preview`, `new-db`, `selected`.
    pub mode: String,
    /// Where from: a backup's name or a file.
    pub source: String,
    /// The source's database.
    pub source_database: String,
    /// `running`, `done`, `failed`, `dropping`, `dropped`.
    pub state: String,
    /// The collections that were chosen; empty: all of that database.
    #[serde(default)]
    pub only: Vec<String>,
    /// What it is doing.
    #[serde(default)]
    pub progress: Progress,
    /// Collections finished, for resuming.
    #[serde(default)]
    pub finished: Vec<String>,
    /// The plan that was confirmed; a trial has none.
    #[serde(default)]
    pub plan: Option<String>,
    /// Since when there may be something in the database.
    #[serde(default)]
    pub begun_at: Option<DateTime>,
    /// Raised while somebody does it.
    #[serde(default)]
    pub heartbeat_at: Option<DateTime>,
    /// How often it was gone on with after an interruption.
    #[serde(default)]
    pub resumed: i32,
    /// Who asked.
    pub requested_by: Person,
    /// When.
    pub created_at: DateTime,
    /// Over at.
    #[serde(default)]
    pub finished_at: Option<DateTime>,
    /// A preview is dropped then.
    #[serde(default)]
    pub expires_at: Option<DateTime>,
    /// What happened, collection by collection.
    #[serde(default)]
    pub collections: Vec<Namespace>,
    /// Checks with evidence.
    #[serde(default)]
    pub checks: Vec<CheckResult>,
    /// What wasn't as it should be.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What stopped it.
    #[serde(default)]
    pub error: Option<String>,
}

impl RestoreRecord {
    /// A restore that is about to begin: running, of nothing yet.
    pub fn new(database: &str, requested_by: Person) -> Self {
        Self {
            database: database.into(),
            mode: String::new(),
            source: String::new(),
            source_database: String::new(),
            state: "running".into(),
            only: Vec::new(),
            progress: Progress::default(),
            finished: Vec::new(),
            plan: None,
            begun_at: None,
            heartbeat_at: None,
            resumed: 0,
            requested_by,
            created_at: DateTime::MIN,
            finished_at: None,
            expires_at: None,
            collections: Vec::new(),
            checks: Vec::new(),
            findings: Vec::new(),
            error: None,
        }
    }
}

impl Stored for RestoreRecord {
    const COLLECTION: &'static str = "restores";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("newest", &[("created_at", Direction::Descending), ("_id", Direction::Descending)])];
}

/// A comparison asked for, in `diffs` of the operations database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiffRecord {
    /// Its name.
    #[serde(rename = "_id")]
    pub id: String,
    /// The left side, as `db:NAME`, `backup:ID/DB` or `dump:PATH/DB`.
    pub left: String,
    /// The right side.
    pub right: String,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// The attempt that may write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    /// Who asked.
    pub requested_by: Person,
    /// When.
    pub created_at: DateTime,
    /// Over at.
    #[serde(default)]
    pub finished_at: Option<DateTime>,
    /// What it is reading.
    #[serde(default)]
    pub progress: Progress,
    /// The result, as [`diff::Report`](super::diff::Report) in BSON.
    #[serde(default)]
    pub report: Option<bson::Document>,
    /// What stopped it.
    #[serde(default)]
    pub error: Option<String>,
}

impl Stored for DiffRecord {
    const COLLECTION: &'static str = "diffs";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("newest", &[("created_at", Direction::Descending), ("_id", Direction::Descending)])];
}

/// An uploaded file to be verified, in `verifications` of the operations database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// Its name.
    #[serde(rename = "_id")]
    pub id: String,
    /// What the file was called.
    pub file_name: String,
    /// Its bytes.
    pub bytes: i64,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// Who asked.
    pub requested_by: Person,
    /// When.
    pub created_at: DateTime,
    /// Over at.
    #[serde(default)]
    pub finished_at: Option<DateTime>,
    /// What kind of backup it turned out to be, in words.
    #[serde(default)]
    pub format: Option<String>,
    /// Collections found in it.
    #[serde(default)]
    pub collections: Vec<Namespace>,
    /// What isn't as it should be.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Why it couldn't be looked at.
    #[serde(default)]
    pub error: Option<String>,
}

impl Stored for Verification {
    const COLLECTION: &'static str = "verifications";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("newest", &[("created_at", Direction::Descending), ("_id", Direction::Descending)])];
}

/// What lives in the live database.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<CatalogueEntry>(), Declared::of::<PublicKey>()];

/// What lives in the operations database.
pub const OPS_COLLECTIONS: [Declared; 10] = [
    Declared::of::<BackupRun>(),
    Declared::of::<ActiveRun>(),
    Declared::of::<JournalEntry>(),
    Declared::of::<RestoreRecord>(),
    Declared::of::<RestorePlan>(),
    Declared::of::<Deployment>(),
    Declared::of::<Extraction>(),
    Declared::of::<DiffRecord>(),
    Declared::of::<super::diff::store::Document>(),
    Declared::of::<Verification>(),
];
