//! How fast the queue is by itself: jobs that do nothing, ten thousand of them waiting, one worker.
//! `cargo bench --bench jobs_rate -- URI SITE_ROOT DATABASE` prints one line of JSON.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use canje::app::{App, Clock};
use canje::assets::Assets;
use canje::config::ServeConfig;
use canje::db::{Db, ReadOnlyDb, Settings};
use canje::jobs::{Job, Pace, Registry, Run, When, Worker, backlog, enqueue_all_in};
use canje::serve;
use serde::{Deserialize, Serialize};

/// Jobs that wait.
const JOBS: usize = 10_000;
/// Jobs enqueued by one transaction.
const BATCH: usize = 1_000;

/// Does nothing.
#[derive(Serialize, Deserialize)]
struct Nothing {}

impl Job for Nothing {
    const NAME: &'static str = "bench.nothing";

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo adds a flag of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [uri, site_root, database] = arguments.as_slice() else {
        // `cargo bench` without arguments runs every bench there is.
        println!("jobs_rate URI SITE_ROOT DATABASE");
        return Ok(());
    };
    let settings =
        Settings { uri: uri.clone(), live_db: database.clone(), ops_db: "canje_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await?;
    db.prepare(&serve::collections()).await?;
    let environment = HashMap::from([
        ("CANJE_SECRET_KEY", "a key for benches, thirty-two and more".to_owned()),
        ("CANJE_DB", database.clone()),
        ("LEPTOS_SITE_ROOT", site_root.clone()),
    ]);
    let config = ServeConfig::read(&|name| environment.get(name).cloned(), include_str!("../../Leptos.toml"))?;
    let assets = Assets::load(&config.site_root)?;
    let read_only = ReadOnlyDb::connect(&settings).await?;
    let app = Arc::new(App::open(config, db.clone(), read_only, assets, Clock::default()).await?);

    let enqueued = Instant::now();
    for _ in 0..JOBS / BATCH {
        let jobs: Vec<_> = (0..BATCH).map(|_| (Nothing {}, When::default())).collect();
        let (db, jobs, now) = (&db, &jobs, app.clock.now());
        canje::db::with_transaction(db, |session| {
            Box::pin(async move { enqueue_all_in(session, db, now, jobs).await })
        })
        .await?;
    }
    let enqueued = enqueued.elapsed().as_secs_f64();

    let begun = Instant::now();
    let worker = Worker::new(app.clone(), Pace::default()).with_registry(Registry::default().job::<Nothing>());
    let working = tokio::spawn(worker.run());
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    loop {
        looks.tick().await;
        let left = backlog(&db, app.clock.now()).await?;
        if left.due + left.running + left.later == 0 {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    app.stopping.begin();
    working.await?;
    println!("{}", serde_json::json!({ "jobs": JOBS, "enqueue_seconds": enqueued, "seconds": seconds }));
    Ok(())
}
