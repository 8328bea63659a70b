//! The rules for campaigns and everything around them.
//!
//! Their rows refer to each other in all directions: an application's deadlines stand on its delivery, a creator's level
//! follows from deliveries, metrics and ratings. So each rule sees all of them at once, as a [`world::World`] built from
//! whole collections that are read once per run, and makes the documents of its own.

mod applications;
mod brands;
mod campaigns;
mod creators;
mod deliverables;
mod keys;
mod lists;
mod made;
mod metrics;
mod notices;
mod people;
mod pictures;
mod ratings;
mod row;
mod terms;
mod world;

pub use applications::Applications;
pub use brands::Brands;
pub use campaigns::Campaigns;
pub use creators::Creators;
pub use deliverables::Deliverables;
pub use metrics::Statistics;
pub use notices::{OLDER as OLDER_NOTICES, OWN as NOTICES};
pub use ratings::{EMBEDDED as EMBEDDED_RATINGS, OLDER as REVIEWS, OWN as RATINGS};
pub use terms::Acceptances;
