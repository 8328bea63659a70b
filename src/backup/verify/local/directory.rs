//! A directory of mongodump. It has neither counts nor checksums, and the report says so: what is whole here can still be
//! less than there was.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::names::{collection_of, file_of};
use super::source::{Layer, Running, Source, stopped};
use crate::backup::model::{Check, Namespace};
use crate::backup::verify::Report;
use crate::backup::verify::blocks::{check_names, version_of};
use crate::backup::verify::bytes::{self, DOCUMENT_BYTES, Field, fields};
use crate::backup::verify::definition::{Definition, METADATA_BYTES};
use crate::backup::verify::findings::Findings;
use crate::backup::verify::json;
use crate::backup::verify::tally::Tally;
use crate::i18n::backup::verify as words;

/// Leaves a collection keeps in memory.
const LEAVES: usize = 65_536;
/// Most files.
const FILES: usize = 200_000;

/// The files of one collection.
#[derive(Default)]
struct Pair {
    metadata: Option<(String, PathBuf)>,
    data: Option<(String, PathBuf)>,
}

struct Dump<'a> {
    findings: Findings,
    pairs: BTreeMap<(String, String), Pair>,
    server: Option<String>,
    namespaces: Vec<Namespace>,
    bytes: u64,
    total: u64,
    running: Running<'a>,
}

/// Judges the directory at `root`, which may also be that of a single database.
pub fn read(root: &Path, running: Running<'_>) -> io::Result<Report> {
    let mut dump = Dump {
        findings: Findings::default(),
        pairs: BTreeMap::new(),
        server: None,
        namespaces: Vec::new(),
        bytes: 0,
        total: 0,
        running,
    };
    let here = root.canonicalize()?.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for (name, path) in entries(root)? {
        if path.is_dir() {
            for (inner, file) in entries(&path)? {
                dump.take(&name, &format!("{name}/{inner}"), &inner, file);
            }
        } else {
            dump.take(&here, &name, &name, path);
        }
    }
    dump.join_buckets();
    let is_one = !dump.pairs.is_empty() || dump.server.is_some();
    for ((database, stem), pair) in std::mem::take(&mut dump.pairs) {
        dump.pair(&database, &stem, pair);
    }
    if is_one {
        dump.findings.info(Check::Checksums, None, words::NO_CHECKSUMS);
    } else {
        dump.findings.high(Check::Archive, None, words::EMPTY_FOLDER);
    }
    let server = dump.server.as_deref().map(words::shown).unwrap_or_default();
    Ok(Report {
        format: words::format_directory(&server),
        namespaces: dump.namespaces,
        findings: dump.findings.finish(),
        bytes: dump.bytes,
        ..Report::default()
    })
}

