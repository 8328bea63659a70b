//! What is on record besides the restored databases: plans, and which deployment this is.

use bson::DateTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::contents::Content;
use crate::backup::model::Person;
use crate::db::indexes::Direction;
use crate::db::{IndexSpec, Stored};

/// What a restore is for, and with it what its database may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// To look at: our name, nothing deletes itself, gone after a week.
    Preview,
    /// A whole database under a name somebody chose.
    NewDb,
    /// Chosen collections of one, likewise.
    Selected,
}

impl Mode {
    /// Every mode a person can ask for.
    pub const ALL: [Self; 3] = [Self::Preview, Self::NewDb, Self::Selected];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::NewDb => "new-db",
            Self::Selected => "selected",
        }
    }

    /// The mode with this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What a restore would do, in `restore_plans` of the operations database. Nothing happens by it before a person has typed
/// the confirmation; it is used once, and only within its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestorePlan {
    /// 32 hexadecimal digits.
    #[serde(rename = "_id")]
    pub id: String,
    /// SHA-256 over everything it binds, hexadecimal.
    pub hash: String,
    /// Where from: a backup's name or a path.
    pub source: String,
    /// Root hash of a stored backup.
    pub root: Option<String>,
    /// Which database of it.
    pub source_database: String,
    /// The database that will be made.
    pub target: String,
    /// What for.
    pub mode: Mode,
    /// What will be restored.
    pub contents: Vec<Content>,
    /// The deployment it was made on; it is worth nothing on another.
    pub deployment: String,
    /// Whose it is; nobody else can confirm it.
    pub requested_by: Person,
    /// Made at.
    pub created_at: DateTime,
    /// Worth nothing afterwards.
    pub expires_at: DateTime,
    /// Confirmed at.
    #[serde(default)]
    pub used_at: Option<DateTime>,
}

impl RestorePlan {
    /// Documents that will be written.
    pub fn documents(&self) -> i64 {
        self.contents.iter().map(|content| content.documents).sum()
    }

    /// Their bytes.
    pub fn bytes(&self) -> i64 {
        self.contents.iter().map(|content| content.bytes).sum()
    }

    /// The hash over what it binds: source, database, target, collections, counts, root, deployment.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        let mut bind = |text: &str| {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        };
        bind("restore-plan/1");
        bind(&self.source);
        bind(self.root.as_deref().unwrap_or_default());
        bind(&self.source_database);
        bind(&self.target);
        bind(self.mode.as_str());
        bind(&self.deployment);
        for content in &self.contents {
            bind(&content.name);
            bind(&content.kind);
            bind(&content.documents.to_string());
            bind(&content.bytes.to_string());
            bind(&content.h_set);
        }
        hex::encode(hasher.finalize())
    }
}

impl Stored for RestorePlan {
    const COLLECTION: &'static str = "restore_plans";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("by_target", &[("target", Direction::Ascending)])];
}

/// Which deployment this is, in `deployment` of the operations database: by whatever address a server is reached, here it
/// says the same. It is never part of a backup, so no restored copy can carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Always [`Deployment::ID`].
    #[serde(rename = "_id")]
    pub id: String,
    /// 32 random hexadecimal digits, made once.
    pub cluster: String,
    /// `production` or `demo`.
    pub environment: String,
}

impl Deployment {
    /// The one document's `_id`.
    pub const ID: &'static str = "this";
}

impl Stored for Deployment {
    const COLLECTION: &'static str = "deployment";
    const INDEXES: &'static [IndexSpec] = &[];
}
