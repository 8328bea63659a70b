//! Starting and stopping the twins: inside a demonstration or a test, or alone as `canje emulators`.

use std::net::SocketAddr;

use clap::Args;
use tokio::task::JoinHandle;

use super::wire::{Cuttable, Wire};
use super::{Settings, Shared, Twins, listen, router};
use crate::app::Clock;
use crate::i18n::emulators as words;

/// The running twins; they end when this is dropped.
pub struct Emulators {
    /// Their state: faults, arrivals, what each received.
    pub twins: Twins,
    serving: JoinHandle<()>,
}

impl Emulators {
    /// Serves the twins on a listener that is already bound (see [`listen`]).
    pub fn start(listener: std::net::TcpListener, settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let twins = Shared::new(settings, clock)?;
        let listener = Cuttable(tokio::net::TcpListener::from_std(listener)?);
        let service = router(&twins).into_make_service_with_connect_info::<Wire>();
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::warn!("the local twins ended: {error}");
            }
        });
        Ok(Self { twins, serving })
    }

    /// Twins on a free port with made-up secrets, as a test wants them.
    pub fn start_anywhere(clock: Clock) -> anyhow::Result<Self> {
        let listener = listen(None)?;
        let settings = Settings::read(listener.local_addr()?, &|_| None);
        Self::start(listener, settings, clock)
    }

    /// Tells the twins where the application listens; the first word counts.
    pub fn point_at(&self, app_url: &str) {
        // Told twice, the first stays: an application doesn't move.
        let _ = self.twins.app_url.set(app_url.trim_end_matches('/').to_owned());
    }
}

impl Drop for Emulators {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// `canje emulators`.
#[derive(Args)]
pub struct EmulatorsArgs {
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3900", help = words::HELP_LISTEN)]
    listen: SocketAddr,
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000", help = words::HELP_APP)]
    app: String,
}

/// Runs the twins alone until Ctrl-C; what an application has to be told goes to stdout.
pub async fn run(args: EmulatorsArgs) -> anyhow::Result<()> {
    let listener = listen(Some(args.listen))?;
    let settings = Settings::from_env(listener.local_addr()?);
    for (name, value) in settings.variables() {
        println!("{name}={value}");
    }
    eprintln!("{}", words::listening(&settings.url()));
    let emulators = Emulators::start(listener, settings, Clock::default())?;
    emulators.point_at(&args.app);
    tokio::signal::ctrl_c().await?;
    Ok(())
}
