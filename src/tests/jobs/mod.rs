//! Background work.

mod clocks;
mod killed;
mod pages;
mod queue;
mod schedules;

use std::sync::Arc;
use std::time::Duration;

use bson::{Document, doc};
use canje::app::App;
use canje::jobs::{Job, Pace, Registry, Run, Worker};
use serde::{Deserialize, Serialize};

use crate::support::TestApp;

/// Fast enough for tests that wait for what a worker does, slow enough that a busy machine doesn't lose a lease.
fn pace() -> Pace {
    let beat = Duration::from_millis(300);
    Pace { lease: beat * 10, beat, tick: beat / 5, poll: beat / 5, drain: beat * 5, ..Pace::default() }
}

/// A running worker; ends when `stop` is called.
struct Working {
    app: Arc<App>,
    task: tokio::task::JoinHandle<()>,
}

impl Working {
    fn start(app: &Arc<App>, registry: Registry) -> Self {
        let worker = Worker::new(app.clone(), pace()).with_registry(registry);
        Self { app: app.clone(), task: tokio::spawn(worker.run()) }
    }

    async fn stop(self) {
        self.app.stopping.begin();
        self.task.await.unwrap();
    }
}

/// Waits until `gates` has its name with `open`, then counts its effect, if it is still its own to do.
#[derive(Serialize, Deserialize)]
struct Gated {
    name: String,
}

impl Job for Gated {
    const NAME: &'static str = "test.gated";
    const LONGEST: Duration = Duration::from_secs(300);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let gates = run.app.db.live.collection::<Document>("gates");
        let name = &self.name;
        gates.update_one(doc! { "_id": name }, doc! { "$inc": { "begun": 1 } }).upsert(true).await?;
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        while gates.find_one(doc! { "_id": name, "open": true }).await?.is_none() {
            looks.tick().await;
        }
        run.still_mine().await?;
        gates.update_one(doc! { "_id": name }, doc! { "$inc": { "effects": 1 } }).await?;
        run.log("the gate is open").await?;
        run.result("through");
        Ok(())
    }
}

async fn gate(app: &TestApp, name: &str) -> Document {
    let gates = app.db.db.live.collection::<Document>("gates");
    gates.find_one(doc! { "_id": name }).await.unwrap().unwrap_or_default()
}

async fn open_gate(app: &TestApp, name: &str) {
    let gates = app.db.db.live.collection::<Document>("gates");
    gates.update_one(doc! { "_id": name }, doc! { "$set": { "open": true } }).upsert(true).await.unwrap();
}

async fn all(app: &TestApp, collection: &str, filter: Document) -> Vec<Document> {
    use futures::TryStreamExt;
    app.db.db.live.collection::<Document>(collection).find(filter).await.unwrap().try_collect().await.unwrap()
}

fn begun_registry() -> Registry {
    Registry::default().job::<Gated>()
}
