//! Which campaigns the manager shows, as typed parts of its address and as a query.

use std::collections::BTreeSet;

use bson::{Bson, Document, doc};
use jiff::Timestamp;

use super::store::Overview;
use crate::campaigns::model::CampaignStatus;
use crate::db::keyset::literal;
use crate::error::AppError;
use crate::lists::Asked;
use crate::values::{BrandId, CampaignId, LocalDate, fold};

/// A state a campaign is in or is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A stored one.
    Stored(CampaignStatus),
    /// *Vencida*: its contract is over, and it is neither completed nor cancelled.
    Expired,
}

impl State {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored(status) => status.as_str(),
            Self::Expired => "vencida",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "vencida" => Some(Self::Expired),
            name => CampaignStatus::parse(name).map(Self::Stored),
        }
    }
}

/// What narrows the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One state.
    pub state: Option<State>,
    /// One brand.
    pub brand: Option<BrandId>,
    /// With applications nobody answered.
    pub is_pending: bool,
    /// With deliveries past their deadline.
    pub is_late: bool,
}

impl Filter {
    /// From an address.
    pub fn read(asked: &Asked) -> Result<Self, AppError> {
        Ok(Self {
            state: asked.one_of("estado", State::parse)?,
            brand: asked.get("marca").map(BrandId::of),
            is_pending: asked.is_on("pendientes"),
            is_late: asked.is_on("atrasos"),
        })
    }

    /// As it stands in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.state.map(|state| ("estado", state.name().to_owned())));
        pairs.extend(self.brand.as_ref().map(|brand| ("marca", brand.to_string())));
        pairs.extend(self.is_pending.then(|| ("pendientes", "1".to_owned())));
        pairs.extend(self.is_late.then(|| ("atrasos", "1".to_owned())));
        pairs
    }

    /// As a query; `overview` has the campaigns that need somebody, which are few.
    pub fn query(&self, q: Option<&str>, now: Timestamp, overview: &Overview) -> Document {
        let mut parts = Vec::new();
        match self.state {
            Some(State::Stored(status)) => parts.push(doc! { "status": status }),
            Some(State::Expired) => parts.push(expired(LocalDate::of(now))),
            None => {}
        }
        parts.extend(self.brand.as_ref().map(|brand| doc! { "brand_id": brand }));
        let these = |ids: &BTreeSet<CampaignId>| {
            let ids: Vec<Bson> = ids.iter().cloned().map(Bson::from).collect();
            doc! { "id": { "$in": ids } }
        };
        parts.extend(self.is_pending.then(|| these(&overview.pending)));
        parts.extend(self.is_late.then(|| these(&overview.late)));
        parts.extend(q.map(|q| doc! { "search": { "$regex": literal(&fold(q)) } }));
        match parts.len() {
            0 => Document::new(),
            1 => parts.remove(0),
            _ => doc! { "$and": parts },
        }
    }
}

fn expired(today: LocalDate) -> Document {
    let over = [CampaignStatus::Completed, CampaignStatus::Cancelled].map(CampaignStatus::as_str).to_vec();
    doc! { "contract.end_date": { "$gt": "", "$lte": today }, "status": { "$nin": over } }
}
