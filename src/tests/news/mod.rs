//! What campaigns tell: to whom, in which words, by which way, how often.

mod broadcast;
mod codes;
mod deadlines;
mod defects;
mod reminders;

use bson::{DateTime, Document, doc};
use canje::campaigns::CampaignStatus;
use canje::db::with_transaction;
use canje::news::{self, News};
use canje::values::{ApplicationId, CampaignId, DeliverableId, Role};
use jiff::Timestamp;

use crate::accounts::{adopted, all, documents};
use crate::support::{NOW, TestApp};

/// The number that messages for the team go to.
pub const NUMBER: &str = "+595981123456";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn stored(text: &str) -> DateTime {
    canje::db::date(at(text))
}

/// An application with everybody who takes part in a campaign: the owner of the platform, somebody of the team, a brand, a
/// creator with an application and a delivery.
pub struct Scene {
    pub app: TestApp,
    pub creator_user: String,
}

impl Scene {
    pub async fn new() -> Self {
        let app = TestApp::with(|environment| {
            environment.insert("SMTP_URL", "smtp://127.0.0.1:1".into());
            environment.insert("TWILIO_ACCOUNT_SID", "AC0".into());
            environment.insert("TWILIO_AUTH_TOKEN", "token".into());
            environment.insert("TWILIO_WHATSAPP_FROM", "+595981000000".into());
        })
        .await;
        adopted(&app, "owner@example.com", Role::Superadmin, |_| {}).await;
        adopted(&app, "team@example.com", Role::Staff, |_| {}).await;
        adopted(&app, "gone@example.com", Role::Staff, |user| drop(user.insert("status", "suspended"))).await;
        adopted(&app, "designer@example.com", Role::Designer, |_| {}).await;
        let brand_user =
            adopted(&app, "brand@example.com", Role::Brand, |user| drop(user.insert("name", "Mara Ríos"))).await;
        let creator_user = adopted(&app, "creator@example.com", Role::Creator, |_| {}).await;
        let settings = doc! { "_id": "global", "rev": 0_i64, "whatsapp_marcas": NUMBER };
        documents(&app, "admin_settings").insert_one(settings).await.unwrap();
        documents(&app, "ugc_brands")
            .insert_one(doc! {
                "id": "brand", "user_id": brand_user, "company_name": "Yerbera del Sur", "is_active": true,
                "created_at": stored(NOW),
            })
            .await
            .unwrap();
        let scene = Self { app, creator_user };
        scene.creator("creator", &scene.creator_user, doc! {}).await;
        documents(&scene.app, "ugc_campaigns").insert_one(campaign("campaign")).await.unwrap();
        scene.application("application", doc! {}).await;
        scene.delivery("delivery", doc! {}).await;
        scene
    }

    pub async fn creator(&self, id: &str, user_id: &str, change: Document) {
        let mut creator = doc! {
            "id": id, "user_id": user_id, "email": "creator@example.com", "name": "Ana Benítez", "level": "rookie",
            "is_active": true, "onboarding_completed": true, "created_at": stored(NOW), "birth_date": "2070-05-01",
            "gender": "female", "country": "PY",
            "social_networks": [{ "platform": "instagram", "username": "ana", "url": "https://instagram.com/ana",
                "followers": 5_200_i64 }],
        };
        creator.extend(change);
        documents(&self.app, "ugc_creators").insert_one(creator).await.unwrap();
    }

    pub async fn application(&self, id: &str, change: Document) {
        let mut application = doc! {
            "id": id, "campaign_id": "campaign", "creator_id": "creator", "creator_followers": 5_200_i64,
            "creator_level": "rookie", "status": "applied", "applied_at": stored(NOW),
            "waiting": { "whose": "staff", "period": "applied", "since": stored(NOW),
                "due_at": stored("2099-11-26T12:00:00Z"), "escalations": 0 },
        };
        application.extend(change);
        documents(&self.app, "ugc_applications").insert_one(application).await.unwrap();
    }

