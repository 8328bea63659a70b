//! Words of this part of backups: checks.
