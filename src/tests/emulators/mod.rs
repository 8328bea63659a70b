//! The local twins keep the contracts they stand for.
