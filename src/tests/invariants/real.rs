//! Two hundred random walks of the services, against the real database.

use canje::applications::service as applications;
use canje::creators::Creator;
use canje::deliverables::service::{self as deliveries, Urls};
use canje::failure::Failure;
use canje::values::{ApplicationId, CampaignId, DeliverableId};
use futures::StreamExt;

use super::{Dice, Try};
use crate::applications::world::World;

const WALKS: u64 = 200;
const STEPS: usize = 14;

struct Part {
    creator: Creator,
    application: Option<ApplicationId>,
    deliverable: Option<DeliverableId>,
}

async fn attempt(world: &World, campaign: &CampaignId, part: &mut Part, what: Try, post: u64) -> Result<(), Failure> {
    let (staff, me) = (world.staff(), world.of(&part.creator));
    let instagram = |from: &str| Urls { instagram: Some(format!("instagram.com/{from}/W{post}")), tiktok: None };
    if matches!(what, Try::Apply) {
        part.application = Some(world.apply(&part.creator, campaign).await?);
        return Ok(());
    }
    let Some(application) = &part.application else { return Ok(()) };
    match what {
        Try::Withdraw => return applications::withdraw(&me, &part.creator, application).await,
        Try::Shortlist => return applications::shortlist(&staff, application).await,
        Try::Reject => return applications::reject(&staff, application, None).await,
        Try::CancelOwn => return applications::cancel_own(&me, &part.creator, application).await,
        Try::Cancel => return applications::cancel(&staff, application, "motivo".into()).await,
        Try::Reactivate => return applications::reactivate(&staff, application).await,
        Try::Confirm => {
            part.deliverable = Some(applications::confirm(&staff, application).await?);
            return Ok(());
        }
        _ => {}
    }
    let Some(id) = &part.deliverable else { return Ok(()) };
    match what {
        Try::Register => deliveries::register_urls(&me, &part.creator, id, instagram("p")).await,
        Try::AddTiktok => {
            let urls = Urls { instagram: None, tiktok: Some(format!("tiktok.com/@a/video/{post}")) };
            deliveries::register_urls(&me, &part.creator, id, urls).await
        }
        Try::Approve => deliveries::approve(&staff, id, None).await,
        Try::RequestChanges => deliveries::request_changes(&staff, id, "Falta la mención".into()).await,
        Try::RejectContent => deliveries::reject(&staff, id, "Otra marca".into()).await,
        Try::AcceptMetrics => world.accept_metrics(id).await,
        Try::Complete => deliveries::complete(&staff, id).await,
        Try::ResetKeeping => deliveries::reset_urls(&staff, id, true).await,
        Try::ResetAll => deliveries::reset_urls(&staff, id, false).await,
        Try::ResetMetrics => deliveries::reset_metrics(&staff, id).await,
        _ => deliveries::edit_urls(&staff, id, instagram("reel")).await,
    }
}

async fn walk(world: &World, seed: u64) -> usize {
    let campaign = world.campaign(1, |_| {}).await;
    let mut parts = Vec::new();
    for _ in 0..2 {
        parts.push(Part { creator: world.creator(|_| {}).await, application: None, deliverable: None });
    }
    let (mut dice, mut done) = (Dice::new(seed + 1_000_003), 0);
    for step in 0..STEPS {
        let what = Try::ALL[dice.roll(Try::ALL.len())];
        let part = &mut parts[dice.roll(2)];
        match attempt(world, &campaign, part, what, seed * 100 + step as u64).await {
            Ok(()) => done += 1,
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => panic!("walk {seed}, {what:?}: {fault:#}"),
        }
        world.assert_sound(&campaign).await;
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_walks_through_the_services_keep_every_invariant() {
    let world = &World::new().await;
    let walks = futures::stream::iter(0..WALKS).map(|seed| walk(world, seed)).buffer_unordered(4);
    let done: usize = walks.fold(0, |sum, done| async move { sum + done }).await;
    assert!(done > 200, "{done} steps were taken");
    assert!(canje::applications::invariants::check(&world.test.app.db).await.unwrap().is_empty());
}
