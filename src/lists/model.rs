//! A saved view as stored.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;

names! {
    /// A list that has saved views.
    ListName {
        /// The campaign manager.
        Campaigns = "campaigns",
        /// The applications of a campaign; a view serves all campaigns.
        Applications = "applications",
        /// The creators.
        Creators = "creators",
        /// All deliveries.
        Deliveries = "deliveries",
    }
}

/// A document of `saved_views`: a person's own name for a state of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedView {
    /// The public id.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// Of which list.
    pub list: ListName,
    /// As its owner calls it.
    pub name: String,
    /// The list's state as it stands in an address, without its place.
    pub query: String,
    /// When it was saved.
    pub created_at: DateTime,
}

impl Stored for SavedView {
    const COLLECTION: &'static str = "saved_views";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("of_person", &[("user_id", Ascending), ("list", Ascending), ("created_at", Ascending)]),
    ];
}
