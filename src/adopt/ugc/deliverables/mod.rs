//! The rule for deliveries: legacy `ugc_deliverables` to canonical ones, one per application.
//!
//! - Of several rows of an application the one that isn't cancelled stays with its own id; the others become its
//!   `legacy_attempts`. When all are cancelled the newest stays. A row whose application isn't there is refused.
//! - Deadlines that were promised stay; others follow from the campaign. Punctuality follows from the facts, and so does
//!   the state.

mod delivery;
pub mod state;
mod survivors;

use std::collections::{BTreeMap, HashMap};

use bson::{RawDocument, RawDocumentBuf};

use super::super::leaf::id_bytes;
use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use super::made::{refused, written};
use super::row::{Codes, Row};
use super::world::World;
use crate::db::Declared;
use crate::deliverables::Deliverable;
use crate::values::ApplicationId;
pub use delivery::{Around, computed, delivery};
pub use survivors::{Fate, Survivors};

/// How these rows are told.
pub const CODES: Codes =
    Codes { key: "deliverable_id", date: "deliverable.date_invalid", unreadable: "deliverable.value_unreadable" };

/// The rule for deliveries.
pub struct Deliverables;

impl Rule for Deliverables {
    fn name(&self) -> &'static str {
        "deliverables"
    }

    fn source(&self) -> &'static str {
        "ugc_deliverables"
    }

    fn target(&self) -> Declared {
        Declared::of::<Deliverable>()
    }

    fn version(&self) -> i32 {
        2
    }

    fn look_ups(&self) -> &'static [LookUp] {
        &super::world::LOOK_UPS
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"], &["application_id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        let rows = frozen.source("ugc_deliverables").iter().map(|row| (id_bytes(row), row.clone())).collect();
        Box::new(Prepared { world: World::from(frozen), rows })
    }
}

struct Prepared {
    world: World,
    rows: HashMap<Vec<u8>, RawDocumentBuf>,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.world.shift, &CODES);
        notice(&mut row);
        let key = row.key();
        match (self.world.survivors.fate(raw), key) {
            (Some(Fate::Stays(application)), Some(key)) => {
                let past = self.world.survivors.past_of(key).iter();
                let past = past.filter_map(|id| Some(Row::of(self.rows.get(id)?, self.world.shift, &CODES).whole()));
                let past = past.collect();
                let made = self.world.around(application, past).and_then(|around| delivery(&mut row, key, around));
                written(row, made)
            }
            (Some(Fate::Past(into)), _) => {
                let Some(carrier) = self.world.survivors.row_id(into) else {
                    return refused(row, "deliverable.key_absent");
                };
                let outcome = Outcome::Fold { into: carrier.clone() };
                Adopted { id: row.shown(), outcome, findings: row.into_findings() }
            }
            (Some(Fate::Refused(code)), _) => refused(row, code),
            // It came while the run was reading.
            _ => refused(row, "deliverable.came_meanwhile"),
        }
    }
}

/// What is wrong with a row, whatever becomes of it.
fn notice(row: &mut Row<'_>) {
    let status = row.stored("status").unwrap_or_default();
    let last = row.value("status_history").and_then(|steps| steps.as_array()?.into_iter().flatten().last());
    let last = last.and_then(|step| step.as_document()?.get_str("status").ok());
    let address = row.stored("post_url").unwrap_or_default();
    for (is_so, noticed) in [
        (state::is_cancelled(status), Noticed::converted("deliverable.cancelled_duplicate")),
        (last.is_some_and(|last| last != status), Noticed::converted("deliverable.history_stale")),
        (address.matches("http").count() == 2, Noticed::converted("deliverable.post_url_joined")),
        (row.has("published_at") && address.is_empty(), Noticed::kept("deliverable.published_without_url")),
    ] {
        row.notice_if(is_so, noticed);
    }
}

/// The deliveries that stay, by application.
#[derive(Debug, Default)]
pub struct Deliveries(BTreeMap<ApplicationId, Deliverable>);

impl Deliveries {
    /// Makes them all, without their past.
    pub fn of(frozen: &Frozen, world: &World) -> Self {
        let mut all = BTreeMap::new();
        for raw in frozen.source("ugc_deliverables") {
            let Some(Fate::Stays(application)) = world.survivors.fate(raw) else { continue };
            let mut row = Row::of(raw, frozen.shift(), &CODES);
            let (Some(key), Some(around)) = (row.key(), world.around(application, Vec::new())) else { continue };
            if let Some(made) = delivery(&mut row, key, around) {
                all.insert(application.clone(), made);
            }
        }
        Self(all)
    }

    /// The delivery of an application.
    pub fn of_application(&self, application: &ApplicationId) -> Option<&Deliverable> {
        self.0.get(application)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Deliverable> {
        self.0.values()
    }
}
