//! The words of deliveries from outside.
