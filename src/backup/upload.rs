//! Files that people bring to be verified: where they wait, and the job that looks at them.
//!
//! A file is written by the request that brings it, readable by this process alone, and removed by the job once it was
//! looked at, whatever came of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bson::doc;
use serde::{Deserialize, Serialize};

use super::Depot;
use super::record::Verification;
use super::verify;
use crate::db::date;
use crate::i18n::backup::upload as words;
use crate::jobs::{Job, Run};

/// How long a file that nobody looked at stays: its job ended without it, or never was.
const STAYS: Duration = Duration::from_secs(24 * 60 * 60);

/// Where uploaded files wait.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("uploads")
}

/// One of them. `id` is ours, never the name it came with.
pub fn path(data_dir: &Path, id: &str) -> PathBuf {
    folder(data_dir).join(id)
}

/// Removes what was left behind by a request or a process that ended early.
pub fn sweep(data_dir: &Path) -> std::io::Result<()> {
    let found = match std::fs::read_dir(folder(data_dir)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    for entry in found {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > STAYS {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Looks at an uploaded file and puts on record what it found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerifyUpload {
    /// The verification, on record as queued.
    pub id: String,
}

impl Job for VerifyUpload {
    const NAME: &'static str = "backups.verify_upload";
    const ATTEMPTS: u32 = 2;
    const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let rows = depot.ops.stored::<Verification>();
        let open = doc! { "_id": &self.id, "state": { "$in": ["queued", "running"] } };
        let begun = doc! { "$set": { "state": "running" } };
        if rows.update_one(open.clone(), begun).await?.matched_count == 0 {
            return Ok(());
        }
        let path = path(&depot.config.data_dir, &self.id);
        let ended = if path.exists() {
            let name = rows.find_one(open.clone()).await?.map(|row| row.file_name).unwrap_or_default();
            let report = look(&depot, &path, name, &run).await?;
            run.result(words::result(report.findings.len()));
            doc! {
                "state": "done", "format": report.format, "finished_at": date(depot.clock.now()),
                "collections": bson::serialize_to_bson(&without_definitions(report.namespaces))?,
                "findings": bson::serialize_to_bson(&report.findings)?,
            }
        } else {
            doc! { "state": "failed", "error": words::GONE, "finished_at": date(depot.clock.now()) }
        };
        rows.update_one(open, doc! { "$set": ended }).await?;
        match tokio::fs::remove_file(&path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The verification itself, on a thread of its own. Without keys a stored backup is judged as far as that goes.
async fn look(depot: &Depot, path: &Path, name: String, run: &Run) -> anyhow::Result<verify::Report> {
    let opener = depot.keys().ok().map(|keys| keys.opener);
    let (path, told) = (path.to_owned(), Arc::new(tokio::sync::watch::Sender::new((0, 0))));
    let says = told.clone();
    let mut work = tokio::task::spawn_blocking(move || {
        verify::uploaded(&path, &name, opener.as_ref(), &|read, of| {
            says.send_replace((read, of));
        })
    });
    let mut heard = told.subscribe();
    loop {
        tokio::select! {
            report = &mut work => return Ok(report?),
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                let (read, of) = *heard.borrow_and_update();
                run.progress(read, of).await?;
            }
        }
    }
}

/// Definitions may be long and are for the verifier alone.
fn without_definitions(namespaces: Vec<super::model::Namespace>) -> Vec<super::model::Namespace> {
    namespaces.into_iter().map(|namespace| super::model::Namespace { metadata: String::new(), ..namespace }).collect()
}
