//! The command line of backups: what can be asked, and who answers.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Depot;
use super::{diff, restore, run, verify};
use crate::i18n::backup::cli as words;

/// `canje backup …`
#[derive(Args)]
pub struct BackupArgs {
    #[command(subcommand)]
    command: BackupCommand,
}

#[derive(Subcommand)]
enum BackupCommand {
    #[command(about = words::RUN)]
    Run(RunArgs),
    #[command(about = words::LIST)]
    List {
        #[arg(long, help = words::JSON)]
        json: bool,
    },
    #[command(about = words::VERIFY)]
    Verify(VerifyArgs),
    #[command(about = words::DECRYPT)]
    Decrypt(DecryptArgs),
    #[command(about = words::PRUNE)]
    Prune(PruneArgs),
}

/// `canje backup run`
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Stores or folders instead of the default ones.
    #[arg(long, help = words::TO, value_name = "DIR|STORE")]
    pub to: Vec<String>,
    /// Databases instead of all.
    #[arg(long, help = words::DATABASES, value_name = "NAME")]
    pub db: Vec<String>,
    /// Machine-readable.
    #[arg(long, help = words::JSON)]
    pub json: bool,
}

/// `canje backup verify`
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    /// A backup's name, or a file or folder.
    #[arg(help = words::SUBJECT, value_name = "PATH|ID")]
    pub subject: String,
    /// Public signing keys, off the host.
    #[arg(long, help = words::TRUST, value_name = "FILE", requires = "identity")]
    pub trust: Option<PathBuf>,
    /// An age identity, off the host.
    #[arg(long, help = words::IDENTITY, value_name = "FILE", requires = "trust")]
    pub identity: Option<PathBuf>,
    /// Machine-readable.
    #[arg(long, help = words::JSON)]
    pub json: bool,
}

/// `canje backup decrypt`
#[derive(Args, Clone, Debug)]
pub struct DecryptArgs {
    /// A backup's name, or the folder or tar of one.
    #[arg(help = words::SUBJECT, value_name = "ID|PATH")]
    pub subject: String,
    /// Where to; `-` for standard output.
    #[arg(short, long, help = words::OUT, value_name = "FILE|-")]
    pub out: String,
    /// Public signing keys, off the host.
    #[arg(long, help = words::TRUST, value_name = "FILE", requires = "identity")]
    pub trust: Option<PathBuf>,
    /// An age identity, off the host.
    #[arg(long, help = words::IDENTITY, value_name = "FILE", requires = "trust")]
    pub identity: Option<PathBuf>,
}

/// `canje backup prune`
#[derive(Args, Clone, Debug)]
pub struct PruneArgs {
    /// Only says what would go.
    #[arg(long, help = words::PLAN)]
    pub plan: bool,
    /// The plan's hash and the number of backups, as `HASH:N`.
    #[arg(long, help = words::APPROVE, value_name = "HASH:N", conflicts_with = "plan")]
    pub approve: Option<String>,
    /// Machine-readable.
    #[arg(long, help = words::JSON)]
    pub json: bool,
}

/// `canje restore`
#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// A backup's name, or a file or folder.
    #[arg(help = words::SUBJECT, value_name = "PATH|ID")]
    pub source: String,
    /// Which database of it.
    #[arg(long, help = words::SOURCE_DB, value_name = "SOURCE")]
    pub db: Option<String>,
    /// The new database.
    #[arg(long, help = words::INTO, value_name = "NAME")]
    pub into: String,
    /// Only these collections.
    #[arg(long, help = words::ONLY, value_name = "COLLECTION")]
    pub only: Vec<String>,
    /// The new database's name once more, instead of typing it.
    #[arg(long, help = words::CONFIRM, value_name = "NAME")]
    pub confirm: Option<String>,
    /// Machine-readable.
    #[arg(long, help = words::JSON)]
    pub json: bool,
}

/// `canje diff`
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// `db:NAME`, `backup:ID/DB` or `dump:PATH/DB`.
    #[arg(help = words::SIDE, value_name = "A")]
    pub left: String,
    /// Likewise.
    #[arg(help = words::SIDE, value_name = "B")]
    pub right: String,
    /// Only these collections.
    #[arg(long, help = words::ONLY, value_name = "COLLECTION")]
    pub only: Vec<String>,
    /// Machine-readable.
    #[arg(long, help = words::JSON)]
    pub json: bool,
}

/// `canje keys …`
#[derive(Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Subcommand)]
enum KeysCommand {
    #[command(about = words::KEYS_GENERATE)]
    Generate {
        #[arg(long, help = words::JSON)]
        json: bool,
    },
    #[command(about = words::KEYS_SHOW)]
    Show {
        #[arg(long, help = words::JSON)]
        json: bool,
    },
    #[command(about = words::KEYS_ROTATE)]
    Rotate,
}

impl BackupArgs {
    /// A verification or decryption of something local with keys from files, which needs no database.
    pub fn is_off_host(&self) -> bool {
        match &self.command {
            BackupCommand::Verify(args) => args.identity.is_some(),
            BackupCommand::Decrypt(args) => args.identity.is_some(),
            _ => false,
        }
    }
}

/// `canje backup …` on a machine without our database and keys.
pub async fn backup_off_host(args: BackupArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        BackupCommand::Verify(args) => verify::command::off_host(args).await,
        BackupCommand::Decrypt(args) => super::decrypt::off_host(args).await,
        _ => anyhow::bail!("needs a database"),
    }
}

/// `canje backup …`
pub async fn backup(args: BackupArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    match args.command {
        BackupCommand::Run(args) => run::command::run(args, depot).await,
        BackupCommand::List { json } => run::command::list(depot, json).await,
        BackupCommand::Verify(args) => verify::command::verify(args, depot).await,
        BackupCommand::Decrypt(args) => super::decrypt::decrypt(args, depot).await,
        BackupCommand::Prune(args) => super::retention::command::prune(args, depot).await,
    }
}

pub use super::keys_command::for_demo as keys_for_demo;

/// `canje restore …`
pub async fn restore(args: RestoreArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    restore::command::restore(args, depot).await
}

/// `canje diff …`
pub async fn diff(args: DiffArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    diff::command::diff(args, depot).await
}

/// `canje keys …`
pub async fn keys(args: KeysArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    match args.command {
        KeysCommand::Generate { json } => super::keys_command::generate(depot, json).await,
        KeysCommand::Show { json } => super::keys_command::show(depot, json).await,
        KeysCommand::Rotate => super::keys_command::rotate(depot).await,
    }
}
