//! Local files and folders: finds out what they are and judges them.

mod archive_file;
mod container;
mod directory;
mod elements;
mod legacy;
mod legacy_manifest;
mod names;
mod source;
mod tarred;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Report;
use super::findings::Findings;
use super::manifests::PUBLIC;
use crate::backup::keys::Opener;
use crate::backup::model::Check;
use crate::i18n::backup::verify as words;
use source::{Running, Source};

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 512;

/// What a file turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Archive,
    Tar,
    Json,
    Unknown,
}

/// Judges whatever lies at `path`; people know it as `name`.
pub fn read(path: &Path, name: &str, opener: Option<&Opener>, running: Running<'_>) -> Report {
    let judged = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path, name, opener, running),
        Ok(meta) => file(path, name, meta.len(), opener, running),
        Err(error) => Err(error),
    };
    judged.unwrap_or_else(|error| unreadable(name, &error))
}

fn folder(path: &Path, name: &str, opener: Option<&Opener>, running: Running<'_>) -> io::Result<Report> {
    if container::is_one(path) {
        return container::of_folder(path, opener, running);
    }
    let names: Vec<_> = fs::read_dir(path)?.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
    let is_json = |name: &&std::ffi::OsString| {
        let name = name.to_string_lossy();
        name.ends_with(".json") && !name.ends_with(".metadata.json") && name != "prelude.json"
    };
    let is_bson = names.iter().any(|name| name.to_string_lossy().contains(".bson"));
    if !is_bson && names.iter().any(|name| is_json(&name)) {
        return legacy::of_folder(path, name, running);
    }
    directory::read(path, running)
}

fn file(path: &Path, name: &str, bytes: u64, opener: Option<&Opener>, running: Running<'_>) -> io::Result<Report> {
    let source = Source::open(path, bytes, running)?;
    let (layer, mut reader) = source.unpacked()?;
    let mut head = Vec::new();
    // A damaged beginning is told by whoever reads on.
    let _ = (&mut reader).take(HEAD as u64).read_to_end(&mut head);
    let whole = io::Cursor::new(head.clone()).chain(reader);
    match shape(&head) {
        Shape::Archive => Ok(archive_file::read(whole, layer)),
        Shape::Tar if layer.is_none() => match tarred::Tarred::container(File::open(path)?)? {
            Some(tarred) => container::read(&tarred, opener, running),
            None => legacy::of_tar(whole, name, layer),
        },
        Shape::Tar => legacy::of_tar(whole, name, layer),
        Shape::Json if layer.is_none() => legacy_manifest::alone(name, whole),
        // Its own kind of archive was expected, and what is wrong is found at its first byte.
        _ if layer.is_some() && head.is_empty() => Ok(archive_file::read(whole, layer)),
        _ => Ok(unknown(name)),
    }
}

fn shape(head: &[u8]) -> Shape {
    if head.starts_with(&super::archive::MAGIC) {
        Shape::Archive
    } else if head.get(257..262).is_some_and(|magic| magic == b"ustar") {
        Shape::Tar
    } else if head.trim_ascii_start().starts_with(b"{") {
        Shape::Json
    } else {
        Shape::Unknown
    }
}

fn unreadable(name: &str, error: &io::Error) -> Report {
    let mut findings = Findings::default();
    findings.high(Check::Archive, Some(&words::shown(name)), words::unreadable(&error.to_string()));
    Report { format: words::FORMAT_UNKNOWN.into(), findings: findings.finish(), ..Report::default() }
}

fn unknown(name: &str) -> Report {
    let mut findings = Findings::default();
    findings.high(Check::Archive, Some(&words::shown(name)), words::unknown_file(PUBLIC));
    Report { format: words::FORMAT_UNKNOWN.into(), findings: findings.finish(), ..Report::default() }
}
