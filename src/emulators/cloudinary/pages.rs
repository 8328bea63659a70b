//! What the account keeps, for people: descriptions, never the bytes.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use leptos::prelude::*;

use super::shelf::Asset;
use crate::emulators::{Twins, page};
use crate::i18n::{emulators as words, format};

/// Rows of the list.
const SHOWN: usize = 200;

/// The pages.
pub fn pages(twins: Twins) -> Router {
    Router::new().route("/", get(list)).with_state(twins)
}

async fn list(State(twins): State<Twins>) -> Response {
    let mut all = match twins.cloudinary.shelf.all() {
        Ok(all) => all,
        Err(error) => {
            tracing::warn!("the twin of Cloudinary can't read its folder: {error}");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let summary = words::files_kept(all.len(), all.iter().map(|asset| asset.bytes).sum());
    all.sort_by(|left, right| (&right.created_at, &left.public_id).cmp(&(&left.created_at, &right.public_id)));
    let body = if all.is_empty() {
        view! { <p class="muted" data-testid="assets-empty">{words::NO_FILES}</p> }.into_any()
    } else {
        let rows = all.into_iter().take(SHOWN).map(row).collect_view();
        view! {
            <div class="scroll">
                <table data-testid="assets">
                    <thead>
                        <tr>
                            <th>{words::WHEN}</th>
                            <th>{words::FILE}</th>
                            <th>{words::FILE_KIND}</th>
                            <th>{words::FILE_SIZE}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    page::document("Cloudinary", view! { <h2>{words::FILES}</h2> <p>{summary}</p> {body} }).into_response()
}

fn row(asset: Asset) -> impl IntoView {
    let at = asset.created_at.parse().ok().map(page::moment);
    view! {
        <tr>
            <td>{at}</td>
            <td><code>{asset.public_id}</code></td>
            <td>{asset.resource_type} " · " {asset.delivery}</td>
            <td>{format::size(asset.bytes)}</td>
        </tr>
    }
}
