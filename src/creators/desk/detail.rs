//! `/admin/ugc/creators/{id}`: one person with everything about them.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::pages::LIST;
use super::person;
use super::service::{self, Detail};
use crate::applications::model::Application;
use crate::creators::complete::{age, completion};
use crate::creators::model::Creator;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::deliverables::chip::{self, Kind};
use crate::deliverables::model::Deliverable;
use crate::failure::Failure;
use crate::i18n::{
    applications as application_words, creators as words_of, deliverables as delivery_words, desk as words, format,
    values, whatsapp,
};
use crate::ui::{
    Button, ButtonKind, Cell, CellKind, Column, Crumb, DeadlineChip, Dialog, EmptyState, Fact, FactList, LinkButton,
    PageHead, Status, Table, Tone,
};
use crate::values::{CreatorId, whatsapp_link};
use crate::web::render::{Page, Section};

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let Detail { creator, applications, deliveries } = service::detail(&ctx, &CreatorId::of(id)).await?;
    let now = ctx.now();
    let crumbs = vec![Crumb::link(words::CREATORS, LIST), Crumb::here(creator.name.clone())];
    Ok(Page::admin(&ctx, Section::Creators, creator.name.clone()).crumbs(crumbs).show(move || {
        let marks = view! {
            <Status
                tone=if creator.is_active { Tone::Good } else { Tone::Neutral }
                label=if creator.is_active { words::IS_ACTIVE } else { words::INACTIVE }
            />
            {creator.is_verified.then(|| view! { <Status tone=Tone::Info label=words::IS_VERIFIED/> })}
        };
        let write = creator
            .phone_full
            .as_deref()
            .and_then(|phone| whatsapp_link(phone, &whatsapp::message(whatsapp::Topic::General, &creator.name, None)));
        let write = write.map(|href| view! { <LinkButton href testid="whatsapp">{whatsapp::LINK}</LinkButton> });
        let all = format!("/admin/creators/{}/deliverables", creator.id);
        let (switches, profile, results) = (switches(&creator), profile(&creator, now), results(&creator));
        view! {
            <PageHead title=creator.name.clone() marks=marks.into_any()>
                {write}
                {switches}
            </PageHead>
            <section class="section">
                <h2>{words::PROFILE}</h2>
                <FactList facts=profile/>
            </section>
            <section class="section">
                <h2>{words::RESULTS}</h2>
                <FactList facts=results/>
            </section>
            <section class="section" data-testid="creator-applications">
                <h2>{words::APPLICATIONS}</h2>
                {applications_table(applications, now)}
            </section>
            <section class="section" data-testid="creator-deliveries">
                <h2>{words::DELIVERIES}</h2>
                {deliveries_table(deliveries, now)}
                <p><a href=all data-testid="all-deliveries">{words::ALL_DELIVERIES}</a></p>
            </section>
        }
    }))
}

/// Badge and activity; turning activity off is asked twice.
fn switches(creator: &Creator) -> impl IntoView + use<> {
    let base = format!("/admin/ugc/creators/{}", creator.id);
    let (badge, active) = (format!("{base}/verificado"), format!("{base}/activo"));
    let verified = if creator.is_verified { ("no", words::UNVERIFY) } else { ("si", words::VERIFY) };
    let activity = if creator.is_active {
        view! {
            <Dialog id="deactivate" opener=words::DEACTIVATE title=words::DEACTIVATE_TITLE testid="creator-deactivate-open">
                <form class="form" method="post" action=active>
                    <p>{words::DEACTIVATE_CONSEQUENCE}</p>
                    <div class="actions">
                        <Button kind=ButtonKind::Danger name="valor" value="no" testid="creator-deactivate">
                            {words::DEACTIVATE_TITLE}
                        </Button>
                    </div>
                </form>
            </Dialog>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action=active>
                <Button name="valor" value="si" testid="creator-activate">{words::ACTIVATE}</Button>
            </form>
        }
        .into_any()
    };
    view! {
        <form method="post" action=badge>
            <Button name="valor" value=verified.0 testid="creator-verify">{verified.1}</Button>
        </form>
        {activity}
    }
}

