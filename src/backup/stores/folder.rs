//! A folder: of this machine, of another one mounted on it, or of a disk that is carried away.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::future::BoxFuture;

use super::{Limits, Object, Put, Store, StoreError};
use crate::backup::model::StoreKind;
use crate::i18n::backup::stores as words;

/// Objects are files; a file appears whole or not at all.
#[derive(Clone, Debug)]
pub struct Folder {
    name: String,
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`, which is made when something is stored.
    pub fn at(name: &str, root: &Path) -> Self {
        Self { name: name.to_owned(), root: root.to_owned() }
    }

    fn path(&self, key: &str) -> Result<PathBuf, StoreError> {
        let is_safe = !key.is_empty() && key.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
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

/// Writes beside, flushes to the disk, and links into place: a link never replaces.
fn create(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let parent = path.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::create_dir_all(parent)?;
    let mut temporary = tempfile::Builder::new().prefix(".incoming-").tempfile_in(parent)?;
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

fn walk(root: &Path, folder: &Path, found: &mut Vec<Object>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else {
            let key = path.strip_prefix(root).map_err(io::Error::other)?.to_string_lossy().into_owned();
            found.push(Object { key, bytes: entry.metadata()?.len() });
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
            let path = self.path(key)?;
            let same = {
                let (path, bytes) = (path.clone(), bytes.clone());
                move || {
                    if create(&path, &bytes)? { Ok(None) } else { fs::read(&path).map(|there| Some(there == bytes)) }
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
            let (root, folder) = (self.root.clone(), self.path(prefix)?);
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
            let removed = move || match fs::remove_file(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                removed => removed,
            };
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