    /// Confirmed at 15:30 local time three days ago, for ten and twenty days.
    pub async fn delivery(&self, id: &str, change: Document) {
        let mut delivery = doc! {
            "id": id, "application_id": id, "campaign_id": "campaign", "creator_id": "creator", "brand_id": "brand",
            "platform": "instagram", "status": "awaiting_publish", "created_at": stored(NOW),
            "url_deadline": stored("2099-11-30T18:30:00Z"), "metrics_deadline": stored("2099-12-10T18:30:00Z"),
            "owes_url_by": stored("2099-11-30T18:30:00Z"), "owes_metrics_by": stored("2099-12-10T18:30:00Z"),
        };
        delivery.extend(change);
        documents(&self.app, "ugc_deliverables").insert_one(delivery).await.unwrap();
    }

    pub async fn set(&self, collection: &str, id: &str, change: Document) {
        let done =
            documents(&self.app, collection).update_one(doc! { "id": id }, doc! { "$set": change }).await.unwrap();
        assert_eq!(done.matched_count, 1, "{collection} {id}");
    }

    /// Tells in a transaction of its own.
    pub async fn tell(&self, news: &[News]) {
        let app = &self.app.app;
        with_transaction(&app.db, |session| {
            Box::pin(async move { news::tell_in(session, app, app.clock.now(), news).await })
        })
        .await
        .unwrap();
    }

    /// Everything told so far, a line each, in the order of ways and recipients; and forgets it.
    pub async fn told(&self) -> String {
        let mut lines = Vec::new();
        let text = |row: &Document, name: &str| row.get_str(name).unwrap_or("-").to_owned();
        for row in all(&self.app, "notifications", doc! {}).await {
            let whose = all(&self.app, "users", doc! { "user_id": text(&row, "user_id") }).await;
            let whose = whose.first().map(|user| text(user, "email")).unwrap_or_default();
            let (kind, title) = (text(&row, "type"), text(&row, "title"));
            let (message, link) = (text(&row, "message"), text(&row, "link"));
            lines.push(format!("bell {whose} [{kind}] {title} | {message} -> {link}"));
        }
        for row in all(&self.app, "email_logs", doc! {}).await {
            let (to, template, subject) = (text(&row, "to_email"), text(&row, "template"), text(&row, "subject"));
            lines.push(format!("mail {to} [{template}] {subject}"));
        }
        for row in all(&self.app, "whatsapp_logs", doc! {}).await {
            lines.push(format!("whatsapp {} [{}]", text(&row, "to_phone"), text(&row, "template")));
        }
        for collection in ["notifications", "email_logs", "whatsapp_logs"] {
            documents(&self.app, collection).delete_many(doc! {}).await.unwrap();
        }
        lines.sort();
        lines.join("\n")
    }

    /// The only letter of a code.
    pub async fn letter(&self, template: &str) -> Document {
        let mut letters = all(&self.app, "email_logs", doc! { "template": template }).await;
        assert_eq!(letters.len(), 1, "{template}");
        letters.remove(0)
    }

    pub async fn count(&self, collection: &str, filter: Document) -> u64 {
        documents(&self.app, collection).count_documents(filter).await.unwrap()
    }
}

pub fn campaign(id: &str) -> Document {
    doc! {
        "id": id, "brand_id": "brand", "name": "Mate de verano", "description": "**Contá** tu ronda.\n• Un reel",
        "category": "food", "city": "Asunción", "total_slots_loaded": 10, "slots_filled": 4,
        "url_delivery_days": 10, "metrics_delivery_days": 20,
        "contract": { "monthly_deliverables": 4, "duration_months": 3, "start_date": "2099-11-01",
            "end_date": "2100-02-01", "next_reload_date": "2099-12-01", "loads_done": 1, "is_active": true },
        "canje": { "type": "product", "description": "Un kit de mate", "value": 250_000_i64, "delivery_method": "pickup",
            "pickup_address": "Palma 123", "pickup_maps_url": "https://maps.example.com/palma", "pickup_hours": "9 a 18",
            "brand_contact_name": "Luz", "brand_contact_phone": "0981 555 555" },
        "timeline": { "applications_deadline": "2099-12-01", "publish_start": "2099-12-02", "publish_end": "2099-12-20" },
        "assets": { "brand_name": "Yerba Sur" }, "status": CampaignStatus::Live.as_str(), "visible_to_creators": true,
        "tally": { "confirmed": 4, "with_url": 3 }, "created_at": stored(NOW),
    }
}

pub fn application() -> ApplicationId {
    ApplicationId::of("application")
}

pub fn delivery() -> DeliverableId {
    DeliverableId::of("delivery")
}

pub fn the_campaign() -> CampaignId {
    CampaignId::of("campaign")
}
