//! Canje.

#[cfg(feature = "ssr")]
pub mod db;
pub mod i18n;