impl Dump<'_> {
    /// Sorts a file in.
    fn take(&mut self, database: &str, shown: &str, name: &str, path: PathBuf) {
        let plain = name.strip_suffix(".gz").unwrap_or(name);
        self.total += fs::metadata(&path).map_or(0, |meta| meta.len());
        if plain == "prelude.json" {
            return self.prelude(shown, &path);
        }
        let (stem, is_data) = match (plain.strip_suffix(".metadata.json"), plain.strip_suffix(".bson")) {
            (Some(stem), _) if !path.is_dir() => (stem, false),
            (_, Some(stem)) if !path.is_dir() => (stem, true),
            _ => return self.findings.info(Check::Archive, Some(&words::shown(shown)), words::FOREIGN_FILE),
        };
        let is_oplog =
            stem == "oplog" && is_data && shown == name && !path.with_file_name("oplog.metadata.json").exists();
        let database = if is_oplog { "" } else { database };
        let pair = self.pairs.entry((database.to_owned(), stem.to_owned())).or_default();
        let place = if is_data { &mut pair.data } else { &mut pair.metadata };
        if place.is_some() {
            return self.findings.high(Check::Archive, Some(&words::shown(shown)), words::FILE_TWICE);
        }
        *place = Some((shown.to_owned(), path));
    }

    /// The data of a time series stands under its buckets' name, its metadata under its own.
    fn join_buckets(&mut self) {
        let lone = self.pairs.iter().filter(|(_, pair)| pair.metadata.is_none());
        let buckets = lone.filter_map(|((database, stem), _)| {
            let series = stem.strip_prefix("system.buckets.")?;
            Some(((database.clone(), stem.clone()), (database.clone(), series.to_owned())))
        });
        let buckets: Vec<_> = buckets.collect();
        for (from, to) in buckets {
            let is_waiting = self.pairs.get(&to).is_some_and(|pair| pair.data.is_none());
            if is_waiting && let Some(data) = self.pairs.remove(&from).and_then(|pair| pair.data) {
                self.pairs.entry(to).or_default().data = Some(data);
            }
        }
    }

    fn prelude(&mut self, name: &str, path: &Path) {
        let read = self.text(path).and_then(|text| {
            let document = json::document(&text).map_err(|bad| words::bad_metadata(bad.at, bad.what))?;
            let found = fields(&document).map_err(words::broken_inside)?;
            let server = found.iter().find(|field| field.key == b"ServerVersion").and_then(Field::text);
            server.map(str::to_owned).ok_or_else(|| words::header_field("ServerVersion"))
        });
        match read {
            Ok(server) if version_of(&server).is_some() => self.server = Some(server),
            Ok(server) => {
                self.findings.high(Check::Archive, Some(name), words::server_version(&words::shown(&server)));
            }
            Err(detail) => self.findings.high(Check::Archive, Some(name), detail),
        }
    }

    /// A small file whole. The error is in words people read.
    fn text(&mut self, path: &Path) -> Result<String, String> {
        let unreadable = |error: io::Error| words::unreadable(&error.to_string());
        let source = Source::open(path, 0, &|_, _| {}).map_err(unreadable)?;
        let (layer, reader) = source.unpacked().map_err(unreadable)?;
        let mut found = Vec::new();
        let read = reader.take(METADATA_BYTES as u64 + 1).read_to_end(&mut found);
        read.map_err(|error| stopped(&error, layer, found.len() as u64))?;
        self.bytes += found.len() as u64;
        if found.len() > METADATA_BYTES {
            return Err(words::METADATA_TOO_LONG.into());
        }
        String::from_utf8(found).map_err(|_| words::NOT_TEXT.into())
    }

    fn pair(&mut self, database: &str, stem: &str, pair: Pair) {
        let is_oplog = database.is_empty();
        let Some((name, path)) = pair.metadata else {
            let Some((name, path)) = pair.data else { return };
            if !is_oplog {
                self.findings.high(Check::Definitions, Some(&words::shown(&name)), words::NO_METADATA);
            }
            return self.data(database, &collection_of(stem).unwrap_or_else(|| stem.to_owned()), None, &name, &path);
        };
        let text = match self.text(&path) {
            Ok(text) => text,
            Err(detail) => return self.findings.high(Check::Definitions, Some(&words::shown(&name)), detail),
        };
        let Some(collection) = collection_of(stem).or_else(|| true_name(stem, &text)) else {
            return self.findings.high(Check::Archive, Some(&words::shown(&name)), words::BAD_FILE_NAME);
        };
        if let Err(detail) = check_names(database, &collection) {
            return self.findings.high(Check::Archive, Some(&words::shown(&name)), detail);
        }
        let definition = Definition::read(database, &collection, &text, None);
        if let Err(detail) = &definition {
            self.findings.high(Check::Definitions, Some(&words::shown(&name)), detail.clone());
        }
        let definition = definition.ok();
        let kind = definition.as_ref().map_or("collection", |definition| &definition.kind);
        match pair.data {
            Some((data, _)) if kind == "view" => {
                self.findings.high(Check::Archive, Some(&words::shown(&data)), words::DOCUMENT_IN_VIEW);
            }
            Some((data, path)) => self.data(database, &collection, definition, &data, &path),
            None if kind == "view" => self.add(database, &collection, definition.as_ref(), Tally::default()),
            None => {
                let namespace = format!("{database}.{collection}");
                self.findings.high(Check::Archive, Some(&namespace), words::NO_DATA_FILE);
            }
        }
    }

    fn data(&mut self, database: &str, collection: &str, definition: Option<Definition>, name: &str, path: &Path) {
        let mut tally = Tally::default();
        let before = self.bytes;
        let stopped = read_documents(path, |document, offset| {
            self.bytes += document.len() as u64;
            if let Err(inside) = bytes::sound(document) {
                let at = words::at(offset + inside as u64, None);
                let detail = words::with_place(words::BROKEN_DOCUMENT, &at);
                self.findings.high(Check::Archive, Some(&words::shown(name)), detail);
            }
            tally.push(document, LEAVES)
        });
        if let Err(detail) = stopped {
            self.findings.high(Check::Archive, Some(&words::shown(name)), detail);
        }
        if self.bytes - before > 1024 * 1024 || self.namespaces.len().is_multiple_of(16) {
            (self.running)(self.bytes.min(self.total), self.total);
        }
        self.add(database, collection, definition.as_ref(), tally);
    }

    fn add(&mut self, database: &str, collection: &str, definition: Option<&Definition>, tally: Tally) {
        let sums = match tally.finish() {
            Ok(sums) => sums,
            Err(error) => return self.findings.high(Check::Archive, None, words::no_scratch(&error)),
        };
        let of_oplog = if database.is_empty() { "oplog" } else { "?" };
        self.namespaces.push(Namespace {
            database: database.to_owned(),
            name: collection.to_owned(),
            kind: definition.map_or_else(|| of_oplog.to_owned(), |definition| definition.kind.clone()),
            documents: sums.documents as i64,
            bytes: sums.bytes as i64,
            h_set: sums.h_set,
            h_stream: sums.h_stream,
            crc: format!("{:016x}", sums.crc),
            h_def: definition.map_or_else(String::new, |definition| definition.h_def.clone()),
            indexes: definition.map_or(0, |definition| definition.indexes as i32),
            is_capped: definition.is_some_and(|definition| definition.is_capped),
            metadata: String::new(),
            restored: None,
        });
    }
}

