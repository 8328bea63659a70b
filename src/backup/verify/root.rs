//! The root hash over every namespace, included or left out.

use sha2::{Digest as _, Sha256};

use crate::backup::model::{Excluded, Namespace};

/// SHA-256 over `0x02` and, for each namespace in the order of the bytes of `database.collection`: `u32be` length, name,
/// kind, `u64be` documents, `u64be` bytes, `H_set`, `H_def`. What was left out has the kind `excluded`, no documents, no
/// bytes, the `H_set` of nothing and SHA-256 of its reason. `None` if a hash isn't one.
pub fn root(namespaces: &[Namespace], excluded: &[Excluded]) -> Option<String> {
    let mut rows: Vec<(Vec<u8>, Vec<u8>)> = Vec::with_capacity(namespaces.len() + excluded.len());
    for namespace in namespaces {
        let mut row = namespace.kind.clone().into_bytes();
        row.extend_from_slice(&(namespace.documents as u64).to_be_bytes());
        row.extend_from_slice(&(namespace.bytes as u64).to_be_bytes());
        row.extend_from_slice(&hash(&namespace.h_set)?);
        row.extend_from_slice(&hash(&namespace.h_def)?);
        rows.push((format!("{}.{}", namespace.database, namespace.name).into_bytes(), row));
    }
    for left_out in excluded {
        let mut row = b"excluded".to_vec();
        row.extend_from_slice(&[0; 16]);
        row.extend_from_slice(&nothing());
        row.extend_from_slice(&Sha256::digest(left_out.reason.as_bytes()));
        rows.push((left_out.namespace.clone().into_bytes(), row));
    }
    rows.sort();
    let mut hasher = Sha256::new();
    hasher.update([2]);
    for (name, row) in rows {
        hasher.update((name.len() as u32).to_be_bytes());
        hasher.update(name);
        hasher.update(row);
    }
    Some(hex::encode(hasher.finalize()))
}

fn hash(digits: &str) -> Option<[u8; 32]> {
    hex::decode(digits).ok()?.try_into().ok()
}

/// `H_set` of no documents.
fn nothing() -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"\x01mset1");
    hasher.update([0; 16]);
    hasher.finalize().into()
}
