//! The server all tests of a run use: the one `make test` has started, else an embedded one per test process.

use std::sync::OnceLock;

use canje::db::embedded::Embedded;

static SERVER: OnceLock<Server> = OnceLock::new();

enum Server {
    Given(String),
    /// Ends with the process: nobody stops a static.
    Own {
        engine: Embedded,
        _files: tempfile::TempDir,
    },
}

/// The connection string of the test server.
pub fn server_uri() -> String {
    // Every test has a runtime of its own; the server outlives them all, so it is started outside of any.
    match SERVER.get_or_init(|| std::thread::spawn(start).join().expect("the test server starts")) {
        Server::Given(uri) => uri.clone(),
        Server::Own { engine, .. } => engine.uri(),
    }
}

fn start() -> Server {
    if let Ok(uri) = std::env::var("CANJE_TEST_MONGODB_URI") {
        return Server::Given(uri);
    }
    let files = tempfile::tempdir().expect("a folder for the test server");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let engine = runtime.block_on(Embedded::start_or_join(files.path(), &|_| {})).expect("a test server");
    Server::Own { engine, _files: files }
}
