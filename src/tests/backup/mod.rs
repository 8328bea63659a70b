//! Backups: taken, sealed, stored, proven, restored, compared.

mod container;
mod diff;
mod keys;
mod pages;
mod restore;
mod retention;
mod run;
mod sample;
mod stores;
mod take;
mod verify;
