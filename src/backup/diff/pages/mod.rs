//! `/admin/backups/comparar`: asking for a comparison, its result, one collection of it, the differences as a file.
//!
//! Everything shown was masked before it was stored; nothing here opens a backup.

mod collection;
mod export;
mod list;
mod result;

pub use collection::show as collection;
pub use export::export;
pub use list::{ask, list};
pub use result::{live, show};

use super::Kind;
use crate::inspect::places::part;

/// The form and the list.
pub const PATH: &str = "/admin/backups/comparar";
/// What isn't a page stands elsewhere, because any name may be a collection's.
const BESIDE: &str = "/admin/backups/comparaciones";

/// A comparison's page.
pub fn address(diff: &str) -> String {
    format!("{PATH}/{}", part(diff))
}

/// Something of a comparison that isn't a page.
fn beside(diff: &str, what: &str) -> String {
    format!("{BESIDE}/{}/{what}", part(diff))
}

/// A collection of a comparison, at a kind and after a document.
fn address_of(diff: &str, collection: &str, kind: Option<Kind>, after: i64) -> String {
    let mut address = format!("{}/{}", address(diff), part(collection));
    if let Some(kind) = kind {
        address.push_str(&format!("?kind={}", kind.as_str()));
        if after > 0 {
            address.push_str(&format!("&after={after}"));
        }
    }
    address
}
