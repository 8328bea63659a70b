//! Canje.

#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod dump;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod import;
