//! The words of the local twins of outside services.
