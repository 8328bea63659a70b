//! The words of error monitoring and health.
