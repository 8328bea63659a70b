//! What documents are known by: their leaf hash, and the bytes of their `_id`.

use bson::{Binary, Bson, RawBsonRef, RawDocument, RawDocumentBuf, raw::cstr, spec::BinarySubtype};
use serde::{Deserialize, Serialize};

use crate::dump::hash;

/// SHA-256 of a zero byte and the document as stored: the leaf of the collection hashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Leaf([u8; 32]);

impl AsRef<[u8]> for Leaf {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for Leaf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Binary { subtype: BinarySubtype::Generic, bytes: self.0.to_vec() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let binary = Binary::deserialize(deserializer)?;
        let length = binary.bytes.len();
        let bytes = binary.bytes.try_into();
        bytes.map(Self).map_err(|_| serde::de::Error::invalid_length(length, &"32 bytes"))
    }
}

/// The leaf of a document, from its bytes as read.
pub fn leaf(document: &RawDocument) -> Leaf {
    Leaf(hash::leaf(document.as_bytes()))
}

/// The `_id` of a row with its type, as bytes: 1 and 1.0 are different rows.
pub fn id_bytes(document: &RawDocument) -> Vec<u8> {
    match document.get("_id") {
        Ok(Some(id)) => value_bytes(id),
        _ => Vec::new(),
    }
}

/// A value with its type, as bytes.
pub fn value_bytes(value: RawBsonRef<'_>) -> Vec<u8> {
    let mut holder = RawDocumentBuf::new();
    holder.append(cstr!(""), value);
    holder.into_bytes()
}

/// The `_id` of a row for people to read.
pub fn shown_id(document: &RawDocument) -> String {
    match document.get("_id") {
        Ok(Some(RawBsonRef::ObjectId(id))) => id.to_hex(),
        Ok(Some(RawBsonRef::String(text))) => text.to_owned(),
        Ok(Some(other)) => Bson::try_from(other).map_or_else(|_| "?".into(), |id| id.to_string()),
        _ => "?".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::rawdoc;

    #[test]
    fn the_leaf_is_the_one_of_the_published_vector() {
        let published = "cf1574917ee26eb942c67847ab4a819c10b9dc3bc679579f8a441e06341e43e4";
        assert_eq!(format!("{:?}", leaf(&rawdoc! { "_id": 1, "s": "hé" })), published);
    }

    #[test]
    fn a_leaf_survives_being_stored() {
        let stored = bson::serialize_to_bson(&leaf(&rawdoc! {})).unwrap();
        assert_eq!(bson::deserialize_from_bson::<Leaf>(stored).unwrap(), leaf(&rawdoc! {}));
    }

    #[test]
    fn ids_differ_by_type_as_well() {
        let ids = [rawdoc! { "_id": 1 }, rawdoc! { "_id": 1_i64 }, rawdoc! { "_id": 1.0 }, rawdoc! { "_id": "1" }];
        for (at, a) in ids.iter().enumerate() {
            for b in &ids[at + 1..] {
                assert_ne!(id_bytes(a), id_bytes(b));
            }
        }
        assert_eq!(shown_id(&rawdoc! { "_id": "abc" }), "abc");
        assert_eq!(shown_id(&rawdoc! {}), "?");
    }
}
