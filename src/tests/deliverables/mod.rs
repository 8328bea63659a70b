//! Deliverables, against the real database.

mod addresses;
mod resets;
mod reviews;
