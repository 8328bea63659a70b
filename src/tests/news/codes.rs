//! Every kind of news once: who is told what by which way.

use bson::doc;
use canje::campaigns::CampaignStatus;
use canje::news::{News, Rejection};
use canje::values::CreatorId;

use super::{Scene, application, at, delivery, stored, the_campaign};
use crate::accounts::all;
use crate::support::NOW;

fn published(scene_delivery: &str) -> bson::Document {
    doc! {
        "status": scene_delivery, "instagram_url": "https://www.instagram.com/p/abc/", "published_at": stored(NOW),
        "waiting": { "whose": "staff", "period": "review", "since": stored(NOW),
            "due_at": stored("2099-11-30T12:00:00Z"), "escalations": 0 },
    }
}

#[tokio::test]
async fn applications_are_told_to_both_sides() {
    let scene = Scene::new().await;
    let at = at(NOW);
    let rejected = |reason: &str, because| {
        let reason = Some(reason.to_owned());
        News::Rejected { application: application(), reason, because, at }
    };
    let cancelled = |reason: &str, with_campaign| {
        let reason = reason.to_owned();
        News::CancelledByStaff { application: application(), reason, with_campaign, at }
    };
    let mut said = Vec::new();
    for news in [
        News::Applied { application: application(), at },
        News::Shortlisted { application: application(), at },
        rejected("Ya elegimos", Rejection::Decided),
        rejected("La campaña terminó", Rejection::Ended),
        rejected("La marca se retiró", Rejection::Cancelled),
        News::Withdrawn { application: application(), at },
        News::Confirmed { application: application(), deliverable: delivery(), at },
        cancelled("No hay stock", false),
        cancelled("La marca se retiró", true),
        News::CancelledByCreator { application: application(), at },
        News::Reactivated { application: application(), at },
    ] {
        scene.tell(std::slice::from_ref(&news)).await;
        said.push(format!("{news:?}").split(' ').next().unwrap().to_owned());
        said.push(scene.told().await);
    }
    insta::assert_snapshot!(said.join("\n"));
}

#[tokio::test]
async fn deliveries_are_told_to_three_sides() {
    let scene = Scene::new().await;
    scene.set("ugc_deliverables", "delivery", published("published")).await;
    let at = at(NOW);
    let (mut said, note) = (Vec::new(), || "Falta la etiqueta".to_owned());
    for news in [
        News::UrlRegistered { deliverable: delivery(), at },
        News::UrlAdded { deliverable: delivery(), at },
        News::UrlCorrected { deliverable: delivery(), at },
        News::UrlEdited { deliverable: delivery(), at },
        News::Approved { deliverable: delivery(), note: None, at },
        News::ChangesRequested { deliverable: delivery(), note: note(), at },
        News::ContentRejected { deliverable: delivery(), note: note(), at },
        News::Reset { deliverable: delivery(), urls: true, at },
        News::Reset { deliverable: delivery(), urls: false, at: at + std::time::Duration::from_secs(1) },
        News::Completed { deliverable: delivery(), at },
    ] {
        scene.tell(std::slice::from_ref(&news)).await;
        said.push(format!("{news:?}").split(' ').next().unwrap().to_owned());
        said.push(scene.told().await);
    }
    insta::assert_snapshot!(said.join("\n"));
}

#[tokio::test]
async fn campaigns_are_told_to_the_brand_and_the_team() {
    let scene = Scene::new().await;
    let moved = |to, reason: Option<&str>| News::CampaignMoved {
        campaign: the_campaign(),
        to,
        reason: reason.map(str::to_owned),
    };
    let mut said = Vec::new();
    for news in [
        News::CampaignPublished { campaign: the_campaign() },
        moved(CampaignStatus::Closed, None),
        moved(CampaignStatus::Completed, None),
        moved(CampaignStatus::Cancelled, Some("La marca cerró")),
        News::SlotsTaken { campaign: the_campaign(), confirmed: 10, at: at(NOW) },
        News::SlotsReloaded { loads: vec![(the_campaign(), 4)] },
        News::CreatorWelcome { creator: CreatorId::of("creator") },
    ] {
        scene.tell(std::slice::from_ref(&news)).await;
        said.push(format!("{news:?}").split(' ').next().unwrap().to_owned());
        said.push(scene.told().await);
    }
    insta::assert_snapshot!(said.join("\n"));
}

