//! Words of this part of backups: diff.
