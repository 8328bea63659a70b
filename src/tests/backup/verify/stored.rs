//! Stored backups: sound ones, and what is asked of each file.

use std::collections::BTreeSet;

use canje::backup::container::PublicManifest;
use canje::backup::model::{Check, Severity};
use sha2::{Digest, Sha256};

use super::pieces::{self, Seal};
use super::shelf::{Shelf, expected, judge};
use super::{defined, whole};
use crate::backup::sample::Sample;

#[tokio::test]
async fn a_sound_backup_has_no_finding() {
    let sample = whole();
    let shelf = Shelf::of(&sample);
    let report = judge(&sample, &shelf, Some(&expected(&sample, &shelf))).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.root.as_ref(), Some(&sample.public.root));
    let mut stated = sample.private.namespaces.clone();
    stated.iter_mut().for_each(|namespace| namespace.metadata.clear());
    assert_eq!(report.namespaces, stated);
    assert_eq!(report.parts as usize, sample.public.parts.len());
    assert!(report.evidence.iter().any(|(check, _)| *check == Check::Signature));
}

#[tokio::test]
async fn sealing_again_what_was_taken_apart_changes_nothing() {
    let sample = whole();
    let archive = pieces::together(&pieces::apart(&sample.archive), true);
    assert!(archive == sample.archive);
    let how = Seal { states_hash: true, private: None, signer: &sample.keys.signer };
    let report = judge(&sample, &pieces::seal(&sample, &archive, &how), None).await;
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn every_file_is_needed_and_none_may_change() {
    let sample = whole();
    let whole = Shelf::of(&sample);
    for name in ["manifest.json", "manifest.sig", "manifest.private", "parts/00000000", "parts/00000003"] {
        let mut shelf = whole.clone();
        shelf.files.remove(name);
        let report = judge(&sample, &shelf, None).await;
        assert!(report.findings.iter().any(|f| f.namespace.as_deref() == Some(name)), "{name} lost");
        assert!(report.findings.iter().all(|f| f.severity == Severity::Info || f.remedy.is_some()));
        let mut shelf = whole.clone();
        let middle = shelf.files[name].len() / 2;
        shelf.file(name)[middle] ^= 1;
        let report = judge(&sample, &shelf, None).await;
        let places: BTreeSet<_> = report.findings.iter().filter_map(|finding| finding.namespace.clone()).collect();
        let signed = if name == "manifest.json" { "manifest.sig" } else { name };
        assert!(!report.is_ok() && places.contains(signed), "{name} changed: {places:?}");
    }
}

#[tokio::test]
async fn one_lost_part_does_not_hide_the_rest() {
    let sample = whole();
    let mut shelf = Shelf::of(&sample);
    shelf.files.remove("parts/00000001");
    let report = judge(&sample, &shelf, None).await;
    let last = report.namespaces.iter().find(|namespace| namespace.name == "one").unwrap();
    let stated = sample.private.namespaces.iter().find(|namespace| namespace.name == "one").unwrap();
    assert_eq!((&last.h_set, last.documents), (&stated.h_set, 1));
    assert!(!report.findings.iter().any(|finding| finding.namespace.as_deref() == Some("site.one")));
    assert!(report.findings.iter().any(|finding| finding.namespace.as_deref() == Some("shop.logs")));
}

#[tokio::test]
async fn an_old_manifest_in_the_place_of_a_newer_one_is_found() {
    let (sample, other) = (whole(), whole());
    let shelf = Shelf::of(&sample);
    // Signed and whole, of the same backup, but not the one on record.
    let mut public: PublicManifest = serde_json::from_slice(&shelf.files["manifest.json"]).unwrap();
    public.sealed_at = "2020-01-01T00:00:00Z".into();
    let (manifest, signature) = public.sign(&sample.keys.signer).unwrap();
    let mut replayed = shelf.clone();
    replayed.files.insert("manifest.json".into(), manifest);
    replayed.files.insert("manifest.sig".into(), signature.to_vec());
    let known = expected(&sample, &shelf);
    let report = judge(&sample, &replayed, Some(&known)).await;
    let found: Vec<_> = report.findings.iter().map(|f| (f.check, f.namespace.as_deref())).collect();
    assert_eq!(found, [(Check::Catalogue, Some("manifest.json"))]);

    // Another backup altogether, under this one's name; its keys are trusted here.
    let moved = Shelf { prefix: sample.prefix.clone(), ..Shelf::of(&other) };
    let report = judge(&other, &moved, None).await;
    assert!(
        report.findings.iter().any(|f| f.check == Check::Catalogue && f.detail.contains(sample.public.id.as_str()))
    );

    let known = canje::backup::verify::Expected { previous: Some(Some("00".repeat(32))), ..known };
    assert!(!judge(&sample, &shelf, Some(&known)).await.is_ok());
}

#[tokio::test]
async fn a_backup_that_vanished_is_one_finding() {
    let sample = whole();
    let shelf = Shelf { files: Default::default(), ..Shelf::of(&sample) };
    let report = judge(&sample, &shelf, None).await;
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].check, Check::Catalogue);
    assert!(report.findings[0].detail.contains("desapareció"));
}

