//! `/admin/campaigns/nueva` and `/admin/campaigns/{id}/editar`.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use leptos::prelude::*;

use super::fields::{self, Shown};
use super::{MANAGER_PATH, NEW_PATH, address, below, crumbs, impact};
use crate::assets::CAMPAIGNS_SCRIPT;
use crate::brands::Brand;
use crate::campaigns::form::{self, COVER, FIELDS, Purpose, Typed};
use crate::campaigns::model::Campaign;
use crate::campaigns::service::cover::{self, Cover};
use crate::campaigns::service::{self, Edit, New, Outcome};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::campaigns::form as words;
use crate::i18n::campaigns::pages;
use crate::media::form::PictureForm;
use crate::media::{IMAGE_GONE, images};
use crate::ui::{Banner, Button, ButtonKind, Choice, Crumb, Fact, FactList, LinkButton, PageHead, Select, Tone};
use crate::values::{BrandId, CampaignId, LocalDate};
use crate::web::flash::Flash;
use crate::web::forms::{done, refused};
use crate::web::render::{Page, Section};

/// The name of the buttons, and what the publishing one says.
pub(super) const ACTION: &str = "accion";
const PUBLISH: &str = "publicar";
/// What the button says that leads back to the form with everything typed.
pub(super) const BACK: &str = "volver";

type Posted = Result<Multipart, MultipartRejection>;

/// `GET /admin/campaigns/nueva`.
pub async fn new(ctx: Ctx) -> Result<Response, Failure> {
    let brands = service::active_brands(&ctx).await?;
    let flash = ctx.flash.clone();
    let typed = match flash.values.is_empty() {
        true => form::fresh(&CampaignId::new(), LocalDate::of(ctx.now())),
        false => flash.values.clone(),
    };
    let script = ctx.app.assets.url(CAMPAIGNS_SCRIPT).to_owned();
    let crumbs = vec![Crumb::link(pages::MANAGER, MANAGER_PATH), Crumb::here(words::TITLE_NEW)];
    Ok(Page::admin(&ctx, Section::Campaigns, words::TITLE_NEW).crumbs(crumbs).show(move || {
        let shown = Shown { typed: &typed, flash: &flash };
        let company = companies(&shown, brands);
        view! {
            <PageHead title=words::TITLE_NEW purpose=words::PURPOSE/>
            <form class="settings-form" method="post" action=NEW_PATH enctype="multipart/form-data" data-testid="campaign-form">
                {problems(&flash)}
                <input type="hidden" name="id" value=shown.value("id")/>
                {fields::brand(&shown, company)}
                {fields::description(&shown)}
                {fields::cover(&shown, None)}
                {fields::contract(&shown)}
                {fields::requirements(&shown)}
                {fields::canje(&shown)}
                {fields::dates(&shown)}
                {fields::deadlines(&shown, false)}
                {fields::notes(&shown)}
                <div class="actions">
                    <Button kind=ButtonKind::Primary name=ACTION value=PUBLISH testid="campaign-publish">{words::PUBLISH}</Button>
                    <Button name=ACTION value="borrador" testid="campaign-draft">{words::SAVE_DRAFT}</Button>
                </div>
            </form>
            <script type="module" src=script></script>
        }
    }))
}

/// `POST /admin/campaigns/nueva`.
pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response, Failure> {
    let (form, mut typed) = read(posted).await?;
    let id = typed.get("id").filter(|id| uuid::Uuid::try_parse(id).is_ok()).ok_or(AppError::Malformed)?;
    let id = CampaignId::of(id.clone());
    let publish = form.text(ACTION) == PUBLISH;
    let draft = form::read(&typed, Purpose::New(LocalDate::of(ctx.now())));
    let mut problems = draft.as_ref().err().cloned().unwrap_or_default();
    let brand = typed.get("brand_id").cloned().unwrap_or_default();
    if brand.is_empty() {
        problems.insert(0, FieldProblem::new("brand_id", words::NO_COMPANY));
    }
    let cover = cover(&ctx, &id, form, &mut typed, &mut problems).await?;
    let (Ok(draft), true) = (draft, problems.is_empty()) else {
        return refused(&ctx, NEW_PATH, problems, echo(&typed)).await;
    };
    let new = New { id: id.clone(), brand: BrandId::of(brand), draft, cover, publish };
    match service::create(&ctx, new).await {
        Ok(id) => {
            let said = if publish { pages::CREATED_LIVE } else { pages::CREATED };
            done(&ctx, &address(&id), said).await
        }
        Err(Failure::Refused(AppError::Conflict)) => {
            let problem = FieldProblem::new("id", words::ALREADY_SAVED);
            over_stored(&ctx, &id, problem, typed).await
        }
        Err(failure) => match problems_of(&failure, &mut typed) {
            Some(problems) => refused(&ctx, NEW_PATH, problems, echo(&typed)).await,
            None => Err(failure),
        },
    }
}

