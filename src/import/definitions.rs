//! Whether a database on the server is defined as it should be, nothing missing and nothing added.

use mongodb::Database;
use mongodb::error::Error;

use super::catalogue;
use super::failure::Difference;
use crate::dump::compare::{self, Expiry};
use crate::dump::{Definition, Kind};
use crate::i18n::import as words;

/// Whether views are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Views {
    /// They are, and are compared.
    Included,
    /// They come later.
    Pending,
}

/// Compares every wanted definition with what the server lists, and names what nobody wanted. `say` puts a difference into
/// words.
pub async fn differences(
    database: &Database,
    wanted: &[&Definition],
    expiry: Expiry,
    views: Views,
    say: fn(&compare::Difference) -> String,
) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    let listed = catalogue::namespaces(database).await?;
    for definition in wanted {
        if definition.kind == Kind::View && views == Views::Pending {
            continue;
        }
        let namespace = format!("{}.{}", database.name(), definition.collection);
        let said = |what| Difference { namespace: namespace.clone(), id: None, what };
        match catalogue::compare(database, definition, &listed, expiry).await? {
            None => differences.push(said(words::NOT_THERE.into())),
            Some(found) => differences.extend(found.iter().map(|difference| said(say(difference)))),
        }
    }
    for found in &listed {
        let own = wanted.iter().any(|definition| definition.collection == found.name);
        let made_by_server = found.name == "system.views"
            || found.name.strip_prefix("system.buckets.").is_some_and(|series| {
                wanted.iter().any(|definition| definition.kind == Kind::TimeSeries && definition.collection == series)
            });
        if !own && !made_by_server {
            let namespace = format!("{}.{}", database.name(), found.name);
            differences.push(Difference { namespace, id: None, what: words::NOT_IN_DUMP.into() });
        }
    }
    Ok(differences)
}
