//! Invariants, against the real database.
