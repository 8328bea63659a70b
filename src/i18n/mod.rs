//! The words. Spanish (es-PY, voseo) is the source; one file per capability, constants and functions, so that the
//! compiler checks every key and every argument.

pub mod number;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod site;
