//! Reads a directory of mongodump, plain or with `.gz` files, database by database and collection by collection in the
//! order of their names.
//!
//! This layout has neither counts nor checksums: a data file cut at a document border can't be told from a whole one. What
//! can be checked is: every data file has its metadata and the other way round, file names belong to the collections the
//! metadata names, nothing exists twice. Files that are no part of a dump are listed, not skipped in silence.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::definition::{Definition, Kind, ServerVersion};
use super::error::{DumpError, Place, Problem};
use super::frame::{Border, Frames};
use super::names::{self, Stem};
use super::reader::{Format, Overview, Step, open_file, unreadable};
use super::{extjson, limits, raw};

const BUCKETS: &str = "system.buckets.";

/// A directory dump being read.
pub struct DirectoryReader {
    overview: Overview,
    /// The data file of each definition; a view has none.
    data: Vec<Option<DataFile>>,
    next: usize,
    current: Option<(usize, Frames<Box<dyn Read + Send>>)>,
    opened: bool,
    names: HashSet<String>,
    metadata_bytes: usize,
}

struct DataFile {
    path: PathBuf,
    name: String,
}

/// The files of one database directory, by file stem.
#[derive(Default)]
struct Listing {
    metadata: BTreeMap<String, PathBuf>,
    data: BTreeMap<String, PathBuf>,
}

impl DirectoryReader {
    /// Lists the files and reads all metadata. `root` may also be the directory of a single database.
    pub fn new(root: &Path) -> Result<Self, DumpError> {
        let mut reader = Self {
            overview: Overview { format: Format::Directory, ..Overview::default() },
            data: Vec::new(),
            next: 0,
            current: None,
            opened: false,
            names: HashSet::new(),
            metadata_bytes: 0,
        };
        let mut databases = Vec::new();
        let mut here = Listing::default();
        for (name, path) in entries(root)? {
            if path.is_dir() {
                databases.push((name, path));
            } else if name == "oplog.bson" || name == "oplog.bson.gz" {
                reader.add_oplog(&name, path)?;
            } else if name == "prelude.json" || name == "prelude.json.gz" {
                reader.read_prelude(&name, &path)?;
            } else if !here.take(&name, &path)? {
                reader.overview.foreign_files.push(name);
            }
        }
        if !here.is_empty() {
            let name = root.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
            let name = name.ok_or_else(|| DumpError { place: Place::default(), problem: Problem::NotADump })?;
            databases.push((name, root.to_owned()));
        }
        for (database, path) in databases {
            reader.add_database(root, &database, &path)?;
        }
        if reader.overview.definitions.is_empty() && reader.overview.server_version.is_none() {
            return Err(DumpError { place: Place::default(), problem: Problem::NotADump });
        }
        Ok(reader)
    }

    /// What the prelude and the metadata say.
    pub fn overview(&self) -> &Overview {
        &self.overview
    }

    /// The next step; a document goes to `buffer`.
    pub fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Step, DumpError> {
        if let Some((index, frames)) = &mut self.current {
            let index = *index;
            let start = frames.offset();
            return match frames.border(buffer)? {
                Border::Document => Ok(Step::Document { index, offset: start }),
                // Data files have no terminators: these four bytes are a length like any other.
                Border::Terminator => Err(frames.problem_at(start, Problem::Length { length: u32::MAX })),
                Border::End => {
                    self.current = None;
                    Ok(Step::Close { index })
                }
            };
        }
        let index = self.next;
        if self.opened {
            self.opened = false;
            self.next += 1;
            return Ok(Step::Close { index });
        }
        let Some(data) = self.data.get(index) else { return Ok(Step::End) };
        match data {
            Some(file) => {
                let (read, compressed) = open_file(&file.path)?;
                self.current = Some((index, Frames::new(read, Some(file.name.clone()), compressed)));
                self.next += 1;
            }
            None => self.opened = true,
        }
        Ok(Step::Open { index })
    }

