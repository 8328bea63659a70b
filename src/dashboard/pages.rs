//! `GET /admin`.

use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::service::{self, Activity, Deed, Fact, Health, Overview};
use crate::adopt::RunState;
use crate::adopt::state::MirrorState;
use crate::audit;
use crate::ctx::Ctx;
use crate::deliverables::desk::pages::LIST as DELIVERIES;
use crate::failure::Failure;
use crate::i18n::number::integer;
use crate::i18n::{dashboard as words, format, waits};
use crate::ui::{
    Banner, Cell, CellKind, Column, Density, EmptyState, Fact as FactRow, FactList, PageHead, StatTile, Stats, Status,
    Table, Tone,
};
use crate::web::render::{Page, Section};

/// The page.
pub async fn home(ctx: Ctx) -> Result<Response, Failure> {
    let overview = service::overview(&ctx).await?;
    let name = ctx.person()?.name.clone();
    let now = ctx.now();
    Ok(Page::admin(&ctx, Section::Home, words::TITLE).show(move || body(overview, &name, now)))
}

fn body(overview: Overview, name: &str, now: Timestamp) -> impl IntoView + use<> {
    let is_mirror = overview.health.mirror == Some(Some(MirrorState::Mirroring));
    let attention = attention(&overview);
    let figures = figures(&overview);
    let newest_import = overview.imports.as_ref().map(|imports| imports.as_ref().map(|imports| imports.newest));
    let mut facts = overview.operations.facts(now);
    facts.extend(health(&overview.health, newest_import, now));
    let recent = overview.activity.map(|activity| recent(activity, now));
    view! {
        <PageHead title=words::greeting(name) purpose=words::PURPOSE/>
        {is_mirror
            .then(|| {
                view! {
                    <Banner tone=Tone::Attention title=words::MIRROR_TITLE testid="mirror-banner">
                        <p>{words::MIRROR_BODY}</p>
                    </Banner>
                }
            })}
        <section class="section" data-testid="attention">
            <h2>{words::ATTENTION}</h2>
            {attention}
        </section>
        <section class="section" data-testid="modules">
            <h2>{words::FIGURES}</h2>
            {figures}
        </section>
        <section class="section" data-testid="health">
            <h2>{words::HEALTH}</h2>
            <FactList facts/>
        </section>
        {recent}
    }
}

/// What needs somebody, in sentences that lead to it.
fn attention(overview: &Overview) -> impl IntoView + use<> {
    let mut lines = Vec::new();
    if let Some(Some(waiting)) = overview.operations.waiting
        && waiting > 0
    {
        let href = Some("/admin/notifications?severity=critical");
        lines.push((Tone::Bad, crate::i18n::notices::waiting(waiting), href));
    }
    if let Some(Some(waiting)) = &overview.waiting {
        let tone = |late: u64| if late > 0 { Tone::Attention } else { Tone::Info };
        if waiting.applications > 0 {
            let said = waits::applications_waiting(waiting.applications, waiting.late_applications);
            lines.push((tone(waiting.late_applications), said, Some("/admin?module=ugc&ugcTab=campaign-manager")));
        }
        if waiting.reviews > 0 {
            let said = waits::reviews_waiting(waiting.reviews, waiting.late_reviews);
            lines.push((tone(waiting.late_reviews), said, Some(DELIVERIES)));
        }
        if waiting.closings > 0 {
            let said = waits::closings_waiting(waiting.closings, waiting.late_closings);
            lines.push((tone(waiting.late_closings), said, Some(DELIVERIES)));
        }
    }
    if let Some(Some(imports)) = &overview.imports {
        lines.extend(imports.unfinished.iter().map(|database| (Tone::Bad, words::unfinished(database), None)));
    }
    if let Some(Some(accounts)) = &overview.accounts
        && accounts.conflicts > 0
    {
        let href = overview.imports.is_some().then_some("/admin/data");
        lines.push((Tone::Attention, words::conflicts(accounts.conflicts), href));
    }
    if let Some(Some(activity)) = &overview.activity
        && activity.refused > 0
    {
        lines.push((Tone::Info, words::refused(activity.refused), Some("/admin/audit?action=login_failed")));
    }
    if lines.is_empty() {
        return view! { <p class="muted">{words::NOTHING_URGENT}</p> }.into_any();
    }
    let lines = lines.into_iter().map(|(tone, sentence, href)| {
        let sentence = match href {
            Some(href) => view! { <a href=href>{sentence}</a> }.into_any(),
            None => sentence.into_any(),
        };
        view! { <li class="status" data-status=tone.name()>{sentence}</li> }
    });
    view! { <ul class="attention">{lines.collect_view()}</ul> }.into_any()
}

