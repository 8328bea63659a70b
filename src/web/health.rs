//! What a watchdog asks: is the process alive, and can it do its work.

use axum::response::{IntoResponse, Response};
use bson::doc;

use crate::ctx::Ctx;
use crate::failure::Failure;

/// `GET /health`: the process answers; nothing else is asked.
pub async fn health() -> &'static str {
    "ok"
}

/// `GET /ready`: the database answers; 503 otherwise.
pub async fn ready(ctx: Ctx) -> Result<Response, Failure> {
    ctx.app.db.live.run_command(doc! { "ping": 1 }).await?;
    Ok("ready".into_response())
}
