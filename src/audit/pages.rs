//! `/admin/audit`: the log as a list, and as a file.

use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query};
use axum::response::{IntoResponse, Response};
use bson::doc;
use http::header;
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{Action, Entry, Row, Source, as_json_lines};
use super::store::{self, Filter, From, Place};
use super::{export, record};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::{audit as words, format, web};
use crate::ui::{
    Button, ButtonKind, Cell, CellKind, Choice, Column, DateField, Density, EmptyState, Field, Glyph, PageHead, Pager,
    PagerLinks, Select, Status, Table, Tone,
};
use crate::values::{Capability, Role};
use crate::web::render::{Page, Section};

/// Rows of a page.
const ROWS: usize = 20;
/// Where the list is.
const PATH: &str = "/admin/audit";
/// Longest part of an address searched for, in characters.
const EMAIL_CHARACTERS: usize = 254;

/// The filter as it stands in the address and in the export's form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    action: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    email: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// The filter and the place in the list, or everything wrong with them.
    fn read(&self) -> Result<(Filter, From), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut day = |field: &str, typed: &str| match typed.trim() {
            "" => None,
            typed => {
                let day = typed.parse::<Date>().ok();
                if day.is_none() {
                    problems.push(FieldProblem::new(field, words::BAD_DATE));
                }
                day
            }
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            problems.push(FieldProblem::new("to", words::DATES_CROSSED));
        }
        let action = Action::parse(&self.action);
        if action.is_none() && !self.action.is_empty() {
            problems.push(FieldProblem::new("action", words::BAD_ACTION));
        }
        let place = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => Some(From::Newest),
            (before, "") => Place::parse(before).map(From::Before),
            ("", after) => Place::parse(after).map(From::After),
            _ => None,
        };
        if place.is_none() {
            problems.push(FieldProblem::new("page", words::BAD_PLACE));
        }
        let email = self.email.trim();
        let email = (!email.is_empty()).then(|| email.chars().take(EMAIL_CHARACTERS).collect());
        match place {
            Some(place) if problems.is_empty() => Ok((Filter { action, email, from, to }, place)),
            _ => Err(problems),
        }
    }

    /// The list with this filter, at a place.
    fn href(&self, before: Option<Place>, after: Option<Place>) -> String {
        let text = |place: Option<Place>| place.map(|place| place.to_string()).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
            _ => PATH.into(),
        }
    }
}

/// `GET /admin/audit`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    ctx.require(Capability::AuditRead)?;
    let found = match asked.read() {
        Ok((filter, from)) => Ok(store::page(&ctx.app.db, ctx.now(), &filter, from, ROWS).await?),
        Err(problems) => Err(problems),
    };
    Ok(Page::admin(&ctx, Section::Audit, words::TITLE).show(move || {
        let problems = found.as_ref().err().cloned().unwrap_or_default();
        let export = found.is_ok().then(|| export_form(&asked));
        let rows = match found {
            Ok(page) => rows(&asked, page).into_any(),
            Err(_) => view! { <EmptyState title=words::FIX_FILTER testid="audit-problem"/> }.into_any(),
        };
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>{export}</PageHead>
            <div class="stack" data-testid="audit-page">{filters(&asked, &problems)} {rows}</div>
        }
    }))
}

/// `POST /admin/audit/export`: every row that matches, as a file; recorded before the first byte.
pub async fn export(ctx: Ctx, form: Result<Form<Asked>, FormRejection>) -> Result<Response, Failure> {
    ctx.require(Capability::AuditRead)?;
    let Ok(Form(asked)) = form else { return Err(Failure::invalid("form", words::FIX_FILTER)) };
    let (filter, _) = asked.read().map_err(AppError::Invalid)?;
    let (total, rows) = store::all(&ctx.app.db, &filter).await?;
    let details = doc! {
        "what": "audit_logs",
        "format": "csv",
        "rows": i64::try_from(total).unwrap_or(i64::MAX),
        "filter": bson::serialize_to_document(&asked).map_err(anyhow::Error::from)?,
    };
    record(&ctx, Entry::new(Action::DataExported).target("collection", "audit_logs").details(details)).await?;
    let day = ctx.now().to_zoned(format::time_zone()).date().to_string();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", words::file_name(&day))),
    ];
    Ok((headers, Body::from_stream(export::csv(rows))).into_response())
}

