//! Bounds checked before anything is allocated for them. A dump beyond one of them is refused, never guessed at.

/// Longest BSON document of the format and of the server.
pub const DOCUMENT_BYTES: usize = 16_777_216;
/// Most namespaces one dump may list.
pub const NAMESPACES: usize = 100_000;
/// Longest metadata text of one collection.
pub const METADATA_BYTES: usize = 8 * 1024 * 1024;
/// All metadata of a dump together.
pub const PRELUDE_BYTES: usize = 256 * 1024 * 1024;
/// Longest database name.
pub const DATABASE_NAME_BYTES: usize = 63;
/// Longest `database.collection`.
pub const NAMESPACE_BYTES: usize = 255;
