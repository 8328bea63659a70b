//! Terms and their acceptance: documents, immutable versions, and the proof of who accepted which.
//!
//! Owns `terms_documents`, `terms_versions` and `terms_acceptances`. An acceptance always refers to the version the server
//! showed.

pub mod model;

pub use model::{Acceptance, TermsDocument, TermsVersion};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 3] =
    [Declared::of::<TermsDocument>(), Declared::of::<TermsVersion>(), Declared::of::<Acceptance>()];
