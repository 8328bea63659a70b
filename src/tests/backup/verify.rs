//! The verifier on stored backups: sound ones have no finding, damaged ones have some that name the place.

use std::collections::BTreeSet;

use bson::doc;
use canje::backup::verify::{Report, stored};

use super::sample::{Collection, Sample};

fn collections() -> Vec<Collection> {
    let people: Vec<_> =
        (0..300).map(|n| doc! { "_id": n, "name": format!("n{n}"), "note": "x".repeat(n as usize % 90) }).collect();
    vec![
        Collection::of("shop", "empty", &[]),
        Collection::of("shop", "people", &people),
        Collection::of("shop", "tags", &[doc! { "_id": 1 }, doc! { "_id": 2 }]),
    ]
}

async fn judge(sample: &Sample) -> Report {
    stored(&*sample.store, &sample.prefix, &sample.keys.opener, None, &|_, _| {}).await
}

#[tokio::test]
async fn a_sound_backup_has_no_finding() {
    let sample = Sample::new(&collections(), 4096);
    let report = judge(&sample).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.namespaces.len(), 3);
    assert_eq!(report.root.as_ref(), Some(&sample.public.root));
    let mut stated = sample.private.namespaces.clone();
    stated.iter_mut().for_each(|namespace| namespace.metadata.clear());
    assert_eq!(report.namespaces, stated);
    assert_eq!(report.parts as usize, sample.public.parts.len());
}

#[tokio::test]
async fn every_file_is_needed_and_none_may_change() {
    let sample = Sample::new(&collections(), 4096);
    let place = sample.folder.path().join("store").join(&sample.prefix);
    let names: Vec<String> = ["manifest.json", "manifest.sig", "manifest.private", "parts/00000000", "parts/00000003"]
        .map(str::to_owned)
        .to_vec();
    for name in names {
        let path = place.join(&name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let report = judge(&sample).await;
        assert!(!report.is_ok() && report.findings.iter().any(|f| f.namespace.as_ref() == Some(&name)), "{name} lost");
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, changed).unwrap();
        let report = judge(&sample).await;
        let places: BTreeSet<_> = report.findings.iter().filter_map(|finding| finding.namespace.clone()).collect();
        assert!(!report.is_ok(), "{name} changed");
        assert!(places.contains(&name) || name == "manifest.json", "{name} changed: {places:?}");
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(judge(&sample).await.is_ok());
}
