//! The local disk: where a run is read to and sealed, and the one sealed backup that stays.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::backup::Depot;
use crate::backup::model::BackupId;

/// Tries at removing a folder that somebody who was just stopped may still write to.
const TRIES: usize = 20;

/// A run's own folder.
pub(super) fn folder(depot: &Depot, id: &BackupId) -> PathBuf {
    depot.spool_folder().join(id.as_str())
}

/// The prefix of a run's sealed files in the spool as a store.
pub(super) fn prefix(id: &BackupId, prefix: &str) -> String {
    format!("{id}/{prefix}")
}

/// An empty folder for a run that begins; what an earlier attempt left there is gone.
pub(super) async fn begin(depot: &Depot, id: &BackupId) -> io::Result<PathBuf> {
    let folder = folder(depot, id);
    blocking(move || {
        clear(&folder)?;
        make_private(&folder)?;
        Ok(folder)
    })
    .await
}

/// A folder only we can read: plain documents lie in it for a while.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Removes whatever a run left. A failure is told and does no harm: the next complete run tries again.
pub(super) async fn remove(depot: &Depot, id: &BackupId) {
    let folder = folder(depot, id);
    if let Err(error) = blocking(move || clear(&folder)).await {
        tracing::error!(%error, backup = id.as_str(), "a run's local files could not be removed");
    }
}

/// Removes what all runs but this one left: the spool holds the last backup, no more.
pub(super) async fn keep_only(depot: &Depot, id: &BackupId) {
    let (spool, kept) = (depot.spool_folder(), id.clone());
    let swept = move || {
        for entry in fs::read_dir(&spool)? {
            let entry = entry?;
            let is_other = entry.file_name().to_str().and_then(BackupId::parse).is_some_and(|found| found != kept);
            if is_other {
                clear(&entry.path())?;
            }
        }
        Ok(())
    };
    if let Err(error) = blocking(swept).await {
        tracing::error!(%error, "older local files could not be removed");
    }
}

/// Makes a rename last: the folder's entries are on the disk.
pub(super) fn settle(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn clear(folder: &Path) -> io::Result<()> {
    for _ in 0..TRIES {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
            other => return other,
        }
    }
    fs::remove_dir_all(folder)
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
