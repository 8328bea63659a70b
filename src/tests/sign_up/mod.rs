//! Making an account, proving its address, a new password, terms.

mod recovery;
mod registration;
mod verification;

use bson::doc;
use canje::values::Role;

use super::accounts::{all, documents};
use super::support::{Answer, Browser, TestApp};

pub const PASSWORD: &str = "Palma-Alta-2026";

/// What a page's form says of the terms it showed.
pub fn mark(page: &str) -> String {
    hidden(page, "shown").expect("the page shows terms")
}

/// A hidden field of a page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split('"').next().map(str::to_owned)
}

/// Fills in `/registro` as a browser does.
pub async fn register(browser: &mut Browser<'_>, email: &str, next: &str) -> Answer {
    let page = browser.get("/registro").await.text();
    let form = [
        ("name", "Ana Benítez"),
        ("email", email),
        ("password", PASSWORD),
        ("phone", "0981 123 456"),
        ("terms", "on"),
        ("shown", &mark(&page)),
        ("next", next),
    ];
    browser.post("/registro", &form).await
}

/// The text of the newest letter of a template, and what its link says after `token=`.
pub async fn token_in(app: &TestApp, template: &str) -> String {
    let rows = all(app, "email_logs", doc! { "template": template }).await;
    let text = rows.last().expect("a letter was queued").get_str("text").unwrap().to_owned();
    let (_, rest) = text.split_once("token=").expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

/// An account's role as stored.
pub async fn role_of(app: &TestApp, email: &str) -> Option<Role> {
    let user = documents(app, "users").find_one(doc! { "email": email }).await.unwrap()?;
    Role::parse(user.get_str("role").unwrap())
}
