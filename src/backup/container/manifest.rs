//! What a backup says about itself.

use std::io;

use serde::{Deserialize, Serialize};

use crate::backup::keys::{Recipients, Signer};
use crate::backup::model::{BackupId, CheckResult, Excluded, Label, Namespace, Trigger};
use crate::backup::record::CatalogueEntry;

/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// One part. Hashes are SHA-256 in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// From 0 without gaps; its name follows from it.
    pub index: u32,
    /// Bytes of the encrypted part.
    pub bytes: u64,
    /// Over the encrypted part.
    pub sha256: String,
    /// Where its plain bytes begin in the archive.
    pub plain_offset: u64,
    /// How many they are.
    pub plain_bytes: u64,
}

/// The encrypted manifest as a file. Hash in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateFile {
    /// Its encrypted bytes.
    pub bytes: u64,
    /// SHA-256 over them.
    pub sha256: String,
}

/// `manifest.json`: what may be read without a key. One for each store, since each names its own predecessor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicManifest {
    /// `canje-backup/1`.
    pub format: String,
    /// The backup.
    pub id: BackupId,
    /// Which installation made it.
    pub deployment: String,
    /// The store's name.
    pub store: String,
    /// T, RFC 3339.
    pub taken_at: String,
    /// When it was sealed, RFC 3339.
    pub sealed_at: String,
    /// The label earned.
    pub label: Label,
    /// The root hash, hexadecimal.
    pub root: String,
    /// Bytes of the plain archive.
    pub archive_bytes: u64,
    /// SHA-256 of the plain archive, hexadecimal.
    pub archive_sha256: String,
    /// All parts in order.
    pub parts: Vec<Part>,
    /// The encrypted manifest.
    pub private: PrivateFile,
    /// Fingerprints of the two recipients: operations, recovery.
    pub recipients: [String; 2],
    /// Fingerprint of the signing key.
    pub signer: String,
    /// Place in this store's chain, from 0.
    pub chain: u64,
    /// SHA-256 of the public manifest before it in this store, hexadecimal.
    pub previous: Option<String>,
}

impl PublicManifest {
    /// The format this program writes and reads.
    pub const FORMAT: &'static str = "canje-backup/1";
}

/// The server a backup was taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Hosts of the set, without credentials.
    pub hosts: Vec<String>,
    /// Replica set, if it is one.
    pub replica_set: Option<String>,
    /// What identifies the cluster, where the server says so.
    pub cluster_id: Option<String>,
    /// Its version, three numbers.
    pub version: String,
    /// Feature compatibility version, where it could be read.
    pub fcv: Option<String>,
    /// The user we were, `None` on a server without access control.
    pub user: Option<String>,
}

/// `manifest.private`: everything, encrypted. JSON, compressed with zstd before it is encrypted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrivateManifest {
    /// The backup.
    pub id: BackupId,
    /// Version of this program.
    pub app_version: String,
    /// Why it was taken.
    pub trigger: Trigger,
    /// The server.
    pub server: Server,
    /// T, RFC 3339.
    pub taken_at: String,
    /// The label earned.
    pub label: Label,
    /// The root hash, hexadecimal.
    pub root: String,
    /// Included namespaces in the archive's order, with definitions.
    pub namespaces: Vec<Namespace>,
    /// Left out, with reasons.
    pub excluded: Vec<Excluded>,
    /// The checks on the source's side, with their evidence.
    pub checks: Vec<CheckResult>,
    /// Every backup that is known to exist in any store.
    pub catalogue: Vec<CatalogueEntry>,
}

impl PrivateManifest {
    /// The file that is stored: JSON, compressed, encrypted.
    pub fn seal(&self, recipients: &Recipients) -> io::Result<Vec<u8>> {
        recipients.seal(&zstd::bulk::compress(&serde_json::to_vec(self)?, 3)?)
    }
}

impl PublicManifest {
    /// The files that are stored: the manifest's bytes and their signature.
    pub fn sign(&self, signer: &Signer) -> io::Result<(Vec<u8>, [u8; SIGNATURE_BYTES])> {
        let bytes = serde_json::to_vec_pretty(self)?;
        let signature = signer.sign(&bytes);
        Ok((bytes, signature))
    }
}
