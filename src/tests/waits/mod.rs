//! Waits, against the real database.
