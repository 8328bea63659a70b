//! Files at outside services: how they are asked, how often, what their answers mean, and the register of what lies there.
//!
//! Owns `media_assets`. A picture is checked and cleaned ([`images::accept`]), stored ([`images::store`]), and becomes its
//! record's own in the transaction that writes the record ([`attach_in`]), which retires the one it replaces. There is no
//! second place to fall back to: what can't be stored there isn't stored.

pub mod cloudinary;
pub mod form;
pub mod images;
mod jobs;
mod model;
pub mod patience;
mod place;
mod register;
mod strip;

pub use jobs::DestroyOrphans;
pub use model::{AssetStatus, MediaAsset};
pub use place::{Media, Width, presented};
pub use register::{IMAGE_GONE, attach_in, detach_in};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<MediaAsset>()];