/// Back to the form with what was typed, over the campaign as it is stored now.
async fn over_stored(ctx: &Ctx, id: &CampaignId, problem: FieldProblem, mut typed: Typed) -> Result<Response, Failure> {
    let (there, _) = service::editable(ctx, id).await?;
    typed.insert("rev".into(), there.rev.to_string());
    refused(ctx, &below(id, "editar"), vec![problem], echo(&typed)).await
}

/// `GET /admin/campaigns/{id}/editar`.
pub async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (campaign, brand) = service::editable(&ctx, &CampaignId::of(id)).await?;
    let flash = ctx.flash.clone();
    let typed = if flash.values.is_empty() { form::shown(&campaign) } else { flash.values.clone() };
    let script = ctx.app.assets.url(CAMPAIGNS_SCRIPT).to_owned();
    let crumbs = crumbs(&campaign, words::TITLE_EDIT);
    Ok(Page::admin(&ctx, Section::Campaigns, words::TITLE_EDIT).crumbs(crumbs).show(move || {
        let shown = Shown { typed: &typed, flash: &flash };
        let contract = match campaign.published_at {
            None => fields::contract(&shown),
            Some(_) => running(&campaign),
        };
        view! {
            <PageHead title=words::TITLE_EDIT purpose=campaign.name.clone()/>
            <form class="settings-form" method="post" action=below(&campaign.id, "editar") enctype="multipart/form-data"
                data-testid="campaign-form">
                {problems(&flash)}
                <input type="hidden" name="rev" value=shown.value("rev")/>
                {fields::brand(&shown, company(brand))}
                {fields::description(&shown)}
                {fields::cover(&shown, campaign.assets.cover_image.clone())}
                {contract}
                {fields::requirements(&shown)}
                {fields::canje(&shown)}
                {fields::dates(&shown)}
                {fields::deadlines(&shown, campaign.tally.confirmed > 0)}
                {fields::notes(&shown)}
                <div class="actions">
                    <Button kind=ButtonKind::Primary testid="campaign-save">{words::SAVE}</Button>
                    <LinkButton href=address(&campaign.id) testid="campaign-leave">{words::CANCEL}</LinkButton>
                </div>
            </form>
            <script type="module" src=script></script>
        }
    }))
}

/// `POST /admin/campaigns/{id}/editar`: saves, or asks first when deadlines move.
pub async fn save(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let id = CampaignId::of(id);
    let (form, mut typed) = read(posted).await?;
    let (campaign, _) = service::editable(&ctx, &id).await?;
    if form.text(ACTION) == BACK {
        return refused(&ctx, &below(&id, "editar"), Vec::new(), echo(&typed)).await;
    }
    let draft = form::read(&typed, Purpose::Edit(&campaign));
    let mut problems = draft.as_ref().err().cloned().unwrap_or_default();
    let cover = cover(&ctx, &id, form, &mut typed, &mut problems).await?;
    let back = below(&id, "editar");
    let (Ok(draft), true) = (draft, problems.is_empty()) else {
        return refused(&ctx, &back, problems, echo(&typed)).await;
    };
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let edit = Edit {
        rev: text("rev").parse().map_err(|_| AppError::Malformed)?,
        draft,
        cover,
        consent: Some(text("consent")).filter(|digest| !digest.is_empty()),
        despite_past: !text("past_agreed").is_empty(),
    };
    let asked = edit.consent.clone();
    match service::update(&ctx, &id, edit).await {
        Ok(Outcome::Saved(saved)) if saved.moved > 0 => done(&ctx, &address(&id), pages::saved_with(saved.moved)).await,
        Ok(Outcome::Saved(_)) => done(&ctx, &address(&id), pages::SAVED).await,
        Ok(Outcome::Unconfirmed(impact)) => impact::show(&ctx, campaign, impact, typed, asked).await,
        Err(Failure::Refused(AppError::Conflict)) => {
            over_stored(&ctx, &id, FieldProblem::new("rev", words::STALE), typed).await
        }
        Err(failure) => match problems_of(&failure, &mut typed) {
            Some(problems) => refused(&ctx, &back, problems, echo(&typed)).await,
            None => Err(failure),
        },
    }
}

