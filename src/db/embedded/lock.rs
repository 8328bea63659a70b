//! The lock on a data directory, and the note inside that tells others where the engine is.
//!
//! The lock is the operating system's, so it can't outlive the processes that hold it; the note is only a hint and is
//! checked before use. The file is never removed: removing a lock file is a race.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Seek, Write},
    net::SocketAddr,
    os::fd::{AsRawFd, RawFd},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("engine.lock")
}

/// What the lock file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub address: SocketAddr,
    /// The process that owns the engine.
    pub pid: u32,
    pub engine_pid: u32,
}

impl Record {
    /// The note of the current owner; `None` while there is none, or while it is being written.
    pub fn read(data_dir: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(data_dir)).ok()?).ok()
    }
}

/// The held lock.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock unless somebody has it.
    pub fn try_take(data_dir: &Path) -> std::io::Result<Option<Self>> {
        let file = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path(data_dir))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                Ok(Some(Self(file)))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub fn write(&self, record: &Record) -> std::io::Result<()> {
        let mut file = &self.0;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(&serde_json::to_vec(record)?)
    }

    pub fn clear(&self) {
        // A note left behind is checked against the living by whoever reads it.
        let _ = self.0.set_len(0);
    }

    pub fn fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Whether a process with this id exists.
pub(super) fn is_alive(pid: u32) -> bool {
    let Ok(pid) = libc::pid_t::try_from(pid) else { return false };
    // SAFETY: signal 0 only asks whether the process exists.
    let found = unsafe { libc::kill(pid, 0) } == 0;
    found || std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it_and_a_half_written_note_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::try_take(dir.path()).unwrap().unwrap();
        assert!(Lock::try_take(dir.path()).unwrap().is_none());
        assert_eq!(Record::read(dir.path()), None);

        let record = Record { address: "127.0.0.1:4321".parse().unwrap(), pid: std::process::id(), engine_pid: 7 };
        lock.write(&record).unwrap();
        assert_eq!(Record::read(dir.path()), Some(record));
        std::fs::write(path(dir.path()), b"{\"address\":\"127.").unwrap();
        assert_eq!(Record::read(dir.path()), None);

        drop(lock);
        assert!(Lock::try_take(dir.path()).unwrap().is_some());
    }

    #[test]
    fn the_living_are_told_from_the_dead() {
        assert!(is_alive(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        assert!(!is_alive(pid));
    }
}
