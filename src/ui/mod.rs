//! The design system: one component per file, its styles in the twin file `style/components/<name>.css`.
//!
//! Components render plain HTML and hold no state, so they work in server pages and inside islands alike. They know
//! no capability, no database and no request: what they show arrives as plain data, and words arrive as props (the few
//! words a component always needs come from [`crate::i18n::ui`]).
//!
//! Invariants
//! - No `style` attribute and no inline script anywhere: the content security policy refuses both. Widths and states
//!   are attributes (`data-status`, `aria-current`, `<progress value>`), behaviour is attached by `public/js/ui.js`
//!   through `data-*` attributes, and everything still works when that script never arrives.
//! - Every interactive element takes a `testid`.
//! - Gold means one of three things: the primary action, the current place, or the focus ring.

mod badge;
mod banner;
mod breadcrumb;
mod button;
mod checkbox;
mod date_field;
mod deadline_chip;
mod dialog;
mod empty_state;
mod error_state;
mod fact_list;
mod field;
mod filter_chips;
mod flash;
mod icon;
mod json_tree;
mod menu;
mod page_head;
mod pager;
mod palette;
mod progress;
mod select;
mod skeleton;
mod sparkline;
mod stat_tile;
mod table;
mod tabs;
mod text;
mod tooltip;

#[cfg(feature = "ssr")]
mod bell;
#[cfg(feature = "ssr")]
mod text_area;

#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod layouts;

pub use badge::*;
pub use banner::*;
#[cfg(feature = "ssr")]
pub use bell::*;
pub use breadcrumb::*;
pub use button::*;
pub use checkbox::*;
pub use date_field::*;
pub use deadline_chip::*;
pub use dialog::*;
pub use empty_state::*;
pub use error_state::*;
pub use fact_list::*;
pub use field::*;
pub use filter_chips::*;
pub use flash::*;
pub use icon::*;
pub use json_tree::*;
pub use menu::*;
pub use page_head::*;
pub use pager::*;
pub use palette::*;
pub use progress::*;
pub use select::*;
pub use skeleton::*;
pub use sparkline::*;
pub use stat_tile::*;
pub use table::*;
pub use tabs::*;
pub use text::*;
#[cfg(feature = "ssr")]
pub use text_area::*;
pub use tooltip::*;
