//! A change of a campaign's delivery rules reaches everybody confirmed, and nobody else.

use bson::doc;
use canje::campaigns::DeadlineChange;
use canje::campaigns::service::{self, Outcome, Saved};
use canje::db::date;
use canje::deliverables::model::DeliverableStatus;
use canje::values::LocalDate;

use super::{
    Seed, app_at, application, at, confirm, deadlines, deliverable, edited, load, made, refused, save, set, staff,
};
use crate::accounts::all;
use crate::support::TestApp;

const CONFIRMED: &str = "2026-02-10T18:30:00Z";

fn people() -> [Seed<'static>; 4] {
    let confirmed_at = at(CONFIRMED);
    let seed = |name, status, url, metrics_at| Seed { name, confirmed_at, status, url, metrics_at };
    [
        Seed::waiting("A", confirmed_at),
        seed("B", DeliverableStatus::Published, Some("https://www.instagram.com/p/b/"), None),
        seed(
            "C",
            DeliverableStatus::MetricsSubmitted,
            Some("https://www.instagram.com/p/c/"),
            Some(at("2026-02-15T12:00:00Z")),
        ),
        seed("D", DeliverableStatus::Cancelled, None, None),
    ]
}

#[tokio::test]
async fn worked_example_3_and_legacy_defect_2_only_what_is_owed_moves_and_both_documents_agree() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-16T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &people()).await;
    let before = [deliverable(db, "B").await, deliverable(db, "C").await];
    let saved = save(&ctx, &id, &[("url_days", "10"), ("metrics_days", "20")]).await;
    assert_eq!(saved, Saved { moved: 2, kept: 1 });
    let (old_url, old_metrics) = (at("2026-02-17T18:30:00Z"), at("2026-02-24T18:30:00Z"));
    let (url, metrics) = (at("2026-02-20T18:30:00Z"), at("2026-03-02T18:30:00Z"));
    assert_eq!(deadlines(db, "A").await, (url, metrics));
    assert_eq!(deadlines(db, "B").await, (old_url, metrics));
    assert_eq!(deadlines(db, "C").await, (old_url, old_metrics));
    assert_eq!(deadlines(db, "D").await, (old_url, old_metrics));
    // What is owed and who waits for what follow; what was delivered isn't touched at all.
    let a = deliverable(db, "A").await;
    assert_eq!(a.owed(), (a.owes_url_by, a.owes_metrics_by));
    let waiting = a.waiting.unwrap();
    assert_eq!((waiting.due_at, waiting.promised_at, waiting.escalations), (date(url), Some(date(url)), 0));
    let b = deliverable(db, "B").await;
    assert_eq!((b.owes_url_by, b.owes_metrics_by), (None, Some(date(metrics))));
    assert_eq!(b.confirmed_at, before[0].confirmed_at);
    assert_eq!(format!("{:?}", deliverable(db, "C").await), format!("{:?}", before[1]));
    // The campaign's next deadlines, the record, and the counts of the record.
    let campaign = load(db, &id).await;
    assert_eq!(campaign.tally.next_url_due, Some(date(url)));
    assert_eq!(campaign.tally.next_metrics_due, Some(date(metrics)));
    let rows = all(&test, "audit_logs", doc! { "action": "ugc_campaign_deadlines_changed" }).await;
    let counts = rows[0].get_document("details").unwrap().get_document("counts").unwrap();
    assert_eq!(counts, &doc! { "moved": 2, "kept": 1, "past": 0 });
}

