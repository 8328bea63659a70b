//! *Deshacer*: for ten minutes, exactly what was, for everybody who did nothing meanwhile.

use std::time::Duration;

use bson::doc;
use canje::campaigns::DeadlineChange;
use canje::campaigns::changes::ChangeState;
use canje::campaigns::service::{Undone, undo_deadlines};
use canje::db::date;
use canje::deliverables::model::DeliverableStatus;

use super::{Seed, at, confirm, days, deadlines, deliverable, load, made, refused, save, set, staff};
use crate::accounts::{all, documents};
use crate::support::TestApp;

async fn change(test: &TestApp) -> DeadlineChange {
    let changes = test.app.db.stored::<DeadlineChange>();
    changes.find_one(doc! {}).sort(doc! { "at": -1 }).await.unwrap().unwrap()
}

/// The accounts of these creators, so that they can be written to.
async fn accounts(test: &TestApp, names: &[&str]) {
    let account = |name: &&str| {
        doc! {
            "user_id": format!("user_{name}"), "email": format!("{name}@example.com"), "name": *name,
            "role": "creator", "status": "active",
        }
    };
    documents(test, "users").insert_many(names.iter().map(account)).await.unwrap();
}

/// What mails about deadlines say, the first one first.
async fn mails(test: &TestApp) -> Vec<String> {
    let mails = all(test, "email_logs", doc! { "template": "ugc_e18" }).await;
    mails.iter().map(|mail| mail.get_str("text").unwrap().to_owned()).collect()
}

fn minutes(test: &TestApp, count: u64) {
    test.app.clock.advance(Duration::from_secs(count * 60));
}

#[tokio::test]
async fn undoing_puts_back_what_was_for_whoever_did_nothing_meanwhile() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let confirmed_at = ctx.now();
    accounts(&test, &["A", "B", "C"]).await;
    confirm(db, &id, &["A", "B", "C"].map(|name| Seed::waiting(name, confirmed_at))).await;
    let before = deadlines(db, "A").await;
    let was = deliverable(db, "A").await;
    save(&ctx, &id, &[("url_days", "10"), ("metrics_days", "20")]).await;
    let after = deadlines(db, "A").await;
    assert_ne!(before, after);
    // B registers an address, and somebody changes C's deadline by hand.
    let (deliveries, applications) = (
        db.live.collection::<bson::Document>("ugc_deliverables"),
        db.live.collection::<bson::Document>("ugc_applications"),
    );
    let published = doc! { "$set": { "status": "published", "instagram_url": "https://www.instagram.com/p/b/" }, "$unset": { "owes_url_by": "" } };
    deliveries.update_one(doc! { "id": "B" }, published).await.unwrap();
    let by_hand = date(at("2099-12-24T12:00:00Z"));
    for all in [&deliveries, &applications] {
        all.update_one(doc! { "id": "C" }, doc! { "$set": { "url_deadline": by_hand } }).await.unwrap();
    }

    let undone = undo_deadlines(&ctx, &id, &change(&test).await.id).await.unwrap();
    assert_eq!(undone, Undone { restored: 3, left: 0 }, "something of each could be put back");
    assert_eq!(deadlines(db, "A").await, before);
    let now = deliverable(db, "A").await;
    assert_eq!((now.owes_url_by, now.owes_metrics_by), (was.owes_url_by, was.owes_metrics_by));
    assert_eq!(now.waiting.unwrap().due_at, was.waiting.unwrap().due_at);
    assert_eq!(deadlines(db, "B").await, (after.0, before.1), "delivered by the deadline that was shown");
    assert_eq!(deadlines(db, "C").await, (at("2099-12-24T12:00:00Z"), before.1));
    assert_eq!(load(db, &id).await.delivery, days(7, 14));
    assert_eq!(change(&test).await.state, ChangeState::Undone);
    assert_eq!(all(&test, "audit_logs", doc! { "action": "ugc_campaign_deadlines_restored" }).await.len(), 1);
    // Again is nothing; and no mail leaves any more.
    assert_eq!(undo_deadlines(&ctx, &id, &change(&test).await.id).await.unwrap(), Undone::default());
    minutes(&test, 11);
    test.work().await;
    assert_eq!(change(&test).await.state, ChangeState::Undone);
    assert_eq!(mails(&test).await.len(), 0);
}

