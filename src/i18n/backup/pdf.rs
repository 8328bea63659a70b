//! Words of this part of backups: pdf.
