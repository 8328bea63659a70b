//! Files kept in chunks: every chunk of every file once, of the right size, and no chunk without a file. Reported, never
//! repaired: what is broken in production is backed up as it is.

use std::collections::HashMap;
use std::path::PathBuf;

use super::scan::{Latest, Read};
use super::watch::{KeyDigest, key_digest};
use crate::backup::model::{Check, Finding, Severity};
use crate::dump::raw::{self, kind};
use crate::i18n::backup::take as words;

/// Files held in memory at a time; more are looked at in several passes.
const FILES_PER_PASS: u64 = 200_000;
/// Problems named for each bucket.
const NAMED: usize = 20;
/// Most chunks one file may claim to have: 16 TiB in chunks of 255 kB.
const MOST_CHUNKS: u64 = 1 << 26;

/// The two collections of a bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    namespace: String,
    files: Spooled,
    chunks: Spooled,
}

#[derive(Clone, Debug)]
struct Spooled {
    file: Option<PathBuf>,
    latest: Latest,
    documents: u64,
}

/// What was seen in a bucket.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// Files.
    pub files: u64,
    /// Chunks.
    pub chunks: u64,
    /// What isn't right.
    pub problems: Vec<Finding>,
}

/// Every pair of `X.files` and `X.chunks`.
pub fn buckets(read: &[Read]) -> Vec<Bucket> {
    let by_name: HashMap<String, &Read> = read.iter().map(|read| (read.listed.namespace(), read)).collect();
    let spooled =
        |read: &Read| Spooled { file: read.file.clone(), latest: read.latest.clone(), documents: read.sums.documents };
    let pairs = read.iter().filter_map(|files| {
        let namespace = files.listed.namespace();
        let bucket = namespace.strip_suffix(".files")?.to_owned();
        let chunks = by_name.get(&format!("{bucket}.chunks"))?;
        Some(Bucket { namespace: bucket, files: spooled(files), chunks: spooled(chunks) })
    });
    pairs.collect()
}

#[derive(Debug)]
struct File {
    id: String,
    length: u64,
    chunk_size: u64,
    seen: Vec<u64>,
    bytes: u64,
    problem: Option<String>,
}

impl Bucket {
    /// Looks at all of it. Blocking.
    pub fn look(&self) -> anyhow::Result<Looked> {
        let mut looked = Looked { files: self.files.documents, chunks: self.chunks.documents, ..Looked::default() };
        let passes = self.files.documents.div_ceil(FILES_PER_PASS).max(1);
        let (mut more, mut orphans) = (0, 0);
        for pass in 0..passes {
            let mut files = self.files_of(pass, passes)?;
            orphans += self.chunks_of(pass, passes, &mut files)?;
            for file in files.into_values() {
                if let Some(problem) = file.problem.clone().or_else(|| file.gap()) {
                    match looked.problems.len() < NAMED {
                        true => looked.problems.push(self.finding(words::gridfs_file(&file.id, &problem))),
                        false => more += 1,
                    }
                }
            }
        }
        if orphans > 0 {
            looked.problems.push(self.finding(words::gridfs_orphans(orphans)));
        }
        if more > 0 {
            looked.problems.push(self.finding(words::gridfs_more(more)));
        }
        Ok(looked)
    }

    fn finding(&self, said: String) -> Finding {
        Finding::new(Severity::Info, Check::Gridfs, Some(&self.namespace), said)
    }

    fn files_of(&self, pass: u64, passes: u64) -> anyhow::Result<HashMap<KeyDigest, File>> {
        let mut files = HashMap::new();
        self.files.each(|document| {
            let Some(id) = raw::find(document, "_id") else { return };
            let digest = key_digest(id.kind, id.value);
            if share(&digest, passes) != pass {
                return;
            }
            let number = |name| raw::find(document, name).and_then(|e| e.as_i64()).and_then(|n| u64::try_from(n).ok());
            let shown = shown(&id);
            let file = match (number("length"), number("chunkSize").filter(|size| *size > 0)) {
                (Some(length), Some(chunk_size)) if length.div_ceil(chunk_size) <= MOST_CHUNKS => {
                    let words = length.div_ceil(chunk_size).div_ceil(64) as usize;
                    File { id: shown, length, chunk_size, seen: vec![0; words], bytes: 0, problem: None }
                }
                _ => {
                    let problem = Some(words::GRIDFS_NO_LENGTH.to_owned());
                    File { id: shown, length: 0, chunk_size: 1, seen: Vec::new(), bytes: 0, problem }
                }
            };
            files.insert(digest, file);
        })?;
        Ok(files)
    }

    /// Ticks off the chunks of these files; gives how many belong to none.
    fn chunks_of(&self, pass: u64, passes: u64, files: &mut HashMap<KeyDigest, File>) -> anyhow::Result<u64> {
        let mut orphans = 0;
        self.chunks.each(|document| {
            let digest = raw::find(document, "files_id").map(|id| key_digest(id.kind, id.value)).unwrap_or_default();
            if share(&digest, passes) != pass {
                return;
            }
            match files.get_mut(&digest) {
                None => orphans += 1,
                Some(file) => file.chunk(document),
            }
        })?;
        Ok(orphans)
    }
}

/// In which pass a file is looked at.
fn share(digest: &KeyDigest, passes: u64) -> u64 {
    u64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])) % passes
}

impl File {
    fn chunks(&self) -> u64 {
        self.length.div_ceil(self.chunk_size)
    }

    fn chunk(&mut self, document: &[u8]) {
        let place = raw::find(document, "n").and_then(|n| n.as_i64()).and_then(|n| u64::try_from(n).ok());
        let data = raw::find(document, "data").filter(|data| data.kind == kind::BINARY);
        let bytes = data.map_or(0, |data| data.value.len() as u64 - 5);
        let Some(place) = place.filter(|place| *place < self.chunks()) else {
            self.problem.get_or_insert_with(|| words::GRIDFS_BEYOND.to_owned());
            return;
        };
        let (word, bit) = ((place / 64) as usize, 1 << (place % 64));
        if self.seen[word] & bit != 0 {
            self.problem.get_or_insert_with(|| words::gridfs_twice(place));
        }
        self.seen[word] |= bit;
        let expected = self.chunk_size.min(self.length - place * self.chunk_size);
        if bytes != expected {
            self.problem.get_or_insert_with(|| words::gridfs_size(place, bytes, expected));
        }
        self.bytes += bytes;
    }

    /// The first chunk that is missing.
    fn gap(&self) -> Option<String> {
        let missing = (0..self.chunks()).find(|n| self.seen[(n / 64) as usize] & (1 << (n % 64)) == 0);
        missing.map(words::gridfs_missing)
    }
}

impl Spooled {
    fn each(&self, mut look: impl FnMut(&[u8])) -> anyhow::Result<()> {
        super::archive::each(self.file.as_deref(), &self.latest, |document| {
            look(document);
            Ok(())
        })
    }
}

/// An `_id` as people read it.
fn shown(id: &raw::Element<'_>) -> String {
    match id.kind {
        kind::OBJECT_ID => hex::encode(id.value),
        _ => match (id.as_str(), id.as_i64()) {
            (Some(text), _) => text.chars().take(80).collect(),
            (_, Some(number)) => number.to_string(),
            _ => format!("{:02x}:{}", id.kind, hex::encode(&id.value[..id.value.len().min(32)])),
        },
    }
}