    fn read_prelude(&mut self, name: &str, path: &Path) -> Result<(), DumpError> {
        let bad = |reason: String| DumpError {
            place: Place::file(name),
            problem: Problem::Metadata { namespace: "prelude.json".into(), reason },
        };
        let text = self.read_text(name, path, "prelude.json")?;
        let document = extjson::to_raw(&text).map_err(|error| bad(error.to_string()))?;
        for element in raw::elements(&document).map_while(Result::ok) {
            match element.key {
                b"ServerVersion" => self.overview.server_version = element.as_str().map(str::to_owned),
                b"ToolVersion" => self.overview.tool_version = element.as_str().map(str::to_owned),
                other => self.overview.unknown.push(names::shown(&String::from_utf8_lossy(other))),
            }
        }
        match &self.overview.server_version {
            Some(version) if ServerVersion::parse(version).is_some() => Ok(()),
            Some(version) => {
                let problem = Problem::ServerVersion { version: names::shown(version) };
                Err(DumpError { place: Place::file(name), problem })
            }
            None => Err(bad("no ServerVersion".into())),
        }
    }

    fn read_text(&mut self, name: &str, path: &Path, namespace: &str) -> Result<String, DumpError> {
        let (reader, compressed) = open_file(path)?;
        self.overview.compressed |= compressed;
        let mut bytes = Vec::new();
        let limit = limits::METADATA_BYTES as u64 + 1;
        reader.take(limit).read_to_end(&mut bytes).map_err(|error| DumpError {
            place: Place::file(name),
            problem: if compressed {
                Problem::Gzip { reason: error.to_string() }
            } else {
                Problem::Unreadable { reason: error.to_string() }
            },
        })?;
        let problem = |problem| DumpError { place: Place::file(name), problem };
        if bytes.len() as u64 == limit {
            return Err(problem(Problem::MetadataLength { namespace: namespace.into() }));
        }
        String::from_utf8(bytes)
            .map_err(|_| problem(Problem::Metadata { namespace: namespace.into(), reason: "not UTF-8".into() }))
    }

    fn add_oplog(&mut self, name: &str, path: PathBuf) -> Result<(), DumpError> {
        let definition = Definition::parse("", "oplog", "", None)
            .map_err(|problem| DumpError { place: Place::file(name), problem })?;
        self.push(definition, Some(DataFile { path, name: name.into() }))
    }

    fn add_database(&mut self, root: &Path, database: &str, path: &Path) -> Result<(), DumpError> {
        let inside = |name: &str| if path == root { name.to_owned() } else { format!("{database}/{name}") };
        let mut listing = Listing::default();
        for (name, file) in entries(path)? {
            if path == root && (file.is_dir() || name.starts_with("prelude.json") || name.starts_with("oplog.bson")) {
                continue;
            }
            if name == "prelude.json" || name == "prelude.json.gz" {
                self.read_prelude(&inside(&name), &file)?;
            } else if (file.is_dir() || !listing.take(&name, &file)?) && path != root {
                self.overview.foreign_files.push(inside(&name));
            }
        }
        if listing.is_empty() {
            return Ok(());
        }
        names::check_database(database).map_err(|problem| DumpError { place: Place::file(database), problem })?;
        let mut data = listing.data;
        for (stem, file) in listing.metadata {
            let name = inside(&file_name(&file));
            let error = |problem| DumpError { place: Place::file(&name), problem };
            let text = self.read_text(&name, &file, &format!("{database}.{stem}"))?;
            let collection = true_name(&stem, &text).map_err(error)?;
            names::check_collection(database, &collection).map_err(error)?;
            let definition = Definition::parse(database, &collection, &text, None).map_err(error)?;
            let mut candidates = vec![data.remove(&stem)];
            if definition.kind == Kind::TimeSeries {
                candidates.push(data.remove(&names::escape(&format!("{BUCKETS}{collection}"))));
            }
            let mut found = candidates.into_iter().flatten();
            let namespace = definition.namespace();
            let file = match (definition.kind, found.next(), found.next()) {
                (_, Some(_), Some(_)) => return Err(error(Problem::TwoFiles { namespace })),
                (Kind::View, None, _) => None,
                (Kind::View, Some(_), _) => return Err(error(Problem::Documents { namespace })),
                (_, None, _) => return Err(error(Problem::MissingData { namespace })),
                (_, Some(path), None) => Some(DataFile { name: inside(&file_name(&path)), path }),
            };
            self.push(definition, file)?;
        }
        match data.into_values().next() {
            Some(file) => {
                let name = inside(&file_name(&file));
                Err(DumpError { place: Place::file(name), problem: Problem::MissingMetadata })
            }
            None => Ok(()),
        }
    }

