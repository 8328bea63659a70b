//! A backup of the previous system: a `.tar.gz` of one folder with a JSON array for each collection and, but for the oldest,
//! a manifest. It holds no indexes, options or validators, and where a collection failed it says 0 documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use md5::{Digest as _, Md5};

use super::elements::{self, Ended};
use super::legacy_manifest::{Form, Manifest, NAME, Said, namespace};
use super::source::{Layer, Running, next, stopped};
use crate::backup::model::{Check, Namespace};
use crate::backup::verify::Report;
use crate::backup::verify::findings::Findings;
use crate::backup::verify::json;
use crate::backup::verify::tally::Tally;
use crate::i18n::backup::verify as words;

/// Leaves a collection keeps in memory.
const LEAVES: usize = 65_536;
/// Most files.
const FILES: usize = 100_000;

/// What was read of a collection.
struct Seen {
    documents: i64,
    file_bytes: i64,
    md5: String,
    h_set: String,
    bytes: i64,
}

#[derive(Default)]
struct Legacy {
    findings: Findings,
    manifest: Option<Manifest>,
    seen: BTreeMap<String, Seen>,
    names: BTreeSet<String>,
    folder: Option<String>,
    bytes: u64,
}

/// Judges the tar `reader` gives.
pub fn of_tar(reader: impl Read, name: &str, layer: Option<Layer>) -> io::Result<Report> {
    let mut legacy = Legacy::default();
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries()?.take(FILES) {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let detail = stopped(&error, layer, legacy.bytes);
                legacy.findings.high(Check::Legacy, None, detail);
                break;
            }
        };
        if entry.header().entry_type().is_dir() {
            continue;
        }
        let whole = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let size = entry.size();
        match legacy.enter(&whole) {
            Some(name) if entry.header().entry_type().is_file() => legacy.file(&name, &mut entry, size, layer),
            _ => legacy.findings.medium(Check::Legacy, Some(&words::shown(&whole)), words::UNKNOWN_FILE),
        }
    }
    // What follows the end of the tar still has to be there for the layer around it to be whole.
    let mut rest = archive.into_inner();
    let mut buffer = [0; 8192];
    loop {
        match next(&mut rest, &mut buffer) {
            Ok(0) => break,
            Ok(read) if buffer[..read].iter().all(|byte| *byte == 0) => {}
            Ok(_) => {
                legacy.findings.medium(Check::Legacy, None, words::TAR_TRAILING);
                break;
            }
            Err(error) => {
                legacy.findings.high(Check::Legacy, None, stopped(&error, layer, legacy.bytes));
                break;
            }
        }
    }
    Ok(legacy.finish(name))
}

/// Judges the folder such a tar unpacks to.
pub fn of_folder(path: &Path, name: &str, running: Running<'_>) -> io::Result<Report> {
    let mut legacy = Legacy::default();
    let mut files: Vec<_> = std::fs::read_dir(path)?.take(FILES).collect::<io::Result<_>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let total = files.iter().map(|file| file.metadata().map_or(0, |meta| meta.len())).sum();
    for entry in files {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() {
            let mut file = File::open(entry.path())?;
            let size = file.metadata()?.len();
            legacy.file(&file_name, &mut file, size, None);
            running(legacy.bytes, total);
        } else {
            legacy.findings.medium(Check::Legacy, Some(&words::shown(&file_name)), words::UNKNOWN_FILE);
        }
    }
    Ok(legacy.finish(name))
}

impl Legacy {
    /// The name of a file inside the one folder there is.
    fn enter(&mut self, path: &str) -> Option<String> {
        let path = path.strip_prefix("./").unwrap_or(path);
        let (folder, name) = path.split_once('/').unwrap_or(("", path));
        let is_safe = !name.is_empty() && !name.contains(['/', '\\']) && name != ".." && folder != "..";
        let is_same = *self.folder.get_or_insert_with(|| folder.to_owned()) == folder;
        (is_safe && is_same).then(|| name.to_owned())
    }

    fn file(&mut self, name: &str, reader: &mut impl Read, size: u64, layer: Option<Layer>) {
        if !self.names.insert(name.to_owned()) {
            return self.findings.high(Check::Legacy, Some(&words::shown(name)), words::FILE_TWICE);
        }
        if name == NAME {
            self.bytes += size;
            match Manifest::read(reader) {
                Ok(manifest) => self.manifest = Some(manifest),
                Err(detail) => self.findings.high(Check::Legacy, Some(NAME), detail),
            }
            return;
        }
        let Some(collection) = name.strip_suffix(".json") else {
            return self.findings.medium(Check::Legacy, Some(&words::shown(name)), words::UNKNOWN_FILE);
        };
        let mut hashed = Hashed { reader, md5: Md5::new(), bytes: 0 };
        let seen = self.collection(collection, &mut hashed, layer);
        self.bytes += hashed.bytes;
        if hashed.bytes != size {
            let detail = words::cut(&words::at(hashed.bytes, None));
            self.findings.high(Check::Legacy, Some(&words::shown(name)), detail);
        }
        let seen = Seen { file_bytes: hashed.bytes as i64, md5: hex::encode(hashed.md5.finalize()), ..seen };
        self.seen.insert(collection.to_owned(), seen);
    }

