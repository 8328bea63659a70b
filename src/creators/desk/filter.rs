//! Which creators the list shows.

use bson::{Document, doc};

use crate::creators::model::Level;
use crate::creators::ranking;
use crate::db::keyset::{Query, literal};
use crate::error::AppError;
use crate::lists::{Asked, List};
use crate::values::{Category, fold};

/// What narrows the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The level that counts.
    pub level: Option<Level>,
    /// Staff's badge.
    pub badge: Option<bool>,
    /// Whether they may apply.
    pub active: Option<bool>,
    /// Only people with a verified network.
    pub has_verified: bool,
    /// One city.
    pub city: Option<String>,
    /// One category.
    pub category: Option<Category>,
}

impl Filter {
    /// From an address.
    pub fn read(asked: &Asked) -> Result<Self, AppError> {
        Ok(Self {
            level: asked.one_of("nivel", Level::parse)?,
            badge: asked.one_of("verificado", yes_or_no)?,
            active: asked.one_of("activo", yes_or_no)?,
            has_verified: asked.is_on("verificadas"),
            city: asked.get("ciudad").map(|city| city.chars().take(80).collect()),
            category: asked.one_of("categoria", Category::parse)?,
        })
    }

    /// As it stands in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let answer = |yes: bool| if yes { "si" } else { "no" }.to_owned();
        let mut pairs = Vec::new();
        pairs.extend(self.level.map(|level| ("nivel", level.as_str().to_owned())));
        pairs.extend(self.badge.map(|yes| ("verificado", answer(yes))));
        pairs.extend(self.active.map(|yes| ("activo", answer(yes))));
        pairs.extend(self.has_verified.then(|| ("verificadas", "1".to_owned())));
        pairs.extend(self.city.as_ref().map(|city| ("ciudad", city.clone())));
        pairs.extend(self.category.map(|category| ("categoria", category.as_str().to_owned())));
        pairs
    }

    /// As a query. Figures over several fields are worked out only for orders that need them.
    pub fn query(&self, list: &List) -> Query {
        let mut parts: Vec<Document> = Vec::new();
        parts.extend(self.level.map(|level| {
            doc! { "$or": [{ "level_override.level": level }, { "level_override": null, "level": level }] }
        }));
        // Profiles from before the badge have no such field.
        parts.extend(self.badge.map(|yes| {
            if yes {
                doc! { "is_verified": true }
            } else {
                doc! { "is_verified": { "$ne": true } }
            }
        }));
        parts.extend(self.active.map(|yes| doc! { "is_active": yes }));
        parts.extend(self.has_verified.then(|| ranking::with_verified_networks("")));
        parts.extend(self.city.as_ref().map(|city| doc! { "city": city }));
        parts.extend(self.category.map(|category| doc! { "categories": category }));
        parts.extend(list.q().map(|q| doc! { "search": { "$regex": literal(&fold(q)) } }));
        let filter = match parts.len() {
            0 => Document::new(),
            1 => parts.remove(0),
            _ => doc! { "$and": parts },
        };
        let query = Query::new(filter, list.order(), list.spec.rows);
        let needs_figures = list.order().iter().any(|key| key.field().starts_with(ranking::FIGURES));
        if needs_figures { query.stage(ranking::figures("")) } else { query }
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "si" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
