//! A brand, campaigns, creators and staff on a database of their own.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bson::doc;
use canje::applications::model::{Application, ApplicationStatus};
use canje::applications::state::Moment;
use canje::applications::{self, invariants};
use canje::audit::Who;
use canje::brands::model::Brand;
use canje::campaigns::model::{
    Assets, Campaign, CampaignStatus, Canje, CanjeType, DeliveryMethod, Requirements, Tally, Timeline,
};
use canje::campaigns::{self, DeliveryRules};
use canje::creators::Creator;
use canje::creators::model::{Gender, Level, SocialNetwork, Stats};
use canje::ctx::{Actor, Client, Ctx, Person};
use canje::db::{Stored, date, with_transaction};
use canje::deliverables::model::Deliverable;
use canje::deliverables::service::Urls;
use canje::deliverables::state::Step;
use canje::deliverables::store::{self as deliveries, Standing};
use canje::error::AppError;
use canje::failure::Failure;
use canje::metrics::model::Metrics;
use canje::values::{
    ApplicationId, BrandId, CampaignId, Category, Country, CreatorId, DeliverableId, LocalDate, Platform, Role,
};
use futures::TryStreamExt;
use jiff::{Timestamp, ToSpan};

use crate::support::TestApp;

/// Everything a test of the flow needs.
pub struct World {
    pub test: TestApp,
    pub brand: BrandId,
}

