//! Words about uploads.
