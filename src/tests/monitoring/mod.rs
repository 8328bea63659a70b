//! Error monitoring and health: what leaves the house, what reaches people, what watchdogs are told.

mod canary;
mod faults;
mod health;
mod process;
mod trial;

use std::sync::Arc;

use bson::{DateTime, doc};
use canje::emulators::Emulators;
use canje::monitoring::sentry as monitoring;
use secrecy::SecretString;
use sentry::{Client, Hub};
use sha2::{Digest, Sha256};

use super::accounts::documents;
use super::support::TestApp;

/// The SDK as `serve` sets it up, for one test: sends to the twin, and traces everything.
pub fn sdk(twins: &Emulators) -> (Arc<Client>, Arc<Hub>) {
    let dsn: SecretString = twins.twins.settings.sentry_dsn().into();
    let options = monitoring::options(&dsn, "Pruebas").unwrap().traces_sampler(|_| 1.0);
    let client = Arc::new(Client::from(options));
    let hub = Arc::new(Hub::new(Some(client.clone()), Arc::default()));
    (client, hub)
}

/// Waits until everything captured so far has been sent.
pub async fn flush(client: &Arc<Client>) {
    let client = client.clone();
    let flushed = tokio::task::spawn_blocking(move || client.flush(Some(std::time::Duration::from_secs(10)))).await;
    assert!(flushed.unwrap(), "everything was sent");
}

/// Leaves a flash that can't be read: the next page that a browser with this cookie asks for breaks.
pub async fn break_page(app: &TestApp, token: &str) {
    let broken = doc! {
        "_id": hex::encode(Sha256::digest(token.as_bytes())),
        "flash": "not a flash",
        "expires_at": DateTime::from_millis(app.app.clock.now().as_millisecond() + 60_000),
    };
    documents(app, "flashes").insert_one(broken).await.unwrap();
}
