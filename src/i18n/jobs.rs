//! The words of background work.
