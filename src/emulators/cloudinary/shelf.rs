//! The files the account keeps: one file each, its description in the first line and its bytes after that.
//!
//! A file appears whole or not at all, and several processes may share the folder.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A file's description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// `image`, `video` or `raw`.
    pub resource_type: String,
    /// `upload`, `private` or `authenticated`.
    #[serde(rename = "type")]
    pub delivery: String,
    /// Its name, unique together with the two above.
    pub public_id: String,
    /// Never changes, whatever it is renamed to.
    pub asset_id: String,
    /// Seconds since 1970.
    pub version: i64,
    /// As the API writes it.
    pub created_at: String,
    /// What its bytes are; raw files have none.
    pub format: Option<String>,
    /// How many.
    pub bytes: u64,
    /// Their MD5.
    pub etag: String,
    /// Words on it.
    pub tags: Vec<String>,
    /// What it was called where it came from, without its extension.
    pub original_filename: Option<String>,
}

/// What became of a file.
pub(super) enum Kept {
    /// It is there.
    Stored(Asset),
    /// Another one was there, and stays.
    Existing(Asset),
}

/// The files.
pub struct Shelf {
    folder: PathBuf,
    /// Keeps the folder of a twin that was given none.
    _temporary: Option<tempfile::TempDir>,
}

impl Shelf {
    pub(super) fn open(folder: Option<&Path>) -> io::Result<Self> {
        match folder {
            Some(folder) => Ok(Self { folder: folder.to_owned(), _temporary: None }),
            None => {
                let temporary = tempfile::tempdir()?;
                Ok(Self { folder: temporary.path().to_owned(), _temporary: Some(temporary) })
            }
        }
    }

    /// All descriptions, by name.
    pub fn all(&self) -> io::Result<Vec<Asset>> {
        let mut all = Vec::new();
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(all),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "asset")
                && let Some((asset, _)) = open(&path)?
            {
                all.push(asset);
            }
        }
        all.sort_by(|left, right| left.public_id.cmp(&right.public_id));
        Ok(all)
    }

    /// A file and its bytes.
    pub fn find(&self, resource: &str, delivery: &str, public_id: &str) -> io::Result<Option<(Asset, Vec<u8>)>> {
        let Some((asset, mut reader)) = open(&self.path(resource, delivery, public_id))? else { return Ok(None) };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok(Some((asset, bytes)))
    }

    /// Serves these bytes from now on under a description that says otherwise: a store that lies.
    pub fn spoil(&self, resource: &str, delivery: &str, public_id: &str, bytes: &[u8]) -> io::Result<()> {
        let (asset, _) = self.find(resource, delivery, public_id)?.ok_or(ErrorKind::NotFound)?;
        self.write(&asset, bytes, true).map(drop)
    }

    pub(super) fn keep(&self, asset: Asset, bytes: &[u8], overwrite: bool) -> io::Result<Kept> {
        if self.write(&asset, bytes, overwrite)? {
            return Ok(Kept::Stored(asset));
        }
        let there = open(&self.path(&asset.resource_type, &asset.delivery, &asset.public_id))?;
        // Removed in this very moment: then it is as if it had been there when it was asked for.
        Ok(Kept::Existing(there.map_or(asset, |(asset, _)| asset)))
    }

    /// Removes a file; whether there was one.
    pub fn remove(&self, resource: &str, delivery: &str, public_id: &str) -> io::Result<bool> {
        match fs::remove_file(self.path(resource, delivery, public_id)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            removed => removed.map(|()| true),
        }
    }

    fn write(&self, asset: &Asset, bytes: &[u8], overwrite: bool) -> io::Result<bool> {
        fs::create_dir_all(&self.folder)?;
        let mut temporary = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&mut temporary, asset)?;
        temporary.write_all(b"\n")?;
        temporary.write_all(bytes)?;
        let path = self.path(&asset.resource_type, &asset.delivery, &asset.public_id);
        let persisted = if overwrite { temporary.persist(path) } else { temporary.persist_noclobber(path) };
        match persisted {
            Ok(_) => Ok(true),
            Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(refused) => Err(refused.error),
        }
    }

    fn path(&self, resource: &str, delivery: &str, public_id: &str) -> PathBuf {
        let name = hex::encode(Sha256::digest(format!("{resource}\n{delivery}\n{public_id}")));
        self.folder.join(format!("{name}.asset"))
    }
}

fn open(path: &Path) -> io::Result<Option<(Asset, BufReader<File>)>> {
    let mut reader = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => BufReader::new(file?),
    };
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(Some((serde_json::from_str(&line)?, reader)))
}
