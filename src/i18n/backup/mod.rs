//! Words of backups.

pub mod checks;
pub mod cli;
pub mod container;
pub mod diff;
pub mod diff_pages;
pub mod download;
pub mod key_page;
pub mod keys;
pub mod pages;
pub mod pdf;
pub mod proof;
pub mod restore;
pub mod retention;
pub mod retention_page;
pub mod run;
pub mod stores;
pub mod take;
pub mod told;
pub mod upload;
pub mod verify;
