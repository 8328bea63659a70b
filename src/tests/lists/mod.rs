//! Lists, against the real database.
