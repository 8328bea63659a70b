//! The pages of `/admin/backups`.
