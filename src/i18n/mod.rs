//! The words of the product, one file per capability, in the Spanish of Paraguay (voseo).

#[cfg(feature = "ssr")]
pub mod masks;