impl World {
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let brand = BrandId::new();
        let now = date(test.app.clock.now());
        let stored = doc! {
            "id": &brand, "company_name": "Casa Rica", "is_active": true, "created_at": now,
        };
        test.app.db.live.collection(Brand::COLLECTION).insert_one(stored).await.unwrap();
        Self { test, brand }
    }

    pub fn now(&self) -> Timestamp {
        self.test.app.clock.now()
    }

    pub fn wait(&self, hours: u64) {
        self.test.app.clock.advance(Duration::from_secs(hours * 3_600));
    }

    /// Whoever has this account.
    pub fn ctx(&self, user_id: &str, role: Role) -> Ctx {
        Ctx {
            app: self.test.app.clone(),
            actor: Actor::Person(Person {
                user_id: user_id.into(),
                email: format!("{user_id}@example.com"),
                name: "Ana Benítez".into(),
                role,
                session_id: "test".into(),
                is_email_verified: true,
                session_ends_at: self.now(),
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

    pub fn staff(&self) -> Ctx {
        self.ctx("user_staff", Role::Staff)
    }

    pub fn of(&self, creator: &Creator) -> Ctx {
        self.ctx(&creator.user_id, Role::Creator)
    }

    /// A live campaign with so many slots.
    pub async fn campaign(&self, slots: i32, change: impl FnOnce(&mut Campaign)) -> CampaignId {
        let mut campaign = campaign(self.now(), &self.brand, slots);
        change(&mut campaign);
        self.test.app.db.stored::<Campaign>().insert_one(&campaign).await.unwrap();
        self.test.app.db.commits.count();
        campaign.id
    }

    /// A complete profile.
    pub async fn creator(&self, change: impl FnOnce(&mut Creator)) -> Creator {
        let mut creator = creator(self.now());
        change(&mut creator);
        self.test.app.db.stored::<Creator>().insert_one(&creator).await.unwrap();
        creator
    }

    pub async fn applied(&self, campaign: &CampaignId) -> (Creator, ApplicationId) {
        let creator = self.creator(|_| {}).await;
        let id = self.apply(&creator, campaign).await.unwrap();
        (creator, id)
    }

    pub async fn apply(&self, creator: &Creator, campaign: &CampaignId) -> Result<ApplicationId, Failure> {
        applications::service::apply(&self.of(creator), creator, campaign, None).await
    }

    pub async fn confirmed(&self, campaign: &CampaignId) -> (Creator, ApplicationId, DeliverableId) {
        let (creator, application) = self.applied(campaign).await;
        let deliverable = applications::service::confirm(&self.staff(), &application).await.unwrap();
        (creator, application, deliverable)
    }

    pub async fn register(&self, creator: &Creator, id: &DeliverableId, instagram: &str) -> Result<(), Failure> {
        let urls = Urls { instagram: Some(instagram.into()), tiktok: None };
        canje::deliverables::service::register_urls(&self.of(creator), creator, id, urls).await
    }

    pub async fn application(&self, id: &ApplicationId) -> Application {
        applications::store::find(&self.test.app.db, id).await.unwrap().unwrap()
    }

    pub async fn deliverable(&self, id: &DeliverableId) -> Deliverable {
        deliveries::find(&self.test.app.db, id).await.unwrap().unwrap()
    }

    pub async fn campaign_now(&self, id: &CampaignId) -> Campaign {
        campaigns::store::find(&self.test.app.db, id).await.unwrap().unwrap()
    }

    pub async fn stats(&self, id: &CreatorId) -> Stats {
        canje::creators::store::find(&self.test.app.db, id).await.unwrap().unwrap().stats
    }

    pub async fn deliverables_of(&self, campaign: &CampaignId) -> Vec<Deliverable> {
        let all = self.test.app.db.stored::<Deliverable>();
        all.find(doc! { "campaign_id": campaign }).await.unwrap().try_collect().await.unwrap()
    }

    /// Changes a stored campaign behind everybody's back.
    pub async fn set_campaign(&self, id: &CampaignId, set: bson::Document) {
        let all = self.test.app.db.stored::<Campaign>();
        let done = all.update_one(doc! { "id": id }, doc! { "$set": set }).await.unwrap();
        assert_eq!(done.matched_count, 1);
    }

    /// Fails when anything between campaign, applications and deliveries doesn't hold.
    pub async fn assert_sound(&self, campaign: &CampaignId) {
        let found = invariants::check_campaign(&self.test.app.db, campaign).await.unwrap();
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Metrics arrive, as uploading them will store them.
    pub async fn accept_metrics(&self, id: &DeliverableId) -> Result<(), Failure> {
        let (db, now, who) = (&self.test.app.db, self.now(), &Who::default());
        with_transaction(db, |session| {
            Box::pin(async move {
                let before = deliveries::find_in(session, db, id).await?.unwrap();
                let calendar = &canje::waits::calendar_in(session, db).await?;
                let mut after = before.clone();
                let rules = &DeliveryRules::default();
                after.take(&Step::AcceptMetrics, &Moment { now, who, calendar, rules })?;
                deliveries::save_in(session, db, now, &before, &after).await?;
                db.stored::<Metrics>().insert_one(metrics(&after, now)).session(&mut *session).await?;
                let stands = |one| Standing { application: Some(ApplicationStatus::Confirmed), deliverable: Some(one) };
                let change = stands(&before).change_to(&stands(&after));
                deliveries::settle_in(session, db, now, &after, change).await
            })
        })
        .await
    }
}

/// A live campaign with so many slots; seven days for the address, fourteen for the metrics.
pub fn campaign(now: Timestamp, brand: &BrandId, slots: i32) -> Campaign {
    let today = LocalDate::of(now);
    Campaign {
        id: CampaignId::new(),
        brand_id: brand.clone(),
        package_id: None,
        name: "Merienda en familia".into(),
        description: "Contá tu merienda.".into(),
        category: Category::Food,
        city: Some("Asunción".into()),
        total_slots_loaded: slots,
        slots_filled: 0,
        slot_history: Vec::new(),
        delivery: DeliveryRules::default(),
        contract: None,
        requirements: Requirements::default(),
        canje: Canje {
            kind: CanjeType::Product,
            description: "Una canasta".into(),
            value: 200_000,
            delivery_method: DeliveryMethod::Pickup,
            pickup_address: None,
            pickup_maps_url: None,
            pickup_hours: None,
            brand_contact_name: None,
            brand_contact_phone: None,
        },
        timeline: Timeline {
            applications_deadline: today.plus(30.days()),
            publish_start: today,
            publish_end: today.plus(60.days()),
        },
        assets: Assets { brand_name: "Casa Rica".into(), ..Assets::default() },
        status: CampaignStatus::Live,
        status_history: Vec::new(),
        visible_to_creators: true,
        admin_notes: None,
        tally: Tally::default(),
        search: String::new(),
        rev: 0,
        created_by: None,
        created_by_role: None,
        created_at: date(now),
        updated_at: None,
        published_at: Some(date(now)),
        closed_at: None,
        completed_at: None,
        cancelled_at: None,
        cancel_reason: None,
    }
}

/// A complete profile with 5.000 declared followers on Instagram.
pub fn creator(now: Timestamp) -> Creator {
    let id = CreatorId::new();
    let user_id = format!("user_{}", id.as_str());
    let stored = doc! {
        "id": &id, "user_id": &user_id, "email": format!("{user_id}@example.com"), "name": "Ana Benítez",
        "birth_date": "2070-01-31", "gender": Gender::Female, "document_id": "1.234.567", "country": Country::Py,
        "city": "Asunción", "phone_country_code": "+595", "phone": "981000000", "categories": ["food"],
        "level": Level::Rookie, "is_active": true, "onboarding_completed": true, "created_at": date(now),
    };
    let mut creator: Creator = bson::deserialize_from_document(stored).unwrap();
    let network = |platform: Platform, followers| SocialNetwork {
        platform,
        username: "ana.benitez".into(),
        url: platform.profile_url("ana.benitez"),
        followers: Some(followers),
        verified: false,
        last_updated: None,
    };
    creator.social_networks = vec![network(Platform::Instagram, 5_000), network(Platform::Tiktok, 800)];
    creator
}

fn metrics(of: &Deliverable, now: Timestamp) -> Metrics {
    let stored = doc! {
        "id": uuid::Uuid::new_v4().to_string(), "deliverable_id": &of.id, "application_id": &of.application_id,
        "creator_id": &of.creator_id, "campaign_id": &of.campaign_id, "brand_id": &of.brand_id,
        "platform": of.platform, "views": 1_000_i64, "reach": 800_i64, "likes": 50_i64, "total_interactions": 50_i64,
        "is_late": of.metrics_is_late.unwrap_or(false), "submitted_at": date(now), "created_at": date(now),
    };
    bson::deserialize_from_document(stored).unwrap()
}

/// The refusal, as status and code.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> (u16, String) {
    match outcome.unwrap_err() {
        Failure::Refused(error) => (error.status(), error.code().to_owned()),
        Failure::Fault(fault) => panic!("{fault:#}"),
    }
}

/// The refusal's sentence.
pub fn sentence<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> String {
    match outcome.unwrap_err() {
        Failure::Refused(AppError::Rule(rule)) => rule.message,
        other => panic!("{other:?}"),
    }
}
