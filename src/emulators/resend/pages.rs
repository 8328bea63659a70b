//! The inbox: what would have left this machine, for people.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use leptos::prelude::*;

use super::mailbox::Message;
use crate::emulators::{Twins, page};
use crate::i18n::emulators as words;

/// The pages.
pub fn pages(twins: Twins) -> Router {
    Router::new().route("/", get(list)).route("/{id}", get(show)).route("/{id}/html", get(html)).with_state(twins)
}

async fn list(State(twins): State<Twins>) -> Response {
    let messages = twins.resend.messages();
    let body = if messages.is_empty() {
        view! { <p class="muted" data-testid="inbox-empty">{words::NO_MAIL}</p> }.into_any()
    } else {
        let rows = messages.into_iter().rev().map(row).collect_view();
        view! {
            <div class="scroll">
                <table data-testid="inbox">
                    <thead>
                        <tr>
                            <th>{words::WHEN}</th>
                            <th>{words::MAIL_TO}</th>
                            <th>{words::MAIL_SUBJECT}</th>
                            <th>{words::MAIL_TOLD}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    page::document(
        "Resend",
        view! {
            <h2>{words::INBOX}</h2>
            {body}
            <h2>{words::MAIL_TRIGGERS}</h2>
            <p>{words::MAIL_TRIGGERS_HOW}</p>
        },
    )
    .into_response()
}

fn row(message: Message) -> impl IntoView {
    let told = told(&message);
    view! {
        <tr>
            <td>{page::moment(message.at)}</td>
            <td>{message.to.join(", ")}</td>
            <td><a href=format!("/paginas/resend/{}", message.id)>{message.subject}</a></td>
            <td>{told}</td>
        </tr>
    }
}

fn told(message: &Message) -> String {
    let told = message.told.iter().map(|(kind, status)| match status {
        Some(status) => format!("{kind} ({status})"),
        None => format!("{kind} (—)"),
    });
    told.collect::<Vec<_>>().join(", ")
}

async fn show(State(twins): State<Twins>, Path(id): Path<String>) -> Response {
    let Some(message) = twins.resend.messages().into_iter().find(|message| message.id == id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let told = told(&message);
    let headers = message.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    let frame = format!("/paginas/resend/{id}/html");
    page::document(
        "Resend",
        view! {
            <h2>{message.subject}</h2>
            <p>{message.from} " → " {message.to.join(", ")} " · " {page::moment(message.at)}</p>
            <p>{told}</p>
            <iframe src=frame title=words::MAIL_HTML sandbox="" width="100%" height="480" data-testid="inbox-html"></iframe>
            <h2>{words::MAIL_TEXT}</h2>
            <pre data-testid="inbox-text">{message.text}</pre>
            <h2>{words::MAIL_HEADERS}</h2>
            <pre>{headers}</pre>
        },
    )
    .into_response()
}

/// The HTML by itself; it can do nothing but be looked at.
async fn html(State(twins): State<Twins>, Path(id): Path<String>) -> Response {
    let Some(message) = twins.resend.messages().into_iter().find(|message| message.id == id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(message.html)).into_response()
}
