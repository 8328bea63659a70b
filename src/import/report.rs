//! What an import says at its end, to people and to programs.

use serde::Serialize;

/// The answer of a verified import. `ok` is true only when every document and definition was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Always true: a failed run has no report but a [`Failure`](super::Failure).
    pub ok: bool,
    /// Everything that was imported, in the order of the dump.
    pub collections: Vec<Imported>,
    /// Everything that was not, with the reason.
    pub skipped: Vec<Skipped>,
}

/// One namespace on the server, equal to the dump's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Name of the database on the server.
    pub database: String,
    /// Name of the collection.
    pub name: String,
    /// `collection`, `view` or `timeseries`.
    pub kind: &'static str,
    /// Documents counted in the dump and again on the server.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// `H_set` of both, in hexadecimal digits.
    pub h_set: String,
}

/// One namespace of the dump that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// As the dump names it.
    pub namespace: String,
    /// Why.
    pub reason: String,
}
