//! Public pages. They hold no data, need no session and load no wasm.

mod home;

pub use home::home;
