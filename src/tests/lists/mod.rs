//! Lists, against the real database.

mod keyset;
mod views;
