//! A bucket as a store, against a server that checks what a real one checks.

use bytes::Bytes;
use canje::backup::stores::{Put, Store, StoreError};
use http::Method;

use super::bucket::{Bucket, Fault, PRUNER, WRITER};
use super::promises::{self, noise};

/// A refusal in the store's words, without any secret.
fn words<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    let error = result.unwrap_err();
    let (told, debug) = (error.to_string(), format!("{error:?}"));
    for secret in [WRITER.1, PRUNER.1, "Signature="] {
        assert!(!told.contains(secret) && !debug.contains(secret), "{debug}");
    }
    told
}

#[tokio::test]
async fn a_bucket_keeps_every_promise() {
    let bucket = Bucket::start().await;
    promises::check(&bucket.store()).await;
    let limits = bucket.store().limits().await.unwrap();
    assert_eq!((limits.object_bytes, limits.free_bytes), (5 << 30, None));
    let root = bucket.store_with(|config| config.prefix.clear());
    root.put("at/the/root", noise(1, 9)).await.unwrap();
    assert!(root.list("").await.unwrap().iter().any(|object| object.key.starts_with("backups/once/")), "all there is");
    assert_eq!(root.list("at").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_has_every_page() {
    let bucket = Bucket::start().await;
    std::fs::create_dir_all(bucket.path("many")).unwrap();
    for index in 0..1_005 {
        std::fs::write(bucket.path(&format!("many/{index:08}")), "x").unwrap();
    }
    bucket.seen();
    promises::lists_all(&bucket.store(), 1_005).await;
    assert_eq!(bucket.seen().len(), 2, "two pages, two requests");
}

#[tokio::test]
async fn whoever_is_refused_asks_once_and_says_what_to_look_at() {
    let bucket = Bucket::start().await;
    let unskewed = Bucket::start_with(|server| server.presigned_url_max_skew_time_secs = 0).await;
    for (store, about) in [
        (bucket.store_with(|config| config.secret_access_key = "not-it".to_owned().into()), "S3_SECRET_ACCESS_KEY"),
        (bucket.store_with(|config| config.access_key_id = "TESTNOBODY".into()), "S3_ACCESS_KEY_ID"),
        (unskewed.store(), "hora de este servidor"),
    ] {
        for told in
            [words(store.put("a", noise(1, 10)).await), words(store.get("a").await), words(store.list("a").await)]
        {
            assert!(told.contains(about), "{told}");
        }
    }
    assert_eq!(bucket.seen().len(), 6, "no storm of retries");
    assert_eq!(unskewed.seen().len(), 3);
    // The server of these tests makes a bucket that isn't there; real ones say this.
    bucket.fail(vec![Fault::Answer(404, "NoSuchBucket"); 3]);
    let store = bucket.store();
    let told = [words(store.put("a", noise(1, 10)).await), words(store.get("a").await), words(store.list("").await)];
    assert!(told.iter().all(|told| told.contains("S3_BUCKET")), "{told:?}");
    assert_eq!(bucket.seen().len(), 3);
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again() {
    let bucket = Bucket::start().await;
    let store = bucket.store();
    let busy = [Fault::Answer(503, "SlowDown"), Fault::Answer(500, "InternalError"), Fault::Answer(503, "SlowDown")];
    for attempt in 0..3 {
        bucket.fail(busy.clone());
        match attempt {
            0 => assert_eq!(store.put("a", noise(1, 10)).await.unwrap(), Put::Created),
            1 => assert_eq!(store.get("a").await.unwrap(), noise(1, 10)),
            _ => assert_eq!(store.list("").await.unwrap().len(), 1),
        }
        assert_eq!(bucket.seen().len(), 4);
    }
    bucket.fail(vec![Fault::Answer(503, "SlowDown"); 6]);
    assert!(words(store.get("a").await).contains("503"));
    assert_eq!(bucket.seen().len(), 6, "and then enough is enough");
    bucket.fail([Fault::Answer(409, "ConditionalRequestConflict")]);
    assert_eq!(store.put("b", noise(2, 10)).await.unwrap(), Put::Created);
    bucket.fail([Fault::Answer(400, "BadDigest")]);
    assert_eq!(store.put("c", noise(3, 10)).await.unwrap(), Put::Created);
}

#[tokio::test]
async fn an_object_whose_answer_was_lost_is_recognised() {
    let bucket = Bucket::start().await;
    let store = bucket.store();
    bucket.fail([Fault::Lost]);
    assert_eq!(store.put("a", noise(1, 10_000)).await.unwrap(), Put::Existed, "it was us");
    assert_eq!(bucket.seen(), [Method::PUT, Method::PUT, Method::GET]);
    bucket.fail([Fault::Lost]);
    let other = store.put("a", noise(2, 10_000)).await;
    assert!(matches!(other, Err(StoreError::Occupied(_))), "it wasn't: {other:?}");
}

#[tokio::test]
async fn a_torn_download_is_read_again_and_a_hanging_one_given_up() {
    let bucket = Bucket::start().await;
    let store = bucket.store();
    let bytes = noise(1, 300_000);
    store.put("a", bytes.clone()).await.unwrap();
    bucket.fail([Fault::Torn, Fault::Torn]);
    assert_eq!(store.get("a").await.unwrap(), bytes);
    bucket.fail(vec![Fault::Torn; 6]);
    assert!(words(store.get("a").await).contains("se cortó"));
    bucket.fail([Fault::Hung]);
    assert_eq!(store.get("a").await.unwrap(), bytes, "the second time there is an answer");
    bucket.fail([Fault::Hung]);
    assert_eq!(store.put("b", bytes.clone()).await.unwrap(), Put::Created);
}

#[tokio::test]
async fn only_the_pruning_key_deletes() {
    let bucket = Bucket::start().await;
    let store = bucket.store();
    store.put("a", Bytes::from_static(b"x")).await.unwrap();
    let without = bucket.store_with(|config| config.prune = None);
    assert!(!without.can_delete());
    assert!(words(without.delete("a").await).contains("S3_PRUNE_ACCESS_KEY_ID"));
    assert!(bucket.path("a").exists());
    let writer = (WRITER.0.to_owned(), WRITER.1.to_owned().into());
    let wrong = bucket.store_with(|config| config.prune = Some(writer));
    assert!(words(wrong.delete("a").await).contains("no tiene permiso"));
    store.delete("a").await.unwrap();
    assert!(!bucket.path("a").exists());
}

#[tokio::test]
async fn a_full_bucket_and_one_that_takes_less_say_so() {
    let bucket = Bucket::start().await;
    let store = bucket.store();
    for fault in [Fault::Answer(403, "QuotaExceeded"), Fault::Answer(507, "InsufficientStorage")] {
        bucket.fail([fault]);
        let full = store.put("a", noise(1, 10)).await;
        assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    }
    bucket.fail([Fault::Answer(400, "EntityTooLarge")]);
    assert!(words(store.put("a", noise(1, 10)).await).contains("cambiá de destino"));
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let gone = bucket.store_with(|config| config.endpoint = format!("http://{nobody}"));
    assert_eq!(words(gone.get("a").await), "no se pudo conectar con S3");
}
