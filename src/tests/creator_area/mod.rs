//! Creator area, against the real database.
