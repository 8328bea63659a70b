//! Accounts: who has one, signing in and out, sessions, and `canje users`.
//!
//! The account itself (`users`) may be adopted from the legacy system and is then left exactly as adopted; whatever signing
//! in changes lives beside it, in `sign_ins`, `sessions` and `rate_limits`.
//!
//! Invariants:
//! - a refusal says nothing about whether an account exists, neither by its words nor by how long it takes;
//! - no web path makes a superadmin; the first one is made from the command line;
//! - there is always at least one superadmin once there was one;
//! - hashes and secrets are [`secret::Sealed`] and have no readable form.
//!
//! - a link that proves something is good once and for a short time, and the database can't tell what it was.
//!
//! Uses `audit`, `mail` and `terms`, and asks `adopt` whether accounts may be changed here; nothing else of ours.

mod command;
mod confirm;
mod device;
pub mod forms;
pub mod limits;
pub mod model;
pub mod next;
pub mod pages;
pub mod passwords;
pub mod policy;
pub mod recovery;
mod recovery_pages;
pub mod registration;
mod registration_pages;
pub mod roster;
pub mod secret;
pub mod service;
pub mod sessions;
mod store;
pub mod tokens;
pub mod verification;
mod verification_pages;

pub use command::{UsersArgs, create, list, run_command, set_role};
pub use confirm::confirm_password;

/// The pages and forms of making an account, proving its address and choosing a new password.
pub mod joining {
    pub use super::recovery_pages::{ask, ask_form, reset, reset_form};
    pub use super::registration_pages::{form, register};
    pub use super::verification_pages::{banner, confirm, confirm_form, resend};
}

use crate::db::Declared;

/// The collections kept here.
pub const COLLECTIONS: [Declared; 5] = [
    Declared::of::<model::User>(),
    Declared::of::<model::SignIn>(),
    Declared::of::<sessions::Session>(),
    Declared::of::<limits::Limit>(),
    Declared::of::<tokens::AuthToken>(),
];
