//! The one binary: parses the command line, reads the environment, calls one function.
//!
//! `main` is a plain function, because the Sentry SDK has to be up before the first thread of a runtime is. Answers go to
//! stdout, everything said along the way to stderr.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use canje::accounts::{self, UsersArgs};
use canje::adopt::{self, AdoptArgs};
use canje::app::{Clock, use_ring};
use canje::assets;
use canje::backup::cli::{self as backup, BackupArgs, DiffArgs, KeysArgs, RestoreArgs};
use canje::backup::{Depot, OPS_COLLECTIONS};
use canje::config::{Backups, DatabaseConfig, ServeConfig};
use canje::db::ReadOnlyDb;
use canje::i18n::backup::cli as backup_words;
use canje::i18n::cli as words;
use canje::import::{self, ImportArgs};
use canje::inspect::cli::{self as inspect, InspectArgs};
use canje::jobs::cli::{self as jobs, JobsArgs, JobsCommand, WorkerArgs};
use canje::monitoring::{metrics, sentry};
use canje::notifications::cli::{self as notifications, NotificationsArgs};
use canje::serve::{self, Opened};
use canje::webhooks::{self, WebhooksArgs};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// A page is thousands of short strings, and a third of its time was spent in the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The command line; what people read of it is in `i18n::cli`.
#[derive(Parser)]
#[command(name = "canje", version, about = words::ABOUT, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(about = words::SERVE)]
    Serve {
        #[arg(long, help = words::NO_WORKER)]
        no_worker: bool,
    },
    #[command(about = words::WORKER)]
    Worker(WorkerArgs),
    #[command(about = words::JOBS)]
    Jobs(JobsArgs),
    #[command(about = words::IMPORT)]
    Import(ImportArgs),
    #[command(about = words::ADOPT)]
    Adopt(AdoptArgs),
    #[command(about = words::INSPECT)]
    Inspect(InspectArgs),
    #[command(about = backup_words::BACKUP)]
    Backup(BackupArgs),
    #[command(about = backup_words::RESTORE)]
    Restore(RestoreArgs),
    #[command(about = backup_words::DIFF)]
    Diff(DiffArgs),
    #[command(about = backup_words::KEYS)]
    Keys(KeysArgs),
    #[command(about = words::WEBHOOKS)]
    Webhooks(WebhooksArgs),
    #[command(about = words::USERS)]
    Users(UsersArgs),
    #[command(about = words::NOTIFICATIONS)]
    Notifications(NotificationsArgs),
    #[cfg(feature = "emulators")]
    #[command(about = words::EMULATORS)]
    Emulators(canje::emulators::EmulatorsArgs),
    #[cfg(feature = "emulators")]
    #[command(hide = true)]
    Stumble { name: String },
    #[command(about = words::ASSETS, hide = true)]
    Assets {
        /// The repository.
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    use_ring();
    log_to_stderr();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", words::failed(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { no_worker } => {
            let process = Process::begin()?;
            let listener = serve::listen(&process.config)?;
            let url = format!("http://{}", listener.local_addr()?);
            process.run(Some(&url), async |config| serve::run(config, listener, !no_worker).await.map(success))
        }
        Command::Worker(args) => {
            Process::begin()?.run(None, async |config| serve::work(config, args.pace()).await.map(success))
        }
        Command::Jobs(args) => match args.command {
            JobsCommand::List { json } => with_database(async |opened| jobs::list(&opened.db, json).await),
            JobsCommand::Run { name, json } => Process::begin()?.run(None, async |config| {
                let opened = serve::open(&config.database).await?;
                let code = async { jobs::run(serve::start(config, &opened).await?, &name, json).await }.await;
                opened.close().await;
                code
            }),
        },
        Command::Import(args) => with_database(async |opened| import::run_command(args, &opened.db).await),
        Command::Adopt(args) => with_database(async |opened| {
            let legacy = ReadOnlyDb::connect(&opened.settings).await?;
            adopt::run_command(args, &opened.db, &legacy, canje::worker::registry(), is_demo()).await
        }),
        Command::Inspect(args) => with_database(async |opened| {
            let read_only = ReadOnlyDb::connect(&opened.settings).await?;
            inspect::run_command(args, &read_only, &opened.settings.live_db).await
        }),
        Command::Backup(args) if args.is_off_host() => runtime()?.block_on(backup::backup_off_host(args)),
        Command::Backup(args) => with_backups(async |depot| backup::backup(args, depot).await),
        Command::Restore(args) => with_backups(async |depot| backup::restore(args, depot).await),
        Command::Diff(args) => with_backups(async |depot| backup::diff(args, depot).await),
        Command::Keys(args) => with_backups(async |depot| backup::keys(args, depot).await),
        Command::Webhooks(args) => with_database(async |opened| webhooks::run_command(args, &opened.db).await),
        Command::Users(args) => with_database(async |opened| accounts::run_command(args, &opened.db).await),
        Command::Notifications(args) => {
            with_database(async |opened| notifications::run_command(args, &opened.db).await)
        }
        #[cfg(feature = "emulators")]
        Command::Emulators(args) => {
            runtime()?.block_on(canje::emulators::run(args))?;
            Ok(ExitCode::SUCCESS)
        }
        #[cfg(feature = "emulators")]
        Command::Stumble { name } => with_database(async |opened| canje::jobs::trial::stumble(&opened.db, name).await),
        Command::Assets { root } => {
            let report = assets::build(&assets::Sources::at(root))?;
            eprintln!("{}", words::assets_built(report.manifest.files.len(), report.has_wasm));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What runs for long. The order matters: first the demonstration's twins are bound, since the DSN names them, then Sentry
/// is started, and only then a runtime.
struct Process {
    config: ServeConfig,
    twins: Twins,
    /// Sends what is left when it is dropped: after the runtime.
    _sentry: Option<::sentry::ClientInitGuard>,
}

impl Process {
    fn begin() -> anyhow::Result<Self> {
        let twins = Twins::bind()?;
        let config = ServeConfig::from_env_with(&twins.variables())?;
        let _sentry = sentry::start(config.integrations.sentry_dsn.as_ref(), &config.environment)?;
        metrics::install();
        Ok(Self { config, twins, _sentry })
    }

    /// `url` is where this process listens, if it does.
    fn run(
        self,
        url: Option<&str>,
        work: impl AsyncFnOnce(ServeConfig) -> anyhow::Result<ExitCode>,
    ) -> anyhow::Result<ExitCode> {
        let Self { config, twins, _sentry } = self;
        runtime()?.block_on(async {
            let _twins = twins.start(url)?;
            work(config).await
        })
    }
}

fn success((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// Whether this is a demonstration, for what starts without the server's configuration.
fn is_demo() -> bool {
    std::env::var("CANJE_DEMO").is_ok_and(|value| matches!(value.trim(), "1" | "true"))
}

/// The local twins of outside services: those of a demonstration, or none.
struct Twins {
    #[cfg(feature = "emulators")]
    bound: Option<(std::net::TcpListener, canje::emulators::Settings)>,
}

#[cfg(feature = "emulators")]
impl Twins {
    fn bind() -> anyhow::Result<Self> {
        use canje::emulators::{Settings, is_demo, listen, own_address};
        // With CANJE_EMULATORS_URL somebody else runs them, and said so in the environment.
        let bound = if is_demo() && std::env::var_os("CANJE_EMULATORS_URL").is_none() {
            let listener = listen(own_address()?)?;
            let settings = Settings::from_env(listener.local_addr()?);
            Some((listener, settings))
        } else {
            None
        };
        Ok(Self { bound })
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        self.bound.as_ref().map(|(_, settings)| settings.variables()).unwrap_or_default()
    }

    fn start(self, app_url: Option<&str>) -> anyhow::Result<Option<canje::emulators::Emulators>> {
        let Some((listener, settings)) = self.bound else { return Ok(None) };
        let emulators = canje::emulators::Emulators::start(listener, settings, canje::app::Clock::default())?;
        if let Some(url) = app_url {
            emulators.point_at(url);
        }
        Ok(Some(emulators))
    }
}

#[cfg(not(feature = "emulators"))]
impl Twins {
    fn bind() -> anyhow::Result<Self> {
        anyhow::ensure!(!is_demo(), canje::i18n::monitoring::NO_DEMO);
        Ok(Self {})
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn start(self, _app_url: Option<&str>) -> anyhow::Result<Option<()>> {
        Ok(None)
    }
}

/// Opens the configured database for one command, and closes it whatever comes of the command.
fn with_database(command: impl AsyncFnOnce(&Opened) -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let opened = serve::open(&DatabaseConfig::from_env()?).await?;
        let code = command(&opened).await;
        opened.close().await;
        code
    })
}

/// Likewise for a command about backups: its stores may be the demonstration's twins, which then run along.
fn with_backups(command: impl AsyncFnOnce(&Depot) -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    let twins = Twins::bind()?;
    let config = Backups::from_env_with(&twins.variables())?;
    runtime()?.block_on(async {
        let _twins = twins.start(None)?;
        let opened = serve::open(&DatabaseConfig::from_env()?).await?;
        let code = async {
            opened.db.prepare(&canje::backup::COLLECTIONS).await?;
            opened.db.operations().prepare(&OPS_COLLECTIONS).await?;
            let depot = Depot::open(&opened.db, &config, Clock::default())?;
            if config.is_demo {
                backup::keys_for_demo(&depot).await?;
            }
            command(&depot).await
        };
        let code = code.await;
        opened.close().await;
        code
    })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// JSON outside a terminal; `RUST_LOG` decides how much. Errors reach Sentry too, once it is started.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if std::io::stderr().is_terminal() { lines.compact().boxed() } else { lines.json().boxed() };
    tracing_subscriber::registry().with(filter).with(lines).with(sentry::log_layer()).init();
}
