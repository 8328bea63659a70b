//! Files at outside services: how they are asked, how often, and what their answers mean.
//!
//! Knows accounts, not capabilities: who keeps what there, and under which name, is the caller's business.

pub mod cloudinary;
pub mod patience;
