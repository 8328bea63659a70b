//! The pages of `/admin/backups`: list, proof, live progress, download, verification of files, keys, retention.
//!
//! A handler makes one service call and draws. Nothing here loads a private key: what needs one is given to a job, and the
//! pages show what the job wrote down. A test reads these sources for it.

pub mod act;
pub mod compare;
pub mod download;
mod evidence;
pub mod forms;
pub mod keys;
pub mod list;
mod proof;
pub mod retention;
mod service;
pub mod show;
mod sides;
mod store;
pub mod uploads;
pub mod verification;

pub use service::{in_newest, newest_complete};

use bson::DateTime;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;

use super::model::BackupId;
use super::record::BackupRun;
use crate::db::timestamp;
use crate::i18n::backup::pages as words;
use crate::i18n::format;
use crate::ui::{Crumb, Tab, Tabs};

/// A newest backup older than this is an alarm: a day, and time for one to be taken.
pub const STALE: SignedDuration = SignedDuration::from_hours(26);
/// Where the list is.
pub const PATH: &str = "/admin/backups";

/// The page of a run.
pub fn address(id: &BackupId) -> String {
    format!("{PATH}/{id}")
}

/// A moment as people say it, with the exact one behind it.
fn moment(at: DateTime, now: Timestamp) -> AnyView {
    match timestamp(at) {
        None => words::NEVER.into_any(),
        Some(at) => {
            view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
                .into_any()
        }
    }
}

/// To the second, where the second matters.
fn exact(at: DateTime) -> AnyView {
    match timestamp(at) {
        None => words::NEVER.into_any(),
        Some(at) => view! { <time datetime=format::machine(at)>{format::exact(at)}</time> }.into_any(),
    }
}

/// A count that is stored with a sign.
fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// What a run is called: the moment it stands for, or when it was asked for.
fn title(run: &BackupRun) -> String {
    let at = timestamp(run.taken_at.unwrap_or(run.created_at)).unwrap_or_default();
    words::title_of(&format::date_time(at))
}

/// The way down to something below the list.
fn crumbs(here: impl Into<std::borrow::Cow<'static, str>>) -> Vec<Crumb> {
    vec![Crumb::link(words::TITLE, PATH), Crumb::here(here)]
}

/// The parts of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Every run.
    Runs,
    /// What was restored.
    Restores,
    /// Comparisons.
    Diffs,
    /// Files brought to be verified.
    Verify,
    /// Keys.
    Keys,
    /// What stays.
    Retention,
}

/// The way between them.
pub fn tabs(current: Part) -> impl IntoView {
    let tabs = [
        (Part::Runs, words::TAB_RUNS, PATH.to_owned()),
        (Part::Restores, words::TAB_RESTORES, format!("{PATH}/restauraciones")),
        (Part::Diffs, words::TAB_DIFFS, format!("{PATH}/comparar")),
        (Part::Verify, words::TAB_VERIFY, format!("{PATH}/verificar")),
        (Part::Keys, words::TAB_KEYS, format!("{PATH}/claves")),
        (Part::Retention, words::TAB_RETENTION, format!("{PATH}/retencion")),
    ];
    let tabs = tabs.into_iter().map(|(part, label, href)| Tab::new(label, href, part == current)).collect();
    view! { <Tabs label=words::NAV tabs testid="backup-tabs"/> }
}
