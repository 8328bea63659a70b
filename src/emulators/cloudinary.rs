//! The twin of Cloudinary: takes signed uploads as strictly as the real one, keeps them on the disk, and gives private
//! files to nobody without a signature.
//!
//! What it keeps outlives the process and is shared by all processes of one data directory: a demonstration's backups are
//! there for `canje backup list` too, which runs twins of its own. It sends no notifications, and of transformations it
//! knows only how they are signed.

mod admin;
mod chunks;
mod delivery;
mod pages;
mod plan;
mod shelf;
mod sign;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, body::Body};
use http::{StatusCode, header};
use serde_json::json;

pub use pages::pages;
pub use plan::Plan;
pub use shelf::{Asset, Shelf};
pub use sign::{delivery_signature, string_to_sign};

use super::Twins;

/// The account's name in a demonstration.
pub const CLOUD: &str = "canje-demo";
/// Its key.
pub const API_KEY: &str = "100000000000001";

/// One request may not carry more, whatever the plan; a little is for the form around the file.
const REQUEST_BYTES: usize = 100_000_000 + 64 * 1024;

/// The account: what it keeps and what it may.
pub struct Cloud {
    /// Its files.
    pub shelf: Shelf,
    /// Limits of the plan, and what of them is used up.
    pub plan: plan::Meter,
    chunks: chunks::Chunks,
}

impl Cloud {
    /// The account whose files lie in `folder`, or in one that ends with the twin.
    pub fn open(folder: Option<&std::path::Path>) -> std::io::Result<Self> {
        Ok(Self { shelf: Shelf::open(folder)?, plan: plan::Meter::default(), chunks: chunks::Chunks::default() })
    }
}

/// Cloudinary's own addresses: those of its API, and `/res` for those of its delivery network.
pub fn router(twins: Twins) -> Router {
    Router::new()
        .route("/v1_1/{cloud}/{resource}/upload", post(upload::upload))
        .route("/v1_1/{cloud}/{resource}/destroy", post(upload::destroy))
        .route("/v1_1/{cloud}/{resource}/rename", post(upload::rename))
        .route("/v1_1/{cloud}/{resource}/download", get(delivery::download))
        .route("/v1_1/{cloud}/resources/{resource}", get(admin::list_or_one))
        .route("/v1_1/{cloud}/resources/{resource}/{type}", get(admin::list))
        .route("/v1_1/{cloud}/resources/{resource}/{type}/{*public_id}", get(admin::one))
        .route("/v1_1/{cloud}/usage", get(admin::usage))
        .route("/v1_1/{cloud}/usage/{date}", get(admin::usage))
        .route("/v1_1/{cloud}/ping", get(admin::ping))
        .route("/res/{cloud}/{resource}/{type}/{*rest}", get(delivery::deliver))
        .fallback(async || Problem::new(404, "Not found").into_response())
        .layer(DefaultBodyLimit::max(REQUEST_BYTES))
        .with_state(twins)
}

/// A refusal as the API words it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    status: u16,
    message: String,
}

impl Problem {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    fn missing(public_id: &str) -> Self {
        Self::new(404, format!("Resource not found - {public_id}"))
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::new(500, format!("the twin's disk: {error}"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "error": { "message": self.message } }))).into_response()
    }
}

/// A file's bytes as they are served.
fn file(asset: &Asset, bytes: Vec<u8>) -> Response {
    let kind = match asset.format.as_deref() {
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind)], Body::from(bytes)).into_response()
}
