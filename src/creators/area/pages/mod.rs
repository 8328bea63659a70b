//! A creator's own pages.

mod applications;
mod dashboard;
mod rows;
mod work;

pub use applications::{cancel, cancelling, list as applications, withdraw, withdrawing};
pub use dashboard::show as dashboard;
pub use work::{old_applications, old_deliveries, show as work};

/// The first page.
pub const DASHBOARD: &str = "/ugc/creator/dashboard";
/// Applications and deliveries.
pub const WORK: &str = "/ugc/creator/my-work";
/// Applications alone, with what can be done about them.
pub const APPLICATIONS: &str = "/ugc/creator/applications";

use crate::values::DeliverableId;

/// A delivery's page.
pub fn delivery_address(id: &DeliverableId) -> String {
    format!("/ugc/creator/deliverable/{id}")
}