#[tokio::test]
async fn worked_example_4_days_under_a_fixed_date_move_nothing_until_it_is_cleared() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-11T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("A", at(CONFIRMED))]).await;
    save(&ctx, &id, &[("url_mode", "fixed"), ("url_date", "2026-02-20")]).await;
    let fixed = (at("2026-02-21T02:59:59.999Z"), at("2026-02-24T18:30:00Z"));
    assert_eq!(deadlines(db, "A").await, fixed, "the end of the local day");
    // The days are kept under the date; nobody's deadline follows them.
    assert_eq!(save(&ctx, &id, &[("url_days", "5")]).await, Saved::default());
    assert_eq!(deadlines(db, "A").await, fixed);
    assert_eq!(load(db, &id).await.delivery.url_delivery_days, 5);
    save(&ctx, &id, &[("url_mode", "days")]).await;
    assert_eq!(deadlines(db, "A").await.0, at("2026-02-15T18:30:00Z"), "five days from the confirmation");
    assert_eq!(load(db, &id).await.delivery.url_delivery_fixed_date, None);
}

#[tokio::test]
async fn legacy_defect_3_a_fixed_date_is_a_local_day() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-11T12:00:00Z").await;
    let ctx = staff(&app);
    let id = made(&ctx, true, &[]).await;
    save(&ctx, &id, &[("url_mode", "fixed"), ("url_date", "2026-02-20")]).await;
    let stored = all(&test, "ugc_campaigns", doc! {}).await;
    assert_eq!(stored[0].get_str("url_delivery_fixed_date").unwrap(), "2026-02-20");
    let due = load(&app.db, &id).await.delivery.deadlines(at(CONFIRMED));
    assert_eq!(LocalDate::of(due.url), LocalDate::parse("2026-02-20").unwrap());
}

#[tokio::test]
async fn worked_example_5_saving_a_description_writes_no_deadline() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-16T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &people()).await;
    let before = (application(db, "A").await, deliverable(db, "A").await);
    let edit = edited(&ctx, &id, &[("description", "Otra")]).await;
    let outcome = service::update(&ctx, &id, edit).await.unwrap();
    assert!(matches!(outcome, Outcome::Saved(Saved { moved: 0, kept: 0 })), "{outcome:?}");
    let after = (application(db, "A").await, deliverable(db, "A").await);
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    assert_eq!(load(db, &id).await.description, "Otra");
    assert!(all(&test, "ugc_deadline_changes", doc! {}).await.is_empty());
}

#[tokio::test]
async fn nothing_is_saved_before_whoever_saves_has_seen_exactly_what_moves() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-16T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &people()).await;
    let mut edit = edited(&ctx, &id, &[("url_days", "10"), ("name", "Otro nombre")]).await;
    let Outcome::Unconfirmed(impact) = service::update(&ctx, &id, edit.clone()).await.unwrap() else {
        panic!("it has to ask")
    };
    assert_eq!((impact.moved.len(), impact.kept, impact.past.len()), (1, 2, 0));
    assert_eq!(load(db, &id).await.name, "Verano con Ñandutí", "nothing at all is saved");
    // Somebody else is confirmed before it is sent again: the answer is the new question.
    edit.consent = Some(impact.digest());
    confirm(db, &id, &[Seed::waiting("E", at("2026-02-12T18:30:00Z"))]).await;
    let Outcome::Unconfirmed(impact) = service::update(&ctx, &id, edit.clone()).await.unwrap() else {
        panic!("the impact is another one")
    };
    assert_eq!(impact.moved.len(), 2);
    edit.consent = Some(impact.digest());
    assert!(matches!(service::update(&ctx, &id, edit).await.unwrap(), Outcome::Saved(Saved { moved: 2, .. })));
    assert_eq!(load(db, &id).await.name, "Otro nombre");
}

#[tokio::test]
async fn who_would_be_late_at_once_is_named_and_has_to_be_agreed_to() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-16T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &people()).await;
    let mut edit = edited(&ctx, &id, &[("url_days", "2"), ("metrics_days", "14")]).await;
    let Outcome::Unconfirmed(impact) = service::update(&ctx, &id, edit.clone()).await.unwrap() else {
        panic!("it has to ask")
    };
    let names: Vec<_> = impact.past.iter().map(|id| id.as_str()).collect();
    assert_eq!(names, ["A"]);
    edit.consent = Some(impact.digest());
    assert!(matches!(service::update(&ctx, &id, edit.clone()).await.unwrap(), Outcome::Unconfirmed(_)));
    edit.despite_past = true;
    assert!(matches!(service::update(&ctx, &id, edit).await.unwrap(), Outcome::Saved(_)));
    assert_eq!(deadlines(db, "A").await.0, at("2026-02-12T18:30:00Z"));
}

