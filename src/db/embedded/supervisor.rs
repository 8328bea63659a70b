//! The thread that starts the engine, waits for its end and starts it again.

use std::{
    fs::{File, OpenOptions},
    io,
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::{
    EngineError,
    lock::{Lock, Record},
    program::Program,
    unusable,
};

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// An engine that ran this long wasn't failing at start, so the next restart is quick again.
const HEALTHY: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_LOG_BYTES: u64 = 8 * 1024 * 1024;

/// Owns the running engine; dropping it stops the engine and waits for that.
#[derive(Debug)]
pub(super) struct Supervisor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    address: SocketAddr,
    log: PathBuf,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    lock: Lock,
    address: SocketAddr,
}

#[derive(Debug, Default)]
struct State {
    /// The engine, from its start until just before it is reaped: a signal to this id can't hit anybody else.
    pid: Option<u32>,
    /// Before it was ready once, an engine that ends isn't started again.
    ready: bool,
    stopping: bool,
    ended: bool,
}

impl Supervisor {
    /// Starts the engine; it isn't ready yet when this returns.
    pub fn start(program: &Program, data_dir: &Path, address: SocketAddr, lock: Lock) -> Result<Self, EngineError> {
        let log = data_dir.join("engine.log");
        let output = open_log(&log).map_err(|source| unusable(&log, source))?;
        let command = prepare(program.command(data_dir, address)?, &output, lock.fd())
            .map_err(|source| unusable(&log, source))?;
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), lock, address });
        let (started, first_start) = std::sync::mpsc::sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .spawn({
                let shared = shared.clone();
                move || supervise(&shared, command, &started)
            })
            .map_err(|source| EngineError::Spawn { program: program.path().to_owned(), source })?;
        let supervisor = Self { shared, thread: Some(thread), address, log };
        match first_start.recv() {
            Ok(Ok(())) => Ok(supervisor),
            Ok(Err(source)) => Err(EngineError::Spawn { program: program.path().to_owned(), source }),
            Err(_) => Err(supervisor.ended_error()),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn log(&self) -> &Path {
        &self.log
    }

    pub fn pid(&self) -> Option<u32> {
        self.shared.state().pid
    }

    /// From now on the engine is kept running, and others may find it.
    pub fn mark_ready(&self) {
        let mut state = self.shared.state();
        state.ready = true;
        self.shared.announce(&state);
    }

    /// The error when the engine ended before it was ready.
    pub fn still_running(&self) -> Result<(), EngineError> {
        if self.shared.state().ended { Err(self.ended_error()) } else { Ok(()) }
    }

    /// Ends supervision and hands the lock back, for another try.
    pub fn into_lock(mut self) -> Lock {
        self.stop();
        let shared = self.shared.clone();
        drop(self);
        Arc::into_inner(shared).expect("the supervising thread has ended").lock
    }

    fn ended_error(&self) -> EngineError {
        EngineError::Ended { log: self.log.clone() }
    }

    fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let mut state = self.shared.state();
        state.stopping = true;
        self.shared.changed.notify_all();
        signal(state.pid, libc::SIGTERM);
        let (state, waited) = self
            .shared
            .changed
            .wait_timeout_while(state, STOP_PATIENCE, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            tracing::warn!(seconds = STOP_PATIENCE.as_secs(), "the engine didn't end when asked, killing it");
            signal(state.pid, libc::SIGKILL);
        }
        drop(state);
        // A panic of that thread has been reported by the panic hook; there is nothing left to stop.
        let _ = thread.join();
        self.shared.lock.clear();
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announce(&self, state: &State) {
        let Some(engine_pid) = state.pid else { return };
        let record = Record { address: self.address, pid: std::process::id(), engine_pid };
        if let Err(error) = self.lock.write(&record) {
            tracing::error!(%error, "the address of the engine can't be written to the lock file");
        }
    }
}

fn supervise(shared: &Shared, mut command: Command, started: &std::sync::mpsc::SyncSender<io::Result<()>>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let begun = Instant::now();
        match spawn(shared, &mut command) {
            Ok(Some(child)) => {
                let _ = started.try_send(Ok(()));
                reap(shared, child);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the engine can't be started");
                let _ = started.try_send(Err(error));
            }
        }
        let mut state = shared.state();
        if state.stopping || !state.ready {
            state.ended = true;
            shared.changed.notify_all();
            return;
        }
        if begun.elapsed() > HEALTHY {
            pause = FIRST_PAUSE;
        }
        tracing::warn!(pause_ms = pause.as_millis() as u64, "the engine ended by itself and is started again");
        let waited = shared.changed.wait_timeout_while(state, pause, |state| !state.stopping);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Starts the engine unless it is to stop. The state stays locked meanwhile, so that a stop sees either no engine or its id.
fn spawn(shared: &Shared, command: &mut Command) -> io::Result<Option<Child>> {
    let mut state = shared.state();
    if state.stopping {
        return Ok(None);
    }
    let child = command.spawn()?;
    state.pid = Some(child.id());
    if state.ready {
        shared.announce(&state);
    }
    Ok(Some(child))
}

fn reap(shared: &Shared, mut child: Child) {
    await_end(child.id());
    let mut state = shared.state();
    state.pid = None;
    match child.wait() {
        Ok(status) => tracing::debug!(%status, "the engine ended"),
        Err(error) => tracing::error!(%error, "the engine's end can't be read"),
    }
}

/// Waits until the child has ended and leaves it unreaped, so that its id isn't given to another process yet.
fn await_end(pid: u32) {
    loop {
        // SAFETY: a zeroed siginfo is a valid out value, and the pointer is good for the call.
        let waited = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            libc::waitid(libc::P_PID, pid, &raw mut info, libc::WEXITED | libc::WNOWAIT)
        };
        if waited == 0 || io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return;
        }
    }
}

fn signal(pid: Option<u32>, signal: libc::c_int) {
    if let Some(pid) = pid.and_then(|pid| libc::pid_t::try_from(pid).ok()) {
        // SAFETY: plain system call; the id is our own unreaped child's.
        unsafe { libc::kill(pid, signal) };
    }
}

fn prepare(mut command: Command, log: &File, lock_fd: libc::c_int) -> io::Result<Command> {
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop the engine after its last client.
    command.process_group(0);
    let parent = libc::pid_t::try_from(std::process::id()).map_err(io::Error::other)?;
    // SAFETY: between fork and exec only async-signal-safe system calls are made.
    unsafe {
        command.pre_exec(move || {
            die_with(parent)?;
            // The lock is inherited: it stays taken while the engine lives, even if we are already gone.
            match libc::fcntl(lock_fd, libc::F_SETFD, 0) {
                -1 => Err(io::Error::last_os_error()),
                _ => Ok(()),
            }
        });
    }
    Ok(command)
}

/// Has the kernel kill this process when the thread that started it ends.
#[cfg(target_os = "linux")]
fn die_with(parent: libc::pid_t) -> io::Result<()> {
    // SAFETY: plain system calls.
    unsafe {
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) == -1 {
            return Err(io::Error::last_os_error());
        }
        // The parent may have died before the request was made.
        if libc::getppid() != parent {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
    }
    Ok(())
}

/// Other systems have no such request; there the engine outlives a killed owner and the next one waits for the lock.
#[cfg(not(target_os = "linux"))]
fn die_with(_parent: libc::pid_t) -> io::Result<()> {
    Ok(())
}

fn open_log(path: &Path) -> io::Result<File> {
    if std::fs::metadata(path).is_ok_and(|meta| meta.len() > LARGEST_LOG_BYTES) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}
