//! Addresses of the inspector, and which databases it shows.

use bson::{Document, doc};

use crate::ctx::Ctx;
use crate::db::ReadError;
use crate::db::read_only::ReadOptions;

/// The server's own databases: not part of anybody's data.
const SERVERS_OWN: [&str; 3] = ["admin", "config", "local"];

/// A name as one part of a path: everything but letters, digits, `-`, `_`, `.` and `~` is written in bytes.
pub fn part(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    // A browser would take these for "here" and "up".
    if matches!(out.as_str(), "." | "..") { out.replace('.', "%2E") } else { out }
}

/// The address of a database.
pub fn database(name: &str) -> String {
    format!("/admin/data/{}", part(name))
}

/// The address of a collection.
pub fn collection(database: &str, collection: &str) -> String {
    format!("/admin/data/{}/{}", part(database), part(collection))
}

/// The address of something below a collection, with a query when there is one.
pub fn below(database: &str, name: &str, rest: &str, query: &str) -> String {
    let address = format!("{}/{rest}", collection(database, name));
    if query.is_empty() { address } else { format!("{address}?{query}") }
}

/// What the server lists of a collection; none when there is no such collection, or it is the server's own.
pub async fn find_collection(ctx: &Ctx, database: &str, name: &str) -> Result<Option<Document>, ReadError> {
    if SERVERS_OWN.contains(&database) || name.is_empty() {
        return Ok(None);
    }
    let list = doc! { "listCollections": 1, "filter": { "name": name } };
    let mut batches = ctx.app.read_only.batches(database, list, ReadOptions::default()).await?;
    while let Some(batch) = batches.next().await? {
        for item in batch.doc_slices()? {
            let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
            if let Some(found) = item.as_document()
                && found.get_str("name").is_ok_and(|found| found == name)
            {
                return Document::try_from(found).map(Some).map_err(|error| ReadError::Malformed(error.into()));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_one_part_of_a_path() {
        assert_eq!(part("users"), "users");
        assert_eq!(part("a/b c%?#ñ"), "a%2Fb%20c%25%3F%23%C3%B1");
        assert_eq!(part(".."), "%2E%2E");
        assert_eq!(below("legacy", "images.files", "export", "raw=x"), "/admin/data/legacy/images.files/export?raw=x");
    }
}
