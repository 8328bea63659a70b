//! What the pages of restores post.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::wizard::BETWEEN;
use super::{BACKUPS, address};
use crate::backup::restore::interlocks;
use crate::backup::restore::planning::{DATABASE, DOCUMENTS, NAME, ONLY, Typed, Wanted};
use crate::backup::restore::records::Mode;
use crate::backup::restore::service::{self, Asked};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::web::forms::{done, refused};

type Pairs = Vec<(String, String)>;

/// `POST /admin/backups/{id}/restaurar`: makes the plan and goes to its confirmation.
pub async fn plan(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Failure> {
    let Ok(Form(pairs)) = form else { return Err(AppError::Malformed.into()) };
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let mode = value("mode").and_then(|mode| Mode::parse(&mode)).ok_or(AppError::Malformed)?;
    let database = value(DATABASE).ok_or(AppError::Malformed)?;
    let wanted = Wanted {
        database: Some(database.clone()),
        into: value(interlocks::TARGET).unwrap_or_default().trim().to_owned(),
        only: pairs.iter().filter(|(key, _)| key == ONLY).map(|(_, value)| value.clone()).collect(),
        mode,
    };
    match service::plan(&ctx, &id, &wanted).await {
        Ok(plan) => Ok(Redirect::to(&format!("{BACKUPS}/{id}/restaurar/{}", plan.id)).into_response()),
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            let query = serde_urlencoded::to_string([("base", database.as_str()), ("modo", mode.as_str())]);
            let to = format!("{BACKUPS}/{id}/restaurar?{}", query.unwrap_or_default());
            let typed = [(interlocks::TARGET, wanted.into), (ONLY, wanted.only.join(BETWEEN))];
            refused(&ctx, &to, problems, typed).await
        }
        Err(failure) => Err(failure),
    }
}

/// A typed confirmation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    hash: String,
    name: String,
    documents: String,
}

/// `POST /admin/backups/{id}/restaurar/{plan}`: takes the person's word.
pub async fn confirm(
    ctx: Ctx,
    Path((id, plan)): Path<(String, String)>,
    form: Result<Form<Confirmation>, FormRejection>,
) -> Result<Response, Failure> {
    let Ok(Form(form)) = form else { return Err(AppError::Malformed.into()) };
    let typed = Typed { name: form.name.clone(), documents: Some(form.documents.clone()) };
    match service::confirm(&ctx, &id, &plan, &form.hash, &typed).await {
        Ok(record) => done(&ctx, &address(&record.database), words::BEGUN).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            // What stands in the way of the target is said beside its name.
            let told = problems.into_iter().map(|problem| match problem.field.as_str() {
                NAME | DOCUMENTS => problem,
                _ => FieldProblem::new(NAME, problem.message),
            });
            let to = format!("{BACKUPS}/{id}/restaurar/{plan}");
            refused(&ctx, &to, told.collect(), [(NAME, form.name), (DOCUMENTS, form.documents)]).await
        }
        Err(failure) => Err(failure),
    }
}

/// A document asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentForm {
    namespace: String,
    document_id: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/backups/{id}/documento`.
pub async fn extract(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<DocumentForm>, FormRejection>,
) -> Result<Response, Failure> {
    let Ok(Form(form)) = form else { return Err(AppError::Malformed.into()) };
    let (database, collection) = form.namespace.split_once('.').ok_or(AppError::Malformed)?;
    let asked = Asked {
        database: database.to_owned(),
        collection: collection.to_owned(),
        document_id: form.document_id.clone(),
        reason: form.reason.clone(),
    };
    match service::extract(&ctx, &id, &asked).await {
        Ok(extraction) => Ok(Redirect::to(&super::document::address(&extraction.id)).into_response()),
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            let typed = [("namespace", form.namespace), ("document_id", form.document_id), ("reason", form.reason)];
            refused(&ctx, &format!("{BACKUPS}/{id}/documento"), problems, typed).await
        }
        Err(failure) => Err(failure),
    }
}
