//! The control: what makes a twin fail from outside, and what lists what arrived.
//!
//! - `POST /_control/{service}/faults` with an instruction as JSON; `DELETE` lets the service work again.
//! - `GET /_control/arrivals`: the newest requests, as JSON.
//!
//! Only JSON is taken, so that no page of another site can post here with a plain form.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;

use super::faults::Asked;
use super::{Arrival, Service, Twins};

/// The control's addresses.
pub fn router(twins: Twins) -> Router {
    Router::new()
        .route("/_control/{service}/faults", post(fail).delete(work))
        .route("/_control/arrivals", get(arrivals))
        .with_state(twins)
}

async fn fail(State(twins): State<Twins>, Path(service): Path<String>, Json(asked): Json<Asked>) -> Response {
    let Some(service) = Service::parse(&service) else { return StatusCode::NOT_FOUND.into_response() };
    match asked.read() {
        Ok(fault) => {
            twins.faults.add(service, fault);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(problem) => (StatusCode::BAD_REQUEST, problem).into_response(),
    }
}

async fn work(State(twins): State<Twins>, Path(service): Path<String>) -> StatusCode {
    let Some(service) = Service::parse(&service) else { return StatusCode::NOT_FOUND };
    twins.faults.clear(service);
    StatusCode::NO_CONTENT
}

async fn arrivals(State(twins): State<Twins>) -> Json<Vec<Arrival>> {
    Json(twins.arrivals.all())
}
