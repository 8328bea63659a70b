//! A small stored backup made by hand: no server, any documents.

use std::io::Write;
use std::sync::Arc;

use bson::DateTime;
use canje::backup::container::{
    self, MANIFEST, PRIVATE, PrivateFile, PrivateManifest, PublicManifest, SIGNATURE, Sealer, Server,
};
use canje::backup::keys::Keys;
use canje::backup::model::{BackupId, Label, Namespace, Trigger};
use canje::backup::stores::{Folder, Store};
use canje::backup::take;
use canje::dump::hash::{LeafSet, StreamHash};
use canje::dump::{ArchiveWriter, Checksum, Definition, Header};
use sha2::{Digest, Sha256};

/// A collection to put into the sample.
pub struct Collection {
    pub definition: Definition,
    pub documents: Vec<Vec<u8>>,
}

impl Collection {
    /// An ordinary one with its `_id_` index.
    pub fn plain(database: &str, name: &str, documents: Vec<Vec<u8>>) -> Self {
        let metadata = format!(
            r#"{{"indexes":[{{"v":{{"$numberInt":"2"}},"key":{{"_id":{{"$numberInt":"1"}}}},"name":"_id_"}}],"uuid":"6b025b6930724c538e52c6fe6b025b69","collectionName":"{name}","type":"collection"}}"#
        );
        Self { definition: Definition::parse(database, name, &metadata, Some("collection")).unwrap(), documents }
    }

    /// Documents as BSON.
    pub fn of(database: &str, name: &str, documents: &[bson::Document]) -> Self {
        Self::plain(
            database,
            name,
            documents.iter().map(|document| bson::serialize_to_vec(document).unwrap()).collect(),
        )
    }
}

/// The sample: its folder, keys and place.
pub struct Sample {
    pub folder: tempfile::TempDir,
    pub keys: Keys,
    pub store: Arc<dyn Store>,
    pub prefix: String,
    pub public: PublicManifest,
    pub private: PrivateManifest,
    /// The plain archive.
    pub archive: Vec<u8>,
}

impl Sample {
    /// Seals these collections in the order given, with parts of at most `part_bytes`.
    pub fn new(collections: &[Collection], part_bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys_folder = folder.path().join("keys");
        Keys::generate(&keys_folder, DateTime::MIN).unwrap();
        let keys = Keys::load(&keys_folder).unwrap();
        let header = Header { server_version: "8.2.0".into(), tool_version: "canje".into() };
        let definitions: Vec<Definition> = collections.iter().map(|collection| collection.definition.clone()).collect();
        let mut writer = ArchiveWriter::new(Vec::new(), &header, &definitions).unwrap();
        let mut namespaces = Vec::new();
        for collection in collections {
            writer.open().unwrap();
            let (mut set, mut stream, mut crc) = (LeafSet::default(), StreamHash::default(), Checksum::default());
            for document in &collection.documents {
                writer.document(document).unwrap();
                set.push(document).unwrap();
                stream.push(document);
                crc.update(document);
            }
            writer.close().unwrap();
            let digest = set.finish().unwrap();
            let definition = &collection.definition;
            namespaces.push(Namespace {
                database: definition.database.clone(),
                name: definition.collection.clone(),
                kind: definition.kind.as_str().into(),
                documents: digest.documents as i64,
                bytes: digest.bytes as i64,
                h_set: digest.h_set_hex(),
                h_stream: hex::encode(stream.finish()),
                crc: format!("{:016x}", crc.value()),
                h_def: hex::encode(take::definition_hash(definition)),
                indexes: definition.indexes.as_ref().map_or(0, Vec::len) as i32,
                is_capped: definition.is_capped(),
                metadata: definition.metadata.clone(),
                restored: None,
            });
        }
        let archive = writer.finish().unwrap();
        let id = BackupId::random();
        let prefix = container::prefix("", "test", "2026-01-02T03:04:05Z".parse().unwrap(), &id);
        let root_folder = folder.path().join("store");
        let place = root_folder.join(&prefix);
        let mut sealer = Sealer::new(&place, &keys.recipients, part_bytes).unwrap();
        sealer.write_all(&archive).unwrap();
        let sealed = sealer.finish().unwrap();
        let root = take::root(&namespaces, &[]);
        let private = PrivateManifest {
            id: id.clone(),
            app_version: "test".into(),
            trigger: Trigger::Manual,
            server: Server { version: "8.2.0".into(), ..Server::default() },
            taken_at: "2026-01-02T03:04:05Z".into(),
            label: Label::Transaction,
            root: root.clone(),
            namespaces,
            excluded: Vec::new(),
            checks: Vec::new(),
            catalogue: Vec::new(),
        };
        let private_bytes = private.seal(&keys.recipients).unwrap();
        let public = PublicManifest {
            format: PublicManifest::FORMAT.into(),
            id,
            deployment: "test".into(),
            store: "offsite".into(),
            taken_at: private.taken_at.clone(),
            sealed_at: private.taken_at.clone(),
            label: private.label,
            root,
            archive_bytes: sealed.archive_bytes,
            archive_sha256: sealed.archive_sha256,
            parts: sealed.parts,
            private: PrivateFile {
                bytes: private_bytes.len() as u64,
                sha256: hex::encode(Sha256::digest(&private_bytes)),
            },
            recipients: keys.recipients.fingerprints(),
            signer: keys.signer.fingerprint(),
            chain: 0,
            previous: None,
        };
        let (manifest, signature) = public.sign(&keys.signer).unwrap();
        for (name, bytes) in [(PRIVATE, private_bytes), (MANIFEST, manifest), (SIGNATURE, signature.to_vec())] {
            std::fs::write(place.join(name), bytes).unwrap();
        }
        let store: Arc<dyn Store> = Arc::new(Folder::at("offsite", &root_folder));
        Self { folder, keys, store, prefix, public, private, archive }
    }
}
