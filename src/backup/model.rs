//! The words of a backup: its name, states, labels, checks and findings, and the shapes that are stored and shown.

use std::fmt;

use bson::DateTime;
use serde::{Deserialize, Serialize};

/// A backup's name: 128 random bits as 32 lower-case hexadecimal digits. It makes the place in a store unguessable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BackupId(String);

impl BackupId {
    /// A new name.
    pub fn random() -> Self {
        Self(hex::encode(crate::backup::keys::random::<16>()))
    }

    /// Reads a name; anything else than 32 lower-case hexadecimal digits is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_id.then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits, enough to tell two apart on a screen.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

impl fmt::Display for BackupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The daily or weekly schedule.
    Schedule,
    /// A person, on the page or the command line.
    Manual,
    /// A migration, which needs one before it may run.
    PreMigration,
}

/// How far a run is. Only [`Complete`](Self::Complete) is green.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Asked for; nobody has begun.
    Queued,
    /// Listed, with room and quota checked.
    Planned,
    /// Reading.
    Scanning,
    /// The archive is encrypted and signed on the local disk, and was parsed again from there.
    Sealed,
    /// Every store asked for holds all parts and the manifest.
    Uploaded,
    /// Every store asked for was read back.
    ReadBack,
    /// Restored into a scratch database and compared; the known-bad controls failed as they must.
    TestRestored,
    /// All of it.
    Complete,
    /// It went wrong; the findings say how.
    Failed,
    /// A person stopped it.
    Cancelled,
}

impl State {
    /// Whether nothing more happens to it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Complete | Self::Failed | Self::Cancelled)
    }
}

/// What can be said about the moment a backup stands for, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Read at one cluster time, and the server was shown to honour it.
    SnapshotProven,
    /// All reads in one snapshot transaction.
    Transaction,
    /// A long scan, mended to one moment from the change stream.
    FixedUp,
    /// Nothing changed between the first and the last read.
    Quiescent,
    /// Each collection is what one cursor returned; no common moment.
    PerCollection,
}

impl Label {
    /// As it is stored and printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SnapshotProven => "snapshot-proven",
            Self::Transaction => "transaction",
            Self::FixedUp => "fixed-up",
            Self::Quiescent => "quiescent",
            Self::PerCollection => "per-collection",
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// Data is or may be missing or altered. The run fails.
    High,
    /// Something doesn't match and has to be understood. The run fails.
    Medium,
    /// Worth knowing; the run doesn't fail for it.
    Info,
}

/// The named checks, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The user may see everything.
    Privileges,
    /// Which server this is.
    Identity,
    /// Definitions before = after, no change of definitions between.
    Fence,
    /// Every listed namespace is included, or excluded with a reason.
    Listed,
    /// The consistency label was earned.
    Consistency,
    /// Every cursor ended by itself.
    Cursors,
    /// Documents read = documents counted at the same moment.
    Counts,
    /// No `_id` twice.
    DuplicateIds,
    /// Capped: count, bytes and order.
    CappedOrder,
    /// GridFS: chunks complete.
    Gridfs,
    /// Views: their base exists.
    Views,
    /// Definitions survive BSON → JSON → BSON.
    Definitions,
    /// The archive's grammar.
    Archive,
    /// CRC and hashes per namespace.
    Checksums,
    /// The sealed archive parsed again gives what was scanned.
    Reparse,
    /// The list of parts is gap-free; sizes and hashes match.
    Parts,
    /// Decrypts with our identity and decompresses.
    Encryption,
    /// Read from the store, everything is the same.
    ReadBack,
    /// The signature of the manifest, with a key kept outside the store.
    Signature,
    /// The chain of manifests and the catalogue know every backup that should exist.
    Catalogue,
    /// Restored namespaces = included ones; options, validators and indexes equal.
    RestoredDefinitions,
    /// `H_set` equal in every collection.
    RestoredDocuments,
    /// Natural order of capped collections equal.
    RestoredOrder,
    /// Views answer the same.
    RestoredViews,
    /// Inserted = sent.
    Inserted,
    /// A damaged copy was found to be damaged.
    Control,
    /// A backup of the previous system's own format.
    Legacy,
}

