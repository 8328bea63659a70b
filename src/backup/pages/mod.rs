//! The pages of `/admin/backups`: list, proof, live progress, download, verification of files, keys, retention.
//!
//! A handler makes one service call and draws. Nothing here loads a private key: what needs one is
//! given to a job, and the pages show what the job wrote down.

pub mod list;
