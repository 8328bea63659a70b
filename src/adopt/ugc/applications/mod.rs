//! The rule for applications: legacy `ugc_applications` to canonical ones, and to leads that are nobody's.
//!
//! - Records of the public form have no creator. Exactly one creator with the same address (white space and case apart)
//!   makes one that creator's application, with the record kept in `legacy_snapshots`; all others go to
//!   `ugc_legacy_leads` with their reason and the record as found.
//! - There is one application per campaign and creator: a record that would make a second one becomes part of the first.
//! - Deadlines are those of the delivery ([`World::deadlines_of`]).

mod facts;
pub mod status;

use std::collections::HashMap;

use bson::{Document, RawDocument, RawDocumentBuf};

use super::super::leaf::id_bytes;
use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use super::creators::handle;
use super::made::{document, refused, written};
use super::row::{Codes, Row};
use super::world::World;
use crate::applications::{Application, ApplicationStatus, CancelledBy, LegacyLead};
use crate::creators::Level;
use crate::db::{Declared, Stored, timestamp};
use crate::i18n::adopt as words;
use crate::waits::{Calendar, Period, Waiting};
pub use facts::{Applications as Facts, Fact, Fate, Reason, is_public};

/// How these rows are told.
pub const CODES: Codes = Codes { key: "application_id", date: "app.date_invalid", unreadable: "app.value_unreadable" };

/// The rule for applications.
pub struct Applications;

impl Rule for Applications {
    fn name(&self) -> &'static str {
        "applications"
    }

    fn source(&self) -> &'static str {
        "ugc_applications"
    }

    fn target(&self) -> Declared {
        Declared::of::<Application>()
    }

    fn other_targets(&self) -> &'static [Declared] {
        const LEADS: [Declared; 1] = [Declared::of::<LegacyLead>()];
        &LEADS
    }

    fn version(&self) -> i32 {
        2
    }

    fn look_ups(&self) -> &'static [LookUp] {
        &super::world::LOOK_UPS
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"], &["campaign_id", "creator_id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        let rows = frozen.source("ugc_applications").iter().map(|row| (id_bytes(row), row.clone())).collect();
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
        self.notice(&mut row);
        match self.world.applications.fate(raw) {
            Some(Fate::Own(fact)) => {
                let application = self.application(&mut row, fact);
                written(row, application)
            }
            Some(Fate::Folded(into)) => {
                let Some(carrier) = self.world.applications.find(into) else {
                    return refused(row, "app.key_absent");
                };
                let code = if is_public(raw) { "app.link_duplicates_pair" } else { "app.pair_duplicate" };
                row.notice(Noticed::converted(code));
                let outcome = Outcome::Fold { into: carrier.row_id.clone() };
                Adopted { id: row.shown(), outcome, findings: row.into_findings() }
            }
            Some(Fate::Lead { reason, candidates }) => {
                row.notice(Noticed::kept(reason.as_str()));
                let lead = LegacyLead {
                    id: row.shown(),
                    reason: reason.as_str().to_owned(),
                    candidates: candidates.clone(),
                    raw: row.whole(),
                };
                let outcome = document(row.row_id(), &lead)
                    .map_or(Outcome::Refuse, |document| Outcome::Move { collection: LegacyLead::COLLECTION, document });
                Adopted { id: row.shown(), outcome, findings: row.into_findings() }
            }
            Some(Fate::Refused(code)) => refused(row, code),
            // It came while the run was reading.
            None => refused(row, "app.came_meanwhile"),
        }
    }
}

