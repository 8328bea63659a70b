//! *Deshacer*: for ten minutes, exactly what was, for everybody who did nothing meanwhile.

use std::time::Duration;

use bson::doc;
use canje::campaigns::DeadlineChange;
use canje::campaigns::changes::ChangeState;
use canje::campaigns::service::{Undone, undo_deadlines};
use canje::db::date;

use super::{Seed, at, confirm, days, deadlines, deliverable, load, made, refused, save, set, staff};
use crate::accounts::all;
use crate::support::TestApp;

async fn change(test: &TestApp) -> DeadlineChange {
    let changes = test.app.db.stored::<DeadlineChange>();
    changes.find_one(doc! {}).sort(doc! { "at": -1 }).await.unwrap().unwrap()
}

#[tokio::test]
async fn undoing_puts_back_what_was_for_whoever_did_nothing_meanwhile() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let confirmed_at = ctx.now();
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
    test.app.clock.advance(Duration::from_secs(11 * 60));
    test.work().await;
    assert_eq!(change(&test).await.state, ChangeState::Undone);
}

#[tokio::test]
async fn after_ten_minutes_the_mails_leave_and_nothing_can_be_undone() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    test.work().await;
    assert_eq!(change(&test).await.state, ChangeState::Open, "not before its time");
    test.app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(refused(undo_deadlines(&ctx, &id, &change(&test).await.id).await), (409, "too_late".into()));
    test.work().await;
    assert_eq!(change(&test).await.state, ChangeState::Told);
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
    test.app.clock.advance(Duration::from_secs(60));
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
