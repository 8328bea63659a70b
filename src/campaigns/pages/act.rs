//! Changing a campaign's state and slots, showing and hiding it, undoing a change of deadlines.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{address, below, crumbs, marks};
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::campaigns::service::{self, Ask, Slots};
use crate::campaigns::state::Move;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::campaigns::pages as words;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Field, PageHead, TextArea, Tone};
use crate::values::{CampaignId, Capability, LocalDate, newlines};
use crate::web::flash::Flash;
use crate::web::forms::{answered, done, refused};
use crate::web::render::{Page, Section};

type Posted<T> = Result<Form<T>, FormRejection>;

fn posted<T>(form: Posted<T>) -> Result<T, Failure> {
    form.map(|Form(form)| form).map_err(|_| AppError::Malformed.into())
}

/// A refusal the form can say: beside its field, or above everything.
fn said(failure: Failure) -> Result<Vec<FieldProblem>, Failure> {
    match failure {
        Failure::Refused(AppError::Invalid(problems)) => Ok(problems),
        Failure::Refused(AppError::Rule(rule)) => Ok(vec![FieldProblem::new("form", rule.message)]),
        other => Err(other),
    }
}

/// `GET /admin/campaigns/{id}/estado`.
pub async fn states(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (campaign, _) = service::editable(&ctx, &CampaignId::of(id)).await?;
    let open = match campaign.status {
        CampaignStatus::InProduction => service::open_deliveries(&ctx, &campaign.id).await?,
        _ => 0,
    };
    let (flash, today, role) = (ctx.flash.clone(), LocalDate::of(ctx.now()), ctx.role());
    let crumbs = crumbs(&campaign, words::STATE_TITLE);
    Ok(Page::admin(&ctx, Section::Campaigns, words::STATE_TITLE).crumbs(crumbs).show(move || {
        let ways = campaign
            .status
            .next()
            .filter(|(_, way)| role.is_some_and(|role| way.is_open_to(role)))
            .map(|(to, way)| way_form(&campaign, to, way, open, &flash))
            .collect_view();
        let only_admin = role.is_some_and(|role| !Move::Cancel.is_open_to(role));
        let problem = flash.problem("form");
        view! {
            <PageHead title=words::STATE_TITLE purpose=campaign.name.clone() marks=marks(&campaign, today)/>
            {problem.map(|title| view! { <Banner tone=Tone::Bad title testid="state-problem"/> })}
            {ways}
            {only_admin.then(|| view! { <p class="muted">{words::ONLY_ADMIN}</p> })}
        }
    }))
}

