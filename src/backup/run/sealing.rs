//! Writing and sealing the archive on a thread of its own, told how far it is and stopped when nobody waits for it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::backup::container::{Sealed, Sealer};
use crate::backup::keys::Recipients;
use crate::backup::model::{BackupId, Namespace, Progress};
use crate::backup::take::Collected;

/// Tells the share of the current state's work that is done.
pub(super) fn share(progress: &watch::Sender<Progress>, done: u64, of: u64) {
    let permille = if of == 0 { 1000 } else { done.saturating_mul(1000) / of };
    progress.send_modify(|progress| progress.permille = i32::try_from(permille.min(1000)).ok());
}

/// Gives the blocking work up when whoever waits for it is dropped.
pub(super) struct GiveUp(pub Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Writing and sealing the archive, on a thread of its own.
pub(super) struct Sealing {
    pub collected: Arc<Collected>,
    pub id: BackupId,
    pub folder: PathBuf,
    pub recipients: Recipients,
    pub part_bytes: usize,
    pub progress: watch::Sender<Progress>,
    pub given_up: Arc<AtomicBool>,
}

impl Sealing {
    /// Blocking.
    pub fn run(self) -> anyhow::Result<(Sealed, Vec<Namespace>)> {
        let sealer = Sealer::new(&self.folder, &self.recipients, self.part_bytes)?;
        let mut out = Told { inner: sealer, written: 0, progress: &self.progress, given_up: &self.given_up };
        let namespaces = self.collected.write_archive(self.id.as_str(), &mut out)?;
        Ok((out.inner.finish()?, namespaces))
    }
}

/// Tells how much was written, and stops when nobody wants it any more.
struct Told<'a, W> {
    inner: W,
    written: u64,
    progress: &'a watch::Sender<Progress>,
    given_up: &'a AtomicBool,
}

impl<W: Write> Write for Told<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        /// Between two tellings.
        const STEP: u64 = 4 * 1024 * 1024;
        if self.given_up.load(Ordering::SeqCst) {
            return Err(io::Error::other("given up"));
        }
        let written = self.inner.write(bytes)?;
        let before = self.written;
        self.written += written as u64;
        if before / STEP != self.written / STEP {
            // Against the documents' bytes: the archive is a little larger.
            self.progress.send_modify(|progress| {
                let of = u64::try_from(progress.bytes).unwrap_or(0).max(1);
                progress.permille = i32::try_from((self.written.saturating_mul(1000) / of).min(1000)).ok();
            });
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
