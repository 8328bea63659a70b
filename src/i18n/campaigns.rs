//! Words about campaigns as staff runs them.
