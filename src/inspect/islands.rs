//! The inspector's moving parts: only what a page load would make worse.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server_fns::{Progress, export_progress};

/// How far an export is, asked once a second until it has ended. Without script the page's refresh link does the same.
#[island]
pub fn ExportProgress(id: String, label: String, first: Progress) -> impl IntoView {
    let progress = RwSignal::new(first);
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let is_asking = StoredValue::new(false);
    Effect::new(move || {
        let id = id.clone();
        let ask = move || {
            if is_asking.get_value() {
                return;
            }
            is_asking.set_value(true);
            let id = id.clone();
            spawn_local(async move {
                if let Ok(now) = export_progress(id).await {
                    let finished = now.finished;
                    progress.set(now);
                    if finished {
                        stop();
                        // The page's facts and actions are the waiting export's: fetch the finished one's.
                        let _ = window().location().set_search("");
                    }
                }
                is_asking.set_value(false);
            });
        };
        timer.set_value(set_interval_with_handle(ask, Duration::from_secs(1)).ok());
    });
    on_cleanup(stop);
    view! {
        <div class="progress" data-testid="export-progress" data-finished=move || progress.with(|now| now.finished.to_string())>
            <p>
                <span>{label.clone()}</span>
                <span class="progress-detail" role="status">{move || progress.with(|now| now.detail.clone())}</span>
            </p>
            <progress
                aria-label=label
                value=move || progress.with(|now| (now.total > 0 || now.finished).then(|| now.done.to_string()))
                max=move || progress.with(|now| now.total.max(now.done).max(1).to_string())
            ></progress>
        </div>
    }
}
