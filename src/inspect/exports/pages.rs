//! Pages of exports.
