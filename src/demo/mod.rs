//! The demo dump: what `make run` imports when there is nothing else, and what the tests of every capability read.
//!
//! **Everything in it is invented.** It was written once by the legacy generator (seed 1, default shape), which knows the
//! shape of the old production database and none of its rows, then turned into an archive by [`crate::dump`]. Addresses end
//! in `example.com`; no person, handle, telephone or text in it exists. No other dump is ever committed, and this one is
//! never put where the web server serves files from.
//!
//! [`EXPECTED`] is the generator's own account of what it wrote: counts, bytes, digests, indexes, and the defects that
//! adoption has to find. A test compares the archive with it.

mod prepare;

pub use prepare::prepare;

use jiff::ToSpan;

use crate::dump::Source;
use crate::import::{Mapping, Options};
use crate::values::LocalDate;

/// The archive, gzip.
static ARCHIVE: &[u8] = include_bytes!("legacy.archive.gz");

/// The ground truth about the archive, JSON.
pub static EXPECTED: &str = include_str!("EXPECTED.json");

/// Name of the main database inside the dump.
pub const DUMPED_AS: &str = "test_database";
/// Name under which the demo imports it.
pub const DATABASE: &str = "legacy";

/// The last day, in America/Asuncion, on which something happened in the dump.
pub const ENDS_ON: &str = "2026-02-01";

/// By how many days the demonstration moves business dates: so that the last thing happened yesterday.
pub fn shift_days(now: jiff::Timestamp) -> i32 {
    let yesterday = LocalDate::of(now).plus(-1.day());
    LocalDate::parse(ENDS_ON).map_or(0, |end| yesterday.days_since(end))
}

/// The demo dump as a source of an import.
pub fn source() -> Source {
    Source::Bytes { name: "demo (legacy.archive.gz)", bytes: ARCHIVE }
}

/// How the demo imports it: the main database as [`DATABASE`], the leftover ones under their own names.
pub fn options() -> Options {
    Options { map: vec![Mapping { from: DUMPED_AS.into(), to: DATABASE.into() }], skip: Vec::new() }
}

/// Password of every demo account that has one.
pub fn password() -> String {
    text_at("password")
}

/// The demo accounts: e-mail and role.
pub fn accounts() -> Vec<(String, String)> {
    let Some(serde_json::Value::Array(accounts)) = expected().get_mut("accounts").map(serde_json::Value::take) else {
        return Vec::new();
    };
    let text = |account: &serde_json::Value, name: &str| account[name].as_str().unwrap_or_default().to_owned();
    accounts.iter().map(|account| (text(account, "email"), text(account, "role"))).collect()
}

fn text_at(name: &str) -> String {
    expected()[name].as_str().unwrap_or_default().to_owned()
}

fn expected() -> serde_json::Value {
    serde_json::from_str(EXPECTED).expect("the committed file is JSON, as a test shows")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::dump::{Step, index_name};

    #[derive(Debug, Default, PartialEq)]
    struct Held {
        count: u64,
        bytes: u64,
        indexes: Vec<String>,
    }

    #[test]
    fn the_archive_holds_exactly_what_the_generator_says() {
        let mut reader = source().open().unwrap();
        let definitions = reader.overview().definitions.clone();
        let mut held: BTreeMap<String, Held> = BTreeMap::new();
        for definition in &definitions {
            let names = definition.indexes.iter().flatten().filter_map(|index| index_name(index));
            let indexes = names.map(str::to_owned).collect();
            held.insert(definition.namespace(), Held { indexes, ..Held::default() });
        }
        let mut buffer = Vec::new();
        loop {
            match reader.step(&mut buffer).unwrap() {
                Step::Document { index, .. } => {
                    let entry = held.get_mut(&definitions[index].namespace()).unwrap();
                    entry.count += 1;
                    entry.bytes += buffer.len() as u64;
                }
                Step::End => break,
                _ => {}
            }
        }
        let expected = expected();
        let wanted: BTreeMap<String, Held> = expected["collections"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(namespace, said)| {
                let indexes = said["indexes"].as_array().unwrap();
                let held = Held {
                    count: said["count"].as_u64().unwrap(),
                    bytes: said["bytes"].as_u64().unwrap(),
                    indexes: indexes.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
                };
                (namespace.clone(), held)
            })
            .collect();
        assert_eq!(held, wanted);
        assert_eq!(held.len() as u64, expected["totals"]["collections"].as_u64().unwrap());
    }

    /// The newest moment any of these says, in every document of the main database.
    fn newest(fields: &[&str]) -> jiff::Timestamp {
        let mut reader = source().open().unwrap();
        let definitions = reader.overview().definitions.clone();
        let (mut newest, mut buffer) = (jiff::Timestamp::MIN, Vec::new());
        loop {
            match reader.step(&mut buffer).unwrap() {
                Step::Document { index, .. } if definitions[index].database == DUMPED_AS => {
                    let document = bson::RawDocumentBuf::from_bytes(buffer.clone()).unwrap();
                    let said = fields.iter().filter_map(|field| document.get_str(field).ok()?.parse().ok());
                    newest = said.fold(newest, jiff::Timestamp::max);
                }
                Step::End => return newest,
                _ => {}
            }
        }
    }

    #[test]
    fn the_dump_ends_on_its_last_day_and_the_demonstration_moves_that_to_yesterday() {
        let happened =
            ["created_at", "updated_at", "applied_at", "confirmed_at", "submitted_at", "accepted_at", "timestamp"];
        assert_eq!(LocalDate::of(newest(&happened)).to_string(), ENDS_ON);
        assert_eq!(shift_days("2026-11-22T12:00:00Z".parse().unwrap()), 293);
        assert_eq!(shift_days("2026-02-03T02:59:59Z".parse().unwrap()), 0);
    }

    #[test]
    fn the_accounts_are_the_generators() {
        assert_eq!(password(), "canje-demo-2026");
        let accounts = accounts();
        assert!(accounts.contains(&("admin@example.com".into(), "superadmin".into())), "{accounts:?}");
        assert!(accounts.iter().all(|(email, _)| email.ends_with("@example.com")));
    }
}
