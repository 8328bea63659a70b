//! How often a page asks the database: always as often, however much there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use canje::app::App;
use canje::campaigns::catalogue::{Asked, service as catalogue};
use canje::creators::area::model::{ApplicationView, DeliveryView, WorkTab};
use canje::creators::area::service as area;
use canje::creators::model::Creator;
use canje::ctx::Ctx;
use canje::db::Db;
use canje::db::keyset::From;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use mongodb::options::ClientOptions;

use crate::applications::world::World;

/// The same application on a connection that counts what it is asked to do.
struct Counted {
    ctx: Ctx,
    asked: Arc<AtomicUsize>,
}

impl Counted {
    async fn new(world: &World, creator: &Creator) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let mut options = ClientOptions::parse(&world.test.db.settings.uri).await.unwrap();
        options.command_event_handler = Some(EventHandler::callback(move |event| {
            if let CommandEvent::Started(started) = event
                && matches!(started.command_name.as_str(), "find" | "aggregate" | "getMore" | "count" | "distinct")
            {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        }));
        let client = mongodb::Client::with_options(options).unwrap();
        let db = Db { live: client.database(world.test.db.name()), client, ..world.test.app.db.clone() };
        let app = world.test.app.clone();
        let (config, clock) = (app.config.clone(), app.clock.clone());
        let counting = App::open(config, db, world.test.db.read_only().await, app.assets.clone(), clock).await.unwrap();
        Self { ctx: Ctx { app: Arc::new(counting), ..world.of(creator) }, asked }
    }

    async fn cost<T>(&self, of: impl Future<Output = T>) -> (T, usize) {
        self.asked.store(0, Ordering::SeqCst);
        let made = of.await;
        (made, self.asked.load(Ordering::SeqCst))
    }
}

async fn costs(counted: &Counted, creator: &Creator) -> [usize; 6] {
    let ctx = &counted.ctx;
    let asked = Asked { fit: "1".into(), q: "merienda".into(), ..Asked::default() };
    let (found, list) = counted.cost(catalogue::list(ctx, &asked)).await;
    let id = found.unwrap().cards[0].campaign.id.clone();
    let (_, detail) = counted.cost(catalogue::detail(ctx, &id)).await;
    let (_, dashboard) = counted.cost(area::dashboard(ctx, creator)).await;
    let work = |tab| area::work(ctx, creator, tab, DeliveryView::Pending, &From::First);
    let (_, deliveries) = counted.cost(work(WorkTab::Deliveries)).await;
    let (_, history) = counted.cost(work(WorkTab::History)).await;
    let (_, applications) = counted.cost(area::applications(ctx, creator, ApplicationView::All, &From::First)).await;
    [list, detail, dashboard, deliveries, history, applications]
}

#[tokio::test]
async fn legacy_defect_50_pages_of_creators_ask_a_fixed_number_of_queries() {
    let world = World::new().await;
    let describe = |one: &mut canje::campaigns::Campaign| one.description = "Una merienda".into();
    let first = world.campaign(100, describe).await;
    let (creator, _, _) = world.confirmed(&first).await;
    let counted = Counted::new(&world, &creator).await;
    let few = costs(&counted, &creator).await;
    for _ in 0..24 {
        // So many applications an hour and no more.
        world.wait(1);
        let id = world.campaign(100, describe).await;
        let applied = world.apply(&creator, &id).await.unwrap();
        canje::applications::service::confirm(&world.staff(), &applied).await.unwrap();
        for _ in 0..3 {
            world.applied(&id).await;
        }
    }
    let many = costs(&counted, &creator).await;
    // A listing that doesn't fill its page is looked for once more further back.
    assert!(many.iter().zip(&few).all(|(many, few)| many <= few), "{few:?} and with many campaigns {many:?}");
    // With the profile's own query, which each page of the area asks besides.
    assert_eq!(few, [4, 4, 3, 5, 7, 4]);
}