    fn collection(&mut self, name: &str, hashed: &mut Hashed<'_, impl Read>, layer: Option<Layer>) -> Seen {
        let shown = words::shown(name);
        let mut tally = Tally::default();
        let findings = &mut self.findings;
        let ended = elements::each(&mut *hashed, |element, at| {
            let text = std::str::from_utf8(element).map_err(|bad| (bad.valid_up_to(), "UTF-8"));
            let document = text.and_then(|text| json::document(text).map_err(|bad| (bad.at, bad.what)));
            match document {
                Ok(document) => tally.push(&document, LEAVES),
                Err((inside, what)) => {
                    let at = words::at(at + inside as u64, None);
                    findings.high(Check::Legacy, Some(&shown), words::bad_element(what, &at));
                    Ok(())
                }
            }
        });
        match ended {
            Ok(Ended::Well) => {}
            Ok(Ended::Cut(at)) => self.findings.high(Check::Legacy, Some(&shown), words::cut(&words::at(at, None))),
            Ok(Ended::Wrong(at)) => {
                self.findings.high(Check::Legacy, Some(&shown), words::not_an_array(&words::at(at, None)));
            }
            Err(error) => {
                self.findings.high(Check::Legacy, Some(&shown), stopped(&error, layer, hashed.bytes));
            }
        }
        // Checksum and size are those of the whole file, wherever reading it stopped making sense.
        let _ = io::copy(hashed, &mut io::sink());
        let sums = tally.finish();
        if let Err(error) = &sums {
            self.findings.high(Check::Legacy, Some(&shown), words::no_scratch(error));
        }
        let (documents, bytes, h_set) =
            sums.map_or((0, 0, String::new()), |sums| (sums.documents as i64, sums.bytes as i64, sums.h_set));
        Seen { documents, bytes, h_set, file_bytes: 0, md5: String::new() }
    }

    fn finish(mut self, file_name: &str) -> Report {
        let manifest = self.manifest.take();
        let named = manifest.as_ref().and_then(|manifest| manifest.database.clone());
        let database = named.or_else(|| database_of(file_name)).unwrap_or_default();
        let form = match (&manifest, self.names.contains(NAME)) {
            (Some(manifest), _) if manifest.form == Form::Current => words::LEGACY_CURRENT,
            (Some(_), _) => words::LEGACY_COUNTS,
            (None, true) => words::LEGACY_BROKEN,
            (None, false) => words::LEGACY_OLDEST,
        };
        if let Some(manifest) = &manifest {
            manifest.check(&mut self.findings);
            for (name, said) in &manifest.collections {
                match self.seen.get(name) {
                    Some(seen) => one(name, seen, said, &mut self.findings),
                    // The oldest scripts wrote no file where there was nothing.
                    None if said.count == Some(0) && said.error.is_none() => {
                        self.findings.info(Check::Legacy, Some(name), words::EMPTY_WITHOUT_FILE);
                    }
                    None if said.error.is_some() => {}
                    None => self.findings.high(Check::Listed, Some(name), words::MISSING),
                }
            }
            for name in self.seen.keys().filter(|name| !manifest.collections.contains_key(*name)) {
                self.findings.medium(Check::Listed, Some(&words::shown(name)), words::NOT_IN_LEGACY_MANIFEST);
            }
        } else if self.seen.is_empty() {
            self.findings.high(Check::Legacy, None, words::EMPTY_LEGACY);
        } else if !self.names.contains(NAME) {
            self.findings.info(Check::Legacy, None, words::NO_LEGACY_MANIFEST);
        }
        self.findings.info(Check::Definitions, None, words::NO_DEFINITIONS);
        let namespaces: Vec<Namespace> = self.seen.iter().map(|(name, seen)| row(&database, name, seen)).collect();
        Report {
            format: words::format_legacy(form),
            namespaces,
            excluded: manifest.map(|manifest| manifest.left_out(&database)).unwrap_or_default(),
            findings: self.findings.finish(),
            bytes: self.bytes,
            ..Report::default()
        }
    }
}

fn row(database: &str, name: &str, seen: &Seen) -> Namespace {
    let said = Said { count: Some(seen.documents), bytes: Some(seen.bytes), ..Said::default() };
    Namespace { h_set: seen.h_set.clone(), ..namespace(database, name, &said) }
}

fn one(name: &str, seen: &Seen, said: &Said, findings: &mut Findings) {
    if said.error.is_none()
        && let Some(count) = said.count.filter(|count| *count != seen.documents)
    {
        findings.high(Check::Counts, Some(name), words::wrong_count(count, seen.documents as u64));
    }
    if let Some(bytes) = said.bytes.filter(|bytes| *bytes != seen.file_bytes) {
        findings.high(Check::Checksums, Some(name), words::wrong_size(bytes as u64, seen.file_bytes as u64));
    }
    if let Some(md5) = said.md5.as_ref().filter(|md5| !md5.eq_ignore_ascii_case(&seen.md5)) {
        findings.high(Check::Checksums, Some(name), words::wrong_md5(&words::shown(md5), &seen.md5));
    }
}

/// The database in `backup_<db>_<YYYYMMDD_HHMMSS>.tar.gz`.
fn database_of(file_name: &str) -> Option<String> {
    let rest = file_name.strip_prefix("backup_")?;
    let stem = rest.split(".tar").next()?;
    let (rest, _time) = stem.rsplit_once('_')?;
    let (database, _day) = rest.rsplit_once('_')?;
    Some(database.to_owned())
}

/// Adds up what passes.
struct Hashed<'a, R> {
    reader: &'a mut R,
    md5: Md5,
    bytes: u64,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.md5.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}
