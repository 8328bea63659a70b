//! A stored backup as one tar: where its files are inside.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use bytes::Bytes;

use super::container::Files;
use crate::backup::verify::manifests::{CIPHER_BYTES, PRIVATE, PUBLIC, SIGNATURE};
use crate::backup::verify::trial::{Absent, Fetched};
use crate::i18n::backup::verify as words;

/// Most files.
const FILES: usize = 1_000_000;

/// The files of a tar by name.
pub struct Tarred {
    file: File,
    folder: String,
    places: BTreeMap<String, (u64, u64)>,
    complaints: Vec<String>,
}

impl Tarred {
    /// Finds a stored backup in a tar; `None` if there is none in it.
    pub fn container(file: File) -> io::Result<Option<Self>> {
        let mut places = BTreeMap::new();
        let mut complaints = Vec::new();
        let mut archive = tar::Archive::new(&file);
        for entry in archive.entries_with_seek()?.take(FILES) {
            let Ok(entry) = entry else {
                complaints.push(words::TAR_BROKEN.to_owned());
                break;
            };
            if entry.header().entry_type().is_dir() {
                continue;
            }
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
            if places.insert(path.clone(), (entry.raw_file_position(), entry.size())).is_some() {
                complaints.push(words::twice_in_tar(&words::shown(&path)));
            }
        }
        let is_head = |path: &str| [PUBLIC, PRIVATE, SIGNATURE].iter().any(|name| path.ends_with(name));
        let folder = places.keys().find_map(|path| {
            let folder = if is_head(path) { path.rsplit_once('/') } else { path.rsplit_once("/parts/0") };
            match folder {
                Some((folder, _)) => Some(format!("{folder}/")),
                None => (is_head(path) || path.starts_with("parts/0")).then(String::new),
            }
        });
        let Some(folder) = folder else { return Ok(None) };
        Ok(Some(Self { file, folder, places, complaints }))
    }
}

impl Files for Tarred {
    fn folder(&self) -> String {
        self.folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
    }

    fn list(&self) -> io::Result<Vec<(String, u64)>> {
        let named = self.places.iter().map(|(path, (_, size))| {
            let name = path.strip_prefix(&self.folder).map_or_else(|| format!("../{path}"), str::to_owned);
            (name, *size)
        });
        Ok(named.collect())
    }

    fn read(&self, name: &str) -> Fetched {
        let (at, size) = *self.places.get(&format!("{}{name}", self.folder)).ok_or(Absent::Missing)?;
        // A private manifest may be larger than a part, but not without end.
        if size > CIPHER_BYTES * 32 {
            return Err(Absent::Unreadable(words::too_large(size)));
        }
        let mut bytes = vec![0; size as usize];
        match self.file.read_exact_at(&mut bytes, at) {
            Ok(()) => Ok(Bytes::from(bytes)),
            Err(error) => Err(Absent::Unreadable(error.to_string())),
        }
    }

    fn complaints(&self) -> &[String] {
        &self.complaints
    }
}
