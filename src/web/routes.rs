//! The one route table: method, path, what it asks of the caller, handler.
//!
//! A route can't be added without its [`Access`]: there is no other way in. Server functions of islands stand here too, by
//! their public path, and a test compares both lists with what is really registered.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use http::Method;

use super::{guard, health};
use crate::app::App;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Access;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The method.
    pub method: Method,
    /// The path, with axum's placeholders.
    pub path: &'static str,
    /// What it asks of the caller.
    pub access: Access,
}

/// The table while it is written.
#[derive(Default)]
pub struct Table {
    declared: Vec<Declared>,
    router: Router<Arc<App>>,
}

impl Table {
    fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::GET, path, access, axum::routing::get(handler))
    }

    fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::POST, path, access, axum::routing::post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, handler: MethodRouter<Arc<App>>) -> Self {
        self.declared.push(Declared { method, path, access });
        let guarded =
            handler.route_layer(from_fn(move |ctx: Ctx, request, next| guard::access(access, ctx, request, next)));
        self.router = self.router.route(path, guarded);
        self
    }
}

/// Every route of the platform.
pub fn table() -> Table {
    Table::default().get("/health", Access::Public, health::health).get("/ready", Access::Public, health::ready)
}

/// What the table declares, for the tests that compare it with the world.
pub fn declared() -> Vec<Declared> {
    table().declared
}

/// The table as a router; anything else is a 404 page.
pub fn router(_app: &Arc<App>) -> Router<Arc<App>> {
    table().router.fallback(async |_: Ctx| Failure::Refused(AppError::NotFound))
}
