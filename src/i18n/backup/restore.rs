//! Words of this part of backups: restore.