#[tokio::test]
async fn of_two_editors_the_second_is_told_and_a_repeated_save_is_no_conflict() {
    let test = TestApp::new().await;
    let (app, ctx) = (&test.app, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let first = edited(&ctx, &id, &[("description", "La primera")]).await;
    let second = edited(&ctx, &id, &[("description", "La segunda")]).await;
    service::update(&ctx, &id, first.clone()).await.unwrap();
    assert_eq!(refused(service::update(&ctx, &id, second).await), (409, "conflict".into()));
    // The same form sent twice asks for what is there already.
    service::update(&ctx, &id, first).await.unwrap();
    let campaign = load(&app.db, &id).await;
    assert_eq!((campaign.description.as_str(), campaign.rev), ("La primera", 2));
}

#[tokio::test]
async fn a_campaign_that_was_adopted_has_no_revision_and_is_saved_all_the_same() {
    let test = TestApp::new().await;
    let ctx = staff(&test.app);
    let id = made(&ctx, true, &[]).await;
    let campaigns = test.app.db.live.collection::<bson::Document>("ugc_campaigns");
    campaigns
        .update_one(doc! { "id": &id }, doc! { "$unset": { "rev": "" }, "$set": { "legacy_extra": 7 } })
        .await
        .unwrap();
    save(&ctx, &id, &[("description", "Otra")]).await;
    let stored = all(&test, "ugc_campaigns", doc! {}).await.remove(0);
    assert_eq!(stored.get_i64("rev").unwrap(), 1);
    assert_eq!(stored.get_i32("legacy_extra").unwrap(), 7, "fields are set, the document isn't replaced");
}

#[tokio::test]
async fn a_campaign_that_is_over_isnt_edited() {
    let test = TestApp::new().await;
    let (app, ctx) = (&test.app, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let edit = edited(&ctx, &id, &[("description", "Otra")]).await;
    set(&app.db, &id, doc! { "status": "completed" }).await;
    assert_eq!(refused(service::update(&ctx, &id, edit).await), (409, "campaign_over".into()));
}

#[tokio::test]
async fn the_change_is_kept_with_everybody_it_moved() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-02-16T12:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &people()).await;
    save(&ctx, &id, &[("url_days", "10")]).await;
    let change = db.stored::<DeadlineChange>().find_one(doc! { "campaign_id": &id }).await.unwrap().unwrap();
    assert_eq!((change.before.url_delivery_days, change.after.url_delivery_days), (7, 10));
    assert_eq!(change.moved[0].url, (date(at("2026-02-17T18:30:00Z")), date(at("2026-02-20T18:30:00Z"))));
    assert_eq!(change.moved[0].metrics.0, change.moved[0].metrics.1);
    let jobs = all(&test, "jobs", doc! { "job": "campaigns.deadline_mails" }).await;
    assert_eq!(jobs[0].get_datetime("due_at").unwrap(), &date(at("2026-02-16T12:10:00Z")), "mails wait ten minutes");
}

#[test]
fn legacy_defect_4_no_text_of_campaigns_has_days_of_its_own() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/i18n");
    let files = [
        "applications.rs",
        "deliverables.rs",
        "catalogue.rs",
        "creator_area.rs",
        "deadline_chip.rs",
        "news/mod.rs",
        "news/creator.rs",
        "news/brand.rs",
        "news/team.rs",
        "news/reminders.rs",
        "campaigns/mod.rs",
        "campaigns/form.rs",
        "campaigns/pages.rs",
    ];
    for file in files {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let said = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in said {
            for days in ["7 día", "14 día", "15 día"] {
                let own = line.split(days).next().filter(|before| *before != line);
                let is_own = own.is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_digit()));
                assert!(!is_own, "{file}: {line}");
            }
        }
    }
}
