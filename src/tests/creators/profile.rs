//! The profile and its sections.

use bson::{DateTime, doc};
use http::StatusCode;

use super::{CONTACT, PERSONAL, Studio};
use crate::accounts::{all, documents};

const PROFILE: &str = "/ugc/creator/profile";

#[tokio::test]
async fn a_section_is_changed_with_everything_that_follows_from_it() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let mut contact = CONTACT;
    contact[4] = ("phone", "0991 777 888");
    let answer = browser.post(&format!("{PROFILE}/contacto"), &contact).await;
    assert_eq!(answer.location(), PROFILE);
    let creator = studio.profile("ana@example.com").await;
    assert_eq!(creator.get_str("phone_full").ok(), Some("+595991777888"), "the old system left it behind");
    assert!(creator.get_str("search").unwrap().contains("595991777888"));
    assert_eq!(creator.get_bool("notify_new_campaigns").ok(), Some(false), "an empty box is a no");
    browser.post(&format!("{PROFILE}/basica"), &[("name", "  Ana María  Benítez "), ("bio", "")]).await;
    let creator = studio.profile("ana@example.com").await;
    assert_eq!(creator.get_str("name").ok(), Some("Ana María Benítez"));
    assert!(creator.get_str("search").unwrap().starts_with("ana maria benitez"));
    assert_eq!(creator.get_str("phone_full").ok(), Some("+595991777888"), "other sections stay");
    assert_eq!(all(&studio.app, "audit_logs", doc! { "action": "ugc_creator_updated" }).await.len(), 2);
}

#[tokio::test]
async fn a_refused_section_keeps_what_was_typed_and_changes_nothing() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let before = studio.profile("ana@example.com").await;
    let mut personal = PERSONAL;
    personal[1] = ("birth_date", "2085-01-01");
    personal[3] = ("document_id", "12 34 x");
    let answer = browser.post(&format!("{PROFILE}/personal"), &personal[1..]).await;
    assert_eq!(answer.location(), format!("{PROFILE}/personal"));
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("El registro es para mayores de 18") && page.contains("Revisá la cédula"));
    assert!(page.contains("value=\"12 34 x\"") && page.contains("value=\"2085-01-01\""));
    assert_eq!(studio.profile("ana@example.com").await, before);
    for (section, form) in
        [("personal", &[("is_verified", "true")][..]), ("basica", &[("name", "Ana"), ("level", "elite")][..])]
    {
        let answer = browser.post(&format!("{PROFILE}/{section}"), form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{section}");
    }
    assert_eq!(browser.get(&format!("{PROFILE}/otra")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_section_keeps_every_line_of_the_bio() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let typed = [("name", ""), ("bio", "Cocino.\r\nViajo.\r\nFilmo.")];
    let answer = browser.post(&format!("{PROFILE}/basica"), &typed).await;
    let page = browser.get(answer.location()).await.text();
    assert!(["Cocino.", "Viajo.", "Filmo."].into_iter().all(|line| page.contains(line)), "{page}");
}

#[tokio::test]
async fn another_country_brings_its_telephone_code() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let moved = CONTACT.map(|(field, value)| match field {
        "country" => (field, "AR"),
        "city" => (field, "Buenos Aires"),
        "phone" => (field, "11 2345 6789"),
        _ => (field, value),
    });
    let answer = browser.post(&format!("{PROFILE}/contacto"), &moved).await;
    assert_eq!(answer.location(), PROFILE);
    let creator = studio.profile("ana@example.com").await;
    assert_eq!(creator.get_str("phone_country_code").ok(), Some("+54"));
    assert!(creator.get_str("phone_full").unwrap().starts_with("+54"));
}

#[tokio::test]
async fn an_account_is_there_once_and_the_last_one_stays() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let add = format!("{PROFILE}/redes/nueva");
    let answer = browser.post(&add, &[("platform", "tiktok"), ("username", "otra")]).await;
    assert_eq!(answer.location(), add);
    assert!(browser.get(&add).await.text().contains("Ya tenés esa red en tu perfil"));
    let request = http::Request::builder()
        .method(http::Method::POST)
        .uri(&add)
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(request, "platform=tiktok&username=otra".into()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    browser.post(&format!("{PROFILE}/redes/tiktok/quitar"), &[]).await;
    let creator = studio.profile("ana@example.com").await;
    assert_eq!(creator.get_array("social_networks").unwrap().len(), 1);
    let answer = browser.post(&format!("{PROFILE}/redes/instagram/quitar"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("platform", "tiktok"), ("username", "@De.Nuevo"), ("followers", "12.500")];
    assert_eq!(browser.post(&add, &form).await.location(), PROFILE);
    let page = browser.get(PROFILE).await.text();
    assert!(page.contains("@de.nuevo") && page.contains("12.500 seguidores") && page.contains("sin verificar"));
}

#[tokio::test]
async fn another_name_drops_the_verification_and_declared_followers_never_touch_one() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let at = DateTime::from_millis(1_770_000_000_000);
    let account = doc! {
        "username": "ana.cocina", "follower_count": 5200_i64, "verification_method": "screenshot_ai",
        "verified_at": at, "last_updated": at,
    };
    let verified = doc! { "$set": { "social_accounts.instagram": account, "social_networks.0.verified": true } };
    documents(&studio.app, "ugc_creators").update_one(doc! {}, verified).await.unwrap();
    let path = format!("{PROFILE}/redes/instagram");
    browser.post(&path, &[("username", "Ana.Cocina"), ("followers", "900000")]).await;
    let creator = studio.profile("ana@example.com").await;
    let network =
        |creator: &bson::Document| creator.get_array("social_networks").unwrap()[0].as_document().unwrap().clone();
    assert_eq!(network(&creator).get_bool("verified").ok(), Some(true), "the same name in other letters");
    assert_eq!(network(&creator).get("followers"), Some(&bson::Bson::Null));
    browser.post(&path, &[("username", "ana.viaja"), ("followers", "1200")]).await;
    let page = browser.get(PROFILE).await.text();
    assert!(page.contains("la verificación anterior ya no vale"));
    let creator = studio.profile("ana@example.com").await;
    assert!(creator.get_document("social_accounts").unwrap().is_empty());
    assert_eq!(network(&creator).get_bool("verified").ok(), Some(false));
    assert_eq!(network(&creator).get_i64("followers").ok(), Some(1200));
    assert_eq!(network(&creator).get_str("url").ok(), Some("https://www.instagram.com/ana.viaja"));
}

#[tokio::test]
async fn the_bar_says_what_comes_next() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let page = browser.get(PROFILE).await.text();
    assert!(page.contains("Tu perfil está al 90 %"), "{page}");
    assert!(page.contains("href=\"/ugc/creator/profile/foto\"") && page.contains("Subí una foto"));
}

#[tokio::test]
async fn nothing_is_changed_while_the_old_system_is_in_charge() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let before = studio.profile("ana@example.com").await;
    let mirror = doc! { "_id": "mirror", "state": "mirroring", "source": "legacy", "since": DateTime::now() };
    documents(&studio.app, "adopt_state").insert_one(mirror).await.unwrap();
    let answer = browser.post(&format!("{PROFILE}/basica"), &[("name", "Otra"), ("bio", "")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(studio.profile("ana@example.com").await, before);
}
