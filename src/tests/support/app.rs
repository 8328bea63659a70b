//! The whole application on a database of its own, and browsers that talk to it.
//!
//! Requests go through the real router with `oneshot`: sessions, guards and error pages are part of every test.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, BodyDataStream, Bytes};
use canje::app::{App, Clock};
use canje::assets::{Assets, Sources};
use canje::config::ServeConfig;
use canje::db::ReadOnlyDb;
use canje::jobs::{self, Worked};
use canje::{serve, web};
use http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::Timestamp;
use tower::ServiceExt;

use super::TestDb;

/// The time of every test's clock at its start: a Monday morning in Asunción, far enough ahead that the server, which
/// goes by its own clock, expires nothing of a test's.
pub const NOW: &str = "2099-11-23T12:00:00Z";
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BASE_URL: &str = "http://127.0.0.1:3000";

/// The site's files without the browser build, made once per test process.
fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let made = tempfile::tempdir().unwrap();
        let site = made.path().join("site");
        canje::assets::build(&Sources {
            root: ROOT.into(),
            pkg: made.path().join("no-browser-build"),
            site: site.clone(),
        })
        .unwrap();
        Assets::load(&site).unwrap()
    })
}

/// The handles of an application on a test's database, its clock standing still.
async fn assemble(db: &TestDb, config: ServeConfig, read_only: ReadOnlyDb) -> Arc<App> {
    let clock = Clock::fixed(NOW.parse::<Timestamp>().unwrap());
    Arc::new(App::open(config, db.db.clone(), read_only, assets().clone(), clock).await.unwrap())
}

/// A running application without a socket.
pub struct TestApp {
    pub app: Arc<App>,
    pub db: TestDb,
    router: Router,
    /// Holds the data directory for as long as it is used.
    _data: tempfile::TempDir,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// An application whose environment differs.
    pub async fn with(change: impl FnOnce(&mut BTreeMap<&'static str, String>)) -> Self {
        let db = TestDb::new().await;
        let data = tempfile::tempdir().unwrap();
        let mut environment = BTreeMap::from([
            ("CANJE_SECRET_KEY", "a key for tests, thirty-two and more".to_owned()),
            ("CANJE_DB", db.name().to_owned()),
            ("CANJE_OPS_DB", format!("{}_ops", db.name())),
            ("CANJE_DATA_DIR", data.path().display().to_string()),
            ("CANJE_BASE_URL", BASE_URL.to_owned()),
        ]);
        change(&mut environment);
        let leptos = std::fs::read_to_string(Path::new(ROOT).join("Leptos.toml")).unwrap();
        let config = ServeConfig::read(&|name| environment.get(name).cloned(), &leptos).unwrap();
        db.db.prepare(&serve::collections()).await.unwrap();
        db.db.operations().prepare(&canje::backup::OPS_COLLECTIONS).await.unwrap();
        let app = assemble(&db, config, db.read_only().await).await;
        Self { router: web::app(app.clone()), app, db, _data: data }
    }

    /// Another process on the same database, whose clock stands at `at`.
    pub async fn instance(&self, at: Timestamp) -> Arc<App> {
        let (config, db) = (self.app.config.clone(), self.db.db.clone());
        let app = App::open(config, db, self.db.read_only().await, assets().clone(), Clock::fixed(at)).await;
        Arc::new(app.unwrap())
    }

    /// The same application with another reading handle, such as one that is watched.
    pub async fn reading_through(&self, read_only: ReadOnlyDb) -> Arc<App> {
        assemble(&self.db, self.app.config.clone(), read_only).await
    }

    /// Works off everything that is due, and what becomes due by that. A failed attempt waits for its back-off: advance
    /// the clock and work again.
    pub async fn work(&self) -> Worked {
        jobs::work_off(&self.app, &self.app.jobs).await.unwrap()
    }

    /// A browser that has been nowhere yet.
    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: BTreeMap::new() }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // A body that breaks off is a failure the test wants to see, not one of the test itself.
        let body = axum::body::to_bytes(body, usize::MAX).await;
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Keeps cookies as a browser does, and says where its requests come from.
pub struct Browser<'a> {
    app: &'a TestApp,
    pub cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(path).header(header::ACCEPT, "text/html");
        self.send(request, Body::empty()).await
    }

    /// Posts a form as a page of ours does.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(form).unwrap();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, BASE_URL)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Opens a response that doesn't end by itself; what arrives is read from the stream.
    pub async fn open(&self, path: &str) -> (StatusCode, HeaderMap, BodyDataStream) {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().uri(path).header(header::COOKIE, jar.join("; ")).body(Body::empty()).unwrap();
        let (parts, body) = self.app.router.clone().oneshot(request).await.unwrap().into_parts();
        (parts.status, parts.headers, body.into_data_stream())
    }

    /// Sends a request of any kind with this browser's cookies.
    pub async fn send(&mut self, request: http::request::Builder, body: Body) -> Answer {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, jar.join("; ")).body(body).unwrap();
        let answer = self.app.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Result<Bytes, axum::Error>,
}

impl Answer {
    /// The body as text; panics when the body broke off.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).unwrap()
    }

    /// The body; panics when it broke off.
    pub fn bytes(&self) -> &Bytes {
        self.body.as_ref().expect("the body arrives whole")
    }

    /// Whether the body ended as it should.
    pub fn is_whole(&self) -> bool {
        self.body.is_ok()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).expect("a redirect").to_str().unwrap()
    }
}
