//! Settings of the platform: one document, saved field by field.
