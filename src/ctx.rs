//! Who is asking, on behalf of what, with which handles: the first parameter of every service function.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::Timestamp;

use crate::app::App;
use crate::error::AppError;
use crate::failure::Failure;
use crate::ui::BellView;
use crate::values::{Capability, Role};
use crate::web::flash::Flash;

/// One request's context; cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// Long-lived handles.
    pub app: Arc<App>,
    /// Who acts.
    pub actor: Actor,
    /// Whether the request brought a session that is over, so that signing in again can say why.
    pub session_expired: bool,
    /// The request's reference, shown on error pages and written in every log line.
    pub request_id: Arc<str>,
    /// Where the request came from.
    pub client: Client,
    /// What an earlier request left for this page: a notice, or a refused form.
    pub flash: Arc<Flash>,
    /// The bell of the page that is asked for, when it is one.
    pub bell: Option<Arc<BellView>>,
    /// The request's path and query, for links that come back here.
    pub uri: http::Uri,
    /// The nonce of this response's content security policy.
    pub nonce: Arc<str>,
}

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody signed in.
    Guest,
    /// A signed-in person.
    Person(Person),
}

/// A signed-in person, as far as deciding needs.
#[derive(Clone, Debug)]
pub struct Person {
    /// `users.user_id`.
    pub user_id: String,
    /// The normalised address.
    pub email: String,
    /// The name as shown.
    pub name: String,
    /// The stored role.
    pub role: Role,
    /// Whether they have shown that the address is theirs.
    pub is_email_verified: bool,
    /// The session's public id (never the cookie's value).
    pub session_id: String,
    /// When the session ends if nothing more is asked of it.
    pub session_ends_at: Timestamp,
}

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct Client {
    /// The peer, or what a trusted proxy says of it.
    pub ip: IpAddr,
    /// At most 500 characters.
    pub user_agent: String,
}

impl Ctx {
    /// The signed-in person, or a refusal.
    pub fn person(&self) -> Result<&Person, AppError> {
        match &self.actor {
            Actor::Person(person) => Ok(person),
            Actor::Guest => Err(AppError::Unauthenticated),
        }
    }

    /// The role of whoever acts, if they are signed in.
    pub fn role(&self) -> Option<Role> {
        self.person().ok().map(|person| person.role)
    }

    /// Whether whoever acts holds the capability: for what a page offers. What a service does asks [`Ctx::require`].
    pub fn may(&self, capability: Capability) -> bool {
        self.role().is_some_and(|role| role.may(capability))
    }

    /// Refuses whoever doesn't hold the capability.
    pub fn require(&self, capability: Capability) -> Result<&Person, Failure> {
        let person = self.person()?;
        if person.role.may(capability) { Ok(person) } else { Err(AppError::Forbidden.into()) }
    }

    /// Now, by the application's clock.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| anyhow::anyhow!("a route is served outside the context layer").into())
    }
}
