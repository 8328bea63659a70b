//! The outbox and its letters.
