//! One delivery per application: which of several rows stays, and which become its past.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use bson::{Bson, RawDocument};

use super::super::super::leaf::id_bytes;
use super::super::super::rule::Frozen;
use super::super::applications::Facts as Applications;
use super::super::keys::{Keys, earliest_first};
use super::super::row::{Row, text};
use super::{CODES, state};
use crate::values::{ApplicationId, DeliverableId};

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is the delivery of this application.
    Stays(ApplicationId),
    /// It is part of the past of the delivery with this key.
    Past(String),
    /// Left behind, for this finding.
    Refused(&'static str),
}

/// Which rows stay.
#[derive(Debug, Default)]
pub struct Survivors {
    fates: HashMap<Vec<u8>, Fate>,
    by_key: BTreeMap<String, Vec<u8>>,
    row_ids: HashMap<String, Bson>,
    /// By the key of a delivery: the `_id`s of the rows that are its past, earliest first.
    past: HashMap<String, Vec<Vec<u8>>>,
    /// The keys of deliveries.
    pub keys: Keys,
}

impl Survivors {
    /// Decides over all rows.
    pub fn of(frozen: &Frozen, applications: &Applications) -> Self {
        let rows = frozen.source("ugc_deliverables");
        let mut all = Self { keys: Keys::of(rows, &CODES), ..Self::default() };
        let mut groups: BTreeMap<ApplicationId, Vec<&RawDocument>> = BTreeMap::new();
        for raw in earliest_first(rows) {
            let row = Row::of(raw, frozen.shift(), &CODES);
            let fate = match row.key() {
                None => Fate::Refused("deliverable.key_absent"),
                Some(key) if !all.keys.owns(raw, key) => Fate::Refused("deliverable.id_duplicate"),
                Some(key) => {
                    all.by_key.insert(key.to_owned(), id_bytes(raw));
                    all.row_ids.insert(key.to_owned(), row.row_id());
                    match text(raw, "application_id").and_then(|key| applications.find(key)) {
                        None => Fate::Refused("deliverable.orphan"),
                        Some(application) => {
                            groups.entry(application.id.clone()).or_default().push(raw);
                            continue;
                        }
                    }
                }
            };
            all.fates.insert(id_bytes(raw), fate);
        }
        for (application, mut group) in groups {
            // Earliest first so far: of equally good ones the newest stays.
            group.reverse();
            group.sort_by_key(|raw| Reverse(worth(raw)));
            let Some((first, past)) = group.split_first() else { continue };
            let Some(key) = Row::of(first, frozen.shift(), &CODES).key().map(str::to_owned) else { continue };
            all.fates.insert(id_bytes(first), Fate::Stays(application));
            for raw in past.iter().rev() {
                all.fates.insert(id_bytes(raw), Fate::Past(key.clone()));
                all.past.entry(key.clone()).or_default().push(id_bytes(raw));
            }
        }
        all
    }

    /// What becomes of a row.
    pub fn fate(&self, raw: &RawDocument) -> Option<&Fate> {
        self.fates.get(&id_bytes(raw))
    }

    /// The delivery that stands for what another row means, and whether it is that very one.
    pub fn find(&self, key: &str) -> Option<(DeliverableId, bool)> {
        let own = self.keys.resolve(key)?;
        match self.fates.get(self.by_key.get(own)?)? {
            Fate::Stays(_) => Some((DeliverableId::of(own), true)),
            Fate::Past(into) => Some((DeliverableId::of(into.as_str()), false)),
            Fate::Refused(_) => None,
        }
    }

    /// The application of the delivery with this key.
    pub fn application_of(&self, key: &str) -> Option<&ApplicationId> {
        match self.fates.get(self.by_key.get(key)?)? {
            Fate::Stays(application) => Some(application),
            _ => None,
        }
    }

    /// The `_id` of the row with a key.
    pub fn row_id(&self, key: &str) -> Option<&Bson> {
        self.row_ids.get(key)
    }

    /// The `_id`s of the rows that are the past of a delivery.
    pub fn past_of(&self, key: &str) -> &[Vec<u8>] {
        self.past.get(key).map_or(&[], Vec::as_slice)
    }
}

/// What makes one row rather the delivery than another: not cancelled, then how far it came.
fn worth(raw: &RawDocument) -> (bool, bool, bool) {
    let is_cancelled = text(raw, "status").is_some_and(state::is_cancelled);
    let has_metrics = text(raw, "metrics_submitted_at").is_some();
    let has_url = ["instagram_url", "tiktok_url", "post_url"].into_iter().any(|field| text(raw, field).is_some());
    // Of cancelled ones the newest stays, however far the others came.
    (!is_cancelled, !is_cancelled && has_metrics, !is_cancelled && has_url)
}
