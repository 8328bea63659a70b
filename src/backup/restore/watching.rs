//! Tells whoever watches a backup's run what a restore is doing.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::backup::model::Progress;
use crate::import::{Event, Progress as Told, Stage};

/// Turns the events of loading and reading back into progress.
pub struct Watching<'a> {
    progress: &'a watch::Sender<Progress>,
    /// Documents to load; each is read back too.
    total: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    loaded: u64,
    verified: u64,
}

impl<'a> Watching<'a> {
    /// `namespaces` collections of together `documents` documents lie ahead.
    pub fn new(progress: &'a watch::Sender<Progress>, namespaces: usize, documents: u64) -> Self {
        let namespaces = i32::try_from(namespaces).unwrap_or(i32::MAX);
        progress.send_replace(Progress { namespaces, permille: Some(0), ..Progress::default() });
        Self { progress, total: documents, state: Mutex::default() }
    }

    fn tell(&self, stage: Stage, namespace: &str, documents: u64, closed: Option<u64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut loaded, mut verified) = (state.loaded, state.verified);
        match stage {
            Stage::Load => loaded += documents,
            Stage::Verify => verified += documents,
            Stage::Survey | Stage::Define => {}
        }
        if closed.is_some() {
            *state = State { loaded, verified };
        }
        let share = (u128::from(loaded + verified) * 1000).checked_div(2 * u128::from(self.total));
        self.progress.send_modify(|progress| {
            progress.current = namespace.to_owned();
            progress.documents = i64::try_from(loaded).unwrap_or(i64::MAX);
            progress.permille = Some(share.and_then(|share| i32::try_from(share).ok()).unwrap_or(1000).min(1000));
            if let (Stage::Verify, Some(bytes)) = (stage, closed) {
                progress.done += 1;
                progress.bytes += i64::try_from(bytes).unwrap_or(0);
            }
        });
    }
}

impl Told for Watching<'_> {
    fn report(&self, event: &Event<'_>) {
        match *event {
            Event::Running { stage, namespace, documents, .. } => self.tell(stage, namespace, documents, None),
            Event::Done { stage, namespace, documents, bytes } => self.tell(stage, namespace, documents, Some(bytes)),
            _ => {}
        }
    }
}
