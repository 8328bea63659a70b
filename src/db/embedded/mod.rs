//! The embedded default: a database server as a supervised child process, for machines without a `MONGODB_URI`.
//!
//! Whoever starts first owns the engine: it holds the lock on the data directory, starts the server on a free loopback port
//! and writes the address into the lock file. Other commands find the engine there and use it, or become the owner when
//! nobody is. The server is a program of its own (`mongod`, else SecantusDB): nothing of it is linked into ours.
//!
//! Invariants:
//! - one engine per data directory: the child inherits the lock, so it stays taken until owner *and* engine are gone;
//! - the engine dies with its owner, however that ends; it is only ever started from the supervising thread, because the
//!   kernel's parent-death signal belongs to the thread that started the child;
//! - an engine that dies alone is restarted on the same port, so open clients find it again;
//! - the engine sees none of our environment, and only this machine sees the engine.

mod lock;
mod program;
mod ready;
mod supervisor;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::options::EMBEDDED_APP_NAME;
use crate::i18n;
use lock::{Lock, Record};
use program::Program;
use supervisor::Supervisor;

/// How long a second process waits for the owner of the lock to have its engine ready, or to let go.
const JOIN_PATIENCE: Duration = Duration::from_secs(60);
const JOIN_PAUSE: Duration = Duration::from_millis(50);
/// A free port can be taken by somebody else before the engine has it.
const PORT_ATTEMPTS: usize = 3;

/// The engine this process uses. The owner stops it with [`Embedded::stop`], or by dropping this.
#[derive(Debug)]
pub struct Embedded {
    address: SocketAddr,
    owner: Option<Supervisor>,
}

/// What is going on while the engine starts; displays as a line for the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Starting { program: String },
    Waiting { seconds: u64 },
    Ready { address: SocketAddr },
    Joined { address: SocketAddr },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Starting { program } => i18n::db::engine_starting(program),
            Self::Waiting { seconds } => i18n::db::engine_waiting(*seconds),
            Self::Ready { address } => i18n::db::engine_ready(&address.to_string()),
            Self::Joined { address } => i18n::db::engine_joined(&address.to_string()),
        })
    }
}

/// Why there is no embedded engine; each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("{}", i18n::db::ENGINE_NO_BINARY)]
    NoBinary,
    #[error("{}", i18n::db::engine_other_data(program))]
    OtherData { program: &'static str },
    #[error("{}", i18n::db::engine_data_dir(&path.display().to_string(), &source.to_string()))]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error("{}", i18n::db::engine_spawn(&program.display().to_string(), &source.to_string()))]
    Spawn { program: PathBuf, source: std::io::Error },
    #[error("{}", i18n::db::engine_ended(&log.display().to_string()))]
    Ended { log: PathBuf },
    #[error("{}", i18n::db::engine_not_ready(*seconds, &log.display().to_string()))]
    NotReady { seconds: u64, log: PathBuf },
    #[error("{}", i18n::db::engine_held(&path.display().to_string()))]
    Held { path: PathBuf },
}

impl Embedded {
    /// Uses the engine that runs for this data directory, or starts one.
    pub async fn start_or_join(
        data_dir: &Path,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Self, EngineError> {
        let data_dir = prepare(data_dir)?;
        let begun = Instant::now();
        loop {
            if let Some(lock) = Lock::try_take(&data_dir).map_err(|source| unusable(&data_dir, source))? {
                return own(&data_dir, lock, progress).await;
            }
            if let Some(address) = running(&data_dir).await {
                progress(Progress::Joined { address });
                return Ok(Self { address, owner: None });
            }
            if begun.elapsed() > JOIN_PATIENCE {
                return Err(EngineError::Held { path: data_dir });
            }
            tokio::time::sleep(JOIN_PAUSE).await;
        }
    }

    /// The connection string of the engine. Without user and password: the engine listens on loopback only.
    pub fn uri(&self) -> String {
        format!("mongodb://{}/?directConnection=true&appName={EMBEDDED_APP_NAME}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether this process started the engine and will stop it.
    pub fn is_owner(&self) -> bool {
        self.owner.is_some()
    }

    /// The process id of the engine, when this process owns it and it runs.
    pub fn engine_pid(&self) -> Option<u32> {
        self.owner.as_ref().and_then(Supervisor::pid)
    }

    /// Asks the engine to end, waits, and lets go of the data directory. Does nothing when another process owns it.
    pub async fn stop(self) {
        if let Some(supervisor) = self.owner {
            // Dropping it waits for the engine, which is nothing for an async thread.
            let _ = tokio::task::spawn_blocking(move || drop(supervisor)).await;
        }
    }
}

async fn own(
    data_dir: &Path,
    lock: Lock,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Embedded, EngineError> {
    let program = Program::find(data_dir)?;
    progress(Progress::Starting { program: program.name().to_owned() });
    let mut lock = lock;
    let mut attempt = 1;
    loop {
        let address = free_address(data_dir).map_err(|source| unusable(data_dir, source))?;
        let supervisor = Supervisor::start(&program, data_dir, address, lock)?;
        match ready::wait(&supervisor, program.kind(), progress).await {
            Ok(()) => {
                supervisor.mark_ready();
                progress(Progress::Ready { address });
                return Ok(Embedded { address, owner: Some(supervisor) });
            }
            Err(EngineError::Ended { .. }) if attempt < PORT_ATTEMPTS && !is_free(address) => {
                attempt += 1;
                lock = supervisor.into_lock();
            }
            Err(error) => return Err(error),
        }
    }
}

/// The address of the engine another living process has ready.
async fn running(data_dir: &Path) -> Option<SocketAddr> {
    let Record { address, pid, .. } = Record::read(data_dir)?;
    (lock::is_alive(pid) && ready::answers(address).await).then_some(address)
}

fn prepare(data_dir: &Path) -> Result<PathBuf, EngineError> {
    make_private(data_dir).and_then(|()| data_dir.canonicalize()).map_err(|source| unusable(data_dir, source))
}

fn make_private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

fn unusable(path: &Path, source: std::io::Error) -> EngineError {
    EngineError::DataDir { path: path.to_owned(), source }
}

/// The port of last time when it is free (a replica set remembers its members by address), else any free one.
fn free_address(data_dir: &Path) -> std::io::Result<SocketAddr> {
    let file = data_dir.join("engine.port");
    let last = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
    if let Some(port) = last
        && is_free(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    std::fs::write(&file, address.port().to_string())?;
    Ok(address)
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}
