//! Local twins of the outside services: for the demonstration, for the tests, and never in a production build.
//!
//! One web server on loopback holds them all. Each twin is as strict as the service it stands for (`sentry.rs` is the model
//! to follow), and each can be told to fail: by [`Faults`] from a test, by `POST /_control/{service}/faults` from outside.
//!
//! *Add a twin*: a [`Service`] variant; a file with `pub fn router(twins: Twins) -> Router` (the service's own addresses,
//! nested at `/{service}` and subject to faults) and, for people, `pub fn pages(twins: Twins) -> Router` (nested at
//! `/paginas/{service}`, never subject to faults); what it remembers as a field of [`Shared`]; the variables that point a
//! client at it in `settings.rs`; one line each in `router`.
//!
//! Uses nothing of the application but its clock and its words; the application knows its twins only by their addresses.

mod arrivals;
pub mod cloudinary;
mod control;
pub mod deliveries;
mod faults;
mod page;
pub mod resend;
pub mod sentry;
mod server;
mod settings;
pub mod smtp;
pub mod twilio;
pub mod uptimerobot;
mod wire;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::middleware::from_fn_with_state;

pub use arrivals::{Arrival, Arrivals};
pub use faults::{Fault, Faults, Outcome};
pub use sentry::{CheckIn, Item, Received};
pub use server::{Emulators, EmulatorsArgs, run};
pub use settings::{Settings, is_demo, listen, own_address};

use crate::app::Clock;

/// The services that have a twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Mail.
    Resend,
    /// Errors.
    Sentry,
    /// Whether the site can be reached.
    Uptimerobot,
    /// WhatsApp.
    Twilio,
    /// Files.
    Cloudinary,
}

impl Service {
    /// All of them, in the order people read them.
    pub const ALL: [Self; 5] = [Self::Resend, Self::Sentry, Self::Uptimerobot, Self::Twilio, Self::Cloudinary];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Sentry => "sentry",
            Self::Uptimerobot => "uptimerobot",
            Self::Twilio => "twilio",
            Self::Cloudinary => "cloudinary",
        }
    }

    /// Reads what stands in an address.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.as_str() == name)
    }
}

/// What every twin holds; cheap to clone.
pub type Twins = Arc<Shared>;

/// The twins' common state and each one's own.
pub struct Shared {
    /// Addresses and secrets.
    pub settings: Settings,
    /// What time it is: a test's clock, or the system's.
    pub clock: Clock,
    /// What is told to fail.
    pub faults: Faults,
    /// What arrived, newest last.
    pub arrivals: Arrivals,
    /// Sends the twins' own requests, such as webhooks.
    pub http: reqwest::Client,
    /// Where the application listens, once it does: webhooks go there.
    pub app_url: OnceLock<String>,
    /// What the twin of Sentry received.
    pub sentry: Received,
    /// What the twin of Resend took.
    pub resend: resend::Mailbox,
    /// What the twin of Twilio took.
    pub twilio: twilio::Outgoing,
    /// What the twin of Cloudinary keeps.
    pub cloudinary: cloudinary::Cloud,
    /// What was delivered to the application on request.
    pub deliveries: deliveries::Deliveries,
}

impl Shared {
    fn new(settings: Settings, clock: Clock) -> anyhow::Result<Twins> {
        // The twins talk to this machine only: no proxy of the environment may come between.
        crate::app::use_ring();
        let http = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(10)).build()?;
        let cloudinary = cloudinary::Cloud::open(settings.cloudinary_folder.as_deref())?;
        Ok(Arc::new(Self {
            settings,
            clock,
            faults: Faults::default(),
            arrivals: Arrivals::default(),
            http,
            app_url: OnceLock::new(),
            sentry: Received::default(),
            resend: resend::Mailbox::default(),
            twilio: twilio::Outgoing::default(),
            cloudinary,
            deliveries: deliveries::Deliveries::default(),
        }))
    }
}

/// All twins, the control and the page that shows them.
fn router(twins: &Twins) -> Router {
    // The service's own addresses: recorded, and failing when told to.
    let api = |service: Service, api: Router| {
        let watched = api.layer(from_fn_with_state((service, twins.clone()), faults::apply));
        Router::new().nest(&format!("/{}", service.as_str()), watched)
    };
    Router::new()
        .merge(page::router(twins.clone()))
        .merge(control::router(twins.clone()))
        .merge(api(Service::Sentry, sentry::router(twins.clone())))
        .nest("/paginas/sentry", sentry::pages(twins.clone()))
        .merge(api(Service::Resend, resend::router(twins.clone())))
        .nest("/paginas/resend", resend::pages(twins.clone()))
        .merge(api(Service::Twilio, twilio::router(twins.clone())))
        .nest("/paginas/twilio", twilio::pages(twins.clone()))
        .merge(api(Service::Cloudinary, cloudinary::router(twins.clone())))
        .nest("/paginas/cloudinary", cloudinary::pages(twins.clone()))
        .merge(api(Service::Uptimerobot, uptimerobot::router(twins.clone())))
        .nest("/paginas/uptimerobot", uptimerobot::pages(twins.clone()))
        .merge(deliveries::router(twins.clone()))
}
