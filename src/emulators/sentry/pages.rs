//! What the twin of Sentry received, for people.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use leptos::prelude::*;

use super::hook;
use crate::emulators::{Twins, page};
use crate::i18n::{emulators as words, format};

/// The pages.
pub fn pages(twins: Twins) -> Router {
    Router::new().route("/", get(list)).route("/{event_id}", get(show)).with_state(twins)
}

async fn list(State(twins): State<Twins>) -> Response {
    let items = twins.sentry.items();
    let check_ins = twins.sentry.check_ins();
    let rows = items
        .into_iter()
        .rev()
        .map(|(at, item)| {
            let is_event = item.kind == "event";
            let title = if is_event { hook::title(&item.payload) } else { words::bytes(item.bytes) };
            let id = item.payload["event_id"].as_str().unwrap_or_default().to_owned();
            let what = if is_event {
                view! { <a href=format!("/paginas/sentry/{id}")>{title}</a> }.into_any()
            } else {
                title.into_any()
            };
            view! { <tr><td>{page::moment(at)}</td><td>{item.kind}</td><td>{what}</td></tr> }
        })
        .collect_view();
    let schedules = check_ins
        .into_values()
        .map(|check_in| {
            let state = check_in.ended.clone().unwrap_or_else(|| "in_progress".into());
            let oddity = check_in.oddity().unwrap_or_default();
            view! { <tr><td>{check_in.slug}</td><td>{state}</td><td>{oddity}</td></tr> }
        })
        .collect_view();
    page::document(
        "Sentry",
        view! {
            <h2>{words::RECEIVED}</h2>
            <table data-testid="sentry-items">
                <thead><tr><th>{words::WHEN}</th><th>{words::KIND}</th><th>{words::WHAT}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <h2>{words::CHECK_INS}</h2>
            <table data-testid="sentry-check-ins">
                <thead><tr><th>{words::MONITOR}</th><th>{words::STATE}</th><th>{words::ODD}</th></tr></thead>
                <tbody>{schedules}</tbody>
            </table>
        },
    )
    .into_response()
}

async fn show(State(twins): State<Twins>, Path(event_id): Path<String>) -> Response {
    let found = twins.sentry.items().into_iter().find(|(_, item)| item.payload["event_id"] == event_id.as_str());
    let Some((at, item)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let json = serde_json::to_string_pretty(&item.payload).unwrap_or_default();
    let title = hook::title(&item.payload);
    page::document(
        "Sentry",
        view! {
            <h2>{title}</h2>
            <p>{format::exact(at)}</p>
            <pre data-testid="sentry-event">{json}</pre>
        },
    )
    .into_response()
}
