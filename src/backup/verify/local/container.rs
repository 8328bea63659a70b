//! A stored backup on this machine: its folder, or a tar of it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use bytes::Bytes;

use super::source::Running;
use crate::backup::keys::Opener;
use crate::backup::model::{Check, Finding, Severity};
use crate::backup::verify::Report;
use crate::backup::verify::manifests::{CIPHER_BYTES, PRIVATE, PUBLIC, SIGNATURE, part_name};
use crate::backup::verify::trial::{Absent, Fetched, Heads, Trial};
use crate::i18n::backup::verify as words;

/// Parts opened ahead of the judgement.
const AHEAD: usize = 2;

/// Where files come from.
pub trait Files: Sync {
    /// What the place is called.
    fn folder(&self) -> String;
    /// All names and sizes.
    fn list(&self) -> io::Result<Vec<(String, u64)>>;
    /// A file whole.
    fn read(&self, name: &str) -> Fetched;
    /// What is wrong with the place itself.
    fn complaints(&self) -> &[String] {
        &[]
    }
}

/// Whether the folder is, or was, a stored backup.
pub fn is_one(path: &Path) -> bool {
    [PUBLIC, PRIVATE, SIGNATURE].iter().any(|name| path.join(name).is_file()) || path.join(part_name(0)).is_file()
}

/// Judges the folder of a stored backup.
pub fn of_folder(path: &Path, opener: Option<&Opener>, running: Running<'_>) -> io::Result<Report> {
    read(&InFolder(path.canonicalize()?), opener, running)
}

/// Judges a stored backup. Without `opener` only what needs no key.
pub fn read(files: &dyn Files, opener: Option<&Opener>, running: Running<'_>) -> io::Result<Report> {
    let listed = files.list()?;
    let heads = Heads { public: files.read(PUBLIC), signature: files.read(SIGNATURE), private: files.read(PRIVATE) };
    let mut trial = Trial::begin(heads, &files.folder(), Some(&listed), opener, None);
    let total = trial.total_bytes();
    let wanted = std::mem::take(&mut trial.wanted);
    let (sender, receiver) = sync_channel(AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut read = 0;
            for wanted in wanted {
                let cipher = files.read(&part_name(wanted.index));
                read += cipher.as_ref().map_or(0, |cipher| cipher.len() as u64);
                running(read, total);
                if sender.send(wanted.open(cipher, opener)).is_err() {
                    return;
                }
            }
        });
        for opened in receiver {
            trial.part(opened);
        }
    });
    let mut report = trial.finish();
    let complaints = files.complaints().iter();
    report.findings.extend(complaints.map(|what| Finding::new(Severity::High, Check::Archive, None, what.as_str())));
    Ok(report)
}

struct InFolder(PathBuf);

impl Files for InFolder {
    fn folder(&self) -> String {
        self.0.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn list(&self) -> io::Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else {
                    let path = entry.path();
                    let name = path.strip_prefix(&self.0).map_err(io::Error::other)?.to_string_lossy().into_owned();
                    found.push((name, entry.metadata()?.len()));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn read(&self, name: &str) -> Fetched {
        let path = self.0.join(name);
        match fs::metadata(&path) {
            Ok(meta) if meta.len() > CIPHER_BYTES * 32 => Err(Absent::Unreadable(words::too_large(meta.len()))),
            Ok(_) => fs::read(path).map(Bytes::from).map_err(|error| Absent::Unreadable(error.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Absent::Missing),
            Err(error) => Err(Absent::Unreadable(error.to_string())),
        }
    }
}
