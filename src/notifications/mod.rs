//! The notification centre: what happened, who has to know, by which way, and whether somebody took care of it.

pub mod event;
pub mod feed;
pub mod hub;
mod service;
pub mod stream;

pub use event::Event;
pub use service::{publish, publish_in};
