//! `canje serve`: opens the database, prepares it, listens, and stops cleanly.
use crate::accounts;
use crate::adopt;
use crate::app::{App, Clock};
use crate::applications;
use crate::assets::Assets;
use crate::audit;
use crate::backup::{self, Depot};
use crate::brands;
use crate::campaigns;
use crate::config::{DatabaseConfig, ServeConfig};
use crate::creators;
use crate::db::embedded::Embedded;
use crate::db::{Db, Declared, ReadOnlyDb, Settings};
use crate::deliverables;
use crate::demo;
use crate::i18n::serve as words;
use crate::import;
use crate::inspect;
use crate::jobs::{self, Pace, Worker};
use crate::lists;
use crate::mail;
use crate::media;
use crate::metrics;
use crate::monitoring::{self, faults};
use crate::notifications;
use crate::reputation;
use crate::settings;
use crate::terms;
use crate::web;
use crate::webhooks;
use anyhow::Context;
use secrecy::ExposeSecret;
use std::future::IntoFuture;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long requests under way may take after Ctrl-C.
const DRAIN: Duration = Duration::from_secs(5);

/// An open database, and the engine behind it when it is the embedded one.
pub struct Opened {
    /// The embedded engine, if `MONGODB_URI` isn't set.
    pub engine: Option<Embedded>,
    /// How to connect.
    pub settings: Settings,
    /// The live database.
    pub db: Db,
}

impl Opened {
    /// Closes the connection and stops an engine of ours.
    pub async fn close(self) {
        self.db.client.shutdown().await;
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}

/// Opens what the configuration names: a real MongoDB, or the embedded engine. Progress goes to stderr.
pub async fn open(config: &DatabaseConfig) -> anyhow::Result<Opened> {
    let mut engine = None;
    let uri = match &config.uri {
        Some(uri) => uri.expose_secret().to_owned(),
        None => {
            let started = Embedded::start_or_join(&config.data_dir, &|progress| eprintln!("{progress}")).await?;
            engine.insert(started).uri()
        }
    };
    let settings = Settings {
        uri,
        live_db: config.live_db.clone(),
        ops_db: config.ops_db.clone(),
        read_only_uri: config.read_only_uri.as_ref().map(|uri| uri.expose_secret().to_owned()),
    };
    let db = Db::connect(&settings).await?;
    Ok(Opened { engine, settings, db })
}

/// Every collection of the live database, with its indexes.
pub fn collections() -> Vec<Declared> {
    [
        &[web::flash::indexes()][..],
        &accounts::COLLECTIONS,
        &audit::COLLECTIONS,
        &adopt::DECLARED,
        &import::record::COLLECTIONS,
        &inspect::store::collections(),
        &inspect::exports::COLLECTIONS,
        &jobs::COLLECTIONS,
        &webhooks::COLLECTIONS,
        &notifications::COLLECTIONS,
        &settings::COLLECTIONS,
        &mail::COLLECTIONS,
        &monitoring::COLLECTIONS,
        &backup::COLLECTIONS,
        &creators::COLLECTIONS,
        &brands::COLLECTIONS,
        &campaigns::COLLECTIONS,
        &applications::COLLECTIONS,
        &deliverables::COLLECTIONS,
        &metrics::COLLECTIONS,
        &reputation::COLLECTIONS,
        &terms::COLLECTIONS,
        &media::COLLECTIONS,
        &lists::COLLECTIONS,
    ]
    .concat()
}

/// Binds the address to listen on: before anything slow, so that a taken port is said at once.
pub fn listen(config: &ServeConfig) -> anyhow::Result<StdListener> {
    let listener = StdListener::bind(config.listen).with_context(|| words::cannot_listen(config.listen))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves on a bound address until Ctrl-C or SIGTERM, and works too unless somebody else does.
pub async fn run(config: ServeConfig, listener: StdListener, works: bool) -> anyhow::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let opened = open(&config.database).await?;
    let app = start(config, &opened).await?;
    let beside = beside(&app, works.then(Pace::default));
    announce(&app, listener.local_addr()?);
    let served = serve(listener, app.clone()).await;
    // Also when the server ended by itself: whatever runs beside it has to end too.
    app.stopping.begin();
    beside.await?;
    served?;
    opened.close().await;
    eprintln!("{}", words::STOPPED);
    Ok(())
}

/// `canje worker`: background work without a web server, until Ctrl-C or SIGTERM.
pub async fn work(config: ServeConfig, pace: Pace) -> anyhow::Result<()> {
    let opened = open(&config.database).await?;
    let app = start(config, &opened).await?;
    let mut beside = beside(&app, Some(pace));
    eprintln!("{}", words::WORKING);
    tokio::select! {
        ended = &mut beside => ended?,
        () = asked_to_stop() => {
            eprintln!("{}", words::STOPPING);
            app.stopping.begin();
            beside.await?;
        }
    }
    opened.close().await;
    eprintln!("{}", words::STOPPED);
    Ok(())
}

/// What runs beside the web server, or instead of it, until the end is announced: the worker, if this process works, and
/// whoever tells what broke.
fn beside(app: &Arc<App>, pace: Option<Pace>) -> JoinHandle<()> {
    let (app, worker) = (app.clone(), pace.map(|pace| Worker::new(app.clone(), pace)));
    tokio::spawn(async move {
        let work = async {
            if let Some(worker) = worker {
                worker.run().await;
            }
        };
        futures::join!(work, faults::publish_all(app));
    })
}

/// Prepares the opened database and builds the application on it.
pub async fn start(config: ServeConfig, opened: &Opened) -> anyhow::Result<Arc<App>> {
    let mut findings = opened.db.prepare(&collections()).await?;
    findings.extend(opened.db.operations().prepare(&backup::OPS_COLLECTIONS).await?);
    for finding in findings {
        if finding.is_harmless() {
            tracing::info!("{finding}");
        } else {
            tracing::warn!("{finding}");
        }
    }
    terms::seed(&opened.db, Clock::default().now()).await.map_err(|failure| anyhow::anyhow!("terms: {failure:?}"))?;
    let read_only = ReadOnlyDb::connect(&opened.settings).await?;
    if config.demo {
        demo::prepare(&opened.db, &read_only, crate::worker::registry()).await?;
        backup::keys_command::for_demo(&Depot::open(&opened.db, &config.backups, Clock::default())?).await?;
    }
    let assets = Assets::load(&config.site_root)?;
    Ok(Arc::new(App::open(config, opened.db.clone(), read_only, assets, Clock::default()).await?))
}

async fn serve(listener: TcpListener, app: Arc<App>) -> anyhow::Result<()> {
    let (stop, stopping) = (app.stopping.clone(), app.stopping.clone());
    let service = web::app(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { stopping.begun().await });
    let mut server = std::pin::pin!(server.into_future());
    tokio::select! {
        ended = &mut server => return Ok(ended?),
        () = asked_to_stop() => {}
    }
    eprintln!("{}", words::STOPPING);
    stop.begin();
    // An export may stream for minutes; whoever stops the server doesn't wait for it.
    match tokio::time::timeout(DRAIN, server).await {
        Ok(ended) => Ok(ended?),
        Err(_) => Ok(()),
    }
}

async fn asked_to_stop() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("the process may listen for SIGTERM");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn announce(app: &App, address: SocketAddr) {
    if app.config.demo {
        eprintln!("{}", words::demo_accounts(&demo::password(), &demo::accounts()));
    }
    eprintln!("{}", words::listening(&app.config.base_url, address, &app.db.server.host_alias));
}
