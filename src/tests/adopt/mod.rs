//! Adoption against a real server.

mod command;
mod demo;
mod refresh;
mod runs;

use bson::{Bson, Document, doc};
use canje::adopt::RuleReport;

use crate::support::Legacy;

const HASH: &str = "$2b$12$/UgCdAasqO6QLOav3mwap.UH1SffhmLMVWBd8KBYGC0IumWzbxJQ.";

fn row(id: i32) -> Document {
    doc! {
        "_id": id, "user_id": format!("user_{id:012x}"), "email": format!("p{id}@example.com"), "name": format!("Persona {id}"),
        "password": HASH, "role": "creator", "created_at": format!("2026-01-{:02}T10:00:00.123456+00:00", 1 + id % 28),
    }
}

fn rows(count: i32) -> impl Iterator<Item = Document> {
    (1..=count).map(row)
}

fn with(id: i32, field: &str, value: impl Into<Bson>) -> Document {
    let mut row = row(id);
    row.insert(field, value.into());
    row
}

fn figures(report: &RuleReport) -> [u64; 7] {
    assert!(report.adds_up());
    let RuleReport { read, written, unchanged, folded, moved, refused, kept, .. } = report;
    [*read, *written, *unchanged, *folded, *moved, *refused, *kept]
}

fn ids(report: &RuleReport, code: &str) -> Vec<String> {
    report.findings.iter().filter(|finding| finding.code == code).map(|finding| finding.id.clone()).collect()
}
