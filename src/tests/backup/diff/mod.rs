//! Comparisons: exact whatever the documents are, in bounded memory, and never showing what is hidden.

mod engine;
mod fields;
mod live;
mod pages;
mod property;

use canje::backup::diff::{Comparison, Limits, Report, Shown, Source, compare, show};
use canje::backup::model::Progress;
use canje::dump::raw::{Builder, kind};
use canje::dump::{self, ArchiveWriter, Definition, Header};
use tokio::sync::{mpsc, watch};

use super::sample::Collection;

/// An archive on the disk with these collections, as a side.
fn archive(folder: &tempfile::TempDir, name: &str, collections: &[Collection]) -> Source {
    let header = Header { server_version: "8.2.0".into(), tool_version: "100.0.0".into() };
    let definitions: Vec<Definition> = collections.iter().map(|collection| collection.definition.clone()).collect();
    let mut writer = ArchiveWriter::new(Vec::new(), &header, &definitions).unwrap();
    for collection in collections {
        writer.open().unwrap();
        collection.documents.iter().for_each(|document| writer.document(document).unwrap());
        writer.close().unwrap();
    }
    let path = folder.path().join(name);
    std::fs::write(&path, writer.finish().unwrap()).unwrap();
    Source::of_dump(dump::Source::Path(path), "d")
}

/// Runs of two records: everything is spilled and merged.
const TINY: Limits = Limits { run: 2, samples: 1_000 };

async fn compared(left: &Source, right: &Source, limits: Limits) -> anyhow::Result<Comparison> {
    compare([left, right], &[], limits, &watch::channel(Progress::default()).0).await
}

async fn report(left: &[Collection], right: &[Collection]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let (left, right) = (archive(&folder, "left", left), archive(&folder, "right", right));
    compared(&left, &right, TINY).await.unwrap().report
}

/// The result and every differing document.
async fn shown(left: &Source, right: &Source, limits: Limits) -> (Report, Vec<Shown>) {
    let comparison = compared(left, right, limits).await.unwrap();
    let report = comparison.report.clone();
    let (sender, mut receiver) = mpsc::channel(8);
    let (progress, _watched) = watch::channel(Progress::default());
    let showing = async {
        let sides = [left, right];
        show(sides, comparison, &progress, sender).await.unwrap();
    };
    let taking = async {
        let mut all = Vec::new();
        while let Some(shown) = receiver.recv().await {
            all.push(shown);
        }
        all
    };
    let ((), all) = tokio::join!(showing, taking);
    (report, all)
}

/// A collection with a definition given as its metadata.
fn defined(name: &str, kind: &str, metadata: &str, documents: Vec<Vec<u8>>) -> Collection {
    Collection { definition: Definition::parse("d", name, metadata, Some(kind)).unwrap(), documents }
}

/// `{_id: <n>, v: <text>}`
fn document(n: i32, text: &str) -> Vec<u8> {
    Builder::new().int32("_id", n).string("v", text).clone().finish()
}

fn double(number: f64) -> (u8, [u8; 8]) {
    (kind::DOUBLE, number.to_le_bytes())
}
