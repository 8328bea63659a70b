//! Parsed values shared by every capability: once one of these exists, it is valid.

#[cfg(feature = "ssr")]
mod category;
#[cfg(feature = "ssr")]
mod cities;
#[cfg(feature = "ssr")]
mod fold;
mod formula;
#[cfg(feature = "ssr")]
mod ids;
#[cfg(feature = "ssr")]
mod local_date;
#[cfg(feature = "ssr")]
pub(crate) mod names;
#[cfg(feature = "ssr")]
mod newlines;
mod permission;
mod phone;
#[cfg(feature = "ssr")]
mod social;
#[cfg(feature = "ssr")]
mod whatsapp;

#[cfg(feature = "ssr")]
pub use category::{Category, Country};
#[cfg(feature = "ssr")]
pub use cities::cities;
#[cfg(feature = "ssr")]
pub use fold::fold;
pub use formula::looks_like_formula;
#[cfg(feature = "ssr")]
pub use ids::{ApplicationId, BrandId, CampaignId, CreatorId, DeliverableId};
#[cfg(feature = "ssr")]
pub use local_date::LocalDate;
#[cfg(feature = "ssr")]
pub use newlines::newlines;
pub use permission::{Access, Capability, Role};
pub use phone::{Phone, PhoneKind};
#[cfg(feature = "ssr")]
pub use social::Platform;
#[cfg(feature = "ssr")]
pub use whatsapp::whatsapp_link;
