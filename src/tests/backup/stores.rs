//! Stores: every kind keeps the same promises, and each one's own troubles have their answers.

mod bucket;
mod cloudinary;
mod folder;
mod promises;
mod s3;
