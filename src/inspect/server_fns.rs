//! What the inspector's islands ask for. Words come finished, so that islands hold none.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// «12.000 de 40.000 filas».
    pub detail: String,
    /// Rows so far.
    pub done: u64,
    /// Rows there are; zero while nobody knows.
    pub total: u64,
    /// Whether nothing more will happen.
    pub finished: bool,
}

/// How far a person's own export is.
#[server(prefix = "/api/inspect", endpoint = "export_progress")]
pub async fn export_progress(id: String) -> Result<Progress, AppError> {
    use super::exports::progress;
    use crate::ctx::Ctx;
    let ctx: Ctx = leptos_axum::extract().await.map_err(|_| AppError::Unauthenticated)?;
    progress(&ctx, &id).await
}
