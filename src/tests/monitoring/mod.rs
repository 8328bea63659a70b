//! Error monitoring and health.
