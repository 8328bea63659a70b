//! Accounts: signing in, lock-out, sessions, the roster.

mod limits;
mod refusals;
mod roster;
mod sessions;
mod sign_in;

use bson::{DateTime, Document, doc};
use canje::values::Role;
use futures::TryStreamExt;

use super::support::{Answer, Browser, TestApp};

pub const PASSWORD: &str = "canje-demo-2026";

/// A bcrypt hash as the legacy system made them, only cheaper.
pub fn legacy_hash(password: &str) -> String {
    bcrypt::hash_with_result(password, 4).unwrap().format_for_version(bcrypt::Version::TwoB)
}

/// An account as adoption leaves it; `change` makes it a special one.
pub async fn adopted(app: &TestApp, email: &str, role: Role, change: impl FnOnce(&mut Document)) -> String {
    let user_id = format!("user_{}", &uuid::Uuid::new_v4().simple().to_string()[..12]);
    let mut user = doc! {
        "user_id": &user_id, "email": email, "name": "Ana Benítez", "password_hash": legacy_hash(PASSWORD),
        "role": role.as_str(), "billing_info": {}, "shipping_addresses": [], "status": "active",
        "created_at": DateTime::from_millis(1_770_000_000_000),
    };
    change(&mut user);
    documents(app, "users").insert_one(user).await.unwrap();
    user_id
}

pub fn documents(app: &TestApp, collection: &str) -> mongodb::Collection<Document> {
    app.app.db.live.collection(collection)
}

pub async fn all(app: &TestApp, collection: &str, filter: Document) -> Vec<Document> {
    documents(app, collection)
        .find(filter)
        .sort(doc! { "timestamp": 1, "_id": 1 })
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap()
}

/// Fills in the sign-in form.
pub async fn sign_in(browser: &mut Browser<'_>, email: &str, password: &str) -> Answer {
    browser.post("/login", &[("email", email), ("password", password)]).await
}

/// A browser that has signed in.
pub async fn signed_in<'a>(app: &'a TestApp, email: &str) -> Browser<'a> {
    let mut browser = app.browser();
    let answer = sign_in(&mut browser, email, PASSWORD).await;
    assert!(browser.cookies.contains_key("__Host-sid"), "{email} could not sign in: {}", answer.status);
    browser
}

/// The reasons of refused sign-ins, oldest first.
pub async fn reasons(app: &TestApp) -> Vec<String> {
    let rows = all(app, "audit_logs", doc! { "action": "login_failed" }).await;
    rows.iter().map(|row| row.get_document("details").unwrap().get_str("reason").unwrap().to_owned()).collect()
}
