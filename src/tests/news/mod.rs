//! News, against the real database.
