//! Who may open which page: guests sign in, people without a profile make one, and another's things aren't there.

use canje::values::Role;
use http::StatusCode;

use crate::accounts::{adopted, signed_in};
use crate::applications::world::World;
use crate::catalogue::browser_of;

const PAGES: [&str; 3] = ["/ugc/creator/dashboard", "/ugc/creator/my-work", "/ugc/creator/applications"];

#[tokio::test]
async fn guests_sign_in_and_people_without_a_complete_profile_complete_it() {
    let world = World::new().await;
    adopted(&world.test, "nadie@example.com", Role::Staff, |_| {}).await;
    let mut staff = signed_in(&world.test, "nadie@example.com").await;
    let incomplete = world.creator(|one| one.document_id = None).await;
    let mut unfinished = browser_of(&world, &incomplete).await;
    for path in PAGES {
        let guest = world.test.browser().get(path).await;
        assert!(guest.location().starts_with("/login?next="), "{path}");
        for browser in [&mut staff, &mut unfinished] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.location().starts_with("/ugc/creator/onboarding?next=%2Fugc%2Fcreator%2F"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_staff_member_who_is_a_creator_sees_their_own_area() {
    let world = World::new().await;
    let creator = world.creator(|one| one.user_id = "user_of_staff".into()).await;
    adopted(&world.test, "equipo@example.com", Role::Staff, |user| {
        user.insert("user_id", &creator.user_id);
    })
    .await;
    let mut browser = signed_in(&world.test, "equipo@example.com").await;
    for path in PAGES {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn what_is_anothers_is_not_there() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (_, application, delivery) = world.confirmed(&campaign).await;
    let (_, waiting) = world.applied(&campaign).await;
    let other = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &other).await;
    let before = (world.application(&waiting).await.status, world.deliverable(&delivery).await.status);
    let paths = [
        format!("/ugc/creator/deliverable/{delivery}"),
        format!("/ugc/creator/applications/{application}/cancelar"),
        format!("/ugc/creator/applications/{waiting}/retirar"),
        "/ugc/creator/deliverable/no-existe".into(),
    ];
    for path in &paths {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "GET {path}");
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::NOT_FOUND, "POST {path}");
        assert_eq!(world.test.browser().post(path, &[]).await.status, StatusCode::UNAUTHORIZED, "guest {path}");
    }
    assert_eq!(before, (world.application(&waiting).await.status, world.deliverable(&delivery).await.status));
}

#[tokio::test]
async fn old_addresses_lead_to_the_one_page_of_work() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    for (old, new) in [
        ("/ugc/creator/workspace", "/ugc/creator/my-work?tab=deliveries"),
        ("/ugc/creator/deliverables", "/ugc/creator/my-work?tab=deliveries"),
        ("/ugc/creator/campaigns", "/ugc/creator/my-work?tab=applications"),
    ] {
        assert_eq!(browser.get(old).await.location(), new, "{old}");
    }
}
