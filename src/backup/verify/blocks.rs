//! The documents that frame an archive: its header, the prelude's entries, the headers of blocks.

use super::bytes::{Field, fields, tag};
use super::definition::Definition;
use crate::i18n::backup::verify as words;

/// Longest database name.
const DATABASE_BYTES: usize = 63;
/// Longest `database.collection`.
const NAMESPACE_BYTES: usize = 255;

/// The header of an archive.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Version of the source server.
    pub server: String,
    /// What wrote it.
    pub tool: String,
    /// Fields beside the known ones: name, and value where it is a text.
    pub beside: Vec<(String, Option<String>)>,
}

/// An entry of the prelude. `definition` is an error in words people read when the metadata makes no sense.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Database; empty for the oplog.
    pub database: String,
    /// Collection.
    pub collection: String,
    /// Its definition.
    pub definition: Result<Definition, String>,
}

/// The header of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Database and data name.
    pub name: (String, String),
    /// The closing checksum, or `None` for a block with documents.
    pub closes: Option<u64>,
}

/// Reads the archive's header, and what about it isn't as it must be.
pub fn header(document: &[u8]) -> (Header, Vec<String>) {
    let mut wrong = Vec::new();
    let mut header = Header::default();
    let found = match fields(document) {
        Ok(found) => found,
        Err(at) => return (header, vec![words::broken_inside(at)]),
    };
    let named = |name: &str| found.iter().find(|field| field.key == name.as_bytes());
    let mut text = |name: &'static str| match named(name).and_then(Field::text) {
        Some(text) => text.to_owned(),
        None => {
            wrong.push(words::header_field(name));
            String::new()
        }
    };
    let version = text("version");
    header.server = text("server_version");
    header.tool = text("tool_version");
    if named("concurrent_collections").and_then(Field::whole).is_none() {
        wrong.push(words::header_field("concurrent_collections"));
    }
    if version != "0.1" && named("version").and_then(Field::text).is_some() {
        wrong.push(words::archive_version(&words::shown(&version)));
    }
    if version_of(&header.server).is_none() && !header.server.is_empty() {
        wrong.push(words::server_version(&words::shown(&header.server)));
    }
    const KNOWN: [&[u8]; 4] = [b"version", b"server_version", b"tool_version", b"concurrent_collections"];
    let beside = found.iter().filter(|field| !KNOWN.contains(&field.key));
    header.beside =
        beside.map(|f| (String::from_utf8_lossy(f.key).into_owned(), f.text().map(str::to_owned))).collect();
    (header, wrong)
}

/// The three numbers of a server version.
pub fn version_of(text: &str) -> Option<[u32; 3]> {
    let numbers = text.split(['-', '+']).next()?;
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Option<Vec<u32>> =
        numbers.split('.').map(|part| is_digits(part).then(|| part.parse().ok()).flatten()).collect();
    parts?.try_into().ok()
}

/// Under which name the documents of a namespace stand: buckets have their own below 8.3.
pub fn data_name(collection: &str, kind: &str, server: &str) -> String {
    let is_split = version_of(server).is_none_or(|version| version < [8, 3, 0]);
    if kind == "timeseries" && is_split { format!("system.buckets.{collection}") } else { collection.to_owned() }
}

/// Reads an entry of the prelude.
pub fn entry(document: &[u8]) -> Result<Entry, String> {
    let found = fields(document).map_err(words::broken_inside)?;
    let text = |name: &'static str| {
        let field = found.iter().find(|field| field.key == name.as_bytes());
        field.and_then(Field::text).ok_or_else(|| words::header_field(name))
    };
    let (database, collection, metadata) = (text("db")?, text("collection")?, text("metadata")?);
    check_names(database, collection)?;
    let size = found.iter().find(|field| field.key == b"size");
    if size.is_some_and(|field| !matches!(field.tag, tag::INT32 | tag::INT64)) {
        return Err(words::header_field("size"));
    }
    let stated = match found.iter().any(|field| field.key == b"type") {
        true => Some(text("type")?),
        false => None,
    };
    Ok(Entry {
        database: database.to_owned(),
        collection: collection.to_owned(),
        definition: Definition::read(database, collection, metadata, stated),
    })
}

/// Refuses names no server could have, and those that would leave a folder.
pub fn check_names(database: &str, collection: &str) -> Result<(), String> {
    let is_oplog = database.is_empty() && collection == "oplog";
    let is_legal = !database.is_empty()
        && database.len() <= DATABASE_BYTES
        && !database.contains(['/', '\\', '.', '"', '$', ' '])
        && !database.chars().any(char::is_control);
    let fits = !collection.is_empty()
        && !collection.contains('\0')
        && database.len() + 1 + collection.len() <= NAMESPACE_BYTES;
    if is_oplog || (is_legal && fits) {
        Ok(())
    } else {
        Err(words::bad_name(&words::shown(&format!("{database}.{collection}"))))
    }
}

/// Reads a block's header: exactly four fields, each of its type.
pub fn block(document: &[u8]) -> Result<Block, String> {
    let found = fields(document).map_err(words::broken_inside)?;
    let mut places = [None; 4];
    for field in &found {
        let place = [&b"db"[..], b"collection", b"EOF", b"CRC"].iter().position(|name| *name == field.key);
        match place {
            Some(place) if places[place].is_none() => places[place] = Some(field),
            _ => return Err(words::unknown_field(&words::shown(&String::from_utf8_lossy(field.key)))),
        }
    }
    let text = |place: usize, name| places[place].and_then(Field::text).ok_or_else(|| words::header_field(name));
    let (database, collection) = (text(0, "db")?, text(1, "collection")?);
    let is_end = places[2].and_then(Field::boolean).ok_or_else(|| words::header_field("EOF"))?;
    let crc = places[3].filter(|field| field.tag == tag::INT64).and_then(Field::whole);
    let crc = crc.ok_or_else(|| words::header_field("CRC"))? as u64;
    if !is_end && crc != 0 {
        return Err(words::header_field("CRC"));
    }
    Ok(Block { name: (database.to_owned(), collection.to_owned()), closes: is_end.then_some(crc) })
}
