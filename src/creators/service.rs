//! A person's own profile.

use axum::response::{IntoResponse, Redirect, Response};

use super::complete;
use super::model::Creator;
use super::store;
use crate::ctx::Ctx;
use crate::failure::Failure;

/// Where the onboarding is.
pub const ONBOARDING: &str = "/ugc/creator/onboarding";

/// The profile of whoever asks; none for guests and for people without one.
pub async fn own(ctx: &Ctx) -> Result<Option<Creator>, Failure> {
    match ctx.person() {
        Ok(person) => store::find_by_user(&ctx.app.db, &person.user_id).await,
        Err(_) => Ok(None),
    }
}

/// The way to the onboarding, which comes back to the page that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    to: String,
}

impl Detour {
    fn from(ctx: &Ctx) -> Self {
        let here = ctx.uri.path_and_query().map_or("/", |path| path.as_str());
        let query = serde_urlencoded::to_string([("next", here)]).unwrap_or_default();
        Self { to: format!("{ONBOARDING}?{query}") }
    }
}

impl IntoResponse for Detour {
    fn into_response(self) -> Response {
        Redirect::to(&self.to).into_response()
    }
}

/// The complete profile of whoever asks, or the way to completing it: what every page of a creator's area begins with.
pub async fn require_complete(ctx: &Ctx) -> Result<Result<Creator, Detour>, Failure> {
    let creator = own(ctx).await?;
    Ok(creator.filter(|creator| complete::missing(creator).is_empty()).ok_or_else(|| Detour::from(ctx)))
}
