//! `canje backup decrypt`: a stored backup as the plain archive the official restore takes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;

use super::Depot;
use super::cli::DecryptArgs;
use super::container::{self, OpenBackup};
use super::keys::Opener;
use super::model::BackupId;
use super::record::BackupRun;
use super::stores::{Folder, Store};
use crate::i18n::backup::container as words;

/// With keys from files, of a folder that holds one backup.
pub async fn off_host(args: DecryptArgs) -> anyhow::Result<ExitCode> {
    let (Some(identity), Some(trust)) = (&args.identity, &args.trust) else {
        anyhow::bail!(words::NEEDS_KEYS);
    };
    let opener = Opener::from_files(identity, trust)?;
    write(&in_folder(Path::new(&args.subject), &opener).await?, &args.out).await
}

/// By name from the first store that has it, or of a folder.
pub async fn decrypt(args: DecryptArgs, depot: &Depot) -> anyhow::Result<ExitCode> {
    let opener = depot.keys()?.opener;
    let backup = match BackupId::parse(&args.subject) {
        Some(id) => stored(depot, &id, &opener).await?,
        None => in_folder(Path::new(&args.subject), &opener).await?,
    };
    write(&backup, &args.out).await
}

/// A backup on record, opened in the first of its stores that gives it.
pub async fn stored(depot: &Depot, id: &BackupId, opener: &Opener) -> anyhow::Result<OpenBackup> {
    let run = depot.ops.stored::<BackupRun>().find_one(bson::doc! { "_id": id.as_str() }).await?;
    let run = run.with_context(|| words::unknown_backup(id.as_str()))?;
    let mut refused = anyhow::anyhow!(words::nowhere(id.as_str()));
    for destination in run.destinations.iter().filter(|destination| destination.manifest_sha256.is_some()) {
        let Some(store) = depot.store(&destination.store) else { continue };
        match container::open(store, &destination.prefix, opener).await {
            Ok(backup) => return Ok(backup),
            Err(error) => refused = error.context(words::cannot_open(id.as_str(), &destination.store)),
        }
    }
    Err(refused)
}

/// The backup in a folder that holds `manifest.json`.
pub async fn in_folder(folder: &Path, opener: &Opener) -> anyhow::Result<OpenBackup> {
    // The folder one stands in has a name too.
    let folder = &folder.canonicalize().with_context(|| folder.display().to_string())?;
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or(".");
    let root = folder.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
    let store: Arc<dyn Store> = Arc::new(Folder::at("local", &root));
    container::open(store, name, opener).await
}

async fn write(backup: &OpenBackup, out: &str) -> anyhow::Result<ExitCode> {
    let mut archive = container::read_archive(backup);
    let out = out.to_owned();
    tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        if out == "-" {
            let mut stdout = io::stdout().lock();
            io::copy(&mut archive, &mut stdout)?;
            stdout.flush()?;
        } else {
            let mut file = std::fs::File::create_new(&out).with_context(|| words::cannot_create(&out))?;
            io::copy(&mut archive, &mut file)?;
            file.sync_all()?;
        }
        Ok(())
    })
    .await??;
    Ok(ExitCode::SUCCESS)
}
