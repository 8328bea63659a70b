//! The pages of `/admin/backups`, with runs put on record by hand.

mod act;
mod files;
mod keeping;
mod list;
mod seed;
mod show;

use canje::values::Role;

use crate::accounts::{adopted, signed_in};
use crate::support::{Browser, TestApp};

/// A browser of somebody with this role.
async fn browser_of(app: &TestApp, role: Role) -> Browser<'_> {
    let email = format!("{}@example.com", role.as_str());
    adopted(app, &email, role, |_| {}).await;
    signed_in(app, &email).await
}
