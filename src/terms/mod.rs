//! Terms and their acceptance: documents, immutable versions, and the proof of who accepted which.
//!
//! Owns `terms_documents`, `terms_versions` and `terms_acceptances`. An acceptance always refers to the version the server
//! showed: a form carries the hash of what was on the page, which is compared and never stored.

mod markdown;
pub mod model;
pub mod pages;
mod seed;
pub mod service;

pub use model::{Acceptance, TermsDocument, TermsVersion};
pub use seed::seed;

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 3] =
    [Declared::of::<TermsDocument>(), Declared::of::<TermsVersion>(), Declared::of::<Acceptance>()];
