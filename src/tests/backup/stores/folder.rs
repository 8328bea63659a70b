//! A folder as a store.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bytes::Bytes;
use canje::backup::stores::{Folder, Put, Store, StoreError};
use proptest::prelude::*;

use super::promises;

#[tokio::test]
async fn a_folder_keeps_every_promise() {
    let place = tempfile::tempdir().unwrap();
    let store = Folder::at("offsite", &place.path().join("not/there/yet"));
    promises::check(&store).await;
    promises::has_one_winner(&store).await;
    assert!(store.limits().await.unwrap().free_bytes.is_some());
    assert!(store.place().contains("not/there/yet"));
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn nobody_else_may_read_what_lies_there() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().join("offsite");
    Folder::at("offsite", &root).put("canje/2099/a", Bytes::from_static(b"x")).await.unwrap();
    for folder in ["", "canje", "canje/2099"] {
        assert_eq!(mode(&root.join(folder)), 0o700, "{folder}");
    }
    assert_eq!(mode(&root.join("canje/2099/a")), 0o600);
}

#[tokio::test]
async fn what_a_killed_process_left_is_no_object_and_goes_away() {
    let place = tempfile::tempdir().unwrap();
    let (root, parts) = (place.path(), place.path().join("b/parts"));
    std::fs::create_dir_all(&parts).unwrap();
    let left = |name: &str| {
        let path = parts.join(name);
        std::fs::write(&path, "half").unwrap();
        path
    };
    let (dead, living) = (left(".incoming-dead"), left(".incoming-living"));
    let writer = std::fs::File::open(&living).unwrap();
    writer.try_lock().unwrap();
    let store = Folder::at("offsite", root);
    assert_eq!(store.list("").await.unwrap(), [], "half a file is none");
    assert!(matches!(store.get("b/parts/.incoming-dead").await, Err(StoreError::Refused(_))));
    store.put("b/parts/00000000", Bytes::from_static(b"x")).await.unwrap();
    assert!(!dead.exists(), "nobody writes it any more");
    assert!(living.exists(), "somebody does");
    drop(writer);
    store.delete("b/parts/00000000").await.unwrap();
    assert!(!living.exists());
    assert!(!root.join("b").exists(), "no empty folders stay behind");
    assert!(root.exists());
}

#[tokio::test]
async fn a_backup_carried_away_may_lie_under_any_name() {
    let place = tempfile::tempdir().unwrap();
    let carried = place.path().join("mi backup (copia)/parts");
    std::fs::create_dir_all(&carried).unwrap();
    std::fs::write(carried.join("00000000"), "x").unwrap();
    let store = Folder::at("local", place.path());
    assert_eq!(store.get("mi backup (copia)/parts/00000000").await.unwrap(), "x");
    assert_eq!(store.list("mi backup (copia)").await.unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A key is either refused or names one file below the root; two keys never share one.
    #[test]
    fn no_key_leads_out_of_the_folder(left in "[a-z./_ -]{1,12}", right in "[a-z./_ -]{1,12}") {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("inner/root");
        let store = Folder::at("offsite", &root);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let first = store.put(&left, Bytes::from(left.clone())).await;
            let second = store.put(&right, Bytes::from(right.clone())).await;
            for (key, put) in [(&left, first), (&right, second)] {
                if let Ok(Put::Created) = put {
                    assert_eq!(store.get(key).await.unwrap(), key.as_bytes());
                    assert!(store.list("").await.unwrap().iter().any(|object| object.key == *key));
                }
            }
        });
        let beside = std::fs::read_dir(place.path()).unwrap().count();
        prop_assert!(beside <= 1, "something was written beside the root");
        let inner = std::fs::read_dir(place.path().join("inner")).map_or(0, Iterator::count);
        prop_assert!(inner <= 1);
    }
}
