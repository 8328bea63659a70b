//! Deliverables, against the real database.
