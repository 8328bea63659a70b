//! `/ugc/campaigns/{id}/postularme`: applying, a page of its own so that it works everywhere and can be come back to.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{address, apply_address};
use crate::applications;
use crate::campaigns::catalogue::asked::PATH;
use crate::campaigns::catalogue::model::PublicCampaign;
use crate::campaigns::catalogue::service::{self, Applying, Step};
use crate::creators::area::pages::APPLICATIONS;
use crate::creators::complete::missing;
use crate::creators::face::{Face, FaceSize};
use crate::creators::model::Creator;
use crate::creators::service::ONBOARDING;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::{campaigns as campaign_words, catalogue as words, creators as creator_words, errors, format, values};
use crate::ui::{Banner, Button, ButtonKind, Crumb, Fact, FactList, LinkButton, PageHead, Status, TextArea, Tone};
use crate::values::CampaignId;
use crate::web::flash::{Flash, Notice, Tone as NoticeTone};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// Characters of a message.
const LONGEST: u32 = 1_000;
/// Where one signs up.
const SIGN_UP: &str = "/registro";

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    #[serde(default)]
    message: String,
}

fn with_next(path: &str, id: &CampaignId) -> String {
    let query = serde_urlencoded::to_string([("next", apply_address(id))]).unwrap_or_default();
    format!("{path}?{query}")
}

/// `GET`: the form, or what comes before it.
pub async fn show(ctx: Ctx, Path(id): Path<CampaignId>) -> Result<Response, Failure> {
    let applying = match service::applying(&ctx, &id).await? {
        Step::SignUp => return Ok(Redirect::to(&with_next(SIGN_UP, &id)).into_response()),
        Step::Onboarding => return Ok(Redirect::to(&with_next(ONBOARDING, &id)).into_response()),
        Step::Form(applying) => *applying,
    };
    let crumbs = vec![
        Crumb::link(words::TITLE, PATH),
        Crumb::link(applying.campaign.name.clone(), address(&id)),
        Crumb::here(words::APPLY_TITLE),
    ];
    let flash = ctx.flash.clone();
    let title = format!("{}: {}", words::APPLY_TITLE, applying.campaign.name);
    let page = Page::creator(&ctx, Section::Explore, title).crumbs(crumbs);
    Ok(page.show(move || content(applying, &flash)))
}

/// `POST`: applies.
pub async fn send(
    ctx: Ctx,
    Path(id): Path<CampaignId>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(sent) = form.map_err(|_| AppError::Malformed)?;
    let here = apply_address(&id);
    let (creator, campaign) = match service::applying(&ctx, &id).await? {
        Step::SignUp => return Ok(Redirect::to(&with_next(SIGN_UP, &id)).into_response()),
        Step::Onboarding => return Ok(Redirect::to(&with_next(ONBOARDING, &id)).into_response()),
        Step::Form(applying) => (applying.creator, applying.campaign),
    };
    match applications::service::apply(&ctx, &creator, &id, Some(sent.message.clone())).await {
        Ok(_) => forms::done(&ctx, APPLICATIONS, words::sent(&campaign.name)).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            let problems = problems.into_iter().map(|problem| FieldProblem::new("message", problem.message)).collect();
            forms::refused(&ctx, &here, problems, [("message", sent.message)]).await
        }
        // The page asks the same again and says it with its way out; what was written is still there.
        Err(Failure::Refused(refusal)) => {
            let notice = Some(Notice { tone: NoticeTone::Error, text: errors::sentence(&refusal) });
            let values = [("message".to_owned(), sent.message)].into();
            forms::redirect_with(&ctx, &here, Flash { notice, values, ..Flash::default() }).await
        }
        Err(fault) => Err(fault),
    }
}

fn content(applying: Applying, flash: &Flash) -> AnyView {
    let Applying { campaign, creator, refusal, has_applied } = applying;
    let summary = summary(&campaign);
    let rest = match refusal {
        Some(refusal) => refused(&refusal, has_applied, &creator),
        None => form(&campaign, &creator, flash),
    };
    view! {
        <PageHead title=words::APPLY_TITLE purpose=campaign.name.clone()/>
        {summary}
        {rest}
    }
    .into_any()
}

