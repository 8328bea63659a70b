//! Deliveries from outside.
