//! Mail: typed templates, the outbox that is also the log, and the transports.

pub mod feedback;
mod outbox;
mod template;
pub mod templates;

pub use outbox::{queue, queue_in};
pub use template::{Letter, Parts, SenderType, Template};
