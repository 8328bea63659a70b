//! The demo dump: every finding it was made with, every link its generator made, and what that means for people.

use std::collections::{BTreeMap, BTreeSet};

use bson::{Document, doc};
use canje::adopt::Adoption;
use canje::applications::{Application, ApplicationStatus, LegacyLead};
use canje::brands::Brand;
use canje::campaigns::Campaign;
use canje::creators::Creator;
use canje::db::Stored;
use canje::deliverables::{Deliverable, DeliverableStatus};
use canje::metrics::Metrics;
use canje::reputation::Rating;
use canje::terms::Acceptance;

use super::{COLLECTIONS, all, count, demo, raw, rule};

/// Findings that adoption makes beyond those the generator lists: what it derives, not what is wrong in the dump.
const BEYOND: [&str; 6] =
    ["terms.slug_alias", "ambiguous", "no_match", "no_email", "user_without_creator_profile", "test_record"];

fn expected() -> serde_json::Value {
    serde_json::from_str(canje::demo::EXPECTED).unwrap()
}

#[tokio::test]
async fn every_row_is_accounted_for_and_every_finding_is_the_generators() {
    let legacy = demo().await;
    let source = legacy.bytes_of(&legacy.name, &[]).await;
    let report = legacy.finish().await.unwrap();
    for rule in &report.rules {
        assert!(rule.adds_up(), "{rule:?}");
    }
    let figures = |name: &str| {
        let rule = rule(&report, name);
        [rule.read, rule.written, rule.folded, rule.moved, rule.refused]
    };
    assert_eq!(figures("creators"), [264, 264, 0, 0, 0]);
    assert_eq!(figures("brands"), [12, 12, 0, 0, 0]);
    assert_eq!(figures("campaigns"), [4, 4, 0, 0, 0]);
    assert_eq!(figures("applications"), [354, 331, 4, 19, 0], "261 signed in and 70 linked, 4 folded, 19 leads");
    assert_eq!(figures("deliverables"), [45, 28, 15, 0, 2]);
    assert_eq!(figures("metrics"), [14, 14, 0, 0, 0]);
    assert_eq!(figures("ratings"), [2, 0, 0, 0, 2]);
    assert_eq!(figures("embedded_ratings"), [4, 4, 0, 0, 0]);
    assert_eq!(figures("terms_acceptances"), [617, 617, 0, 0, 0]);
    assert_eq!(figures("ugc_notifications"), [10, 0, 0, 0, 10]);

    let expected = expected();
    let mut wanted: BTreeMap<String, u64> = BTreeMap::new();
    for (code, defect) in expected["defects"].as_object().unwrap() {
        if COLLECTIONS.contains(&defect["collection"].as_str().unwrap()) {
            wanted.insert(code.clone(), defect["count"].as_u64().unwrap());
        }
    }
    let known = |code: &String| !BEYOND.contains(&code.as_str());
    let codes: BTreeSet<String> = report.rules.iter().flat_map(|rule| rule.counts.keys().cloned()).collect();
    let found: BTreeMap<String, u64> =
        codes.into_iter().filter(known).map(|code| (code.clone(), count(&report, &code))).collect();
    assert_eq!(found, wanted);
    for (reason, wanted) in expected["applications"]["left_unlinked"].as_object().unwrap() {
        assert_eq!(count(&report, reason), wanted.as_u64().unwrap(), "{reason}");
    }
    for (code, defect) in expected["defects"].as_object().unwrap() {
        let Some(listed) = defect["ids"].as_array().filter(|_| wanted.contains_key(code)) else { continue };
        let listed: BTreeSet<_> = listed.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        let ids = report.rules.iter().flat_map(|rule| &rule.findings).filter(|one| one.code == *code);
        let mut found: BTreeSet<_> = ids.map(|one| one.id.clone()).collect();
        // The generator names creators by their account in two lists, and one of two equal addresses differently.
        if ["creator.picture_dangling", "creator.picture_data_uri"].contains(&code.as_str()) {
            found = accounts_of(&all(legacy.db()).await, &found);
        }
        if !["user.email_duplicate", "creator.email_duplicate"].contains(&code.as_str()) {
            assert!(listed.is_subset(&found), "{code}: {:?}", &listed - &found);
        }
    }
    assert_eq!(legacy.bytes_of(&legacy.name, &[]).await, source, "the source is never written");
}

fn accounts_of(creators: &[Creator], ids: &BTreeSet<String>) -> BTreeSet<String> {
    creators.iter().filter(|one| ids.contains(one.id.as_str())).map(|one| one.user_id.clone()).collect()
}