fn filters(asked: &Asked, problems: &[FieldProblem]) -> impl IntoView + use<> {
    let problem =
        |field: &str| problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone());
    let mut actions: Vec<_> =
        Action::ALL.into_iter().map(|action| Choice::new(action.as_str(), words::action(action))).collect();
    actions.sort_by_key(|choice| choice.label.to_lowercase());
    actions.insert(0, Choice::new("", words::ANY_ACTION));
    view! {
        <form class="filters" method="get" action=PATH data-testid="audit-filters">
            <Select
                name="action"
                label=words::FILTER_ACTION
                choices=actions
                value=asked.action.clone()
                error=problem("action")
                testid="audit-action"
            />
            <Field
                name="email"
                label=words::FILTER_EMAIL
                required=false
                value=asked.email.clone()
                autocomplete="off"
                testid="audit-email"
            />
            <DateField name="from" label=words::FILTER_FROM value=asked.from.clone() error=problem("from") testid="audit-from"/>
            <DateField name="to" label=words::FILTER_TO value=asked.to.clone() error=problem("to") testid="audit-to"/>
            <Button icon=Glyph::ListFilter testid="audit-filter">{words::FILTER}</Button>
        </form>
    }
}

fn export_form(asked: &Asked) -> impl IntoView + use<> {
    let hidden = [("action", &asked.action), ("email", &asked.email), ("from", &asked.from), ("to", &asked.to)]
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
        .collect_view();
    view! {
        <form method="post" action="/admin/audit/export">
            {hidden} <Button kind=ButtonKind::Quiet icon=Glyph::Download testid="audit-export">{words::EXPORT}</Button>
        </form>
    }
}

fn rows(asked: &Asked, page: store::Page) -> AnyView {
    let total = words::total(page.total);
    if page.rows.is_empty() {
        return view! { <EmptyState title=words::NONE_TITLE hint=words::NONE_HINT testid="audit-none"/> }.into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_WHEN, CellKind::Primary),
        Column::new(words::COLUMN_ACTION, CellKind::Text),
        Column::new(words::COLUMN_WHO, CellKind::Text),
        Column::new(words::COLUMN_IP, CellKind::Wide),
        Column::new(words::COLUMN_DETAILS, CellKind::Text),
    ];
    let links = PagerLinks {
        first: page.newer.is_some().then(|| asked.href(None, None)),
        previous: page.newer.map(|place| asked.href(None, Some(place))),
        next: page.older.map(|place| asked.href(Some(place), None)),
        last: None,
    };
    let lines = page.rows.into_iter().map(line).collect_view();
    view! {
        <Table caption=words::CAPTION columns density=Density::Compact testid="audit-rows">{lines}</Table>
        <Pager links position=total testid="audit-pager"/>
    }
    .into_any()
}

