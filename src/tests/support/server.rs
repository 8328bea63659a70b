//! The server all tests of a run use: the one `make test` has started, else an embedded one per test process.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use canje::db::embedded::Embedded;

static SERVER: OnceLock<Server> = OnceLock::new();

enum Server {
    Given(String),
    /// Ends with the process: nobody stops a static.
    Own(Embedded),
}

/// The connection string of the test server.
pub fn server_uri() -> String {
    // Every test has a runtime of its own; the server outlives them all, so it is started outside of any.
    match SERVER.get_or_init(|| std::thread::spawn(start).join().expect("the test server starts")) {
        Server::Given(uri) => uri.clone(),
        Server::Own(engine) => engine.uri(),
    }
}

fn start() -> Server {
    if let Ok(uri) = std::env::var("CANJE_TEST_MONGODB_URI") {
        return Server::Given(uri);
    }
    let files = clean_folder().expect("a folder for the test server");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    Server::Own(runtime.block_on(Embedded::start_or_join(&files, &|_| {})).expect("a test server"))
}

/// A folder for this process's server. Those of processes that have ended are removed: they can't do so themselves.
fn clean_folder() -> std::io::Result<PathBuf> {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("engines");
    std::fs::create_dir_all(&all)?;
    for old in std::fs::read_dir(&all)? {
        let old = old?;
        if !Path::new("/proc").join(old.file_name()).exists() {
            std::fs::remove_dir_all(old.path())?;
        }
    }
    Ok(all.join(std::process::id().to_string()))
}
