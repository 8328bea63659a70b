//! A folder: of this machine, of another one mounted on it, or of a disk that is carried away.
//!
//! An object is written beside its place, flushed to the disk and linked into it, so it is there whole or not at all, and
//! a link never replaces. Only the owner may read: what lies here is encrypted, and still nobody else's business. What a
//! killed process left half written is no object; the next put or delete beside it removes it.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;

use super::{Limits, Object, Put, Store, StoreError, check_key};
use crate::backup::model::StoreKind;
use crate::i18n::backup::stores as words;

/// How the name of a file begins that isn't in its place yet.
pub(super) const INCOMING: &str = ".incoming-";

/// Objects are files; a file appears whole or not at all.
#[derive(Clone, Debug)]
pub struct Folder {
    name: String,
    root: PathBuf,
    /// Folders this process has tidied: once each, before it first puts something there.
    tidied: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Folder {
    /// The folder at `root`, which is made when something is stored.
    pub fn at(name: &str, root: &Path) -> Self {
        Self { name: name.to_owned(), root: root.to_owned(), tidied: Arc::default() }
    }

    /// Where an object is. People copy backups into folders with names of their own: what is read may be called anything
    /// that stays below the root.
    fn path(&self, key: &str) -> Result<PathBuf, StoreError> {
        let is_name = |name: &str| !matches!(name, "" | "." | "..") && !name.starts_with(INCOMING);
        let is_safe = !key.contains('\0') && key.split('/').all(is_name);
        if is_safe { Ok(self.root.join(key)) } else { Err(StoreError::Refused(words::bad_key(key))) }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
        key: &str,
    ) -> Result<T, StoreError> {
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(judge(&error, key)),
            Err(error) => Err(StoreError::Unavailable(error.to_string())),
        }
    }
}

fn judge(error: &io::Error, key: &str) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound => StoreError::Missing(key.to_owned()),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(words::disk_full(key)),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::Refused(words::no_permission(key)),
        _ => StoreError::Unavailable(words::disk(key, error)),
    }
}

/// Creates a file, as often as somebody who tidies or prunes takes something away from under it.
fn create(path: &Path, bytes: &[u8], tidied: &Mutex<HashSet<PathBuf>>) -> io::Result<bool> {
    let mut taken_away = 0;
    loop {
        match place(path, bytes, tidied) {
            Err(error) if error.kind() == ErrorKind::NotFound && taken_away < 3 => taken_away += 1,
            placed => return placed,
        }
    }
}

/// Writes beside, flushes to the disk, and links into place: a link never replaces.
fn place(path: &Path, bytes: &[u8], tidied: &Mutex<HashSet<PathBuf>>) -> io::Result<bool> {
    let parent = path.parent().ok_or(ErrorKind::InvalidInput)?;
    make(parent)?;
    {
        // Nobody of this process writes there before it is tidy.
        let mut tidied = tidied.lock().unwrap_or_else(PoisonError::into_inner);
        if tidied.insert(parent.to_owned()) {
            tidy(parent)?;
        }
    }
    // Files of this kind are their owner's alone from the start (0600).
    let mut temporary = tempfile::Builder::new().prefix(INCOMING).tempfile_in(parent)?;
    // Held as long as somebody is writing: a kill lets go of it. A disk that knows no locks keeps its leftovers.
    let _ = temporary.as_file().try_lock();
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    let created = match temporary.persist_noclobber(path) {
        Ok(_) => true,
        Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => false,
        Err(refused) => return Err(refused.error),
    };
    File::open(parent)?.sync_all()?;
    Ok(created)
}

/// Makes a folder and those above it, for the owner alone (0700), each on the disk before what goes into it.
fn make(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new(""));
    make(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    File::open(if above.as_os_str().is_empty() { Path::new(".") } else { above })?.sync_all()
}

/// Removes what nobody is writing any more.
fn tidy(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !is_incoming(&entry) {
            continue;
        }
        // Gone in between: its writer has finished.
        let Ok(file) = File::open(entry.path()) else { continue };
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_incoming(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with(INCOMING)
}

/// Removes an object, and the folders that are empty without it.
fn remove(root: &Path, path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root)) {
        // One that isn't empty, or is gone, ends it.
        if tidy(folder).is_err() || fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Object>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            match walk(root, &path, found) {
                // Pruned meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                walked => walked?,
            }
        } else if !is_incoming(&entry) {
            let key = path.strip_prefix(root).map_err(io::Error::other)?.to_string_lossy().into_owned();
            match entry.metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                metadata => found.push(Object { key, bytes: metadata?.len() }),
            }
        }
    }
    Ok(())
}

impl Store for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Folder
    }

    fn place(&self) -> String {
        words::folder_place(&self.root)
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        let root = self.root.clone();
        Box::pin(async move {
            let free = self.blocking(move || free_bytes(&root), "").await?;
            Ok(Limits { object_bytes: u64::MAX, free_bytes: Some(free) })
        })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        Box::pin(async move {
            check_key(key)?;
            let path = self.path(key)?;
            let same = {
                let (path, bytes, tidied) = (path.clone(), bytes.clone(), self.tidied.clone());
                move || {
                    let is_new = create(&path, &bytes, &tidied)?;
                    if is_new { Ok(None) } else { fs::read(&path).map(|there| Some(there == bytes)) }
                }
            };
            match self.blocking(same, key).await? {
                None => Ok(Put::Created),
                Some(true) => Ok(Put::Existed),
                Some(false) => Err(StoreError::Occupied(key.to_owned())),
            }
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        Box::pin(async move {
            let path = self.path(key)?;
            self.blocking(move || fs::read(path), key).await.map(Bytes::from)
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        Box::pin(async move {
            let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
            let folder = if prefix.is_empty() { self.root.clone() } else { self.path(prefix)? };
            let root = self.root.clone();
            let listed = move || {
                let mut found = Vec::new();
                match walk(&root, &folder, &mut found) {
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    walked => walked?,
                }
                found.sort();
                Ok(found)
            };
            self.blocking(listed, prefix).await
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let path = self.path(key)?;
            let root = self.root.clone();
            let removed = move || remove(&root, &path);
            self.blocking(removed, key).await
        })
    }
}

/// Room left on the disk that holds `path`, or will.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    use std::os::unix::ffi::OsStrExt as _;
    let existing = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let name = std::ffi::CString::new(existing.as_os_str().as_bytes())?;
    let mut stat = std::mem::MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: `name` is a C string and `stat` has room for the answer, which is read only when the call succeeded.
    let stat = unsafe {
        if libc::statvfs(name.as_ptr(), stat.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        stat.assume_init()
    };
    Ok(stat.f_bavail as u64 * stat.f_frsize as u64)
}
