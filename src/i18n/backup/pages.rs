//! Words of this part of backups: pages.
