//! Adoption: the live database built, and refreshed, from the legacy one.
//!
//! A [`Rule`] per legacy collection turns each row into a canonical document, or says why it can't. The engine does the rest,
//! the same for every rule:
//!
//! - the legacy database is read through a [`ReadOnlyDb`](crate::db::ReadOnlyDb), which has no way to write;
//! - documents are put in place by `_id`, so adopting again refreshes; a row whose document is already as it should be costs
//!   no write;
//! - the ledger (`adopt_ledger`) keeps, per rule and row, the leaf of the row as read, the version of the rule and the leaf
//!   of the document as written. A document that no longer has that leaf was changed here: it stays, with the finding
//!   `kept_local_change`;
//! - documents and ledger entries are written in one transaction per batch, so a run can stop anywhere and the next one
//!   completes it;
//! - a row that vanished from the legacy database is a finding; its document is never deleted;
//! - one run at a time, by a lease that every batch renews in its own transaction (`lease`);
//! - every row read is counted in exactly one way, and the run fails if the sum is off.
//!
//! Until `--finish` the live database is a mirror ([`state`]). Adoption sends no mail and no notice.
//!
//! # Adding a rule
//!
//! 1. Write it in a file or folder of its own here, as a type that implements [`Rule`]: the collection it reads, the one it
//!    writes ([`Rule::target`] is the declaration of the canonical type), the fields that are unique there, and what it looks
//!    up. Look-ups are loaded once, before the first row, and don't change while the rule runs.
//! 2. [`Rule::prepare`] turns the look-ups into whatever finds things quickly; [`Adopt::adopt`] is then a pure function of
//!    the row. It never fails: what it can't do is [`Outcome::Refuse`] with a finding. A document begins with its `_id`,
//!    which is the row's own unless there is a reason; absent fields stay absent.
//! 3. Findings have codes `collection.defect`, listed with their words in `i18n::adopt`. At most one per code and row, or
//!    per part of the row that it speaks of.
//! 4. Rows that become part of another row's document are [`Outcome::Fold`]; the other row finds them in the look-ups. Rows
//!    that belong elsewhere are [`Outcome::Move`], and [`Rule::other_targets`] names that place.
//! 5. Put it in [`RULES`], after the rules whose documents it refers to.
//! 6. Raise [`Rule::version`] whenever the same row may come out differently.

mod batch;
mod command;
mod engine;
mod leaf;
mod lease;
mod ledger;
mod order;
mod report;
mod rule;
mod runs;
mod shift;
pub mod state;
mod ugc;
mod users;

pub use command::{AdoptArgs, run_command};
pub use engine::Progress;
pub use ledger::{Entry, Kind, Target};
pub use report::{Finding, FinishReport, Report, RuleReport};
pub use rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule, Treatment};
pub use runs::{AdoptError, Adoption, RunRecord, RunState};
pub use shift::Shift;
pub use users::Users;

use crate::db::Declared;
use state::Mirror;

/// Every rule, in the order they run.
pub const RULES: &[&dyn Rule] = &[
    &Users,
    &ugc::Creators,
    &ugc::Brands,
    &ugc::Campaigns,
    &ugc::Applications,
    &ugc::Deliverables,
    &ugc::Statistics,
    &ugc::RATINGS,
    &ugc::EMBEDDED_RATINGS,
    &ugc::REVIEWS,
    &ugc::Acceptances,
    &ugc::NOTICES,
    &ugc::OLDER_NOTICES,
];

/// The collections adoption keeps its books in.
pub const DECLARED: [Declared; 3] = [Declared::of::<Entry>(), Declared::of::<Mirror>(), Declared::of::<RunRecord>()];
