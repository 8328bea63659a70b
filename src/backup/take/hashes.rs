//! The hashes over definitions and over the whole.

use sha2::{Digest as _, Sha256};

use crate::backup::model::{Excluded, Namespace};
use crate::dump::raw::{Builder, elements};
use crate::dump::{Definition, index_name};

/// Index fields that say how or where it was built, not what it is.
const NOT_DEFINITION: [&[u8]; 3] = [b"v", b"ns", b"background"];

/// `H_def`: SHA-256 over the BSON document `{name, type, options, indexes}`, options as listed, indexes sorted by the bytes
/// of their names, each without `v`, `ns` and `background` and otherwise as listed.
pub fn definition_hash(definition: &Definition) -> [u8; 32] {
    let mut indexes: Vec<&[u8]> = definition.indexes.iter().flatten().map(Vec::as_slice).collect();
    indexes.sort_by_key(|index| index_name(index).unwrap_or_default().as_bytes());
    let mut array = Builder::new();
    for (place, index) in indexes.into_iter().enumerate() {
        let mut kept = Builder::new();
        for element in elements(index).map_while(Result::ok).filter(|element| !NOT_DEFINITION.contains(&element.key)) {
            kept.element(&element);
        }
        array.document(&place.to_string(), &kept.finish());
    }
    let mut whole = Builder::new();
    whole.string("name", &definition.collection).string("type", definition.kind.as_str());
    whole.document("options", &definition.options).array("indexes", &array.finish());
    Sha256::digest(whole.finish()).into()
}

/// The root hash, hexadecimal: SHA-256 over `0x02` and, for each namespace in the order of the bytes of
/// `database.collection`: `u32be` length, name, type, `u64be` documents, `u64be` bytes, `H_set`, `H_def`. An excluded
/// namespace has the type `excluded`, no documents, no bytes, the `H_set` of nothing, and as `H_def` SHA-256 of its reason.
pub fn root(namespaces: &[Namespace], excluded: &[Excluded]) -> String {
    const NOTHING: &str = "4e7def69c7483819e433003d5f2ca479619a78b1f9341512e44b996dcc3e5c2e";
    let included = namespaces.iter().map(|namespace| {
        let name = format!("{}.{}", namespace.database, namespace.name);
        let (documents, bytes) = (namespace.documents as u64, namespace.bytes as u64);
        (name, namespace.kind.as_str(), documents, bytes, namespace.h_set.clone(), namespace.h_def.clone())
    });
    let left_out = excluded.iter().map(|excluded| {
        let reason = hex::encode(Sha256::digest(excluded.reason.as_bytes()));
        (excluded.namespace.clone(), "excluded", 0, 0, NOTHING.to_owned(), reason)
    });
    let mut all: Vec<_> = included.chain(left_out).collect();
    all.sort();
    let mut hasher = Sha256::new();
    hasher.update([2]);
    for (name, kind, documents, bytes, h_set, h_def) in all {
        hasher.update((name.len() as u32).to_be_bytes());
        hasher.update(name.as_bytes());
        hasher.update(kind.as_bytes());
        hasher.update(documents.to_be_bytes());
        hasher.update(bytes.to_be_bytes());
        // Hashes of our own making; what isn't hexadecimal would change the root, which is what it is for.
        hasher.update(hex::decode(h_set).unwrap_or_default());
        hasher.update(hex::decode(h_def).unwrap_or_default());
    }
    hex::encode(hasher.finalize())
}
