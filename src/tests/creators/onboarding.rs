//! The five steps.

use bson::{Bson, DateTime, doc};
use canje::values::Role;
use http::StatusCode;

use super::{CONTACT, HANDLES, PERSONAL, PROFESSIONAL, Studio, finish, steps_one_to_four};
use crate::accounts::{adopted, all, documents, signed_in};
use crate::sign_up::role_of;

const BOTH: [(&str, &str); 2] = [("terms", "on"), ("privacy", "on")];

#[tokio::test]
async fn five_steps_make_a_creator_all_at_once() {
    let studio = Studio::new().await;
    let mut browser = studio.person("ana@example.com").await;
    let session = browser.cookies["__Host-sid"].clone();
    steps_one_to_four(&mut browser).await;
    assert_eq!(
        documents(&studio.app, "ugc_creators").count_documents(doc! {}).await.unwrap(),
        0,
        "nothing before the end"
    );
    let answer = finish(&mut browser, &BOTH, None).await;
    assert_eq!(answer.location(), "/ugc/creator/dashboard");

    let creator = studio.profile("ana@example.com").await;
    for (field, expected) in [
        ("name", "Ana Benítez"),
        ("birth_date", "2075-03-09"),
        ("gender", "female"),
        ("document_id", "4.567.890"),
        ("document_digits", "4567890"),
        ("country", "PY"),
        ("city", "Luque"),
        ("phone_full", "+595981123456"),
        ("bio", "Cocino en una terraza."),
        ("education_level", "university"),
        ("level", "rookie"),
    ] {
        assert_eq!(creator.get_str(field).ok(), Some(expected), "{field}");
    }
    assert!(creator.get_str("search").unwrap().contains("ana benitez"));
    assert!(creator.get_str("search").unwrap().contains("ana.cocina"));
    let networks = creator.get_array("social_networks").unwrap();
    assert_eq!(networks.len(), 2);
    assert_eq!(networks[0].as_document().unwrap().get_str("url").ok(), Some("https://www.instagram.com/ana.cocina"));
    assert_eq!(creator.get_bool("is_active").ok(), Some(true));
    assert_eq!(creator.get_bool("onboarding_completed").ok(), Some(true));

    assert_eq!(role_of(&studio.app, "ana@example.com").await, Some(Role::Creator));
    assert_ne!(browser.cookies["__Host-sid"], session, "the session ends with the role it was opened under");
    assert_eq!(browser.get("/ugc/creator/profile").await.status, StatusCode::OK);
    let accepted = all(&studio.app, "terms_acceptances", doc! { "action": "creator_onboarding" }).await;
    assert!(accepted.iter().any(|row| row.get_str("terms_slug").ok() == Some("ugc-creators")));
    assert_eq!(creator.get_str("terms_version").ok(), accepted[0].get_str("terms_version").ok());
    assert_eq!(documents(&studio.app, "ugc_creator_drafts").count_documents(doc! {}).await.unwrap(), 0);
    assert_eq!(all(&studio.app, "audit_logs", doc! { "action": "ugc_creator_created" }).await.len(), 1);
}

/// New profiles lacked the id that everything else searched by.
#[tokio::test]
async fn legacy_defect_16_a_new_profile_has_one_id_and_is_found_by_it() {
    let studio = Studio::new().await;
    studio.creator("ana@example.com").await;
    let creator = studio.profile("ana@example.com").await;
    let id = creator.get_str("id").unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    assert!(!creator.contains_key("creator_id"), "no second id");
    let found = canje::creators::store::find(&studio.app.app.db, &canje::values::CreatorId::of(id)).await.unwrap();
    assert_eq!(found.unwrap().email, "ana@example.com");
}

/// Onboarding made an admin a creator.
#[tokio::test]
async fn legacy_defect_17_staff_who_become_creators_stay_staff() {
    let studio = Studio::new().await;
    for (role, email) in [(Role::Staff, "equipo@example.com"), (Role::Brand, "marca@example.com")] {
        adopted(&studio.app, email, role, |_| {}).await;
        let mut browser = signed_in(&studio.app, email).await;
        steps_one_to_four(&mut browser).await;
        finish(&mut browser, &BOTH, None).await;
        assert_eq!(role_of(&studio.app, email).await, Some(role));
        assert_eq!(browser.get("/ugc/creator/profile").await.status, StatusCode::OK, "with the same session");
    }
}

