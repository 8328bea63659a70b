//! What happens along the way, for whoever watches.

use std::io::{IsTerminal, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::i18n::import as words;

/// One thing that happened. `documents` and `bytes` are running numbers of the namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The dump was opened.
    Opened { source: &'a str, namespaces: usize, server_version: Option<&'a str> },
    /// A file in the directory that is no part of a dump.
    ForeignFile { name: &'a str },
    /// A header or metadata field we don't know; it was kept.
    UnknownField { name: &'a str },
    /// A namespace is left out.
    Skipped { namespace: &'a str, reason: &'a str },
    /// A namespace is being worked on.
    Running { stage: Stage, namespace: &'a str, documents: u64, total: Option<u64> },
    /// A namespace is done.
    Done { stage: Stage, namespace: &'a str, documents: u64, bytes: u64 },
}

/// The stages of an import, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// First pass over the dump: everything is read and checked, nothing is written.
    Survey,
    /// Second pass: documents are inserted.
    Load,
    /// Everything is read back and compared.
    Verify,
    /// Indexes, views and expiry are created and compared.
    Define,
}

/// Told about every event. Called often: it must be quick and must not block.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn report(&self, event: &Event<'_>);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _: &Event<'_>) {}
}

/// Tells stderr: a running line on a terminal, one line per finished namespace anywhere.
pub struct Stderr {
    terminal: bool,
    drawn: Mutex<Option<Instant>>,
}

/// Redrawing more often than this only costs time.
const REDRAW: Duration = Duration::from_millis(100);

impl Stderr {
    /// Looks at stderr once.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), drawn: Mutex::new(None) }
    }
}

impl Default for Stderr {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Stderr {
    fn report(&self, event: &Event<'_>) {
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut err = std::io::stderr().lock();
        // Progress nobody can see is no reason to stop an import.
        let _ = match words::event(event) {
            Some(line) if matches!(event, Event::Running { .. }) => {
                if !self.terminal || drawn.is_some_and(|at| at.elapsed() < REDRAW) {
                    return;
                }
                *drawn = Some(Instant::now());
                write!(err, "\r\x1b[2K{line}").and_then(|()| err.flush())
            }
            Some(line) => {
                let clear = if self.terminal && drawn.take().is_some() { "\r\x1b[2K" } else { "" };
                writeln!(err, "{clear}{line}")
            }
            None => return,
        };
    }
}
