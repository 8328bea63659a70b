//! The stored form: what is sealed comes out again, and nothing else does.

use std::io::Read;

use bson::doc;
use canje::backup::container::{open, read_archive};

use super::sample::{Collection, Sample};

fn sample() -> Sample {
    let documents: Vec<_> = (0..200).map(|n| doc! { "_id": n, "text": "x".repeat(n as usize) }).collect();
    Sample::new(&[Collection::of("d", "c", &documents), Collection::of("d", "empty", &[])], 4096)
}

#[tokio::test]
async fn what_was_sealed_comes_out_byte_for_byte() {
    let sample = sample();
    assert!(sample.public.parts.len() > 3);
    let opened = open(sample.store.clone(), &sample.prefix, &sample.keys.opener).await.unwrap();
    assert_eq!(opened.private, sample.private);
    let mut reader = read_archive(&opened);
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map(|_| bytes)
    });
    assert_eq!(read.await.unwrap().unwrap(), sample.archive);
}

#[tokio::test]
async fn a_changed_part_ends_the_reading() {
    let sample = sample();
    let part = sample.folder.path().join("store").join(&sample.prefix).join("parts/00000002");
    let mut bytes = std::fs::read(&part).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    let opened = open(sample.store.clone(), &sample.prefix, &sample.keys.opener).await.unwrap();
    let mut reader = read_archive(&opened);
    let read = tokio::task::spawn_blocking(move || reader.read_to_end(&mut Vec::new()));
    assert!(read.await.unwrap().unwrap_err().to_string().contains('2'));
}

#[tokio::test]
async fn a_manifest_of_another_hand_is_refused() {
    let (sample, stranger) = (sample(), self::sample());
    assert!(open(sample.store.clone(), &sample.prefix, &stranger.keys.opener).await.is_err());
}
