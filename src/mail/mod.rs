//! Mail: typed templates, the outbox that is also the log, and the transports.

pub mod feedback;
mod outbox;
mod template;

pub use outbox::{queue, queue_in};
pub use template::{Letter, Parts, SenderType, Template};
