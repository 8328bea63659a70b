//! Campaigns as staff runs them: the form, states, slots, contracts, and deadlines that reach everybody confirmed.

mod contracts;
mod covers;
mod deadlines;
mod killed;
mod many;
mod pages;
mod states;
mod typing;
mod undo;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use bson::{DateTime, Document, doc};
use canje::app::App;
use canje::applications::model::Application;
use canje::campaigns::form::{self, Draft, Purpose, Typed};
use canje::campaigns::model::{Campaign, CampaignStatus};
use canje::campaigns::service::{self, Edit, New};
use canje::campaigns::{DeliveryRules, store};
use canje::ctx::{Actor, Client, Ctx, Person};
use canje::db::{Db, Stored, date};
use canje::deliverables::model::{Deliverable, DeliverableStatus};
use canje::error::AppError;
use canje::failure::Failure;
use canje::values::{ApplicationId, BrandId, CampaignId, CreatorId, DeliverableId, LocalDate, Role};
use http::{Method, Request, header};
use jiff::Timestamp;

use super::support::{Answer, Browser, TestApp};

/// Somebody who acts.
pub fn ctx(app: &Arc<App>, role: Role) -> Ctx {
    Ctx {
        app: app.clone(),
        actor: Actor::Person(Person {
            user_id: format!("user_{}", role.as_str()),
            email: "equipo@example.com".into(),
            name: "Ana Benítez".into(),
            role,
            is_email_verified: true,
            session_id: "test".into(),
            session_ends_at: app.clock.now(),
        }),
        request_id: "test".into(),
        client: Client { ip: IpAddr::from([127, 0, 0, 1]), user_agent: "test".into() },
        flash: Arc::default(),
        bell: None,
        uri: http::Uri::from_static("/"),
        nonce: "test".into(),
        session_expired: false,
    }
}

pub fn staff(app: &Arc<App>) -> Ctx {
    ctx(app, Role::Staff)
}

/// An active brand.
pub async fn brand(db: &Db, name: &str) -> BrandId {
    let id = BrandId::new();
    let stored = doc! { "id": &id, "company_name": name, "is_active": true, "created_at": DateTime::now() };
    db.live.collection::<Document>("ugc_brands").insert_one(stored).await.unwrap();
    id
}

/// What somebody types who leaves nothing out that is needed.
pub fn typed(today: LocalDate) -> Typed {
    let mut typed = form::fresh(&CampaignId::new(), today);
    let day = |days: i32| today.plus(jiff::Span::new().days(days)).to_string();
    for (field, value) in [
        ("brand_name", "Ñandutí".to_owned()),
        ("name", "Verano con Ñandutí".into()),
        ("category", "food".into()),
        ("description", "📌 Qué buscamos\n• Un video **corto**".into()),
        ("monthly_deliverables", "4".into()),
        ("duration_months", "3".into()),
        ("canje_description", "Una canasta".into()),
        ("canje_value", "200.000".into()),
        ("applications_deadline", day(20)),
        ("publish_start", day(1)),
        ("publish_end", day(40)),
    ] {
        typed.insert(field.into(), value);
    }
    typed
}

pub fn changed(mut typed: Typed, fields: &[(&str, &str)]) -> Typed {
    typed.extend(fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())));
    typed
}

pub fn draft(today: LocalDate, fields: &[(&str, &str)]) -> Draft {
    form::read(&changed(typed(today), fields), Purpose::New(today)).unwrap()
}

/// Makes a campaign as the form does.
pub async fn made(ctx: &Ctx, publish: bool, fields: &[(&str, &str)]) -> CampaignId {
    let brand = brand(&ctx.app.db, "Casa Rica").await;
    let draft = draft(LocalDate::of(ctx.now()), fields);
    service::create(ctx, New { id: CampaignId::new(), brand, draft, cover: None, publish }).await.unwrap()
}

/// What saving the form with these fields changed would send.
pub async fn edited(ctx: &Ctx, id: &CampaignId, fields: &[(&str, &str)]) -> Edit {
    let campaign = load(&ctx.app.db, id).await;
    let typed = changed(form::shown(&campaign), fields);
    let draft = form::read(&typed, Purpose::Edit(&campaign)).unwrap();
    Edit { rev: campaign.rev, draft, cover: None, consent: None, despite_past: false }
}

/// Saves, agreeing to whatever moves.
pub async fn save(ctx: &Ctx, id: &CampaignId, fields: &[(&str, &str)]) -> service::Saved {
    let mut edit = edited(ctx, id, fields).await;
    if let service::Outcome::Unconfirmed(impact) = service::update(ctx, id, edit.clone()).await.unwrap() {
        edit.consent = Some(impact.digest());
        edit.despite_past = true;
    }
    match service::update(ctx, id, edit).await.unwrap() {
        service::Outcome::Saved(saved) => saved,
        service::Outcome::Unconfirmed(impact) => panic!("asked again: {impact:?}"),
    }
}

pub async fn load(db: &Db, id: &CampaignId) -> Campaign {
    store::find(db, id).await.unwrap().unwrap()
}

pub async fn set(db: &Db, id: &CampaignId, set: Document) {
    let done = db.stored::<Campaign>().update_one(doc! { "id": id }, doc! { "$set": set }).await.unwrap();
    assert_eq!(done.matched_count, 1);
}

/// A confirmed creator and how far they are.
pub struct Seed<'a> {
    pub name: &'a str,
    pub confirmed_at: Timestamp,
    pub status: DeliverableStatus,
    pub url: Option<&'a str>,
    pub metrics_at: Option<Timestamp>,
}

