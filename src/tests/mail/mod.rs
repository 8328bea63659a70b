//! Mail: the outbox, its sender, what the provider says, the page.

mod delivery;
mod legacy;
mod outbox;
mod pages;
mod templates;
mod transports;
mod twins;
mod whatsapp;

use std::time::Duration;

use bson::{Document, doc};
use canje::app::Clock;
use canje::emulators::{Emulators, Settings, listen};
use canje::jobs::{self, When};
use canje::mail::templates::TestMessage;
use canje::mail::{self, Letter, Parts, SenderType, Template, WatchOutbox};

use super::accounts::all;
use super::support::TestApp;

/// An application whose mail and messages go to twins that share its clock.
pub struct Mailing {
    pub app: TestApp,
    pub emulators: Emulators,
}

impl Mailing {
    pub async fn new() -> Self {
        let clock = Clock::fixed(super::support::NOW.parse().unwrap());
        let listener = listen(None).unwrap();
        let settings = Settings::read(listener.local_addr().unwrap(), &|_| None);
        let emulators = Emulators::start(listener, settings, clock).unwrap();
        emulators.twins.resend.set_limit(1_000);
        let variables = emulators.twins.settings.variables();
        let app = TestApp::with(|environment| environment.extend(variables)).await;
        app.app.post.set_patience(Duration::from_secs(5));
        Self { app, emulators }
    }

    /// Queues a test message for an address; the key is the address.
    pub async fn queue(&self, to: &str) {
        self.queue_as(to, to).await;
    }

    pub async fn queue_as(&self, to: &str, key: &str) {
        let now = self.app.app.clock.now();
        let template = TestMessage { name: "Ana Benítez".into(), at: now };
        let letter = Letter { template: &template, to: to.into(), dedupe_key: key.into(), about: None };
        mail::queue(&self.app.app, now, &letter).await.unwrap();
    }

    /// Moves both clocks on, and works off what is due then.
    pub async fn later(&self, by: Duration) {
        self.app.app.clock.advance(by);
        self.emulators.twins.clock.advance(by);
        // What the schedule does every minute.
        let now = self.app.app.clock.now();
        jobs::enqueue(&self.app.app.db, now, &WatchOutbox::default(), &When::default()).await.unwrap();
        self.app.work().await;
    }

    /// The rows for an address.
    pub async fn rows(&self, to: &str) -> Vec<Document> {
        all(&self.app, "email_logs", doc! { "to_email": to }).await
    }

    /// The one row for an address.
    pub async fn row(&self, to: &str) -> Document {
        let rows = self.rows(to).await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.into_iter().next().unwrap()
    }

    /// How many messages the provider took for an address.
    pub fn taken(&self, to: &str) -> usize {
        self.emulators.twins.resend.to(to).len()
    }
}

pub fn status(row: &Document) -> &str {
    row.get_str("status").unwrap()
}

pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3_600);

/// A letter with whatever a test wants in it.
pub struct Custom {
    pub subject: String,
    pub essential: bool,
    pub secrets: Vec<String>,
}

impl Template for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }
    fn sender(&self) -> SenderType {
        SenderType::Ugc
    }
    fn render(&self, _base_url: &str) -> anyhow::Result<Parts> {
        let secret = self.secrets.join(" ");
        let html = format!("<p>{}</p>", secret.replace('&', "&#38;"));
        Ok(Parts { subject: self.subject.clone(), text: format!("texto {secret}"), html })
    }
    fn is_essential(&self) -> bool {
        self.essential
    }
    fn secrets(&self) -> Vec<String> {
        self.secrets.clone()
    }
}