#[tokio::test]
async fn a_confirmation_says_both_deadlines_the_canje_and_the_rookies_rule() {
    let scene = Scene::new().await;
    scene.tell(&[News::Confirmed { application: application(), deliverable: delivery(), at: at(NOW) }]).await;
    let letter = scene.letter("ugc_e15").await;
    let html = letter.get_str("html").unwrap();
    insta::assert_snapshot!(letter.get_str("text").unwrap());
    for said in ["lun 30 nov, 15:30", "jue 10 dic, 15:30", "Palma 123", "https://maps.example.com/palma", "250.000"] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.len() < 6_000, "small enough for a phone: {}", html.len());
    assert_eq!(letter.get_str("entity_id").unwrap(), "delivery");
    assert_eq!(letter.get_str("sender_type").unwrap(), "ugc");
    scene.told().await;
    scene.set("ugc_creators", "creator", doc! { "level": "trusted" }).await;
    scene.tell(&[News::Confirmed { application: application(), deliverable: delivery(), at: at(NOW) }]).await;
    assert!(!scene.letter("ugc_e15").await.get_str("text").unwrap().contains("Rookie"));
}

#[tokio::test]
async fn the_same_event_is_told_once_and_the_next_one_again() {
    let scene = Scene::new().await;
    let first = News::Applied { application: application(), at: at(NOW) };
    scene.tell(std::slice::from_ref(&first)).await;
    let before = (scene.count("notifications", doc! {}).await, scene.count("email_logs", doc! {}).await);
    scene.tell(&[first.clone(), first]).await;
    let after = (scene.count("notifications", doc! {}).await, scene.count("email_logs", doc! {}).await);
    let messages = all(&scene.app, "whatsapp_logs", doc! {}).await;
    assert_eq!((before, messages.len()), (after, 1));
    let text = messages[0].get_str("text").unwrap();
    assert!(text.starts_with("*Ana Benítez se postuló a «Mate de verano»*\n"), "{text}");
    assert!(text.ends_with("/admin/campaigns/campaign/applications"), "{text}");
    scene.tell(&[News::Applied { application: application(), at: at(NOW) + std::time::Duration::from_secs(9) }]).await;
    let again = (scene.count("notifications", doc! {}).await, scene.count("email_logs", doc! {}).await);
    assert_eq!(again, (before.0 * 2, before.1 * 2));
}

#[tokio::test]
async fn the_teams_mail_goes_to_the_list_and_its_messages_only_when_there_is_a_number() {
    let scene = Scene::new().await;
    let settings = scene.app.app.db.live.collection::<bson::Document>("admin_settings");
    let change = doc! { "alert_recipients": { "ugc": ["ugc@example.com"] }, "whatsapp_marcas": null };
    settings.update_one(doc! {}, doc! { "$set": change }).await.unwrap();
    scene.tell(&[News::Applied { application: application(), at: at(NOW) }]).await;
    assert_eq!(scene.letter("ugc_e11").await.get_str("to_email").unwrap(), "ugc@example.com");
    assert_eq!(scene.count("whatsapp_logs", doc! {}).await, 0);
}

#[tokio::test]
async fn what_cant_be_found_is_said_and_stops_nobody_else() {
    let scene = Scene::new().await;
    let lost = canje::values::ApplicationId::of("nobody");
    let known = News::Shortlisted { application: application(), at: at(NOW) };
    scene.tell(&[News::Shortlisted { application: lost, at: at(NOW) }, known]).await;
    assert_eq!(scene.letter("ugc_e12").await.get_str("to_email").unwrap(), "creator@example.com");
    let notice = scene.app.notice().await;
    assert!(notice.message.contains("nobody"), "{}", notice.message);
}

#[tokio::test]
async fn somebody_without_an_address_has_a_row_that_says_so() {
    let scene = Scene::new().await;
    let users = scene.app.app.db.live.collection::<bson::Document>("users");
    users.update_one(doc! { "user_id": &scene.creator_user }, doc! { "$set": { "email": null } }).await.unwrap();
    scene.tell(&[News::Shortlisted { application: application(), at: at(NOW) }]).await;
    let letter = scene.letter("ugc_e12").await;
    assert_eq!(letter.get_str("status").unwrap(), "skipped");
    assert_eq!(scene.count("notifications", doc! { "user_id": &scene.creator_user }).await, 1);
}
