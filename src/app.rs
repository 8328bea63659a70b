//! The long-lived handles of a running server, built once from its configuration.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::accounts::passwords::PasswordQueue;
use crate::adopt::state::MirrorSign;
use crate::assets::Assets;
use crate::audit::Writer;
use crate::campaigns::catalogue::Listed;
use crate::campaigns::manager::Overview;
use crate::config::{Keys, ServeConfig};
use crate::db::{Db, Fresh, ReadOnlyDb};
use crate::inspect::surveys::Surveys;
use crate::jobs::Registry;
use crate::mail::Post;
use crate::media::Media;
use crate::monitoring::{Faults, Readiness};
use crate::notifications::hub::Hub;
use crate::webhooks::Intake;
use crate::worker;

/// Everything a request may need, shared by all of them.
pub struct App {
    /// What the environment says.
    pub config: ServeConfig,
    /// Keys by purpose.
    pub keys: Keys,
    /// The live database.
    pub db: Db,
    /// The inspector's own connection, which has no way to write.
    pub read_only: ReadOnlyDb,
    /// The audit log's group-commit writer.
    pub audit: Writer,
    /// Password hashing, on its own bounded queue.
    pub passwords: PasswordQueue,
    /// Built assets by logical name.
    pub assets: Assets,
    /// Counts and ladders of inspected collections, as far as they are held in memory.
    pub surveys: Surveys,
    /// What other services deliver.
    pub webhooks: Intake,
    /// Whether the live database is still a mirror of the previous system.
    pub mirror: MirrorSign,
    /// The open event streams of this process.
    pub hub: Hub,
    /// What broke and is about to be told.
    pub faults: Faults,
    /// Whether the process can do its work, as it was found a moment ago.
    pub readiness: Readiness,
    /// Job types and schedules.
    pub jobs: Arc<Registry>,
    /// The ways out for mail and messages.
    pub post: Post,
    /// The account pictures lie in.
    pub media: Media,
    /// The catalogue's campaigns, kept for a moment.
    pub listed_campaigns: Fresh<Vec<Listed>>,
    /// How many campaigns there are and which need somebody, kept for a moment.
    pub campaigns: Fresh<Overview>,
    /// What time it is.
    pub clock: Clock,
    /// Whether the process is about to end.
    pub stopping: Stopping,
}

impl App {
    /// Builds the handles on an open database; background work is started by whoever serves or works.
    pub async fn open(
        config: ServeConfig,
        db: Db,
        read_only: ReadOnlyDb,
        assets: Assets,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            keys: Keys::new(config.secret_key_or_new()?),
            read_only,
            audit: Writer::start(&db),
            passwords: PasswordQueue::default(),
            assets,
            surveys: Surveys::default(),
            webhooks: Intake::start(&db, clock.clone()),
            mirror: MirrorSign::watch(&db).await?,
            hub: Hub::default(),
            faults: Faults::default(),
            readiness: Readiness::default(),
            jobs: Arc::new(worker::registry()),
            post: Post::open(&config.integrations)?,
            media: Media::open(config.backups.cloudinary.as_ref(), clock.clone())?,
            listed_campaigns: Fresh::default(),
            campaigns: Fresh::default(),
            clock,
            stopping: Stopping::default(),
            db,
            config,
        })
    }
}

/// The process's end, announced once: open event streams and the worker's loops wait for it.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Sender<bool>);

impl Default for Stopping {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stopping {
    /// Announces the end.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was announced.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for it; returns at once when it has been announced.
    pub async fn begun(&self) {
        // An error would mean that the sender is gone, and this is the sender.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// The time, as the system says or as a test sets it.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands still until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    /// Now, to the millisecond: the database keeps no finer.
    pub fn now(&self) -> Timestamp {
        let milliseconds = match &self.0 {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => Timestamp::now().as_millisecond(),
        };
        Timestamp::from_millisecond(milliseconds).expect("a clock within jiff's range")
    }

    /// Moves a fixed clock on; the system's clock ignores it.
    pub fn advance(&self, by: std::time::Duration) {
        if let Some(fixed) = &self.0 {
            fixed.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// Gives TLS its cryptography, once per process: whoever makes an HTTP client calls this first.
pub fn use_ring() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    // An error would mean that somebody installed a provider already, which is all that is wanted.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
