//! Which applications the desk shows.

use bson::{Document, doc};

use crate::applications::model::ApplicationStatus;
use crate::creators::ranking;
use crate::db::keyset::{Key, Query, literal};
use crate::error::AppError;
use crate::lists::{Asked, List};
use crate::values::{CampaignId, fold};

/// Where the creator of a row stands while a page is looked for.
const PERSON: &str = "person";

/// What narrows the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One state.
    pub status: Option<ApplicationStatus>,
    /// Only people with a verified network.
    pub has_verified: bool,
}

impl Filter {
    /// From an address.
    pub fn read(asked: &Asked) -> Result<Self, AppError> {
        Ok(Self { status: asked.one_of("estado", ApplicationStatus::parse)?, has_verified: asked.is_on("verificadas") })
    }

    /// As it stands in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| ("estado", status.as_str().to_owned())));
        pairs.extend(self.has_verified.then(|| ("verificadas", "1".to_owned())));
        pairs
    }

    /// As a query. The people are joined only when something is asked of them.
    pub fn query(&self, campaign: &CampaignId, list: &List) -> Query {
        let mut filter = doc! { "campaign_id": campaign };
        if let Some(status) = self.status {
            filter.insert("status", status);
        }
        let mut query = Query::new(filter, list.order(), list.spec.rows);
        let by_person = list.order().iter().any(|key: &Key| key.field().starts_with(ranking::FIGURES));
        if !by_person && !self.has_verified && list.q().is_none() {
            return query;
        }
        for stage in ranking::joined(PERSON) {
            query = query.stage(stage);
        }
        let mut wanted: Vec<Document> = Vec::new();
        wanted.extend(self.has_verified.then(|| ranking::with_verified_networks(PERSON)));
        wanted.extend(list.q().map(|q| doc! { format!("{PERSON}.search"): { "$regex": literal(&fold(q)) } }));
        if !wanted.is_empty() {
            query = query.stage(doc! { "$match": { "$and": wanted } });
        }
        query.stage(ranking::figures(PERSON)).stage(doc! { "$project": { PERSON: 0 } })
    }
}