fn profile(creator: &Creator, now: Timestamp) -> Vec<Fact> {
    let text = |label, value: Option<String>| value.filter(|text| !text.is_empty()).map(|text| Fact::new(label, text));
    let place = [creator.city.clone(), creator.country.map(|country| values::country(country).to_owned())];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let categories: Vec<&str> = creator.categories.iter().map(|category| values::category(*category)).collect();
    let (email, mailto) = (creator.email.clone(), format!("mailto:{}", creator.email));
    let portfolio =
        creator.portfolio_url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let since = timestamp(creator.created_at).map(format::date);
    [
        Some(Fact::new(words::EMAIL, view! { <a href=mailto>{email}</a> })),
        text(words::PHONE, creator.phone_full.clone()),
        creator.birth_date.map(|birth| Fact::new(words::AGE, words::years(age(birth, now)))),
        creator.gender.map(|gender| Fact::new(words::GENDER, words_of::gender(gender))),
        text(words::DOCUMENT, creator.document_id.clone()),
        text(words::PLACE, Some(place.join(", "))),
        text(words::CATEGORIES, Some(categories.join(", "))),
        text(words::BIO, creator.bio.clone()),
        text(words::OCCUPATION, creator.occupation.clone()),
        text(words::LANGUAGES, Some(creator.languages.join(", "))),
        portfolio.map(|url| {
            let href = url.clone();
            Fact::new(
                words::PORTFOLIO,
                view! { <a href=href rel="noopener noreferrer nofollow" target="_blank">{url}</a> },
            )
        }),
        Some(Fact::new(words::COMPLETENESS, words::percent(completion(creator).percent))),
        text(words::SINCE, since),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn results(creator: &Creator) -> Vec<Fact> {
    let mut level = words_of::level(creator.effective_level()).to_owned();
    if creator.level_override.is_some() {
        level = format!("{level} · {}", words::LEVEL_SET);
    }
    vec![
        Fact::new(words::NETWORKS, person::networks(creator)),
        Fact::new(words::LEVEL, level),
        Fact::new(words::COLUMN_RATING, person::rating(creator)),
        Fact::new(words::COMPLETED, format::integer(creator.stats.total_completed)),
        Fact::new(words::COLUMN_CAMPAIGNS, format::integer(creator.stats.total_campaigns)),
        Fact::new(words::COLUMN_ON_TIME, person::on_time(creator)),
        Fact::new(words::COLUMN_VIEWS, person::average(&creator.stats.avg_views)),
        Fact::new(words::COLUMN_REACH, person::average(&creator.stats.avg_reach)),
    ]
}

fn applications_table(applications: Vec<(Application, String)>, now: Timestamp) -> AnyView {
    if applications.is_empty() {
        return view! { <EmptyState title=words::NO_APPLICATIONS/> }.into_any();
    }
    let rows = applications
        .into_iter()
        .map(|(application, campaign)| {
            let at = timestamp(application.applied_at).unwrap_or(now);
            let href = format!("/admin/campaigns/{}/applications", application.campaign_id);
            let status = application.status;
            let applied =
                view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> };
            view! {
                <tr>
                    <Cell kind=CellKind::Primary><a href=href>{campaign}</a></Cell>
                    <Cell><Status tone=application_words::tone(status) label=application_words::status(status)/></Cell>
                    <Cell>{applied}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::new(words::CAMPAIGN, CellKind::Primary),
        Column::new(words::STATE, CellKind::Text),
        Column::new(words::APPLIED_ON, CellKind::Text),
    ];
    view! { <Table caption=words::APPLICATIONS columns>{rows}</Table> }.into_any()
}

fn deliveries_table(deliveries: Vec<(Deliverable, String)>, now: Timestamp) -> AnyView {
    if deliveries.is_empty() {
        return view! { <EmptyState title=words::NO_DELIVERIES/> }.into_any();
    }
    let rows = deliveries
        .into_iter()
        .map(|(delivery, campaign)| {
            let chip = |kind| chip::chip(kind, &delivery, now).map(|chip| view! { <DeadlineChip chip/> }.into_any());
            let (url, metrics, status) = (chip(Kind::Url), chip(Kind::Metrics), delivery.status);
            let href = format!("/admin/deliverables/{}", delivery.id);
            view! {
                <tr>
                    <Cell kind=CellKind::Primary>
                        <a href=href>{campaign}</a>
                    </Cell>
                    <Cell><Status tone=delivery_words::tone(status) label=delivery_words::status(status)/></Cell>
                    <Cell>{url}</Cell>
                    <Cell>{metrics}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::new(words::CAMPAIGN, CellKind::Primary),
        Column::new(words::STATE, CellKind::Text),
        Column::new(words::COLUMN_URL, CellKind::Text),
        Column::new(words::COLUMN_METRICS, CellKind::Text),
    ];
    view! { <Table caption=words::DELIVERIES columns>{rows}</Table> }.into_any()
}
