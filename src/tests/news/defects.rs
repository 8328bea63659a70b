//! What the previous system got wrong about telling people.

use bson::doc;
use canje::news::News;

use super::{Scene, application, at, delivery, the_campaign};
use crate::accounts::{all, signed_in};
use crate::support::NOW;

#[tokio::test]
async fn legacy_defect_4_mails_said_seven_and_fourteen_days_whatever_the_campaign_said() {
    let scene = Scene::new().await;
    let confirmed = News::Confirmed { application: application(), deliverable: delivery(), at: at(NOW) };
    scene.tell(&[confirmed, News::UrlRegistered { deliverable: delivery(), at: at(NOW) }]).await;
    for template in ["ugc_e15", "ugc_e20"] {
        let letter = scene.letter(template).await;
        let text = letter.get_str("text").unwrap();
        assert!(text.contains("jue 10 dic, 15:30"), "the stored deadline: {text}");
        for literal in ["7 días", "14 días", "15 días"] {
            assert!(!text.contains(literal), "{text}");
        }
    }
}

#[tokio::test]
async fn legacy_defect_46_nobody_was_told_of_applying_publishing_and_cancelling() {
    let scene = Scene::new().await;
    let at = at(NOW);
    for (news, template) in [
        (News::Applied { application: application(), at }, "ugc_e10"),
        (News::UrlRegistered { deliverable: delivery(), at }, "ugc_e20"),
        (News::Approved { deliverable: delivery(), note: None, at }, "ugc_e23"),
        (News::CancelledByStaff { application: application(), reason: "x".into(), with_campaign: true, at }, "ugc_e14"),
    ] {
        scene.tell(&[news]).await;
        assert_eq!(scene.letter(template).await.get_str("status").unwrap(), "queued");
    }
}

#[tokio::test]
async fn legacy_defect_47_notices_stood_in_two_collections_and_some_were_never_seen() {
    let scene = Scene::new().await;
    scene.tell(&[News::Shortlisted { application: application(), at: at(NOW) }]).await;
    let mut browser = signed_in(&scene.app, "creator@example.com").await;
    let page = browser.get("/notificaciones").await.text();
    assert!(page.contains("quedó preseleccionada") && page.contains("notifications-bell"), "{page}");
    let notice = &all(&scene.app, "notifications", doc! {}).await[0];
    let opened = browser.get(&format!("/notificaciones/{}", notice.get_str("id").unwrap())).await;
    assert_eq!(opened.location(), "/ugc/creator/applications");
    assert_eq!(all(&scene.app, "notifications", doc! { "is_read": true }).await.len(), 1, "one flag");
}

#[tokio::test]
async fn legacy_defect_48_a_mailing_ran_in_the_request_and_cancellations_were_called_voluntary() {
    let scene = Scene::new().await;
    scene.tell(&[News::CampaignPublished { campaign: the_campaign() }]).await;
    assert_eq!(scene.count("jobs", doc! { "job": "news.broadcast_campaign" }).await, 1);
    let reason = "No hay stock".to_owned();
    let cancelled = News::CancelledByStaff { application: application(), reason, with_campaign: false, at: at(NOW) };
    scene.tell(&[cancelled]).await;
    let letter = scene.letter("ugc_e14").await;
    let text = letter.get_str("text").unwrap();
    for drawn in [text, letter.get_str("html").unwrap()] {
        let parts = ["El equipo canceló", "No hay stock", "Si tenés dudas"].map(|part| drawn.find(part).unwrap());
        assert!(parts.is_sorted(), "the reason stands where it is announced: {drawn}");
    }
    assert!(!text.to_lowercase().contains("voluntari"), "{text}");
    let links: Vec<_> = text.split_whitespace().filter(|word| word.starts_with("http://")).collect();
    assert_eq!(links, ["http://127.0.0.1:3000/ugc/creator/my-work"]);
}

#[tokio::test]
async fn legacy_defect_49_what_people_wrote_stood_raw_in_mails() {
    let scene = Scene::new().await;
    let bad = "<img src=x onerror=alert(1)>\"'&";
    scene
        .set("ugc_campaigns", "campaign", doc! { "name": bad, "assets.brand_name": bad, "canje.description": bad })
        .await;
    scene.set("ugc_campaigns", "campaign", doc! { "canje.pickup_maps_url": "javascript:alert(1)" }).await;
    scene.set("ugc_creators", "creator", doc! { "name": bad }).await;
    let at = at(NOW);
    scene
        .tell(&[
            News::Confirmed { application: application(), deliverable: delivery(), at },
            News::Applied { application: application(), at },
            News::ChangesRequested { deliverable: delivery(), note: bad.into(), at },
        ])
        .await;
    let letters = all(&scene.app, "email_logs", doc! {}).await;
    assert_eq!(letters.len(), 5);
    for letter in letters {
        let html = letter.get_str("html").unwrap();
        assert!(!html.contains("<img") && !html.contains("javascript:"), "{html}");
        assert!(html.contains("&#60;img") || html.contains("&lt;img"), "{html}");
    }
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let scene = Scene::new().await;
    let complete = doc! {
        "birth_date": "1998-01-31", "gender": "female", "document_id": "1234567", "country": "PY", "city": "Asunción",
        "phone_country_code": "+595", "phone": "981000000", "phone_full": "+595981000000", "categories": ["food"],
        "social_networks": [{
            "platform": "instagram", "username": "ana", "url": "https://www.instagram.com/ana",
            "followers": 100, "verified": false, "last_updated": null,
        }],
        "onboarding_completed": true,
    };
    scene.set("ugc_creators", "creator", complete).await;
    let mut creator = signed_in(&scene.app, "creator@example.com").await;
    let mut staff = signed_in(&scene.app, "team@example.com").await;
    for path in [
        "/ugc/creator/applications",
        "/ugc/creator/my-work",
        "/ugc/creator/deliverable/delivery",
        "/ugc/creator/dashboard",
        "/ugc/creator/profile",
        "/ugc/campaigns",
        "/ugc/campaigns/campaign",
    ] {
        assert_eq!(creator.get(path).await.status, 200, "{path}");
    }
    for path in ["/admin?module=ugc&ugcTab=campaign-manager", "/admin?module=ugc&ugcTab=deliverables"] {
        assert_eq!(staff.get(path).await.status, 200, "{path}");
    }
}
