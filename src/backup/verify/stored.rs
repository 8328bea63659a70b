//! Reads a stored backup from its store: a few parts ahead of the judgement, never more.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::manifests::{CIPHER_BYTES, PRIVATE, PUBLIC, SIGNATURE, part_name};
use super::trial::{Absent, Fetched, Heads, Trial};
use super::{Expected, Report};
use crate::backup::keys::Opener;
use crate::backup::model::{Check, Finding, Severity};
use crate::backup::stores::{Store, StoreError};
use crate::i18n::backup::verify as words;

/// Parts on their way at a time: each takes up to three times its plain size.
const AHEAD: usize = 2;

/// Judges everything under `prefix`.
pub async fn read(
    store: &dyn Store,
    prefix: &str,
    opener: &Opener,
    expected: Option<&Expected>,
    running: &(dyn Fn(u64, u64) + Send + Sync),
) -> Report {
    let mut early = Vec::new();
    let listed = match store.list(prefix).await {
        Ok(objects) => {
            let folder = format!("{prefix}/");
            let inside = |key: &str| key.strip_prefix(&folder).map(str::to_owned);
            let files = objects.into_iter().filter_map(|object| Some((inside(&object.key)?, object.bytes)));
            Some(files.collect::<Vec<_>>())
        }
        Err(error) => {
            early.push(finding(Check::ReadBack, words::cannot_list(&error.to_string())));
            None
        }
    };
    let heads = Heads {
        public: fetch(store, prefix, PUBLIC).await,
        signature: fetch(store, prefix, SIGNATURE).await,
        private: fetch(store, prefix, PRIVATE).await,
    };
    if listed.as_ref().is_some_and(Vec::is_empty) && heads.are_all_missing() {
        early.push(finding(Check::Catalogue, words::vanished(&store.place())));
        return Report { format: words::FORMAT_STORED.into(), findings: early, ..Report::default() };
    }
    let opener = Arc::new(opener.clone());
    let expected = expected.cloned();
    let begun = {
        let (opener, listed) = (opener.clone(), listed.clone());
        let folder = prefix.rsplit('/').next().unwrap_or_default().to_owned();
        move || Trial::begin(heads, &folder, listed.as_deref(), Some(&opener), expected.as_ref())
    };
    let mut trial = match spawn_blocking(begun).await {
        Ok(trial) => trial,
        Err(error) => return broken(early, &error),
    };
    let (read, total) = (AtomicU64::new(0), trial.total_bytes());
    let mut waiting = std::mem::take(&mut trial.wanted).into_iter();
    // Judged on a thread of its own, so that fetching goes on meanwhile.
    let (sender, mut receiver) = mpsc::channel(1);
    let judging = spawn_blocking(move || {
        while let Some(opened) = receiver.blocking_recv() {
            trial.part(opened);
        }
        trial.finish()
    });
    let sizes: HashMap<String, u64> = listed.into_iter().flatten().collect();
    let mut under_way = FuturesOrdered::new();
    loop {
        while under_way.len() < AHEAD
            && let Some(wanted) = waiting.next()
        {
            let (opener, read, sizes) = (opener.clone(), &read, &sizes);
            under_way.push_back(async move {
                let name = part_name(wanted.index);
                // Something far too large isn't brought here to be found too large.
                let cipher = match sizes.get(&name) {
                    Some(size) if *size > CIPHER_BYTES => Err(Absent::Unreadable(words::too_large(*size))),
                    _ => fetch(store, prefix, &name).await,
                };
                let bytes = cipher.as_ref().map_or(0, |cipher| cipher.len() as u64);
                running(read.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
                spawn_blocking(move || wanted.open(cipher, Some(&opener))).await
            });
        }
        let Some(opened) = under_way.next().await else { break };
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => return broken(early, &error),
        };
        // Nobody judges any more: what broke is told below.
        if sender.send(opened).await.is_err() {
            break;
        }
    }
    drop(sender);
    match judging.await {
        Ok(mut report) => {
            report.findings.splice(0..0, early);
            report
        }
        Err(error) => broken(early, &error),
    }
}

async fn fetch(store: &dyn Store, prefix: &str, name: &str) -> Fetched {
    store.get(&format!("{prefix}/{name}")).await.map_err(|error| match error {
        StoreError::Missing(_) => Absent::Missing,
        other => Absent::Unreadable(other.to_string()),
    })
}

fn finding(check: Check, detail: String) -> Finding {
    let finding = Finding::new(Severity::High, check, None, detail);
    match words::remedy(check) {
        Some(remedy) => finding.remedy(remedy),
        None => finding,
    }
}

/// The verifier itself failed: nothing is proven then.
fn broken(mut findings: Vec<Finding>, error: &tokio::task::JoinError) -> Report {
    findings.push(finding(Check::ReadBack, words::unreadable(&error.to_string())));
    Report { format: words::FORMAT_STORED.into(), findings, ..Report::default() }
}

impl Heads {
    fn are_all_missing(&self) -> bool {
        let is_missing = |head: &Result<Bytes, Absent>| matches!(head, Err(Absent::Missing));
        [&self.public, &self.signature, &self.private].into_iter().all(is_missing)
    }
}
