//! A thousand confirmed creators in one edit, there and back.

use std::time::Instant;

use bson::doc;
use canje::campaigns::DeadlineChange;
use canje::campaigns::service::{Saved, undo_deadlines};

use super::{Seed, confirm, deadlines, load, made, save, staff};
use crate::support::TestApp;

#[tokio::test]
async fn a_thousand_confirmed_creators_move_in_one_edit_and_back() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let names: Vec<String> = (0..1_000).map(|number| format!("creator-{number:04}")).collect();
    let people: Vec<_> = names.iter().map(|name| Seed::waiting(name, ctx.now())).collect();
    confirm(db, &id, &people).await;
    let before = deadlines(db, "creator-0500").await;
    let begun = Instant::now();
    assert_eq!(save(&ctx, &id, &[("url_days", "10"), ("metrics_days", "20")]).await, Saved { moved: 1_000, kept: 0 });
    println!("asked and moved 1.000 in {:?}", begun.elapsed());
    for (field, campaign_field) in
        [("url_deadline", "tally.next_url_due"), ("metrics_deadline", "tally.next_metrics_due")]
    {
        let campaigns = db.live.collection::<bson::Document>("ugc_campaigns");
        let next = campaigns.find_one(doc! { "id": &id }).await.unwrap().unwrap();
        let (_, name) = campaign_field.split_once('.').unwrap();
        let due = *next.get_document("tally").unwrap().get_datetime(name).unwrap();
        for collection in ["ugc_applications", "ugc_deliverables"] {
            let all = db.live.collection::<bson::Document>(collection);
            let count = all.count_documents(doc! { "campaign_id": &id, field: due }).await.unwrap();
            assert_eq!(count, 1_000, "{collection}.{field}");
        }
    }
    let change = db.stored::<DeadlineChange>().find_one(doc! {}).await.unwrap().unwrap();
    let begun = Instant::now();
    assert_eq!(undo_deadlines(&ctx, &id, &change.id).await.unwrap().restored, 1_000);
    println!("undone in {:?}", begun.elapsed());
    assert_eq!(deadlines(db, "creator-0500").await, before);
    assert_eq!(load(db, &id).await.rev, 3);
}
