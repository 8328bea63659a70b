//! What staff sees and does: the campaign manager, applications, creators, deliveries, searching, and who may what.

mod access;
mod applications;
mod creators;
mod deliveries;
mod finder;
mod manager;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bson::doc;
use canje::creators::Creator;
use canje::db::Db;
use canje::db::Stored;
use canje::values::Role;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use mongodb::options::ClientOptions;

use super::accounts::{adopted, signed_in};
use super::applications::world::World;
use super::support::{Browser, TestApp};

/// Somebody of the team who has signed in.
async fn staff(app: &TestApp) -> Browser<'_> {
    let email = format!("{}@example.com", uuid::Uuid::new_v4().simple());
    adopted(app, &email, Role::Staff, |_| {}).await;
    signed_in(app, &email).await
}

/// The lines of a list, in their order.
fn rows<'a>(page: &'a str, testid: &str) -> Vec<&'a str> {
    let mark = format!(r#"data-testid="{testid}""#);
    page.split("<tr ").skip(1).filter(|row| row.contains(&mark)).map(|row| row.split("</tr>").next().unwrap()).collect()
}

/// Writes the search text of a profile as its own screens do.
async fn searchable(world: &World, creator: &Creator) {
    let all = world.test.app.db.live.collection::<bson::Document>(Creator::COLLECTION);
    let set = doc! { "$set": { "search": creator.search_text() } };
    assert_eq!(all.update_one(doc! { "id": &creator.id }, set).await.unwrap().matched_count, 1);
}

/// The same database through a connection that counts its queries.
async fn counting(test: &TestApp) -> (Db, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let mut options = ClientOptions::parse(&test.db.settings.uri).await.unwrap();
    options.command_event_handler = Some(EventHandler::callback(move |event| {
        // What watches the state of things asks of its own accord; only what a page asks of the lists counts.
        let CommandEvent::Started(started) = event else { return };
        let of =
            started.command.get_str(started.command_name.as_str()).or_else(|_| started.command.get_str("collection"));
        if of.is_ok_and(|of| of.starts_with("ugc_") || of == "saved_views") {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }));
    let client = mongodb::Client::with_options(options).unwrap();
    (Db { live: client.database(test.db.name()), client, ..test.app.db.clone() }, asked)
}
