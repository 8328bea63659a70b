//! Words of this part of backups: retention.
