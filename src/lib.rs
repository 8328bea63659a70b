//! Canje.
