//! What is told while it is read.

use tokio::sync::watch;

use crate::backup::model::{CollectionProgress, Progress};

/// Collections shown.
const SHOWN: usize = 50;

/// Tells how far the reading is.
#[derive(Clone)]
pub struct Reporter {
    sender: watch::Sender<Progress>,
    /// Bytes there are, as the server estimates them: for the share only.
    estimate: u64,
}

impl Reporter {
    /// `namespaces` are to be read, of about so many bytes.
    pub fn start(sender: &watch::Sender<Progress>, namespaces: usize, estimate: u64) -> Self {
        let namespaces = i32::try_from(namespaces).unwrap_or(i32::MAX);
        sender.send_replace(Progress { namespaces, permille: Some(0), ..Progress::default() });
        Self { sender: sender.clone(), estimate }
    }

    /// What is done that belongs to no one namespace.
    pub fn stage(&self, what: &str) {
        self.sender.send_modify(|progress| what.clone_into(&mut progress.current));
    }

    /// A namespace is begun.
    pub fn begin(&self, namespace: &str) {
        self.sender.send_modify(|progress| {
            namespace.clone_into(&mut progress.current);
            let begun = CollectionProgress { namespace: namespace.into(), documents: 0, is_done: false };
            progress.collections.insert(0, begun);
            progress.collections.truncate(SHOWN);
        });
    }

    /// More of it was read.
    pub fn running(&self, namespace: &str, documents: u64, bytes: u64) {
        self.sender.send_modify(|progress| {
            let documents = i64::try_from(documents).unwrap_or(i64::MAX);
            progress.documents += documents;
            progress.bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
            if let Some(shown) = progress.collections.iter_mut().find(|shown| shown.namespace == namespace) {
                shown.documents += documents;
            }
            // Never the whole before it is over: the estimate is one.
            let share = u128::try_from(progress.bytes).unwrap_or(0) * 1000 / u128::from(self.estimate.max(1));
            progress.permille = Some(i32::try_from(share.min(990)).unwrap_or(990));
        });
    }

    /// A namespace is read.
    pub fn finished(&self, namespace: &str) {
        self.sender.send_modify(|progress| {
            progress.done += 1;
            if let Some(shown) = progress.collections.iter_mut().find(|shown| shown.namespace == namespace) {
                shown.is_done = true;
            }
        });
    }

    /// Everything is read.
    pub fn over(&self) {
        self.sender.send_modify(|progress| {
            progress.done = progress.namespaces;
            progress.permille = Some(1000);
        });
    }
}
