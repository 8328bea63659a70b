//! The local twins: as strict as what they stand for, and failing when told to.

mod cloudinary;
mod frame;
mod sentry;
