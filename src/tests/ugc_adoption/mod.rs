//! Ugc adoption, against the real database.