#[tokio::test]
async fn forms_are_linked_folded_and_left_exactly_as_the_generator_says() {
    let legacy = demo().await;
    legacy.adoption().run().await.unwrap();
    let expected = expected();
    let expected = &expected["applications"];
    let applications: Vec<Application> = all(legacy.db()).await;
    let leads: Vec<LegacyLead> = all(legacy.db()).await;
    let by_id: BTreeMap<_, _> = applications.iter().map(|one| (one.id.to_string(), one)).collect();
    let into = expected["link_makes_duplicate_of"].as_object().unwrap();
    for (record, creator) in expected["link"].as_object().unwrap() {
        let carrier = into.get(record).map_or(record.as_str(), |id| id.as_str().unwrap());
        let application = by_id[carrier];
        assert_eq!(application.creator_id.as_str(), creator.as_str().unwrap(), "{record}");
        let ids = application.legacy_snapshots.iter().map(|form| form.get_str("application_id").unwrap());
        assert!(ids.collect::<Vec<_>>().contains(&record.as_str()), "the record as found is kept: {record}");
        assert!(
            into.contains_key(record) == (carrier != record.as_str())
                && !(into.contains_key(record) && by_id.contains_key(record))
        );
    }
    assert_eq!(applications.iter().filter(|one| !one.legacy_snapshots.is_empty()).count(), 74);
    let left = expected["unlinked"].as_object().unwrap();
    assert_eq!(leads.len(), left.len());
    for lead in &leads {
        assert_eq!(lead.reason, left[&lead.id].as_str().unwrap(), "{}", lead.id);
        assert_eq!(lead.raw.get_str("application_id").unwrap(), lead.id, "the record as found is kept");
        let candidates: Vec<_> = lead.candidates.iter().map(|one| one.as_str()).collect();
        let wanted = expected["ambiguous_candidates"]
            .get(&lead.id)
            .map_or(Vec::new(), |ids| ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect());
        assert_eq!(candidates, wanted, "{}", lead.id);
    }
    let rejected: Vec<_> = applications.iter().filter(|one| one.auto_rejected == Some(true)).collect();
    assert!(rejected.iter().all(|one| one.rejection_reason.is_some() && one.rejected_at.is_some()));
    assert!(!rejected.is_empty());
}

