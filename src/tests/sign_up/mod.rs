//! Sign up, against the real database.
