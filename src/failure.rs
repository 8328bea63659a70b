//! The two kinds of failure and their one way out.
//!
//! A service returns `Result<_, Failure>`: either we *refused* (part of the product, typed) or something *broke*. A handler
//! passes it on; turning it into a response only parks it in the response's extensions. The outermost layer
//! (`web::answer`) logs a fault once, with its chain of causes and the request's reference, and draws the error page: no
//! other place logs it, and no driver text ever reaches a browser.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::db::{DriverError, Lost};
use crate::error::{AppError, FieldProblem};

/// Why a request wasn't served.
#[derive(Clone, Debug)]
pub enum Failure {
    /// We said no.
    Refused(AppError),
    /// Something broke.
    Fault(Arc<anyhow::Error>),
}

impl Failure {
    /// A refusal naming one bad field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Refused(AppError::Invalid(vec![FieldProblem::new(field, message)]))
    }

    /// What the person is told; a fault is told by its reference, or as "the database can't be reached" when that is why.
    pub fn told(&self, reference: &str) -> AppError {
        match self {
            Self::Refused(error) => error.clone(),
            Self::Fault(fault) if Self::is_unavailable(fault) => AppError::Unavailable,
            Self::Fault(_) => AppError::Internal { reference: reference.into() },
        }
    }

    /// Whether the fault's chain of causes holds a driver error that says the database can't be reached.
    pub fn is_unavailable(fault: &anyhow::Error) -> bool {
        let causes = fault.chain().filter_map(|cause| cause.downcast_ref::<mongodb::error::Error>());
        causes.into_iter().any(crate::db::Db::is_unavailable)
    }
}

impl DriverError for Failure {
    fn driver_error(&self) -> Option<&mongodb::error::Error> {
        match self {
            Self::Refused(_) => None,
            Self::Fault(fault) => fault.driver_error(),
        }
    }

    fn is_lost(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::Fault(fault) => fault.is_lost(),
        }
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        Self::Fault(Arc::new(lost.into()))
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::Refused(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(Arc::new(error))
    }
}

impl From<mongodb::error::Error> for Failure {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Fault(Arc::new(error.into()))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.told("").status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
