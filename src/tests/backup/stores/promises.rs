//! What every store promises, checked by the same code whatever is behind it.

use bytes::Bytes;
use canje::backup::stores::{Object, Put, Store, StoreError};
use futures::{StreamExt as _, TryStreamExt as _};

/// Bytes that look like nothing and are the same every time.
pub fn noise(seed: u8, length: usize) -> Bytes {
    let mut state = u64::from(seed) + 1;
    let byte = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(byte).collect()
}

/// All of them; the store is empty before, and knows how to delete.
pub async fn check(store: &dyn Store) {
    creates_once(store).await;
    misses(store).await;
    refuses_odd_keys(store).await;
    lists(store).await;
    keeps_a_whole_part(store).await;
    deletes(store).await;
}

async fn creates_once(store: &dyn Store) {
    let (key, bytes, other) = ("once/2099/11/a/manifest.json", noise(1, 1_000), noise(2, 1_000));
    assert_eq!(store.put(key, bytes.clone()).await.unwrap(), Put::Created);
    assert_eq!(store.put(key, bytes.clone()).await.unwrap(), Put::Existed, "the same again");
    let refused = store.put(key, other).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Occupied(there) if there == key), "{refused:?}");
    let shorter = store.put(key, bytes.slice(..999)).await.unwrap_err();
    assert!(matches!(shorter, StoreError::Occupied(_)), "{shorter:?}");
    assert_eq!(store.get(key).await.unwrap(), bytes, "what was first stays");
}

async fn misses(store: &dyn Store) {
    let missing = store.get("once/nothing").await.unwrap_err();
    assert!(matches!(&missing, StoreError::Missing(key) if key == "once/nothing"), "{missing:?}");
    assert_eq!(store.list("nowhere").await.unwrap(), []);
}

async fn refuses_odd_keys(store: &dyn Store) {
    let long = "x".repeat(300);
    for key in
        ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a b", "ñ", "a?b", "a\0b", "a%2fb", &long]
    {
        let refused = store.put(key, noise(3, 10)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{key:?}: {refused:?}");
    }
    for key in ["../a", "/a", "a/../b"] {
        assert!(matches!(store.get(key).await, Err(StoreError::Refused(_))), "{key:?}");
        assert!(matches!(store.delete(key).await, Err(StoreError::Refused(_))), "{key:?}");
        assert!(matches!(store.list(key).await, Err(StoreError::Refused(_))), "{key:?}");
    }
}

async fn lists(store: &dyn Store) {
    for (key, length) in [("l/b/parts/00000001", 3), ("l/b/parts/00000000", 2), ("l/b/manifest.sig", 1), ("l/bc/x", 4)]
    {
        store.put(key, noise(4, length)).await.unwrap();
    }
    let object = |key: &str, bytes| Object { key: key.into(), bytes };
    let below = [object("l/b/manifest.sig", 1), object("l/b/parts/00000000", 2), object("l/b/parts/00000001", 3)];
    assert_eq!(store.list("l/b").await.unwrap(), below, "a folder is no mere beginning of a name");
    assert_eq!(store.list("l/b/").await.unwrap(), below);
    assert_eq!(store.list("l").await.unwrap().len(), 4);
    let all = store.list("").await.unwrap();
    assert!(all.len() > 4 && all.is_sorted(), "{all:?}");
}

async fn keeps_a_whole_part(store: &dyn Store) {
    let limits = store.limits().await.unwrap();
    let part = noise(5, 8 * 1024 * 1024);
    assert!(limits.object_bytes > part.len() as u64 + 64 * 1024, "a sealed part fits: {limits:?}");
    assert_eq!(store.put("big/parts/00000000", part.clone()).await.unwrap(), Put::Created);
    let back = store.get("big/parts/00000000").await.unwrap();
    assert!(back == part, "{} bytes came back", back.len());
}

async fn deletes(store: &dyn Store) {
    assert!(store.can_delete());
    store.delete("l/b/manifest.sig").await.unwrap();
    store.delete("l/b/manifest.sig").await.unwrap();
    store.delete("never/there").await.unwrap();
    assert!(matches!(store.get("l/b/manifest.sig").await, Err(StoreError::Missing(_))));
    assert_eq!(store.list("l/b").await.unwrap().len(), 2, "and nothing else is gone");
    assert_eq!(store.put("l/b/manifest.sig", noise(6, 7)).await.unwrap(), Put::Created);
}

/// Puts so many small objects under `many`; a list of them has to be complete.
pub async fn fill(store: &dyn Store, count: usize) {
    let puts = (0..count)
        .map(|index| async move { store.put(&format!("many/{index:08}"), Bytes::from_static(b"x")).await.map(drop) });
    futures::stream::iter(puts).buffer_unordered(8).try_collect::<()>().await.unwrap();
    lists_all(store, count).await;
}

/// Whether all of the objects under `many` are listed, in their order.
pub async fn lists_all(store: &dyn Store, count: usize) {
    let listed = store.list("many").await.unwrap();
    let expected: Vec<_> = (0..count).map(|index| format!("many/{index:08}")).collect();
    assert_eq!(listed.iter().map(|object| object.key.clone()).collect::<Vec<_>>(), expected);
}

/// Two writers of one key: one has it, the other is told.
pub async fn has_one_winner(store: &dyn Store) {
    for round in 0..8 {
        let key = format!("race/{round}");
        let (left, right) = tokio::join!(store.put(&key, noise(7, 5_000)), store.put(&key, noise(8, 5_000)));
        let (won, lost) = if left.is_ok() { (left, right) } else { (right, left) };
        assert_eq!(won.unwrap(), Put::Created);
        assert!(matches!(lost, Err(StoreError::Occupied(_))), "{lost:?}");
    }
}
