//! One list for every screen of the back office that shows many: search, filters, order, paging by key, columns, density,
//! and views a person saves under a name.
//!
//! The state of a list is its address, so it can be sent to somebody, kept, and gone back to. A screen brings its
//! [`Spec`] (columns and orders), reads its own typed filter from what was [`Asked`], and draws its cells; everything else
//! is here. Owns `saved_views`.

mod asked;
mod draw;
pub mod forms;
pub mod model;
mod spec;
pub mod views;

pub use asked::{Asked, List};
pub use draw::{Drawn, RowView, draw};
pub use model::{ListName, SavedView};
pub use spec::{Column, Sort, Spec};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<SavedView>()];