/// The form as it arrived, and its fields.
async fn read(posted: Posted) -> Result<(PictureForm, Typed), Failure> {
    let form = PictureForm::read(posted.map_err(|_| AppError::Malformed)?, COVER).await?;
    let typed = FIELDS
        .into_iter()
        .filter(|name| form.has(name))
        .map(|name| (name.to_owned(), form.text(name).to_owned()))
        .collect();
    Ok((form, typed))
}

/// The cover that came with the form, or came with it before it was refused. What can't be taken is told beside its field.
async fn cover(
    ctx: &Ctx,
    id: &CampaignId,
    form: PictureForm,
    typed: &mut Typed,
    problems: &mut Vec<FieldProblem>,
) -> Result<Option<Cover>, Failure> {
    if let Some(picked) = form.file {
        return match cover::store(ctx, id, picked).await {
            Ok(cover) => {
                typed.insert("cover_asset".into(), cover.id.clone());
                Ok(Some(cover))
            }
            Err(failure) => match images::told(&failure) {
                Some(why) => {
                    problems.push(FieldProblem::new(COVER, &*why));
                    Ok(None)
                }
                None => Err(failure),
            },
        };
    }
    match typed.get("cover_asset").filter(|asset| !asset.is_empty()) {
        Some(asset) => cover::carried(ctx, id, asset).await,
        None => Ok(None),
    }
}

fn echo(typed: &Typed) -> Vec<(&'static str, String)> {
    FIELDS.into_iter().filter_map(|name| Some((name, typed.get(name)?.clone()))).collect()
}

/// A refusal that belongs beside the form. A picture that is gone isn't carried on.
fn problems_of(failure: &Failure, typed: &mut Typed) -> Option<Vec<FieldProblem>> {
    match failure {
        Failure::Refused(AppError::Invalid(problems)) => Some(problems.clone()),
        Failure::Refused(AppError::Rule(rule)) if rule.code == IMAGE_GONE => {
            typed.remove("cover_asset");
            Some(vec![FieldProblem::new(COVER, rule.message.clone())])
        }
        Failure::Refused(AppError::Rule(rule)) => Some(vec![FieldProblem::new("form", rule.message.clone())]),
        _ => None,
    }
}

/// What is wrong with the whole, above it.
fn problems(flash: &Flash) -> Option<AnyView> {
    let over = [("rev", words::STALE_HINT), ("id", words::ALREADY_SAVED_HINT)];
    if let Some((title, hint)) = over.into_iter().find_map(|(field, hint)| Some((flash.problem(field)?, hint))) {
        return Some(
            view! { <Banner tone=Tone::Attention title testid="campaign-stale"><p>{hint}</p></Banner> }.into_any(),
        );
    }
    let title = flash.problem("form").or_else(|| (!flash.problems.is_empty()).then(|| words::PROBLEMS.to_owned()))?;
    Some(view! { <Banner tone=Tone::Bad title testid="campaign-problem"/> }.into_any())
}

fn companies(shown: &Shown<'_>, brands: Vec<Brand>) -> AnyView {
    let choices = std::iter::once(Choice::new("", words::COMPANY_CHOOSE))
        .chain(brands.into_iter().map(|brand| Choice::new(brand.id.to_string(), brand.company_name)))
        .collect();
    view! {
        <Select name="brand_id" label=words::COMPANY choices value=shown.value("brand_id") error=shown.flash.problem("brand_id")
            required=true testid="campaign-brand_id"/>
    }
    .into_any()
}

fn company(brand: Option<Brand>) -> AnyView {
    let name = brand.map_or_else(|| pages::BRAND_GONE.to_owned(), |brand| brand.company_name);
    view! { <FactList facts=vec![Fact::new(words::COMPANY, name)]/> }.into_any()
}

/// A contract that is running, as a fact.
fn running(campaign: &Campaign) -> AnyView {
    view! {
        <fieldset>
            <legend>{words::CONTRACT}</legend>
            <p class="muted">{words::CONTRACT_RUNNING}</p>
            <FactList facts=vec![super::show::contract_fact(campaign)]/>
        </fieldset>
    }
    .into_any()
}