impl Prepared {
    /// What is wrong with a row, whatever becomes of it.
    fn notice(&self, row: &mut Row<'_>) {
        let raw = row.raw();
        let is_form = row.has("nombre");
        let campaign = row.text("campaign_id");
        let is_dangling = campaign.is_none_or(|key| self.world.offers.campaign(&key).is_none());
        let lead = match self.world.applications.fate(raw) {
            Some(Fate::Lead { reason, .. }) => Some(*reason),
            _ => None,
        };
        for (is_so, noticed) in [
            (is_form, Noticed::converted("app.public_form")),
            (is_public(raw), Noticed::converted("app.creator_id_absent")),
            (!row.has("id"), Noticed::converted("app.id_absent")),
            (!row.has("application_id"), Noticed::kept("app.application_id_absent")),
            (is_dangling, Noticed::refused("app.campaign_dangling")),
            (lead == Some(Reason::TestRecord), Noticed::kept("app.test_record")),
        ] {
            row.notice_if(is_so, noticed);
        }
        if is_public(raw) {
            return;
        }
        let status = row.stored("status").unwrap_or_default();
        let last = row.value("status_history").and_then(|steps| steps.as_array()?.into_iter().flatten().last());
        let last = last.and_then(|step| step.as_document()?.get_str("status").ok());
        let person = row.text("creator_id");
        let person = person.and_then(|key| self.world.people.creator(&key));
        let name = row.stored("creator_name");
        for (is_so, noticed) in [
            (last.is_some_and(|last| last != status), Noticed::converted("app.history_stale")),
            (status == "confirmed" && row.has("cancelled_at"), Noticed::converted("app.cancelled_at_but_confirmed")),
            (status == "rejected" && !row.has("rejected_at"), Noticed::converted("app.rejected_without_date")),
            (
                row.stored("creator_username").is_some_and(|name| name.starts_with("http")),
                Noticed::converted("app.username_is_url"),
            ),
            (
                person.is_some_and(|person| name.is_some_and(|name| name != person.stored_name)),
                Noticed::kept("app.creator_name_stale"),
            ),
            (!row.has("creator_followers"), Noticed::kept("app.followers_null")),
        ] {
            row.notice_if(is_so, noticed);
        }
    }

    fn application(&self, row: &mut Row<'_>, fact: &Fact) -> Option<Application> {
        use ApplicationStatus as S;
        let is_form = is_public(row.raw());
        let Some(applied_at) = row.made_at(&["applied_at", "created_at", "updated_at"]) else {
            row.notice(Noticed::refused("app.applied_at_absent"));
            return None;
        };
        let updated_at = row.moment("updated_at").unwrap_or(applied_at);
        let is = |status: S| fact.status == status;
        let (url_deadline, metrics_deadline) = self.world.deadlines_of(fact);
        row.notice_if(is(S::Confirmed) && !row.has("confirmed_at"), Noticed::converted("app.confirmed_at_derived"));
        row.notice_if(
            is(S::Confirmed) && self.world.deliveries.of_application(&fact.id).is_none(),
            Noticed::kept("app.confirmed_without_delivery"),
        );
        let shortlisted_at = row.moment("shortlisted_at").or(is(S::Shortlisted).then_some(updated_at));
        let keeps_confirmation = is(S::Confirmed) || is(S::Cancelled);
        let reason = row.text("rejection_reason").or_else(|| form_reasons(row));
        let cancelled_by = row.text("cancelled_by").map(|by| CancelledBy::parse(&by).unwrap_or(CancelledBy::Admin));
        let snapshots = self.snapshots(row, fact, is_form);
        Some(Application {
            id: fact.id.clone(),
            campaign_id: fact.campaign_id.clone(),
            creator_id: fact.creator_id.clone(),
            creator_name: row.text("creator_name").or_else(|| form_name(row)),
            creator_username: username(row),
            creator_followers: row.integer("creator_followers").or_else(|| form_followers(row)),
            creator_rating: row.number("creator_rating"),
            creator_level: row.text("creator_level").and_then(|level| level_named(&level)),
            motivation: row.text("motivation"),
            proposed_content: row.text("proposed_content"),
            portfolio_links: portfolio(row),
            status: fact.status,
            status_history: status::history(row, &fact.user_id, fact.status.as_str(), updated_at),
            waiting: waiting(fact.status, applied_at, shortlisted_at),
            applied_at,
            updated_at: Some(updated_at),
            shortlisted_at,
            confirmed_at: fact.confirmed_at.filter(|_| keeps_confirmation),
            confirmed_by: row.text("confirmed_by").filter(|_| keeps_confirmation),
            url_deadline: url_deadline.filter(|_| keeps_confirmation),
            metrics_deadline: metrics_deadline.filter(|_| keeps_confirmation),
            rejected_at: is(S::Rejected).then(|| row.moment("rejected_at").unwrap_or(updated_at)),
            rejection_reason: reason.filter(|_| is(S::Rejected)),
            auto_rejected: row.flag("auto_rejected").or(is_form.then_some(true)).filter(|_| is(S::Rejected)),
            withdrawn_at: is(S::Withdrawn).then(|| row.moment("withdrawn_at").unwrap_or(updated_at)),
            cancelled_at: is(S::Cancelled).then(|| row.moment("cancelled_at").unwrap_or(updated_at)),
            cancelled_by: is(S::Cancelled).then(|| cancelled_by.unwrap_or(CancelledBy::System)),
            cancellation_reason: row.text("cancellation_reason").filter(|_| is(S::Cancelled)),
            legacy_snapshots: snapshots,
        })
    }

