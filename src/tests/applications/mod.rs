//! Applications, against the real database.