#[tokio::test]
async fn frames_are_one_and_as_long_as_they_say() {
    let sample = whole();
    let plain = vec![7_u8; 100];
    let frame = zstd::bulk::compress(&plain, 3).unwrap();
    let two = [frame.as_slice(), frame.as_slice()].concat();
    for (cipher, said) in [
        (sample.keys.recipients.seal(&two).unwrap(), "de más"),
        (sample.keys.recipients.seal(&frame[..frame.len() - 1]).unwrap(), "dañados"),
        (sample.keys.recipients.seal(b"no frame").unwrap(), "dañados"),
    ] {
        let mut shelf = Shelf::of(&sample);
        let mut public: PublicManifest = serde_json::from_slice(&shelf.files["manifest.json"]).unwrap();
        public.parts[0].bytes = cipher.len() as u64;
        public.parts[0].sha256 = hex::encode(Sha256::digest(&cipher));
        let (manifest, signature) = public.sign(&sample.keys.signer).unwrap();
        shelf.files.insert("manifest.json".into(), manifest);
        shelf.files.insert("manifest.sig".into(), signature.to_vec());
        shelf.files.insert("parts/00000000".into(), cipher);
        let report = judge(&sample, &shelf, None).await;
        let found = |f: &canje::backup::model::Finding| {
            f.check == Check::Encryption && f.namespace.as_deref() == Some("parts/00000000") && f.detail.contains(said)
        };
        assert!(report.findings.iter().any(found), "{said}: {:?}", report.findings);
    }
}

#[tokio::test]
async fn definitions_of_every_type_have_the_hash_they_were_given() {
    let options = [
        r#""a":{"$numberInt":"-1"},"b":{"$numberLong":"9223372036854775807"},"c":{"$numberDouble":"-0.0"}"#,
        r#""d":{"$numberDouble":"NaN"},"e":{"$numberDouble":"1E+300"},"f":{"$numberDecimal":"1.10"}"#,
        r#""g":{"$oid":"0123456789abcdef01234567"},"h":{"$date":{"$numberLong":"-62135596800001"}}"#,
        r#""i":{"$timestamp":{"t":4294967295,"i":1}},"j":{"$binary":{"base64":"AQID","subType":"02"}}"#,
        r#""k":{"$binary":{"base64":"","subType":"80"}},"l":{"$regularExpression":{"pattern":"^a/\\\"","options":"im"}}"#,
        r#""m":{"$code":"f()"},"n":{"$code":"g()","$scope":{"x":{"$numberInt":"1"}}},"o":{"$symbol":"s"}"#,
        r#""p":{"$dbPointer":{"$ref":"d.c","$id":{"$oid":"0123456789abcdef01234567"}}},"q":{"$minKey":1}"#,
        r#""r":{"$maxKey":1},"s":{"$undefined":true},"t":null,"u":[true,[],{},false],"v":{"$gt":{"$numberInt":"1"}}"#,
        r#""w":"\u00e9\ud83d\ude00\n\"\\ñ","":{"":""},"y":1,"y":2.5,"z":{"$regex":"x","$options":""},"aa":12345678901"#,
    ];
    let metadata = format!(
        r#"{{"options":{{{}}},"indexes":[{{"v":{{"$numberInt":"2"}},"key":{{"z":{{"$numberDouble":"-1.0"}}}},"name":"z","background":true,"ns":"d.c"}},{{"v":{{"$numberInt":"2"}},"key":{{"_id":{{"$numberInt":"1"}}}},"name":"_id_"}}],"collectionName":"c","type":"collection"}}"#,
        options.join(",")
    );
    let sample = Sample::new(&[defined("d", "c", &metadata, "collection", &[])], 4096);
    let report = judge(&sample, &Shelf::of(&sample), None).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.namespaces[0].h_def, sample.private.namespaces[0].h_def);
    assert_eq!(report.namespaces[0].indexes, 2);
}