fn way_form(campaign: &Campaign, to: CampaignStatus, way: Move, open: u64, flash: &Flash) -> AnyView {
    let is_asked = flash.value("to").as_deref() == Some(to.as_str());
    let typed = |name: &str| flash.value(name).filter(|_| is_asked).unwrap_or_default();
    let pending = campaign.tally.pending();
    let extra = match way {
        Move::Cancel => reason(words::REASON_CANCEL_HINT, true, typed("reason"), flash, is_asked),
        Move::Complete => {
            let rest = (pending > 0).then(|| {
                view! { <Checkbox name="reject_rest" label=words::REJECT_REST checked=!typed("reject_rest").is_empty() testid="state-reject-rest"/> }
            });
            let despite = (open > 0).then(|| {
                view! {
                    <Checkbox name="despite_open" label=words::DESPITE_OPEN checked=!typed("despite_open").is_empty() testid="state-despite-open"/>
                    {reason(words::REASON_COMPLETE_HINT, false, typed("reason"), flash, is_asked)}
                }
            });
            let left = words::in_the_way(pending, open);
            view! { {left.map(|left| view! { <p class="status" data-status="attention">{left}</p> })} {rest} {despite} }
                .into_any()
        }
        Move::Publish | Move::Close | Move::Reopen | Move::Produce => ().into_any(),
    };
    // The first way is the one a campaign's life goes on.
    let is_first = campaign.status.next().next().is_some_and(|(first, _)| first == to);
    let kind = match way {
        Move::Cancel => ButtonKind::Danger,
        _ if is_first => ButtonKind::Primary,
        _ => ButtonKind::Quiet,
    };
    let heading = format!("way-{}", to.as_str());
    let labelled = heading.clone();
    view! {
        <section class="section" aria-labelledby=heading>
            <h2 id=labelled>{words::way(way)}</h2>
            <p class="muted">{words::way_detail(way)}</p>
            <form class="form" method="post" action=below(&campaign.id, "estado")>
                <input type="hidden" name="to" value=to.as_str()/>
                {extra}
                <div class="actions">
                    <Button kind testid=format!("state-{}", to.as_str())>{words::way(way)}</Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn reason(hint: &'static str, required: bool, value: String, flash: &Flash, is_asked: bool) -> AnyView {
    let error = flash.problem("reason").filter(|_| is_asked);
    view! { <TextArea name="reason" label=words::REASON hint required rows=3 maxlength=500 value error testid="state-reason"/> }
        .into_any()
}

/// Where to, and what was decided about the rest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    to: String,
    reason: String,
    reject_rest: String,
    despite_open: String,
}

/// `POST /admin/campaigns/{id}/estado`.
pub async fn change_state(ctx: Ctx, Path(id): Path<String>, form: Posted<Asked>) -> Result<Response, Failure> {
    let (id, form) = (CampaignId::of(id), posted(form)?);
    let to = CampaignStatus::parse(&form.to).ok_or(AppError::Malformed)?;
    let ask = Ask {
        to,
        reason: Some(newlines(form.reason.trim())).filter(|reason| !reason.is_empty()),
        reject_rest: !form.reject_rest.is_empty(),
        despite_open: !form.despite_open.is_empty(),
    };
    match service::change_status(&ctx, &id, ask).await {
        Ok(()) => done(&ctx, &address(&id), words::moved(to)).await,
        Err(failure) => {
            let problems = said(failure)?;
            let typed = [
                ("to", form.to),
                ("reason", form.reason),
                ("reject_rest", form.reject_rest),
                ("despite_open", form.despite_open),
            ];
            refused(&ctx, &below(&id, "estado"), problems, typed).await
        }
    }
}

/// `GET /admin/campaigns/{id}/cupos`.
pub async fn slots(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (campaign, _) = service::editable(&ctx, &CampaignId::of(id)).await?;
    let (flash, today, may_reduce) = (ctx.flash.clone(), LocalDate::of(ctx.now()), ctx.may(Capability::UgcAdmin));
    let crumbs = crumbs(&campaign, words::SLOTS_TITLE);
    Ok(Page::admin(&ctx, Section::Campaigns, words::SLOTS_TITLE).crumbs(crumbs).show(move || {
        let taken = words::of_total(campaign.slots_filled, campaign.total_slots_loaded);
        let figures = format!("{} · {taken} · {}", campaign.name, words::free(campaign.available_slots()));
        let problem = flash.problem("form");
        let reduce = (may_reduce && campaign.available_slots() > 0).then(|| {
            view! {
                <section class="section" aria-labelledby="reduce">
                    <h2 id="reduce">{words::SLOTS_REDUCE}</h2>
                    {slots_form(&campaign, "quitar", &flash)}
                </section>
            }
        });
        view! {
            <PageHead title=words::SLOTS_TITLE purpose=figures marks=marks(&campaign, today)/>
            {problem.map(|title| view! { <Banner tone=Tone::Bad title testid="slots-problem"/> })}
            {slots_form(&campaign, "agregar", &flash)}
            {reduce}
        }
    }))
}

fn slots_form(campaign: &Campaign, action: &'static str, flash: &Flash) -> AnyView {
    let is_asked = flash.value("accion").is_none_or(|asked| asked == action);
    let typed = |name: &str| flash.value(name).filter(|_| is_asked).unwrap_or_default();
    let error = |name: &str| flash.problem(name).filter(|_| is_asked);
    let (kind, label) = match action {
        "quitar" => (ButtonKind::Quiet, words::SLOTS_REDUCE_DO),
        _ => (ButtonKind::Primary, words::ADD_SLOTS),
    };
    view! {
        <form class="form" method="post" action=below(&campaign.id, "cupos")>
            <input type="hidden" name="total" value=campaign.total_slots_loaded.to_string()/>
            <Field name="qty" id=format!("qty-{action}") label=words::SLOTS_QTY hint=words::SLOTS_QTY_HINT required=true
                inputmode="numeric" autocomplete="off" value=typed("qty") error=error("qty") testid=format!("slots-qty-{action}")/>
            <Field name="note" id=format!("note-{action}") label=words::SLOTS_NOTE maxlength=200 autocomplete="off"
                value=typed("note") error=error("note") testid=format!("slots-note-{action}")/>
            <div class="actions">
                <Button kind name="accion" value=action testid=format!("slots-{action}")>{label}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// How many slots, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SlotsAsked {
    qty: String,
    note: String,
    total: String,
    accion: String,
}

/// `POST /admin/campaigns/{id}/cupos`.
pub async fn change_slots(ctx: Ctx, Path(id): Path<String>, form: Posted<SlotsAsked>) -> Result<Response, Failure> {
    let (id, form) = (CampaignId::of(id), posted(form)?);
    let note = form.note.trim();
    let slots = Slots {
        qty: form.qty.trim().parse().unwrap_or(0),
        note: (!note.is_empty()).then(|| note.chars().take(200).collect()),
        seen_total: form.total.parse().ok(),
    };
    let changed = match form.accion.as_str() {
        "quitar" => service::reduce_slots(&ctx, &id, slots).await,
        _ => service::add_slots(&ctx, &id, slots).await,
    };
    match changed {
        Ok(total) => done(&ctx, &address(&id), words::slots_now(total)).await,
        Err(failure) => {
            let problems = said(failure)?;
            let typed = [("qty", form.qty), ("note", form.note), ("accion", form.accion)];
            refused(&ctx, &below(&id, "cupos"), problems, typed).await
        }
    }
}

/// Whether creators see it.
#[derive(Debug, Deserialize)]
pub struct Visible {
    visible: String,
}

/// `POST /admin/campaigns/{id}/visible`.
pub async fn set_visible(ctx: Ctx, Path(id): Path<String>, form: Posted<Visible>) -> Result<Response, Failure> {
    let (id, form) = (CampaignId::of(id), posted(form)?);
    let is_visible = match form.visible.as_str() {
        "si" => true,
        "no" => false,
        _ => return Err(AppError::Malformed.into()),
    };
    let set = service::set_visible(&ctx, &id, is_visible).await;
    answered(&ctx, &address(&id), set, if is_visible { words::SHOWN } else { words::HIDDEN_DONE }).await
}

/// Which change.
#[derive(Debug, Deserialize)]
pub struct Undoing {
    change: String,
}

/// `POST /admin/campaigns/{id}/deshacer-plazos`.
pub async fn undo(ctx: Ctx, Path(id): Path<String>, form: Posted<Undoing>) -> Result<Response, Failure> {
    let (id, form) = (CampaignId::of(id), posted(form)?);
    let undone = service::undo_deadlines(&ctx, &id, &form.change).await;
    let said = undone.as_ref().map_or_else(|_| String::new(), |undone| words::undone(undone.restored, undone.left));
    answered(&ctx, &address(&id), undone, said).await
}
