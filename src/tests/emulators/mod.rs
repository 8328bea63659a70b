//! The local twins: as strict as what they stand for, and failing when told to.

mod frame;
mod sentry;