    /// Records of the form that this application is made of, as found.
    fn snapshots(&self, row: &Row<'_>, fact: &Fact, is_form: bool) -> Vec<Document> {
        let folded = self.world.applications.folded_into(fact.id.as_str());
        let folded = folded.iter().filter_map(|id| Some(Row::of(self.rows.get(id)?, self.world.shift, &CODES).whole()));
        is_form.then(|| row.whole()).into_iter().chain(folded).collect()
    }
}

/// Whose turn it is.
fn waiting(
    status: ApplicationStatus,
    applied_at: bson::DateTime,
    shortlisted_at: Option<bson::DateTime>,
) -> Option<Waiting> {
    let (period, since) = match status {
        ApplicationStatus::Applied => (Period::Applied, applied_at),
        ApplicationStatus::Shortlisted => (Period::Shortlisted, shortlisted_at.unwrap_or(applied_at)),
        _ => return None,
    };
    Some(Calendar::default().begin(period, timestamp(since)?))
}

fn level_named(stored: &str) -> Option<Level> {
    Level::parse(stored).or(match stored {
        "rising" => Some(Level::Trusted),
        "established" => Some(Level::Pro),
        "top" => Some(Level::Elite),
        _ => None,
    })
}

fn form_name(row: &mut Row<'_>) -> Option<String> {
    let parts = [row.text("nombre"), row.text("apellido")];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

fn form_reasons(row: &mut Row<'_>) -> Option<String> {
    let reasons = match row.value("motivo_no_elegible")? {
        bson::RawBsonRef::Array(_) => row.texts("motivo_no_elegible"),
        _ => row.text("motivo_no_elegible").into_iter().collect(),
    };
    let told: Vec<_> = reasons.iter().map(|reason| words::form_reason(reason)).collect();
    Some(told.join("; ")).filter(|told| !told.is_empty())
}

/// The handle; the form calls an `@handle` an address.
fn username(row: &mut Row<'_>) -> Option<String> {
    ["creator_username", "instagram_url", "tiktok_url"]
        .into_iter()
        .find_map(|field| row.text(field))
        .map(|typed| handle(&typed))
        .filter(|name| !name.is_empty())
}

/// The larger of the two numbers somebody typed into the form, when they are numbers.
fn form_followers(row: &mut Row<'_>) -> Option<i64> {
    let typed = ["instagram_seguidores", "tiktok_seguidores"].map(|field| match row.value(field)? {
        bson::RawBsonRef::String(text) => text.trim().parse().ok(),
        _ => row.integer(field),
    });
    typed.into_iter().flatten().max()
}

fn portfolio(row: &mut Row<'_>) -> Vec<String> {
    let mut links = row.texts("portfolio_links");
    links.extend(["video_link_1", "video_link_2"].into_iter().filter_map(|field| row.text(field)));
    links
}
