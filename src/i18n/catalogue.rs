//! Words about the catalogue and applying.
