//! The public catalogue: what is listed, what of it is told, and applying through the pages.

mod applying;
mod listing;
mod pages;
mod queries;

use bson::doc;
use canje::creators::model::Creator;
use canje::values::Role;

use super::accounts::{PASSWORD, adopted, sign_in};
use super::applications::world::World;
use super::support::Browser;

/// A browser of this creator, signed in.
pub async fn browser_of<'a>(world: &'a World, creator: &Creator) -> Browser<'a> {
    let email = creator.email.clone();
    let user_id = creator.user_id.clone();
    adopted(&world.test, &email, Role::Creator, |user| {
        user.insert("user_id", user_id);
    })
    .await;
    let mut browser = world.test.browser();
    sign_in(&mut browser, &email, PASSWORD).await;
    assert!(browser.cookies.contains_key("__Host-sid"));
    browser
}

/// What stands between the tags of every element with this test id; marks of the renderer are left out.
pub fn said(html: &str, testid: &str) -> Vec<String> {
    let mark = format!(r#"data-testid="{testid}""#);
    html.split(&mark)
        .skip(1)
        .map(|rest| {
            let (_, inside) = rest.split_once('>').unwrap();
            let end = inside.find("</").unwrap_or(inside.len());
            let mut text = String::new();
            let mut is_tag = false;
            for char in inside[..end].chars() {
                match char {
                    '<' => is_tag = true,
                    '>' => is_tag = false,
                    char if !is_tag => text.push(char),
                    _ => {}
                }
            }
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// Switches the only brand of a world off.
pub async fn switch_brand_off(world: &World) {
    let brands = world.test.app.db.live.collection::<bson::Document>("ugc_brands");
    let done = brands.update_one(doc! { "id": &world.brand }, doc! { "$set": { "is_active": false } }).await.unwrap();
    assert_eq!(done.matched_count, 1);
    world.test.app.db.commits.count();
}
