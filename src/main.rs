//! The one binary: parses the command line, reads the environment, calls one function.
//!
//! Answers go to stdout, everything said along the way to stderr.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use canje::accounts::{self, UsersArgs};
use canje::adopt::{self, AdoptArgs};
use canje::assets;
use canje::config::{DatabaseConfig, ServeConfig};
use canje::db::ReadOnlyDb;
use canje::i18n::cli as words;
use canje::import::{self, ImportArgs};
use canje::inspect::cli::{self as inspect, InspectArgs};
use canje::jobs::cli::WorkerArgs;
use canje::serve::{self, Opened};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

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
    #[command(about = words::IMPORT)]
    Import(ImportArgs),
    #[command(about = words::ADOPT)]
    Adopt(AdoptArgs),
    #[command(about = words::INSPECT)]
    Inspect(InspectArgs),
    #[command(about = words::USERS)]
    Users(UsersArgs),
    #[command(about = words::ASSETS, hide = true)]
    Assets {
        /// The repository.
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr();
    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", words::failed(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { no_worker } => {
            serve::run(ServeConfig::from_env()?, !no_worker).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Worker(args) => {
            serve::work(ServeConfig::from_env()?, args.pace()).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Import(args) => with_database(async |opened| import::run_command(args, &opened.db).await).await,
        Command::Adopt(args) => {
            with_database(async |opened| {
                let legacy = ReadOnlyDb::connect(&opened.settings).await?;
                adopt::run_command(args, &opened.db, &legacy).await
            })
            .await
        }
        Command::Inspect(args) => {
            with_database(async |opened| {
                let read_only = ReadOnlyDb::connect(&opened.settings).await?;
                inspect::run_command(args, &read_only, &opened.settings.live_db).await
            })
            .await
        }
        Command::Users(args) => with_database(async |opened| accounts::run_command(args, &opened.db).await).await,
        Command::Assets { root } => {
            let report = assets::build(&assets::Sources::at(root))?;
            eprintln!("{}", words::assets_built(report.manifest.files.len(), report.has_wasm));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Opens the configured database for one command, and closes it whatever comes of the command.
async fn with_database(command: impl AsyncFnOnce(&Opened) -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    let opened = serve::open(&DatabaseConfig::from_env()?).await?;
    let code = command(&opened).await;
    opened.close().await;
    code
}

/// JSON outside a terminal; `RUST_LOG` decides how much.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { builder.compact().init() } else { builder.json().init() }
}
