//! `GET /ugc/campaigns/{id}`: one campaign.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::{address, apply_address, framed, page, picture};
use crate::campaigns::catalogue::asked::PATH;
use crate::campaigns::catalogue::model::{Intake, PublicCampaign, Slots};
use crate::campaigns::catalogue::service::{self, Shown, Standing};
use crate::campaigns::markup::{Markup, excerpt};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{applications, campaigns as campaign_words, catalogue as words, format, values};
use crate::media::Width;
use crate::ui::{Breadcrumb, ButtonKind, Crumb, Fact, FactList, LinkButton, PageHead, Status, Tone};
use crate::values::{CampaignId, LocalDate};

/// Characters of a page's description for search engines.
const DESCRIPTION: usize = 155;

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<CampaignId>) -> Result<Response, Failure> {
    let Shown { campaign, standing, is_creator } = service::detail(&ctx, &id).await?;
    let crumbs =
        if is_creator { vec![Crumb::link(words::TITLE, PATH), Crumb::here(campaign.name.clone())] } else { Vec::new() };
    let page = page(&ctx, is_creator, campaign.name.clone())
        .crumbs(crumbs)
        .description(excerpt(&campaign.description, DESCRIPTION))
        .indexable(&address(&campaign.id));
    Ok(page.show(move || framed(is_creator, content(campaign, standing, is_creator))))
}

fn crumbs(campaign: &PublicCampaign) -> Vec<Crumb> {
    vec![Crumb::link(words::TITLE, PATH), Crumb::here(campaign.name.clone())]
}

fn content(campaign: PublicCampaign, standing: Standing, is_creator: bool) -> AnyView {
    let about =
        [Some(campaign.brand.clone()), Some(values::category(campaign.category).to_owned()), campaign.city.clone()];
    let about = about.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let image = picture(campaign.cover.as_deref(), Width::Large)
        .map(|src| view! { <img class="campaign-cover" src=src alt="" width="800" height="600"/> });
    // The site's frame has no place of its own for it.
    let way = (!is_creator).then(|| view! { <Breadcrumb crumbs=crumbs(&campaign)/> });
    let action = action(&campaign, &standing);
    let canje = canje(&campaign);
    let dates = dates(&campaign);
    let asked = words::requirement_lines(&campaign.requirements);
    let asked = asked.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        {way}
        <PageHead title=campaign.name purpose=about/>
        {image}
        <div class="campaign-act" data-testid="campaign-action">{action}</div>
        <section class="section">
            <h2>{words::COMPENSATION}</h2>
            {canje}
        </section>
        <section class="section">
            <h2>{words::ABOUT}</h2>
            <Markup text=campaign.description/>
        </section>
        <section class="section">
            <h2>{words::REQUIREMENTS}</h2>
            <ul class="markup" data-testid="campaign-requirements">{asked}</ul>
        </section>
        <section class="section">
            <h2>{words::DEADLINES}</h2>
            <FactList facts=vec![
                Fact::new(words::URL_DEADLINE, words::url_due(&campaign.delivery)),
                Fact::new(words::METRICS_DEADLINE, words::metrics_due(&campaign.delivery)),
            ]/>
        </section>
        <section class="section">
            <h2>{words::DATES}</h2>
            {dates}
        </section>
    }
    .into_any()
}

/// A local day's end, exact in the tooltip and for programs.
pub(super) fn last_day(day: LocalDate, said: String) -> impl IntoView {
    view! { <time datetime=format::machine(day.end()) title=format::date_time(day.end())>{said}</time> }
}

fn dates(campaign: &PublicCampaign) -> impl IntoView + use<> {
    let timeline = &campaign.timeline;
    let until = timeline.applications_deadline;
    let places = match campaign.slots {
        Slots::Full => words::FULL.to_owned(),
        Slots::Last(left) => words::last_slots(left),
        Slots::Available => words::AVAILABLE.to_owned(),
    };
    let facts = vec![
        Fact::new(words::APPLY_UNTIL, last_day(until, words::until(until))),
        Fact::new(words::PUBLISH, words::between(timeline.publish_start, timeline.publish_end)),
        Fact::new(words::PLACES, places),
    ];
    view! { <FactList facts/> }
}

fn canje(campaign: &PublicCampaign) -> impl IntoView + use<> {
    let canje = &campaign.canje;
    let mut facts = vec![Fact::new(words::CANJE, campaign_words::canje_type(canje.kind))];
    if canje.value > 0 {
        facts.push(Fact::new(words::VALUE, format::money(canje.value)));
    }
    let note = view! {
        {campaign_words::delivery_method(canje.delivery_method)}
        <br/>
        <span class="muted">{words::HANDOVER_NOTE}</span>
    };
    facts.push(Fact::new(words::HANDOVER, note));
    view! {
        <Markup text=canje.description.clone()/>
        <FactList facts/>
    }
}

/// The one thing to do, or why there is nothing to do.
fn action(campaign: &PublicCampaign, standing: &Standing) -> AnyView {
    let closed = match campaign.intake {
        Intake::Open => None,
        Intake::Full => Some(words::FULL.to_owned()),
        Intake::Over(day) => Some(words::was_until(day)),
        Intake::Closed => Some(words::CLOSED.to_owned()),
    };
    if let Standing::Applied(status) = standing {
        let tone = applications::tone(*status);
        return view! {
            <Status tone label=words::applied(*status)/>
            <LinkButton href="/ugc/creator/applications">{words::MY_APPLICATIONS}</LinkButton>
        }
        .into_any();
    }
    if let Some(closed) = closed {
        return view! {
            <Status tone=Tone::Neutral label=closed/>
            <LinkButton href=PATH>{words::OTHER_CAMPAIGNS}</LinkButton>
        }
        .into_any();
    }
    let slots = match campaign.slots {
        Slots::Last(left) => Some(view! { <Status tone=Tone::Attention label=words::last_slots(left)/> }),
        Slots::Full | Slots::Available => None,
    };
    let label = match standing {
        Standing::Guest => words::REGISTER,
        Standing::NoProfile => words::MAKE_PROFILE,
        Standing::May | Standing::Applied(_) => words::APPLY,
        Standing::Unfit(reasons) => {
            let reasons = reasons.iter().map(|reason| view! { <li>{reason.clone()}</li> }).collect_view();
            return view! {
                <div data-testid="campaign-unfit">
                    <Status tone=Tone::Neutral label=words::UNFIT/>
                    <ul class="markup">{reasons}</ul>
                </div>
                <LinkButton href="/ugc/creator/profile">{words::EDIT_PROFILE}</LinkButton>
            }
            .into_any();
        }
    };
    view! {
        <LinkButton href=apply_address(&campaign.id) kind=ButtonKind::Primary testid="campaign-apply">{label}</LinkButton>
        {slots}
    }
    .into_any()
}
