//! What happened to a campaign: states, slots and deadlines in one list.

use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{deadlines, moment};
use crate::campaigns::changes::{ChangeState, DeadlineChange};
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::i18n::campaigns as names;
use crate::i18n::campaigns::pages as words;
use crate::ui::{Cell, CellKind, Column, Table};

/// Rows shown.
const ROWS: usize = 30;

struct Event {
    at: DateTime,
    what: String,
    detail: String,
}

/// The list, the newest first.
pub(super) fn view(campaign: &Campaign, changes: &[DeadlineChange], now: Timestamp) -> Option<AnyView> {
    let events = events(campaign, changes);
    if events.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(words::WHAT, CellKind::Primary),
        Column::new(words::DETAIL, CellKind::Text),
        Column::new(words::WHEN, CellKind::Text),
    ];
    let rows = events
        .into_iter()
        .take(ROWS)
        .map(|event| {
            view! {
                <tr data-testid="history-row">
                    <Cell kind=CellKind::Primary>{event.what}</Cell>
                    <Cell>{event.detail}</Cell>
                    <Cell>{moment(event.at, now)}</Cell>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="section" aria-labelledby="history">
                <h2 id="history">{words::HISTORY}</h2>
                <Table caption=words::HISTORY_CAPTION columns testid="history">{rows}</Table>
            </section>
        }
        .into_any(),
    )
}

fn events(campaign: &Campaign, changes: &[DeadlineChange]) -> Vec<Event> {
    let states = campaign.status_history.iter().map(|step| Event {
        at: step.timestamp,
        what: CampaignStatus::parse(&step.status).map_or_else(|| step.status.clone(), |s| names::status(s).to_owned()),
        detail: step.reason.clone().unwrap_or_default(),
    });
    let slots = campaign.slot_history.iter().map(|load| {
        let figures = words::load(load.qty, load.total_after);
        Event {
            at: load.at,
            what: names::slot_kind(load.kind).into(),
            detail: load.note.as_ref().map_or_else(|| figures.clone(), |note| format!("{figures} · {note}")),
        }
    });
    let deadlines = changes.iter().map(|change| {
        let reached = words::reached(change.moved.len(), usize::try_from(change.kept).unwrap_or(0));
        let rules = format!("{} / {}", deadlines::url(&change.after), deadlines::metrics(&change.after));
        Event {
            at: change.at,
            what: match change.state {
                ChangeState::Undone => words::DEADLINES_UNDONE.into(),
                ChangeState::Open | ChangeState::Told => words::DEADLINES_CHANGED.into(),
            },
            detail: format!("{rules} · {reached} · {}", change.by_name),
        }
    });
    let mut events: Vec<_> = states.chain(slots).chain(deadlines).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}