impl Seed<'_> {
    pub fn waiting(name: &str, confirmed_at: Timestamp) -> Seed<'_> {
        Seed { name, confirmed_at, status: DeliverableStatus::AwaitingPublish, url: None, metrics_at: None }
    }
}

/// Confirms people behind everybody's back, as confirming leaves them.
pub async fn confirm(db: &Db, id: &CampaignId, people: &[Seed<'_>]) {
    let campaign = load(db, id).await;
    let (mut creators, mut applications, mut deliverables) = (Vec::new(), Vec::new(), Vec::new());
    for seed in people {
        let name = seed.name;
        let due = campaign.delivery.deadlines(seed.confirmed_at);
        let is_cancelled = seed.status == DeliverableStatus::Cancelled;
        creators.push(doc! {
            "id": name, "user_id": format!("user_{name}"), "email": format!("{name}@example.com"), "name": name,
            "level": "rookie", "is_active": true, "created_at": date(seed.confirmed_at),
        });
        applications.push(doc! {
            "id": name, "campaign_id": id, "creator_id": name, "creator_name": name,
            "status": if is_cancelled { "cancelled" } else { "confirmed" },
            "applied_at": date(seed.confirmed_at), "confirmed_at": date(seed.confirmed_at),
            "url_deadline": date(due.url), "metrics_deadline": date(due.metrics),
        });
        let mut delivery = doc! {
            "id": name, "application_id": name, "campaign_id": id, "creator_id": name, "brand_id": &campaign.brand_id,
            "platform": "instagram", "status": seed.status, "confirmed_at": date(seed.confirmed_at),
            "url_deadline": date(due.url), "metrics_deadline": date(due.metrics),
            "metrics_window_closes": date(due.metrics), "created_at": date(seed.confirmed_at),
            "instagram_url": seed.url, "metrics_submitted_at": seed.metrics_at.map(date),
        };
        if seed.url.is_none() && !is_cancelled {
            let waiting = doc! {
                "whose": "creator", "period": "deadline", "since": date(seed.confirmed_at),
                "due_at": date(due.url), "escalations": 2,
            };
            delivery.extend(doc! { "owes_url_by": date(due.url), "waiting": waiting });
        }
        if seed.metrics_at.is_none() && !is_cancelled {
            delivery.insert("owes_metrics_by", date(due.metrics));
        }
        deliverables.push(delivery);
    }
    let collection = |name: &str| db.live.collection::<Document>(name);
    collection("ugc_creators").insert_many(creators).await.unwrap();
    collection(Application::COLLECTION).insert_many(applications).await.unwrap();
    collection(Deliverable::COLLECTION).insert_many(deliverables).await.unwrap();
    let confirmed = people.iter().filter(|seed| seed.status != DeliverableStatus::Cancelled).count();
    let confirmed = i32::try_from(confirmed).unwrap();
    let total = campaign.total_slots_loaded.max(confirmed);
    set(db, id, doc! { "slots_filled": confirmed, "tally.confirmed": confirmed, "total_slots_loaded": total }).await;
}

pub async fn application(db: &Db, id: &str) -> Application {
    let id = ApplicationId::of(id);
    db.stored::<Application>().find_one(doc! { "id": &id }).await.unwrap().unwrap()
}

pub async fn deliverable(db: &Db, id: &str) -> Deliverable {
    let id = DeliverableId::of(id);
    db.stored::<Deliverable>().find_one(doc! { "id": &id }).await.unwrap().unwrap()
}

/// Both deadlines of a person; the two documents have to agree.
pub async fn deadlines(db: &Db, name: &str) -> (Timestamp, Timestamp) {
    let (application, delivery) = (application(db, name).await, deliverable(db, name).await);
    assert_eq!(application.creator_id, CreatorId::of(name));
    assert_eq!(application.url_deadline, delivery.url_deadline, "{name}");
    assert_eq!(application.metrics_deadline, delivery.metrics_deadline, "{name}");
    assert_eq!(delivery.metrics_window_closes, delivery.metrics_deadline, "{name}");
    let at = |at: Option<DateTime>| canje::db::timestamp(at.unwrap()).unwrap();
    (at(delivery.url_deadline), at(delivery.metrics_deadline))
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn days(url: i32, metrics: i32) -> DeliveryRules {
    DeliveryRules { url_delivery_days: url, metrics_delivery_days: metrics, ..DeliveryRules::default() }
}

/// The refusal, as status and code.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> (u16, String) {
    match outcome.unwrap_err() {
        Failure::Refused(error) => (error.status(), error.code().to_owned()),
        Failure::Fault(fault) => panic!("{fault:#}"),
    }
}

/// The fields that are wrong.
pub fn invalid<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Vec<String> {
    match outcome.unwrap_err() {
        Failure::Refused(AppError::Invalid(problems)) => problems.into_iter().map(|problem| problem.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// Posts the form as a browser does, with a file if there is one.
pub async fn post(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &BTreeMap<String, String>,
    file: Option<(&str, &[u8])>,
) -> Answer {
    const BOUNDARY: &str = "canje-form-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let (name, bytes) = file.unwrap_or(("", b""));
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"cover\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    browser.send(request, Body::from(body)).await
}

/// An application on a clock of the specification's examples.
pub async fn app_at(test: &TestApp, text: &str) -> Arc<App> {
    test.instance(at(text)).await
}

pub fn statuses(campaign: &Campaign) -> Vec<CampaignStatus> {
    campaign.status_history.iter().map(|step| CampaignStatus::parse(&step.status).unwrap()).collect()
}
