//! Creators, against the real database.
