//! Words about terms and their acceptance.