#[tokio::test]
async fn everything_is_of_its_type_and_agrees_with_everything_else() {
    let legacy = demo().await;
    legacy.finish().await.unwrap();
    let db = legacy.db();
    let creators: Vec<Creator> = all(db).await;
    let (campaigns, brands): (Vec<Campaign>, Vec<Brand>) = (all(db).await, all(db).await);
    let applications: Vec<Application> = all(db).await;
    let deliverables: Vec<Deliverable> = all(db).await;
    let metrics: Vec<Metrics> = all(db).await;
    let ratings: Vec<Rating> = all(db).await;
    let acceptances: Vec<Acceptance> = all(db).await;
    assert_eq!((creators.len(), brands.len(), acceptances.len(), ratings.len()), (264, 12, 617, 4));

    for campaign in &campaigns {
        let own: Vec<_> = applications.iter().filter(|one| one.campaign_id == campaign.id).collect();
        let confirmed = own.iter().filter(|one| one.status == ApplicationStatus::Confirmed).count() as i32;
        assert_eq!((campaign.slots_filled, campaign.tally.confirmed), (confirmed, confirmed));
        assert_eq!(campaign.tally.total() as usize, own.len());
        assert!(campaign.slots_filled <= campaign.total_slots_loaded);
        let dues = deliverables.iter().filter(|one| one.campaign_id == campaign.id);
        assert_eq!(campaign.tally.next_url_due, dues.filter_map(|one| one.owes_url_by).min());
        let contract = campaign.contract.as_ref().unwrap();
        assert_eq!(contract.loads_done, 1);
        assert!(contract.next_reload_date.unwrap() > contract.start_date);
    }
    for application in &applications {
        let delivery = deliverables.iter().find(|one| one.application_id == application.id);
        let is_confirmed = application.status == ApplicationStatus::Confirmed;
        assert!(!is_confirmed || delivery.is_some());
        if let Some(delivery) = delivery {
            assert_eq!(application.url_deadline, delivery.url_deadline);
            assert_eq!(application.metrics_deadline, delivery.metrics_deadline);
            assert_eq!(application.confirmed_at, delivery.confirmed_at);
        } else {
            assert_eq!((application.url_deadline, application.metrics_deadline), (None, None));
        }
        let waits = matches!(application.status, ApplicationStatus::Applied | ApplicationStatus::Shortlisted);
        assert_eq!(application.waiting.is_some(), waits);
        assert_eq!(application.status_history.last().unwrap().status, application.status.as_str());
        assert!(application.status_history.iter().all(|step| step.by != "creator"));
        assert!(!is_confirmed || (application.cancelled_at.is_none() && application.cancelled_by.is_none()));
    }
    for delivery in &deliverables {
        assert_eq!((delivery.owes_url_by, delivery.owes_metrics_by), delivery.owed());
        assert_eq!(delivery.metrics_window_closes, delivery.metrics_deadline);
        assert_eq!(delivery.status_history.last().unwrap().status, delivery.status.as_str());
        assert!(delivery.post_url.as_ref().is_none_or(|url| !url.contains('|')));
        let rated = ratings.iter().any(|one| one.deliverable_id == delivery.id);
        assert_eq!(delivery.brand_rating.is_some(), rated);
        assert_eq!(delivery.status == DeliverableStatus::Completed, rated, "a rated delivery is complete");
    }
    assert_eq!(deliverables.iter().map(|one| one.legacy_attempts.len()).sum::<usize>(), 15);
    let archived: Vec<_> = metrics.iter().filter(|one| one.archived).collect();
    assert_eq!(archived.len(), 3);
    for one in &metrics {
        let delivery = deliverables.iter().find(|delivery| delivery.id == one.deliverable_id).unwrap();
        assert!(one.archived || delivery.has_metrics());
        assert!(one.retention_rate.is_none_or(|rate| rate <= 100.0));
    }
    let rated = creators.iter().filter(|one| one.stats.total_ratings > 0);
    assert!(rated.clone().all(|one| one.stats.avg_rating == 5.0 && one.stats.total_completed == 1));
    assert_eq!(rated.count(), 4);
    for creator in &creators {
        let confirmed = applications.iter().filter(|one| one.creator_id == creator.id);
        let confirmed = confirmed.filter(|one| one.status == ApplicationStatus::Confirmed).count();
        assert_eq!(creator.stats.total_campaigns as usize, confirmed);
        assert_eq!(creator.search, creator.search_text());
        for network in &creator.social_networks {
            assert_eq!(network.verified, creator.is_verified_on(network.platform));
        }
    }
    let differing = canje::applications::invariants::check(db).await.unwrap();
    assert!(differing.is_empty(), "{differing:?}");
    for collection in ["ugc_creators", "ugc_brands", "ugc_campaigns", "ugc_deliverables"] {
        let nulls = db.live.collection::<Document>(collection);
        let mut cursor = nulls.find(doc! {}).await.unwrap();
        while let Some(document) = futures::TryStreamExt::try_next(&mut cursor).await.unwrap() {
            assert!(document.values().all(|value| *value != bson::Bson::Null), "absent fields stay absent");
        }
    }
}

#[tokio::test]
async fn the_demo_creator_has_her_two_deliveries() {
    let legacy = demo().await;
    legacy.adoption().run().await.unwrap();
    let expected = expected();
    for (id, status) in expected["demo"]["deliverables"].as_object().unwrap() {
        let delivery = raw(&legacy, Deliverable::COLLECTION, id).await;
        assert_eq!(delivery.get_str("status").unwrap(), status.as_str().unwrap());
        assert_eq!(delivery.get_str("creator_id").unwrap(), expected["demo"]["creator_id"].as_str().unwrap());
    }
}

#[tokio::test]
async fn adopting_twice_changes_nothing() {
    let legacy = demo().await;
    legacy.adoption().run().await.unwrap();
    let books = ["adopt_state", "adopt_runs", "audit_logs"];
    let adopted = legacy.bytes_of(legacy.test.name(), &books).await;
    let source = legacy.bytes_of(&legacy.name, &[]).await;
    let again = Adoption::new(legacy.db(), &legacy.reader, &legacy.name).run().await.unwrap();
    for rule in &again.rules {
        assert_eq!((rule.written, rule.moved, rule.kept), (0, 0, 0), "{}", rule.rule);
        assert!(rule.adds_up());
    }
    assert_eq!(legacy.bytes_of(legacy.test.name(), &books).await, adopted);
    assert_eq!(legacy.bytes_of(&legacy.name, &[]).await, source);
}
