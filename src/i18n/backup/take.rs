//! Words of this part of backups: take.