/// The true name behind a shortened one: it stands in the metadata and has to give the same file name.
fn true_name(stem: &str, metadata: &str) -> Option<String> {
    let document = json::document(metadata).ok()?;
    let found = fields(&document).ok()?;
    let name = found.iter().find(|field| field.key == b"collectionName").and_then(Field::text)?;
    (file_of(name) == stem).then(|| name.to_owned())
}

/// Hands over one document after the other with its offset. The error is in words people read.
fn read_documents(path: &Path, mut take: impl FnMut(&[u8], u64) -> io::Result<()>) -> Result<(), String> {
    let unreadable = |error: io::Error| words::unreadable(&error.to_string());
    let source = Source::open(path, 0, &|_, _| {}).map_err(unreadable)?;
    let (layer, mut reader): (Option<Layer>, _) = source.unpacked().map_err(unreadable)?;
    let (mut document, mut offset) = (Vec::new(), 0_u64);
    loop {
        document.clear();
        let failed = |error: io::Error, offset| stopped(&error, layer, offset);
        (&mut reader).take(4).read_to_end(&mut document).map_err(|error| failed(error, offset))?;
        if document.is_empty() {
            return Ok(());
        }
        let size = bytes::length(&document).unwrap_or(0);
        if document.len() < 4 {
            return Err(words::cut(&words::at(offset + document.len() as u64, None)));
        }
        if !(5..=DOCUMENT_BYTES).contains(&size) {
            return Err(words::wrong_length(size as u32, &words::at(offset, None)));
        }
        let rest = (&mut reader).take(size as u64 - 4).read_to_end(&mut document);
        rest.map_err(|error| failed(error, offset))?;
        if document.len() < size {
            return Err(words::cut(&words::at(offset + document.len() as u64, None)));
        }
        if document[size - 1] != 0 {
            return Err(words::unclosed(&words::at(offset + size as u64 - 1, None)));
        }
        take(&document, offset).map_err(|error| words::no_scratch(&error))?;
        offset += size as u64;
    }
}

fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.take(FILES) {
        let entry = entry?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}
