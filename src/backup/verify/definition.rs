//! What a backup says a namespace is: kind, options and indexes, from the metadata text.

use sha2::{Digest as _, Sha256};

use super::bytes::{self, EMPTY, Field, fields, tag};
use super::json;
use crate::i18n::backup::verify as words;

/// Longest metadata text of a namespace.
pub const METADATA_BYTES: usize = 8 * 1024 * 1024;
/// What an index's specification holds beside what the index is.
const BESIDE: [&[u8]; 3] = [b"v", b"ns", b"background"];

/// A namespace's definition, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// `collection`, `view`, `timeseries`, `oplog`.
    pub kind: String,
    /// `H_def`, hexadecimal.
    pub h_def: String,
    /// Indexes, `_id_` included.
    pub indexes: usize,
    /// Whether order is data.
    pub is_capped: bool,
    /// SHA-256 of the text itself.
    pub text: [u8; 32],
}

impl Definition {
    /// Reads the metadata text of `database.collection`. `stated` is the kind an archive's entry gives. The error is in
    /// words people read.
    pub fn read(database: &str, collection: &str, metadata: &str, stated: Option<&str>) -> Result<Self, String> {
        if metadata.len() > METADATA_BYTES {
            return Err(words::METADATA_TOO_LONG.into());
        }
        let whole = match metadata {
            "" => EMPTY.to_vec(),
            _ => json::document(metadata).map_err(|bad| words::bad_metadata(bad.at, bad.what))?,
        };
        let read = fields(&whole).map_err(|at| words::bad_metadata(at, "BSON"))?;
        let mut by_name: Vec<&[u8]> = read.iter().map(|field| field.key).collect();
        by_name.sort_unstable();
        if by_name.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(words::METADATA_TWICE.into());
        }
        let named = |name: &str| read.iter().find(|field| field.key == name.as_bytes());
        let options = match named("options") {
            None => &EMPTY[..],
            Some(field) if field.tag == tag::DOCUMENT => field.value,
            Some(_) => return Err(words::metadata_field("options")),
        };
        let indexes = match named("indexes") {
            None => Vec::new(),
            Some(field) if field.tag == tag::ARRAY => read_indexes(field)?,
            Some(_) => return Err(words::metadata_field("indexes")),
        };
        if let Some(name) = named("collectionName") {
            let name = name.text().ok_or_else(|| words::metadata_field("collectionName"))?;
            if name.strip_prefix("system.buckets.").unwrap_or(name) != collection && name != collection {
                return Err(words::other_name(name));
            }
        }
        let said = match named("type") {
            None => "",
            Some(field) => field.text().ok_or_else(|| words::metadata_field("type"))?,
        };
        let stated = stated.unwrap_or_default();
        if !stated.is_empty() && !said.is_empty() && stated != said {
            return Err(words::two_kinds(stated, said));
        }
        let options_read = fields(options).map_err(|_| words::metadata_field("options"))?;
        let option = |name: &str| options_read.iter().find(|field| field.key == name.as_bytes());
        let kind = match [stated, said].into_iter().find(|kind| !kind.is_empty()) {
            Some(kind @ ("collection" | "view" | "timeseries")) => kind,
            Some(other) => return Err(words::unknown_kind(other)),
            None if database.is_empty() && collection == "oplog" => "oplog",
            // Dumps older than `type` tell by the options.
            None if option("viewOn").is_some() => "view",
            None if option("timeseries").is_some() => "timeseries",
            None => "collection",
        };
        Ok(Self {
            kind: kind.to_owned(),
            h_def: h_def(collection, kind, options, &indexes),
            indexes: indexes.len(),
            is_capped: kind == "collection" && option("capped").is_some_and(Field::says_yes),
            text: Sha256::digest(metadata.as_bytes()).into(),
        })
    }
}

/// Each index: its name and specification.
type Index<'a> = (&'a str, &'a [u8]);

fn read_indexes<'a>(list: &Field<'a>) -> Result<Vec<Index<'a>>, String> {
    let wrong = || words::metadata_field("indexes");
    let mut found: Vec<Index<'a>> = Vec::new();
    for item in fields(list.value).map_err(|_| wrong())? {
        let parts = fields(item.value).map_err(|_| wrong())?;
        let name = parts.iter().find(|field| field.key == b"name").and_then(Field::text);
        let (tag::DOCUMENT, Some(name)) = (item.tag, name) else { return Err(wrong()) };
        if found.iter().any(|(other, _)| *other == name) {
            return Err(words::index_twice(name));
        }
        found.push((name, item.value));
    }
    Ok(found)
}

/// SHA-256 over the BSON document `{name, type, options, indexes}`: options as they stand, indexes by the bytes of their
/// names, each without what is only beside.
fn h_def(collection: &str, kind: &str, options: &[u8], indexes: &[Index<'_>]) -> String {
    let mut sorted = indexes.to_vec();
    sorted.sort_by_key(|(name, _)| name.as_bytes());
    let mut out = Vec::new();
    let whole = bytes::begin(&mut out);
    for (key, value) in [("name", collection), ("type", kind)] {
        bytes::name(&mut out, tag::TEXT, key.as_bytes());
        bytes::text(&mut out, value);
    }
    bytes::name(&mut out, tag::DOCUMENT, b"options");
    out.extend_from_slice(options);
    bytes::name(&mut out, tag::ARRAY, b"indexes");
    let list = bytes::begin(&mut out);
    for (place, (_, index)) in sorted.into_iter().enumerate() {
        bytes::name(&mut out, tag::DOCUMENT, place.to_string().as_bytes());
        let one = bytes::begin(&mut out);
        // Read once before, so it can be read.
        for field in fields(index).unwrap_or_default().iter().filter(|field| !BESIDE.contains(&field.key)) {
            bytes::name(&mut out, field.tag, field.key);
            out.extend_from_slice(field.value);
        }
        bytes::end(&mut out, one);
    }
    bytes::end(&mut out, list);
    bytes::end(&mut out, whole);
    hex::encode(Sha256::digest(&out))
}