#[tokio::test]
async fn whoever_came_under_the_undone_rules_meanwhile_leaves_them_too() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    accounts(&test, &["A", "B", "D", "E"]).await;
    let published = DeliverableStatus::Published;
    let begun = ctx.now();
    let b = Seed { name: "B", confirmed_at: begun, status: published, url: Some("https://x"), metrics_at: None };
    confirm(db, &id, &[Seed::waiting("A", begun), b]).await;
    let before = deadlines(db, "A").await;
    save(&ctx, &id, &[("url_days", "10"), ("metrics_days", "20")]).await;
    let after = deadlines(db, "A").await;
    minutes(&test, 1);
    // B's address is reset, D is confirmed, and so was E so long ago that the previous days are over.
    let url = date(after.0);
    let reset = doc! {
        "$set": { "status": "awaiting_publish", "instagram_url": null, "url_deadline": url, "owes_url_by": url },
    };
    documents(&test, "ugc_deliverables").update_one(doc! { "id": "B" }, reset).await.unwrap();
    let set_url = doc! { "$set": { "url_deadline": url } };
    documents(&test, "ugc_applications").update_one(doc! { "id": "B" }, set_url).await.unwrap();
    let long_ago = ctx.now() - jiff::SignedDuration::from_hours(8 * 24);
    confirm(db, &id, &[Seed::waiting("D", ctx.now()), Seed::waiting("E", long_ago)]).await;
    let late = deadlines(db, "E").await;

    let undone = undo_deadlines(&ctx, &id, &change(&test).await.id).await.unwrap();
    assert_eq!(undone, Undone { restored: 3, left: 0 });
    for name in ["A", "B"] {
        assert_eq!(deadlines(db, name).await, before, "{name}");
    }
    let rules = days(7, 14).deadlines(ctx.now());
    assert_eq!(deadlines(db, "D").await, (rules.url, rules.metrics));
    let owes = deliverable(db, "D").await;
    assert_eq!((owes.owes_url_by, owes.waiting.unwrap().due_at), (Some(date(rules.url)), date(rules.url)));
    assert_eq!(deadlines(db, "E").await, late, "nobody is late because of an undo");
    // They hear of it: A's notice is gone, and D had read other deadlines.
    let told = all(&test, "notifications", doc! { "type": "deadline_changed" }).await;
    let told: Vec<_> = told.iter().map(|one| one.get_str("user_id").unwrap()).collect();
    assert_eq!(told, ["user_B", "user_D"]);
    assert_eq!(mails(&test).await.len(), 2);
}

#[tokio::test]
async fn two_changes_within_ten_minutes_are_both_mailed_and_neither_says_what_isnt_so() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    accounts(&test, &["A"]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    minutes(&test, 5);
    save(&ctx, &id, &[("metrics_days", "20")]).await;
    minutes(&test, 5);
    test.work().await;
    assert_eq!(mails(&test).await.len(), 0, "the second one can still be undone");
    minutes(&test, 5);
    test.work().await;
    let mut mails = mails(&test).await;
    mails.sort_by_key(|text| text.contains("Métricas"));
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|text| text.matches("antes").count() == 1), "each says what it moved: {mails:?}");
    let told = db.stored::<DeadlineChange>().count_documents(doc! { "state": ChangeState::Told }).await.unwrap();
    assert_eq!(told, 2);
}

#[tokio::test]
async fn a_change_is_mailed_although_a_later_one_was_undone() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    accounts(&test, &["A"]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    let (first, mailed) = (change(&test).await.id, deadlines(db, "A").await);
    minutes(&test, 5);
    save(&ctx, &id, &[("url_days", "12")]).await;
    minutes(&test, 5);
    test.work().await;
    minutes(&test, 2);
    undo_deadlines(&ctx, &id, &change(&test).await.id).await.unwrap();
    assert_eq!(refused(undo_deadlines(&ctx, &id, &first).await), (409, "too_late".into()), "its own time is over");
    minutes(&test, 3);
    test.work().await;
    assert_eq!((mails(&test).await.len(), deadlines(db, "A").await), (1, mailed));
}

#[tokio::test]
async fn after_ten_minutes_the_mails_leave_and_nothing_can_be_undone() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    accounts(&test, &["A"]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    test.work().await;
    assert_eq!((change(&test).await.state, mails(&test).await.len()), (ChangeState::Open, 0), "not before its time");
    minutes(&test, 10);
    assert_eq!(refused(undo_deadlines(&ctx, &id, &change(&test).await.id).await), (409, "too_late".into()));
    test.work().await;
    assert_eq!((change(&test).await.state, mails(&test).await.len()), (ChangeState::Told, 1));
    assert_eq!(refused(undo_deadlines(&ctx, &id, &change(&test).await.id).await), (409, "too_late".into()));
}

#[tokio::test]
async fn an_older_change_isnt_undone_over_a_newer_one() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    let first = change(&test).await.id;
    minutes(&test, 1);
    save(&ctx, &id, &[("url_days", "12")]).await;
    assert_eq!(refused(undo_deadlines(&ctx, &id, &first).await), (409, "changed_again".into()));
    // Undoing the newer one leads back to the older one's rules.
    undo_deadlines(&ctx, &id, &change(&test).await.id).await.unwrap();
    assert_eq!(load(db, &id).await.delivery, days(10, 14));
}

#[tokio::test]
async fn somebody_elses_change_isnt_there_and_what_is_over_stays() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    let change = change(&test).await.id;
    let other = made(&ctx, true, &[]).await;
    assert_eq!(refused(undo_deadlines(&ctx, &other, &change).await), (404, "not_found".into()));
    set(db, &id, doc! { "status": "completed" }).await;
    assert_eq!(refused(undo_deadlines(&ctx, &id, &change).await), (409, "campaign_over".into()));
}
