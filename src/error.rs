//! Everything the platform may refuse, with stable codes. Both builds.
//!
//! A refusal is part of the product: typed, shown in the user's words (`i18n::errors`), never logged as a failure. What
//! *broke* is a [`Fault`](crate::failure::Failure::Fault) and reaches people only as a reference number.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// One bad field of a form: which one, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The form field's name.
    pub field: String,
    /// A sentence from the catalogue: what is wrong and how to put it right.
    pub message: String,
}

impl FieldProblem {
    /// A problem of `field`, said in the catalogue's words.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// A business rule that said no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The HTTP status: 403, 404, 409 or 422.
    pub status: u16,
    /// A stable code for programs and tests: `slots_taken`.
    pub code: String,
    /// The sentence from the catalogue: what is wrong and what to do.
    pub message: String,
}

/// A refusal. `code()` and `status()` are exhaustive: a new kind can't forget either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// No session.
    Unauthenticated,
    /// A session, but not the right one.
    Forbidden,
    /// It isn't there, or it isn't yours: the same answer.
    NotFound,
    /// The request came from another site.
    CrossOrigin,
    /// A request no page of ours makes: a broken address, a form without its fields.
    Malformed,
    /// Bad fields, all of them.
    Invalid(Vec<FieldProblem>),
    /// Someone changed it first, or it isn't in the needed state.
    Conflict,
    /// The live database is still a mirror of the legacy one and refuses other writes.
    Mirroring,
    /// A rule of the business says no, in words of its own.
    Rule(Rule),
    /// The body is larger than the route allows.
    TooLarge,
    /// Too many tries; seconds to wait.
    TooMany {
        /// Seconds until the next try may succeed.
        retry_after_seconds: u32,
    },
    /// The account is locked; minutes left.
    Locked {
        /// Minutes left.
        minutes: u32,
    },
    /// A query took longer than it may.
    TimedOut,
    /// The database can't be reached right now.
    Unavailable,
    /// Something broke; the reference finds it in the log.
    Internal {
        /// The request id.
        reference: String,
    },
}

impl AppError {
    /// A business rule that says no.
    pub fn rule(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::Rule(Rule { status, code: code.into(), message: message.into() })
    }

    /// A stable code for programs.
    pub fn code(&self) -> &str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::CrossOrigin => "cross_origin",
            Self::Malformed => "malformed",
            Self::Invalid(_) => "invalid",
            Self::Conflict => "conflict",
            Self::Mirroring => "mirroring",
            Self::Rule(rule) => &rule.code,
            Self::TooLarge => "too_large",
            Self::TooMany { .. } => "too_many",
            Self::Locked { .. } => "locked",
            Self::TimedOut => "timed_out",
            Self::Unavailable => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::CrossOrigin => 403,
            Self::NotFound => 404,
            Self::Malformed | Self::Invalid(_) => 400,
            Self::Conflict | Self::Mirroring => 409,
            Self::Rule(rule) => rule.status,
            Self::TooLarge => 413,
            Self::TooMany { .. } => 429,
            Self::Locked { .. } => 423,
            Self::TimedOut | Self::Unavailable => 503,
            Self::Internal { .. } => 500,
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unavailable,
            other => Self::Internal { reference: other.to_string() },
        }
    }
}