fn line(row: Row) -> impl IntoView {
    let at = Timestamp::from_millisecond(row.timestamp.timestamp_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    let role = row
        .user_role
        .as_deref()
        .map(|name| Role::parse(name).map_or_else(|| name.to_owned(), |role| web::role(role).into()));
    let who = match (row.user_email, row.source) {
        (Some(email), _) => email,
        (None, Source::CommandLine) => words::COMMAND_LINE.into(),
        (None, Source::Web) => words::NOBODY.into(),
    };
    let details = as_json_lines(row.target_type.as_deref(), row.target_id.as_deref(), &row.details);
    view! {
        <tr data-testid="audit-row">
            <Cell kind=CellKind::Primary>
                <time datetime=format::machine(at)>{format::exact(at)}</time>
            </Cell>
            <Cell>{label(&row.action)}</Cell>
            <Cell>{who} {role.map(|role| view! { " " <small class="muted">{role}</small> })}</Cell>
            <Cell kind=CellKind::Wide>{row.ip_address}</Cell>
            <Cell>
                {match details {
                    Some(json) => {
                        view! {
                            <details class="audit-details">
                                <summary data-testid="audit-details">{words::SHOW_DETAILS}</summary>
                                <pre class="mono">{json}</pre>
                            </details>
                        }
                            .into_any()
                    }
                    None => view! { <span class="muted">{words::NO_DETAILS}</span> }.into_any(),
                }}
            </Cell>
        </tr>
    }
}

/// An action as dot and word; what an older system stored stays as stored.
pub fn label(action: &str) -> AnyView {
    let Some(known) = Action::parse(action) else {
        return view! { <Status tone=Tone::Neutral label=action.to_owned()/> }.into_any();
    };
    view! { <Status tone=tone(known) label=words::action(known)/> }.into_any()
}

fn tone(action: Action) -> Tone {
    match action {
        Action::LoginFailed | Action::MfaFailed => Tone::Bad,
        Action::DataRevealed
        | Action::DataExported
        | Action::UserRoleChanged
        | Action::UserDeleted
        | Action::MfaDisabled
        | Action::PasswordChanged
        | Action::PasswordResetRequested
        | Action::RefundProcessed
        | Action::SettingsChanged
        | Action::IntegrationChanged
        | Action::BackupDownloaded
        | Action::BackupRestored
        | Action::BackupCancelled
        | Action::BackupReleased
        | Action::BackupPruneApproved
        | Action::MigrationStepRun
        | Action::ImportRun
        | Action::AdoptRun
        | Action::MediaDeleted
        | Action::JobDiscarded
        | Action::JobCancelled
        | Action::MessageRepeated
        | Action::SuppressionLifted
        | Action::ImagesBulkDeleted
        | Action::NoticeDeleted
        | Action::CampaignStatusChanged
        | Action::CampaignSlotsChanged
        | Action::CampaignDeadlinesChanged
        | Action::SilenceMade
        | Action::UgcApplicationCancelled
        | Action::UgcDeliverableRejected
        | Action::UgcDeliverableUrlsReset
        | Action::UgcDeliverableMetricsReset
        | Action::UgcDeliverableUrlsEdited => Tone::Attention,
        Action::LoginSuccess | Action::UserCreated | Action::MfaEnabled | Action::MfaVerified | Action::BackupRun => {
            Tone::Good
        }
        Action::Logout
        | Action::SessionRevoked
        | Action::UserUpdated
        | Action::DataInspected
        | Action::IntegrationTested
        | Action::OrderStatusChanged
        | Action::OrderCancelled
        | Action::PriceChanged
        | Action::StockChanged
        | Action::CouponCreated
        | Action::CouponUpdated
        | Action::CouponDeleted
        | Action::ReservationStatusChanged
        | Action::ReservationCancelled
        | Action::BackupRequested
        | Action::BackupHeld
        | Action::BackupFileUploaded
        | Action::RecoveryKeyStored
        | Action::JobRunRequested
        | Action::JobRetried
        | Action::TermsPublished
        | Action::WebhookReplayed
        | Action::WebhookTested
        | Action::MessageTested
        | Action::PagePublished
        | Action::NoticeAcknowledged
        | Action::NoticeResolved
        | Action::SilenceEnded
        | Action::AlertTested
        | Action::UgcCreatorCreated
        | Action::UgcCreatorUpdated
        | Action::CampaignCreated
        | Action::CampaignUpdated
        | Action::CampaignVisibilityChanged
        | Action::CampaignDeadlinesRestored
        | Action::UgcApplicationShortlisted
        | Action::UgcApplicationConfirmed
        | Action::UgcApplicationRejected
        | Action::UgcApplicationReactivated
        | Action::UgcDeliverableApproved
        | Action::UgcDeliverableChangesRequested
        | Action::UgcDeliverableCompleted
        | Action::UgcCreatorVerified
        | Action::UgcCreatorUnverified
        | Action::UgcCreatorActivated
        | Action::UgcCreatorDeactivated => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        serde_urlencoded::from_str(&serde_urlencoded::to_string(pairs).unwrap()).unwrap()
    }

    #[test]
    fn every_problem_is_named_and_none_is_guessed_away() {
        let fields = |pairs: &[(&str, &str)]| -> Vec<String> {
            asked(pairs).read().unwrap_err().into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(fields(&[("from", "22/11/2026"), ("to", "mañana"), ("action", "nope")]), ["from", "to", "action"]);
        assert_eq!(fields(&[("from", "2026-11-22"), ("to", "2026-11-21")]), ["to"]);
        assert_eq!(fields(&[("before", "x")]), ["page"]);
        assert!(
            asked(&[("from", "2026-11-22"), ("to", "2026-11-22"), ("action", "logout"), ("email", " a ")])
                .read()
                .is_ok()
        );
    }

    #[test]
    fn links_keep_the_filter_and_change_the_place() {
        let asked = asked(&[("email", "a+b@x"), ("after", "1-0123456789abcdef01234567")]);
        let place = Place::parse("5-0123456789abcdef01234567");
        assert_eq!(asked.href(place, None), "/admin/audit?email=a%2Bb%40x&before=5-0123456789abcdef01234567");
        assert_eq!(Asked::default().href(None, None), "/admin/audit");
    }
}