/// One thing a check saw that isn't as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Which check saw it.
    pub check: Check,
    /// `database.collection`, or the part or file, where there is one.
    pub namespace: Option<String>,
    /// What, in words people read; with the offset or `_id` where there is one.
    pub detail: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// A finding without a remedy.
    pub fn new(severity: Severity, check: Check, namespace: Option<&str>, detail: impl Into<String>) -> Self {
        Self { severity, check, namespace: namespace.map(str::to_owned), detail: detail.into(), remedy: None }
    }

    /// The same with what to do.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it must be.
    Passed,
    /// Not; the findings say how.
    Failed,
    /// Nothing of the kind in this database.
    NotApplicable,
}

/// A check with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Which.
    pub check: Check,
    /// How it came out.
    pub outcome: Outcome,
    /// What was seen, one sentence each.
    pub evidence: Vec<String>,
    /// When.
    pub at: DateTime,
    /// Which store or scratch database, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// What kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// Raw files of a Cloudinary account.
    Cloudinary,
    /// A bucket of an S3-compatible service.
    S3,
    /// A folder of this machine, or one mounted on it.
    Folder,
}

/// An included namespace: what was read, and later what was found in its restored copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// Database at the source.
    pub database: String,
    /// Collection, or the logical name of a time series.
    pub name: String,
    /// `collection`, `view`, `timeseries`.
    pub kind: String,
    /// Documents in the backup.
    pub documents: i64,
    /// Their BSON bytes.
    pub bytes: i64,
    /// `H_set`, hexadecimal.
    pub h_set: String,
    /// `H_stream`, hexadecimal.
    pub h_stream: String,
    /// CRC-64/XZ of the archive, hexadecimal.
    pub crc: String,
    /// `H_def`, hexadecimal.
    pub h_def: String,
    /// How many indexes, `_id_` included.
    pub indexes: i32,
    /// Whether order is data.
    pub is_capped: bool,
    /// The definition as canonical Extended JSON, the `metadata` of the archive. Only in the private manifest; empty in
    /// the stored run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    /// What the trial restore found: documents and `H_set`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restored>,
}

/// What a trial restore found in a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Documents read back.
    pub documents: i64,
    /// Their `H_set`, hexadecimal.
    pub h_set: String,
    /// Whether definition and order are equal too.
    pub equal: bool,
}

/// A namespace left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// `database.collection`, or a whole `database`.
    pub namespace: String,
    /// In words people read.
    pub reason: String,
}

/// A step of the way, as it is journaled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Reached.
    pub state: State,
    /// When.
    pub at: DateTime,
    /// A person's name, a schedule, the command line.
    pub actor: String,
    /// Hashes and figures that belong to it, in words.
    pub facts: Vec<String>,
}

/// Where a run's parts are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The store's configured name: `cloudinary`, `s3`, `offsite`, or the folder of `--to`.
    pub store: String,
    /// Its kind.
    pub kind: StoreKind,
    /// What people know it by: the account, the bucket, the folder. No secret.
    pub place: String,
    /// The prefix of everything of this backup there.
    pub prefix: String,
    /// Cipher bytes there.
    pub bytes: i64,
    /// Parts there so far.
    pub parts: i32,
    /// SHA-256 of the public manifest there, hexadecimal, once it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<String>,
    /// When the manifest was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded_at: Option<DateTime>,
    /// When it was last read back whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back_at: Option<DateTime>,
    /// Whether that reading found everything equal.
    pub ok: bool,
    /// Why not, in words people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When everything under the prefix was deleted by an approved plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emptied_at: Option<DateTime>,
}

/// What a run is doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Namespaces to read; 0 while not listed.
    pub namespaces: i32,
    /// Namespaces read.
    pub done: i32,
    /// Documents so far.
    pub documents: i64,
    /// Bytes so far.
    pub bytes: i64,
    /// What is being read, sent or compared right now.
    pub current: String,
    /// Share of the current state's work in thousandths, where it is known.
    pub permille: Option<i32>,
    /// Collections while they are read: the last ones finished and those under way, newest first, at most 50.
    pub collections: Vec<CollectionProgress>,
}

/// One collection while it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionProgress {
    /// `database.collection`.
    pub namespace: String,
    /// Documents read.
    pub documents: i64,
    /// Whether it is finished.
    pub is_done: bool,
}

/// Who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The account, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// A name, or `línea de comandos`.
    pub name: String,
}
