//! Who is told by mail.

use std::collections::BTreeSet;

use bson::{Document, doc};
use futures::TryStreamExt;
use mongodb::{ClientSession, Collection};

use super::dispatch::Circle;
use crate::accounts::model::User;
use crate::db::{Db, Stored};
use crate::failure::Failure;
use crate::settings::AlertRecipients;
use crate::values::Role;

/// The addresses of a circle, each once. An empty list means every active superadmin.
pub(super) async fn of_in(
    session: &mut ClientSession,
    db: &Db,
    lists: &AlertRecipients,
    circle: Circle,
) -> Result<BTreeSet<String>, Failure> {
    let list = match circle {
        Circle::First => &lists.system,
        Circle::Second => &lists.escalation,
    };
    if !list.is_empty() {
        return Ok(list.iter().cloned().collect());
    }
    superadmins_in(session, db).await
}

/// The addresses of everybody who owns the platform and may sign in, for a page.
pub async fn superadmins(db: &Db) -> Result<Vec<String>, Failure> {
    let found = people(db).find(active_superadmins()).projection(doc! { "email": 1, "_id": 0 }).await?;
    let found: Vec<Address> = found.try_collect().await?;
    Ok(found.into_iter().map(|person| person.email).collect())
}

async fn superadmins_in(session: &mut ClientSession, db: &Db) -> Result<BTreeSet<String>, Failure> {
    let people = people(db);
    let found = people.find(active_superadmins()).projection(doc! { "email": 1, "_id": 0 });
    let mut found = found.session(&mut *session).await?;
    let found: Vec<Address> = found.stream(&mut *session).try_collect().await?;
    Ok(found.into_iter().map(|person| person.email).collect())
}

/// All that is read of an account.
#[derive(serde::Serialize, serde::Deserialize)]
struct Address {
    email: String,
}

fn people(db: &Db) -> Collection<Address> {
    db.live.collection(User::COLLECTION)
}

fn active_superadmins() -> Document {
    // An adopted account may lack the status; that means active, as everywhere.
    doc! {
        "role": Role::Superadmin.as_str(),
        "email": { "$type": "string" },
        "status": { "$nin": ["suspended", "deleted"] },
    }
}