fn figures(overview: &Overview) -> impl IntoView + use<> {
    let mut tiles = Vec::new();
    let failed = |is_failed: bool| is_failed.then_some(words::NOT_READ);
    if let Some(imports) = &overview.imports {
        let (value, detail) = imports.as_ref().map_or((None, None), |imports| {
            (Some(integer(imports.documents)), Some(words::databases(imports.databases)))
        });
        tiles.push(
            view! {
                <StatTile label=words::IMPORTED value detail failed=failed(imports.is_none()) href="/admin/data" testid="tile-data"/>
            }
            .into_any(),
        );
    }
    if let Some(accounts) = &overview.accounts {
        let (value, detail) = accounts.as_ref().map_or((None, None), |accounts| {
            (Some(integer(accounts.total)), Some(words::conflicts_detail(accounts.conflicts)))
        });
        tiles.push(
            view! {
                <StatTile label=words::ACCOUNTS value detail failed=failed(accounts.is_none()) testid="tile-accounts"/>
            }
            .into_any(),
        );
    }
    if let Some(activity) = &overview.activity {
        let value = activity.as_ref().map(|activity| integer(activity.today));
        tiles.push(
            view! {
                <StatTile label=words::TODAY value failed=failed(activity.is_none()) href="/admin/audit" testid="tile-audit"/>
            }
            .into_any(),
        );
    }
    if tiles.is_empty() {
        return view! { <EmptyState title=words::NO_MODULES hint=words::NO_MODULES_HINT testid="no-modules"/> }
            .into_any();
    }
    view! { <Stats>{tiles}</Stats> }.into_any()
}

fn health(health: &Health, newest_import: Option<Fact<Option<Timestamp>>>, now: Timestamp) -> Vec<FactRow> {
    let database = match health.ping_ms {
        Some(milliseconds) => {
            let milliseconds = format::decimal(milliseconds, 1);
            (Tone::Good, words::answers(&health.host, &health.version, &milliseconds))
        }
        None => (Tone::Bad, words::silent(&health.host)),
    };
    let master = match &health.mirror {
        None => (Tone::Bad, words::NOT_READ.to_owned()),
        Some(Some(MirrorState::Mirroring)) => (Tone::Attention, words::MASTER_LEGACY.into()),
        Some(_) => (Tone::Good, words::MASTER_PLATFORM.into()),
    };
    let adoption = match &health.adoption {
        None => (Tone::Bad, words::NOT_READ.to_owned()),
        Some(None) => (Tone::Neutral, words::NONE_YET.into()),
        Some(Some(run)) => {
            let tone = if run.state == RunState::Done { Tone::Good } else { Tone::Attention };
            (tone, words::adopted(run.state, &format::moment(run.at, now), run.findings))
        }
    };
    let import = newest_import.map(|newest| match newest {
        None => (Tone::Bad, words::NOT_READ.to_owned()),
        Some(None) => (Tone::Neutral, words::NONE_YET.into()),
        Some(Some(at)) => (Tone::Good, format::moment(at, now)),
    });
    let rows = [
        Some((words::DATABASE, database)),
        Some((words::MASTER, master)),
        import.map(|import| (words::LAST_IMPORT, import)),
        Some((words::LAST_ADOPTION, adoption)),
    ];
    rows.into_iter()
        .flatten()
        .map(|(label, (tone, text))| FactRow::new(label, view! { <Status tone label=text/> }))
        .collect()
}

fn recent(activity: Fact<Activity>, now: Timestamp) -> impl IntoView {
    let rows = match activity {
        None => view! { <p class="status" data-status="bad">{words::NOT_READ}</p> }.into_any(),
        Some(activity) if activity.recent.is_empty() => view! { <p class="muted">{words::NO_ACTIVITY}</p> }.into_any(),
        Some(activity) => {
            let columns = vec![
                Column::new(crate::i18n::audit::COLUMN_ACTION, CellKind::Primary),
                Column::new(crate::i18n::audit::COLUMN_WHO, CellKind::Text),
                Column::new(crate::i18n::audit::COLUMN_WHEN, CellKind::Text),
            ];
            let rows = activity.recent.into_iter().map(|deed| line(deed, now)).collect_view();
            view! { <Table caption=words::RECENT columns density=Density::Compact testid="recent">{rows}</Table> }
                .into_any()
        }
    };
    view! {
        <section class="section">
            <h2>{words::RECENT}</h2>
            {rows}
            <p><a href="/admin/audit">{words::ALL_ACTIVITY}</a></p>
        </section>
    }
}

fn line(Deed { row, times }: Deed, now: Timestamp) -> impl IntoView {
    let at = Timestamp::from_millisecond(row.timestamp.timestamp_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    view! {
        <tr>
            <Cell kind=CellKind::Primary>
                {audit::pages::label(&row.action)} " "
                {(times > 1).then(|| view! { <small class="muted">{words::times(times)}</small> })}
            </Cell>
            <Cell>{row.user_email.unwrap_or_default()}</Cell>
            <Cell>
                <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time>
            </Cell>
        </tr>
    }
}
