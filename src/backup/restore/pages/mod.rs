//! The pages of restores: the wizard in three steps, a restore with its proof, the list, one document by its `_id`.

mod document;
mod forms;
mod list;
mod show;
mod wizard;

pub use document::{form as document_form, live as document_live, show as document};
pub use forms::{confirm, extract, plan};
pub use list::list;
pub use show::{live, show};
pub use wizard::{confirmation, what_and_where};

use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::db::timestamp;
use crate::i18n::backup::restore as words;
use crate::i18n::format;
use crate::ui::{Crumb, Tone};

/// The list of restores.
pub const PATH: &str = "/admin/backups/restauraciones";
/// The list of backups.
const BACKUPS: &str = "/admin/backups";

/// The page of a restore.
pub fn address(database: &str) -> String {
    format!("{PATH}/{database}")
}

/// The way down from the list of backups.
fn crumbs(rest: Vec<Crumb>) -> Vec<Crumb> {
    [vec![Crumb::link(words::BACKUPS, BACKUPS)], rest].concat()
}

fn tone(state: &str) -> Tone {
    match state {
        "done" | "found" => Tone::Good,
        "failed" => Tone::Bad,
        "running" | "queued" => Tone::Info,
        _ => Tone::Neutral,
    }
}

/// A moment as people say it, with the exact one behind it.
fn moment(at: DateTime, now: Timestamp) -> AnyView {
    let at = timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH);
    view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }.into_any()
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
