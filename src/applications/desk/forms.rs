//! The answers: one application, or several at once.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;

use crate::applications::service;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::desk as words;
use crate::i18n::errors::sentence;
use crate::lists::forms::back;
use crate::values::{ApplicationId, CampaignId};
use crate::web::flash::{Flash, Notice, Tone};
use crate::web::forms::{answered, redirect_with, refused};

/// The chosen ones of a refused form, with spaces between them.
pub(super) const CHOSEN: &str = "ids";
/// Applications answered at once.
const MOST: usize = 100;

/// A form's fields; several of one name are several answers.
type Fields = Form<Vec<(String, String)>>;

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.trim()).unwrap_or_default()
}

/// `POST /admin/applications/{id}/preseleccionar`.
pub async fn shortlist(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let result = service::shortlist(&ctx, &ApplicationId::of(id)).await;
    answered(&ctx, &to, result, words::SHORTLISTED).await
}

/// `POST /admin/applications/{id}/confirmar`.
pub async fn confirm(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let result = service::confirm(&ctx, &ApplicationId::of(id)).await;
    answered(&ctx, &to, result, words::CONFIRMED).await
}

/// `POST /admin/applications/{id}/reactivar`.
pub async fn reactivate(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let result = service::reactivate(&ctx, &ApplicationId::of(id)).await;
    answered(&ctx, &to, result, words::REACTIVATED).await
}

/// `POST /admin/applications/{id}/rechazar`.
pub async fn reject(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let reason = reason(&fields);
    let result = service::reject(&ctx, &ApplicationId::of(id.clone()), reason.clone()).await;
    let form = format!("/admin/applications/{id}/rechazar");
    reasoned(&ctx, &form, &to, result, reason, words::REJECTED).await
}

/// `POST /admin/applications/{id}/cancelar`.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let reason = reason(&fields);
    let result = service::cancel(&ctx, &ApplicationId::of(id.clone()), reason.clone().unwrap_or_default()).await;
    let form = format!("/admin/applications/{id}/cancelar");
    reasoned(&ctx, &form, &to, result, reason, words::CANCELLED).await
}

/// `POST /admin/campaigns/{id}/applications/lote`: the chosen ones, each in a transaction of its own.
pub async fn several(ctx: Ctx, Path(id): Path<String>, Form(fields): Fields) -> Result<Response, Failure> {
    let to = back(field(&fields, "back"))?;
    let campaign = CampaignId::of(id);
    let chosen = fields.iter().filter(|(name, _)| name == "ids").map(|(_, value)| ApplicationId::of(value.as_str()));
    let chosen: Vec<ApplicationId> = chosen.take(MOST).collect();
    if chosen.is_empty() {
        let notice = Some(Notice { tone: Tone::Info, text: words::NONE_CHOSEN.into() });
        return redirect_with(&ctx, &to, Flash { notice, ..Flash::default() }).await;
    }
    let is_shortlist = match field(&fields, "accion") {
        "preseleccionar" => true,
        "rechazar" => false,
        _ => return Err(AppError::Malformed.into()),
    };
    super::service::of_campaign(&ctx, &campaign, &chosen).await?;
    let (mut taken, mut left, mut why_not) = (0_u64, 0_u64, None);
    for id in &chosen {
        let result = if is_shortlist {
            service::shortlist(&ctx, id).await
        } else {
            service::reject(&ctx, id, reason(&fields)).await
        };
        match result {
            Ok(()) => taken += 1,
            Err(Failure::Refused(refusal @ (AppError::Rule(_) | AppError::Conflict))) => {
                left += 1;
                why_not.get_or_insert(sentence(&refusal));
            }
            // It is the same for all of them, so the first one tells.
            Err(Failure::Refused(AppError::Invalid(problems))) => return again(&ctx, &to, problems, &fields).await,
            Err(failure) => return Err(failure),
        }
    }
    let tone = if taken > 0 { Tone::Success } else { Tone::Error };
    let text = words::several(is_shortlist, taken, left, why_not.as_deref());
    redirect_with(&ctx, &to, Flash { notice: Some(Notice { tone, text }), ..Flash::default() }).await
}

/// Back to the list with a bad reason: what is wrong with it, what was typed and who was chosen.
async fn again(
    ctx: &Ctx,
    to: &str,
    problems: Vec<FieldProblem>,
    fields: &[(String, String)],
) -> Result<Response, Failure> {
    let chosen: Vec<_> = fields.iter().filter(|(name, _)| name == "ids").map(|(_, value)| value.as_str()).collect();
    let typed = [("motivo", field(fields, "motivo").to_owned()), (CHOSEN, chosen.join(" "))];
    let problems = problems.into_iter().map(|problem| FieldProblem::new("motivo", problem.message)).collect();
    refused(ctx, to, problems, typed).await
}

fn reason(fields: &[(String, String)]) -> Option<String> {
    let reason = field(fields, "motivo");
    (!reason.is_empty()).then(|| reason.to_owned())
}

/// A bad reason goes back to its form, everything else to the list.
async fn reasoned(
    ctx: &Ctx,
    form: &str,
    to: &str,
    result: Result<(), Failure>,
    typed: Option<String>,
    said: &'static str,
) -> Result<Response, Failure> {
    match result {
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            let form = format!("{form}?{}", serde_urlencoded::to_string([("back", to)]).unwrap_or_default());
            refused(ctx, &form, problems, [("motivo", typed.unwrap_or_default())]).await
        }
        result => answered(ctx, to, result, said).await,
    }
}