fn summary(campaign: &PublicCampaign) -> impl IntoView + use<> {
    let until = campaign.timeline.applications_deadline;
    view! {
        <FactList facts=vec![
            Fact::new(words::CANJE, words::worth(campaign.canje.kind, campaign.canje.value)),
            Fact::new(words::HANDOVER, campaign_words::delivery_method(campaign.canje.delivery_method)),
            Fact::new(words::URL_DEADLINE, words::url_due(&campaign.delivery)),
            Fact::new(words::METRICS_DEADLINE, words::metrics_due(&campaign.delivery)),
            Fact::new(words::APPLY_UNTIL, super::detail::last_day(until, words::until(until))),
        ]/>
    }
}

/// Why there is no form, and the way out.
fn refused(refusal: &AppError, has_applied: bool, creator: &Creator) -> AnyView {
    let sentence = errors::sentence(refusal);
    let (href, label) = match refusal.status() {
        _ if has_applied => (APPLICATIONS, words::MY_APPLICATIONS),
        _ if !missing(creator).is_empty() => (ONBOARDING, words::COMPLETE_PROFILE),
        422 => ("/ugc/creator/profile", words::EDIT_PROFILE),
        _ => (PATH, words::OTHER_CAMPAIGNS),
    };
    let others = (href != PATH).then(|| view! { <LinkButton href=PATH>{words::OTHER_CAMPAIGNS}</LinkButton> });
    view! {
        <Banner tone=Tone::Attention title=sentence testid="apply-refused">
            <div class="actions">
                <LinkButton href testid="apply-way-out">{label}</LinkButton>
                {others}
            </div>
        </Banner>
    }
    .into_any()
}

fn form(campaign: &PublicCampaign, creator: &Creator, flash: &Flash) -> AnyView {
    let preview = preview(creator);
    view! {
        <form class="stack" method="post" action=apply_address(&campaign.id) data-testid="apply-form">
            <TextArea
                name="message"
                label=words::MESSAGE
                hint=words::MESSAGE_HINT
                maxlength=LONGEST
                value=flash.value("message")
                error=flash.problem("message")
                testid="apply-message"
            />
            <section class="stack">
                <h2>{words::YOUR_PROFILE}</h2>
                {preview}
                <p class="muted">
                    {words::SHARED} " " <a href="/ugc/creator/profile">{words::EDIT_PROFILE}</a>
                </p>
            </section>
            <div class="actions">
                <Button kind=ButtonKind::Primary testid="apply-send">{words::SEND}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is shared, as it is shared.
fn preview(creator: &Creator) -> impl IntoView + use<> {
    let about = [Some(creator_words::level(creator.effective_level()).to_owned()), creator.city.clone()];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let networks = creator
        .social_networks
        .iter()
        .map(|network| {
            let count = words::followers(creator.followers(network.platform));
            let is_verified = creator.is_verified_on(network.platform);
            let (tone, mark) =
                if is_verified { (Tone::Good, words::VERIFIED) } else { (Tone::Neutral, words::UNVERIFIED) };
            let value = view! {
                {format!("@{} · {count}", network.username)}
                <br/>
                <Status tone label=mark/>
            };
            Fact::new(network.platform.label(), value)
        })
        .collect::<Vec<_>>();
    let categories = creator.categories.iter().map(|one| values::category(*one)).collect::<Vec<_>>().join(", ");
    let mut facts = networks;
    facts.push(Fact::new(words::CATEGORY, categories));
    if let Some(rate) = creator.stats.delivery_on_time_rate {
        facts.push(Fact::new(crate::i18n::creator_area::ON_TIME, format::percent(rate / 100.0)));
    }
    view! {
        <div class="portrait-row">
            <Face url=creator.profile_picture.clone() name=creator.name.clone() size=FaceSize::Page/>
            <p>
                <strong>{creator.name.clone()}</strong>
                <br/>
                <span class="muted">{about}</span>
            </p>
        </div>
        <FactList facts/>
    }
}
