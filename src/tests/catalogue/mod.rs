//! Catalogue, against the real database.
