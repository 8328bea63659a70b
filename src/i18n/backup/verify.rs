//! Words of this part of backups: verify.
