//! What saving does to deadlines, before it is done: the same form once more, with what it changes.

use std::collections::HashMap;

use axum::response::Response;
use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;

use super::form::{ACTION, BACK};
use super::{below, crumbs};
use crate::campaigns::form::Typed;
use crate::campaigns::model::Campaign;
use crate::campaigns::propagation::Impact;
use crate::campaigns::service;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::campaigns::pages as words;
use crate::i18n::format;
use crate::news::DeadlineMove;
use crate::ui::{Banner, Button, ButtonKind, Cell, CellKind, Checkbox, Column, PageHead, Table, Tone};
use crate::values::CreatorId;
use crate::web::render::{Page, Section};

/// People listed with their dates.
const LISTED: usize = 50;
/// People listed as late at once.
const PAST: usize = 500;

/// The page. Answered to the post itself: nothing has been saved, and everything typed travels on in it.
pub(super) async fn show(
    ctx: &Ctx,
    campaign: Campaign,
    impact: Impact,
    mut typed: Typed,
    asked: Option<String>,
) -> Result<Response, Failure> {
    let listed = impact.moved.iter().take(LISTED).map(|one| &one.creator_id);
    let mut ids: Vec<CreatorId> = listed.chain(impact.past.iter().take(PAST)).cloned().collect();
    ids.sort();
    ids.dedup();
    let names = service::names(ctx, &ids).await?;
    let digest = impact.digest();
    // Asked for with this very impact: then what is missing is the tick.
    let is_tick_missing = asked.as_deref() == Some(&*digest);
    typed.remove("past_agreed");
    typed.insert("consent".into(), digest);
    let crumbs = crumbs(&campaign, words::IMPACT_TITLE);
    let now = ctx.now();
    Ok(Page::admin(ctx, Section::Campaigns, words::IMPACT_TITLE).crumbs(crumbs).show(move || {
        let title = words::impact(impact.moved.len(), impact.kept);
        let past = past(&impact, &names, is_tick_missing);
        let carried = typed
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view();
        let rows = people(&impact.moved, &names, now);
        view! {
            <PageHead title=words::IMPACT_TITLE purpose=campaign.name.clone()/>
            <Banner tone=Tone::Info title testid="impact"><p>{words::IMPACT_UNDO}</p></Banner>
            <form class="stack" method="post" action=below(&campaign.id, "editar") enctype="multipart/form-data">
                {carried}
                {past}
                <div class="actions">
                    <Button kind=ButtonKind::Primary testid="impact-confirm">{words::confirm_impact(impact.moved.len())}</Button>
                    <button class="button" data-kind="quiet" type="submit" name=ACTION value=BACK formnovalidate=true
                        data-testid="impact-back">{words::IMPACT_BACK}</button>
                </div>
            </form>
            {rows}
        }
    }))
}

/// Who would be late at once, and that whoever saves knows.
fn past(impact: &Impact, names: &HashMap<CreatorId, String>, is_tick_missing: bool) -> Option<AnyView> {
    if impact.past.is_empty() {
        return None;
    }
    let count = impact.past.len();
    let listed = impact.past.iter().take(PAST).map(|id| view! { <li>{name(names, id)}</li> }).collect_view();
    let more = count.checked_sub(PAST).filter(|more| *more > 0).map(|more| view! { <li>{words::and_more(more)}</li> });
    let error = is_tick_missing.then_some(words::AGREE_MISSING);
    Some(
        view! {
            <Banner tone=Tone::Attention title=words::IMPACT_PAST_TITLE testid="impact-past">
                <ul class="past">{listed} {more}</ul>
                <Checkbox name="past_agreed" label=words::agree_past(count) required=true error testid="impact-agree"/>
            </Banner>
        }
        .into_any(),
    )
}

fn people(moved: &[DeadlineMove], names: &HashMap<CreatorId, String>, now: Timestamp) -> AnyView {
    let columns = vec![
        Column::new(words::IMPACT_CREATOR, CellKind::Primary),
        Column::new(words::IMPACT_URL, CellKind::Text),
        Column::new(words::IMPACT_METRICS, CellKind::Text),
    ];
    let rows = moved
        .iter()
        .take(LISTED)
        .map(|one| {
            let (who, url, metrics) = (name(names, &one.creator_id), pair(one.url, now), pair(one.metrics, now));
            view! {
                <tr data-testid="impact-row">
                    <Cell kind=CellKind::Primary>{who}</Cell>
                    <Cell unit=words::IMPACT_URL>{url}</Cell>
                    <Cell unit=words::IMPACT_METRICS>{metrics}</Cell>
                </tr>
            }
        })
        .collect_view();
    let more = moved.len().checked_sub(LISTED).filter(|more| *more > 0);
    view! {
        <Table caption=words::IMPACT_CAPTION columns testid="impact-rows">{rows}</Table>
        {more.map(|more| view! { <p class="muted">{words::and_more(more)}</p> })}
    }
    .into_any()
}

fn name(names: &HashMap<CreatorId, String>, id: &CreatorId) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_string())
}

/// «12/02/2026 15:30 → 15/02/2026 15:30».
fn pair((before, after): (DateTime, DateTime), now: Timestamp) -> AnyView {
    if before == after {
        return view! { <span class="muted">{words::UNCHANGED}</span> }.into_any();
    }
    let said = |at: DateTime| timestamp(at).map(format::date_time).unwrap_or_default();
    let is_past = timestamp(after).is_some_and(|at| at < now);
    view! { {said(before)} " → " <strong class:status=is_past data-status=is_past.then_some("bad")>{said(after)}</strong> }
        .into_any()
}
