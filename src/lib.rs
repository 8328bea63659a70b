//! Canje.

pub mod error;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod inspect;
pub mod values;