/// Numbers a browser sent were taken for verified followers.
#[tokio::test]
async fn legacy_defect_27_followers_are_no_field_of_the_onboarding() {
    let studio = Studio::new().await;
    let mut browser = studio.person("ana@example.com").await;
    steps_one_to_four(&mut browser).await;
    for extra in [("instagram_followers", "90000"), ("verified", "true"), ("social_accounts[instagram]", "x")] {
        let form = [&HANDLES[..], &[extra]].concat();
        let answer = browser.post("/ugc/creator/onboarding/4", &form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{extra:?}");
    }
    finish(&mut browser, &BOTH, None).await;
    let creator = studio.profile("ana@example.com").await;
    assert!(creator.get_document("social_accounts").unwrap().is_empty());
    let network = creator.get_array("social_networks").unwrap()[0].as_document().unwrap().clone();
    assert_eq!((network.get("followers"), network.get_bool("verified").ok()), (Some(&Bson::Null), Some(false)));
}

/// Onboarding, edition and interface each had enum values of their own.
#[tokio::test]
async fn legacy_defect_53_only_the_listed_values_are_taken() {
    let studio = Studio::new().await;
    let mut browser = studio.person("ana@example.com").await;
    browser.post("/ugc/creator/onboarding", &[]).await;
    /// A step, what is typed in it, and what it says.
    type Case = (u8, &'static [(&'static str, &'static str)], &'static str);
    let cases: [Case; 6] = [
        (
            1,
            &[("name", "Ana"), ("birth_date", "2075-03-09"), ("gender", "non_binary"), ("document_id", "4567890")],
            "Elegí tu género",
        ),
        (
            1,
            &[("name", "Ana"), ("birth_date", "2090-03-09"), ("gender", "other"), ("document_id", "4567890")],
            "El registro es para mayores de 18",
        ),
        (
            1,
            &[("name", ""), ("birth_date", "nunca"), ("gender", "other"), ("document_id", "A-1")],
            "Revisá tu fecha de nacimiento",
        ),
        (
            2,
            &[("country", "Paraguay"), ("city", "Luque"), ("phone_country_code", "+595"), ("phone", "1")],
            "Elegí tu país",
        ),
        (
            2,
            &[("country", "PY"), ("city", "Luque"), ("phone_country_code", "+595"), ("phone", "12345")],
            "Revisá el teléfono: de 6 a 15 números",
        ),
        (3, &[("categories", "moda"), ("portfolio_url", "javascript:alert(1)")], "Elegí una categoría o más"),
    ];
    browser.post("/ugc/creator/onboarding/1", &PERSONAL).await;
    browser.post("/ugc/creator/onboarding/2", &CONTACT).await;
    for (step, form, said) in cases {
        let answer = browser.post(&format!("/ugc/creator/onboarding/{step}"), form).await;
        assert_eq!(answer.location(), format!("/ugc/creator/onboarding/{step}"), "{said}");
        let page = browser.get(answer.location()).await.text();
        assert!(page.contains(said), "{said}");
        // Whatever came before is good again.
        browser.post("/ugc/creator/onboarding/1", &PERSONAL).await;
        browser.post("/ugc/creator/onboarding/2", &CONTACT).await;
    }
    let answer = browser.post("/ugc/creator/onboarding/3", &PROFESSIONAL).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding/4");
    let answer =
        browser.post("/ugc/creator/onboarding/4", &[("instagram_username", ""), ("tiktok_username", "")]).await;
    assert!(browser.get(answer.location()).await.text().contains("Agregá Instagram o TikTok"));
}

#[tokio::test]
async fn an_interrupted_onboarding_goes_on_on_another_device_with_everything_typed() {
    let studio = Studio::new().await;
    let mut phone = studio.person("ana@example.com").await;
    let next = "/ugc/campaigns/c1/postularme";
    phone.post("/ugc/creator/onboarding", &[("next", next)]).await;
    phone.post("/ugc/creator/onboarding/1", &PERSONAL).await;
    // A refused step keeps what was typed, and so does going back from a half-filled one.
    let half =
        [("country", "AR"), ("city", ""), ("city_other", ""), ("phone_country_code", "+595"), ("phone", "11 2345")];
    assert_eq!(phone.post("/ugc/creator/onboarding/2", &half).await.location(), "/ugc/creator/onboarding/2");
    // The page shows the code of the country by now.
    let back = [&half[..3], &[("phone_country_code", "+54"), ("phone", "11 2345"), ("action", "back")]].concat();
    assert_eq!(phone.post("/ugc/creator/onboarding/2", &back).await.location(), "/ugc/creator/onboarding/1");

    let mut tablet = studio.app.browser();
    let form = [("email", "ana@example.com"), ("password", crate::sign_up::PASSWORD)];
    tablet.post("/login", &form).await;
    let welcome = tablet.get("/ugc/creator/onboarding").await.text();
    assert!(welcome.contains("Estabas en el paso 2 de 5"), "{welcome}");
    assert_eq!(tablet.post("/ugc/creator/onboarding", &[]).await.location(), "/ugc/creator/onboarding/2");
    let page = tablet.get("/ugc/creator/onboarding/2").await.text();
    assert!(page.contains("value=\"11 2345\""));
    assert!(page.contains("Buenos Aires"), "the cities of the chosen country");
    assert!(page.contains("value=\"+54\" selected"), "the code follows the country: {page}");
    assert!(tablet.get("/ugc/creator/onboarding/1").await.text().contains("4.567.890"));
    assert_eq!(tablet.get("/ugc/creator/onboarding/4").await.location(), "/ugc/creator/onboarding/2", "not there yet");

    for (step, form) in [(2, &CONTACT[..]), (3, &PROFESSIONAL[..]), (4, &HANDLES[..])] {
        tablet.post(&format!("/ugc/creator/onboarding/{step}"), form).await;
    }
    let answer = finish(&mut tablet, &[("terms", "on")], None).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding/5");
    let page = tablet.get(answer.location()).await.text();
    assert!(page.contains("Para seguir, aceptá los términos"));
    assert_eq!(finish(&mut tablet, &BOTH, None).await.location(), next, "back to where it all began");
}

#[tokio::test]
async fn a_profile_is_made_once_however_often_its_button_is_pressed() {
    let studio = Studio::new().await;
    let mut browser = studio.person("ana@example.com").await;
    steps_one_to_four(&mut browser).await;
    let draft = documents(&studio.app, "ugc_creator_drafts").find_one(doc! {}).await.unwrap().unwrap();
    finish(&mut browser, &BOTH, None).await;
    // The same draft again, as another device would send it a moment later.
    documents(&studio.app, "ugc_creator_drafts").insert_one(draft).await.unwrap();
    let answer = finish(&mut browser, &BOTH, None).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding");
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("Esta cuenta ya tiene perfil de creador") && page.contains("to-panel"));
    assert_eq!(documents(&studio.app, "ugc_creators").count_documents(doc! {}).await.unwrap(), 1);
    assert_eq!(browser.post("/ugc/creator/onboarding", &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_old_profile_that_lacks_something_is_filled_in_and_completed() {
    let studio = Studio::new().await;
    let user_id = adopted(&studio.app, "ana@example.com", Role::Creator, |_| {}).await;
    let at = DateTime::from_millis(1_770_000_000_000);
    let account = doc! {
        "username": "ana.cocina", "follower_count": 5200_i64, "verification_method": "screenshot_ai",
        "verified_at": at, "last_updated": at,
    };
    let old = doc! {
        "id": "old-1", "user_id": &user_id, "email": "ana@example.com", "name": "Ana Benítez", "level": "pro",
        "is_active": true, "city": "Luque", "country": "PY", "categories": ["food"], "created_at": at,
        "social_networks": [{ "platform": "instagram", "username": "ana.cocina", "url": "x", "verified": true }],
        "social_accounts": { "instagram": account },
    };
    documents(&studio.app, "ugc_creators").insert_one(old).await.unwrap();
    let mut browser = signed_in(&studio.app, "ana@example.com").await;
    let answer = browser.get("/ugc/creator/profile").await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding?next=%2Fugc%2Fcreator%2Fprofile");
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("faltan tu fecha de nacimiento, tu género, tu cédula y tu teléfono"), "{page}");
    browser.post("/ugc/creator/onboarding", &[("next", "/ugc/creator/profile")]).await;
    assert!(browser.get("/ugc/creator/onboarding/1").await.text().contains("Ana Benítez"));
    for (step, form) in [(1, &PERSONAL[..]), (2, &CONTACT[..]), (3, &PROFESSIONAL[..]), (4, &HANDLES[..])] {
        browser.post(&format!("/ugc/creator/onboarding/{step}"), form).await;
    }
    assert_eq!(finish(&mut browser, &BOTH, None).await.location(), "/ugc/creator/profile");
    let creator = studio.profile("ana@example.com").await;
    assert_eq!((creator.get_str("id").ok(), creator.get_str("level").ok()), (Some("old-1"), Some("pro")));
    assert_eq!(creator.get_str("phone_full").ok(), Some("+595981123456"));
    let kept = creator.get_document("social_accounts").unwrap().get_document("instagram").unwrap();
    assert_eq!(kept.get_i64("follower_count").ok(), Some(5200), "the same account stays verified");
    assert_eq!(all(&studio.app, "audit_logs", doc! { "action": "ugc_creator_updated" }).await.len(), 1);
}

#[tokio::test]
async fn guests_sign_in_first_and_come_back() {
    let studio = Studio::new().await;
    let answer = studio.app.browser().get("/ugc/creator/onboarding?next=%2Fugc%2Fcampaigns").await;
    assert!(answer.location().starts_with("/login?next=%2Fugc%2Fcreator%2Fonboarding"), "{}", answer.location());
    let mut person = studio.person("ana@example.com").await;
    for path in ["/ugc/creator/profile", "/ugc/creator/profile/basica", "/ugc/creator/profile/foto"] {
        assert!(person.get(path).await.location().starts_with("/ugc/creator/onboarding?next="), "{path}");
    }
    assert_eq!(person.get("/ugc/creator/onboarding/3").await.location(), "/ugc/creator/onboarding", "nothing begun");
    assert_eq!(person.get("/ugc/creator/onboarding/6").await.status, StatusCode::NOT_FOUND);
}
