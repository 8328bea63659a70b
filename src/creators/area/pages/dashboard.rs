//! `GET /ugc/creator/dashboard`: what is due, how the profile and the level stand, and the way to more.

use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{APPLICATIONS, WORK, rows};
use crate::campaigns::catalogue::PATH as CATALOGUE;
use crate::creators::area::model::{DeliveryRow, Need};
use crate::creators::area::service::{self, Dashboard};
use crate::creators::complete::completion;
use crate::creators::levels;
use crate::creators::model::Creator;
use crate::creators::service::require_complete;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{catalogue, creator_area as words, creators as creator_words, format};
use crate::ui::{
    ButtonKind, EmptyState, Fact, FactList, LinkButton, PageHead, Progress, StatTile, Stats, Status, Tone,
};
use crate::web::render::{Page, Section};

/// The page.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let dashboard = service::dashboard(&ctx, &creator).await?;
    let now = ctx.now();
    Ok(Page::creator(&ctx, Section::CreatorHome, words::DASHBOARD).show(move || {
        let level = creator.effective_level();
        let line = words::level_line(level, creator.level_progress, levels::next(level));
        view! {
            <PageHead title=words::greeting(&creator.name) purpose=line>
                <LinkButton href=CATALOGUE kind=ButtonKind::Primary testid="explore">{words::EXPLORE}</LinkButton>
            </PageHead>
            {next(dashboard, now)}
            {profile(&creator)}
            <section class="section">
                <h2>{words::FIGURES}</h2>
                {figures(&creator)}
            </section>
            <section class="section">
                <h2>{words::NETWORKS}</h2>
                {networks(&creator)}
            </section>
        }
    }))
}

fn next(dashboard: Dashboard, now: jiff::Timestamp) -> impl IntoView {
    let Dashboard { deliveries, active, waiting, has_more_waiting } = dashboard;
    let lead = deliveries.first().and_then(|row| lead(row, now));
    let shown = deliveries.len();
    let due = if deliveries.is_empty() {
        view! { <EmptyState title=words::NOTHING_DUE hint=words::NOTHING_DUE_HINT testid="nothing-due"/> }.into_any()
    } else {
        let items = deliveries.into_iter().map(rows::delivery).collect_view();
        let all = (active > shown).then(|| {
            view! { <p><a href=format!("{WORK}?tab=deliveries")>{words::SEE_ALL_DELIVERIES}</a></p> }
        });
        view! {
            {lead}
            <ul class="work" data-testid="next-deliveries">{items}</ul>
            {all}
        }
        .into_any()
    };
    let waiting = (!waiting.is_empty()).then(|| {
        let items = waiting.into_iter().map(rows::application).collect_view();
        let all = has_more_waiting.then(|| view! { <p><a href=APPLICATIONS>{words::SEE_ALL_APPLICATIONS}</a></p> });
        view! {
            <section class="section">
                <h2>{words::WAITING}</h2>
                <ul class="work" data-testid="waiting-applications">{items}</ul>
                {all}
            </section>
        }
    });
    view! {
        <section class="stack">
            <h2>{words::NEXT}</h2>
            {due}
        </section>
        {waiting}
    }
}

/// The most urgent thing, as a sentence.
fn lead(row: &DeliveryRow, now: jiff::Timestamp) -> Option<impl IntoView + use<>> {
    let due = row.due.filter(|_| row.need != Need::Nothing)?;
    let sentence = words::need(row.need, &row.campaign);
    Some(view! {
        <p data-testid="next-deadline">
            {sentence} ": "
            <time datetime=format::machine(due) title=format::exact(due)>{format::moment(due, now)}</time>
        </p>
    })
}

fn profile(creator: &Creator) -> impl IntoView + use<> {
    let done = completion(creator);
    done.next.map(|next| {
        view! {
            <section class="section" data-testid="profile-completion">
                <h2>{words::PROFILE}</h2>
                <Progress label=words::completion(done.percent) of=(u64::from(done.percent), 100)/>
                <p><a href=next.href() data-testid="complete-profile">{creator_words::add_missing(next)}</a></p>
            </section>
        }
    })
}

/// What isn't known is a dash; a true zero is a zero.
fn figures(creator: &Creator) -> impl IntoView + use<> {
    let stats = &creator.stats;
    let rated = stats.total_ratings > 0;
    let rating = if rated { format::decimal(stats.avg_rating, 2) } else { words::NO_DATA.into() };
    let on_time = match stats.delivery_on_time_rate {
        Some(rate) => format::percent(rate / 100.0),
        None => words::NO_DATA.into(),
    };
    let reach = if stats.avg_reach.is_empty() { words::NO_DATA.into() } else { format::integer(stats.total_reach) };
    let ratings = rated.then(|| words::ratings(stats.total_ratings));
    let campaigns = format::integer(stats.completed_campaigns);
    view! {
        <Stats>
            <StatTile label=words::RATING value=rating detail=ratings testid="stat-rating"/>
            <StatTile label=words::CAMPAIGNS value=campaigns testid="stat-campaigns"/>
            <StatTile label=words::ON_TIME value=on_time testid="stat-on-time"/>
            <StatTile label=words::REACH value=reach testid="stat-reach"/>
        </Stats>
    }
}

fn networks(creator: &Creator) -> impl IntoView + use<> {
    let facts: Vec<_> = creator
        .social_networks
        .iter()
        .map(|network| {
            let (tone, mark) = match creator.is_verified_on(network.platform) {
                true => (Tone::Good, catalogue::VERIFIED),
                false => (Tone::Neutral, catalogue::UNVERIFIED),
            };
            let count = catalogue::followers(creator.followers(network.platform));
            let href = network.platform.profile_url(&network.username);
            let value = view! {
                <a href=href rel="noopener noreferrer" target="_blank">{format!("@{}", network.username)}</a>
                {format!(" · {count}")}
                <br/>
                <Status tone label=mark/>
            };
            Fact::new(network.platform.label(), value)
        })
        .collect();
    let none = facts.is_empty().then(|| view! { <p class="muted">{words::NO_NETWORKS}</p> });
    view! {
        <FactList facts/>
        {none}
        <p><a href="/ugc/creator/profile#redes" data-testid="edit-networks">{words::EDIT_NETWORKS}</a></p>
    }
}
