//! Mail and WhatsApp: typed templates, the outbox that is also the log, and the ways out.
//!
//! A letter is put in the outbox in the transaction of what it tells, drawn once and frozen with its key; one sender per
//! channel takes it from there. Nothing here sends anything that isn't in the log, and nothing is lost that is.
//!
//! Owns `email_logs`, `whatsapp_logs`, `email_suppressions`, `email_feedback` and `outbox_state`.

pub mod feedback;
mod model;
mod outbox;
pub mod pages;
mod send;
mod service;
mod settle;
mod state;
mod store;
mod suppression;
mod template;
pub mod templates;
mod transport;
mod watch;
pub mod whatsapp;

pub use model::{Channel, Delivery, Row, Status};
pub use outbox::{known_in, queue, queue_all_in, queue_in};
pub use send::SendOutbox;
pub use suppression::{Suppression, Why};
pub use template::{Letter, Parts, SenderType, Template};
pub use transport::Post;
pub use watch::{Backlog, WatchOutbox, backlog};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 5] = [
    model::OUTBOXES[0],
    model::OUTBOXES[1],
    Declared::of::<Suppression>(),
    Declared::of::<feedback::Waiting>(),
    Declared::of::<state::State>(),
];