    fn push(&mut self, definition: Definition, data: Option<DataFile>) -> Result<(), DumpError> {
        self.metadata_bytes += definition.metadata.len();
        if self.overview.definitions.len() >= limits::NAMESPACES || self.metadata_bytes > limits::PRELUDE_BYTES {
            return Err(DumpError { place: Place::default(), problem: Problem::TooMuch });
        }
        let namespace = definition.namespace();
        if !self.names.insert(namespace.clone()) {
            return Err(DumpError { place: Place::default(), problem: Problem::Repeated { namespace } });
        }
        self.overview.compressed |= data.as_ref().is_some_and(|file| file.name.ends_with(".gz"));
        self.overview.definitions.push(definition);
        self.data.push(data);
        Ok(())
    }
}

impl Listing {
    /// Takes a file that belongs to a dump; `false` if it doesn't.
    fn take(&mut self, name: &str, path: &Path) -> Result<bool, DumpError> {
        let plain = name.strip_suffix(".gz").unwrap_or(name);
        let (files, stem) = if let Some(stem) = plain.strip_suffix(".metadata.json") {
            (&mut self.metadata, stem)
        } else if let Some(stem) = plain.strip_suffix(".bson") {
            (&mut self.data, stem)
        } else {
            return Ok(false);
        };
        if files.insert(stem.to_owned(), path.to_owned()).is_some() {
            let namespace = names::shown(stem);
            return Err(DumpError { place: Place::file(name), problem: Problem::TwoFiles { namespace } });
        }
        Ok(true)
    }

    fn is_empty(&self) -> bool {
        self.metadata.is_empty() && self.data.is_empty()
    }
}

/// The collection a metadata file is about: its file name read back, or its `collectionName` where that was shortened.
fn true_name(stem: &str, metadata: &str) -> Result<String, Problem> {
    match names::unescape(stem) {
        Some(Stem::Whole(name)) => Ok(name),
        Some(Stem::Shortened) => {
            let bad = |reason: String| Problem::Metadata { namespace: names::shown(stem), reason };
            let document = extjson::to_raw(metadata).map_err(|error| bad(error.to_string()))?;
            let name = raw::find(&document, "collectionName").and_then(|element| element.as_str().map(str::to_owned));
            let name = name.ok_or_else(|| bad("no collectionName".into()))?;
            if names::escape(&name) == stem {
                Ok(name)
            } else {
                Err(Problem::FileName { collection: names::shown(&name) })
            }
        }
        None => Err(Problem::FileName { collection: names::shown(stem) }),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The entries of a directory in the order of their names. A name that is not UTF-8 is refused.
fn entries(directory: &Path) -> Result<Vec<(String, PathBuf)>, DumpError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error))? {
        let entry = entry.map_err(|error| unreadable(directory, &error))?;
        let name = entry.file_name().into_string().map_err(|name| {
            let name = names::shown(&name.to_string_lossy());
            DumpError { place: Place::file(&name), problem: Problem::FileName { collection: name.clone() } }
        })?;
        found.push((name, entry.path()));
        if found.len() > limits::NAMESPACES * 2 {
            return Err(DumpError { place: Place::default(), problem: Problem::TooMuch });
        }
    }
    found.sort();
    Ok(found)
}
