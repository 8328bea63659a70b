//! A Cloudinary account as a store, against its twin.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use canje::app::Clock;
use canje::backup::stores::{Cloudinary, Put, Store, StoreError};
use canje::config;
use canje::emulators::{Emulators, Fault, Outcome, Service, Settings, listen};
use canje::i18n::format;
use canje::media::cloudinary::{Account, PRIVATE_RAW};
use canje::media::patience::Patience;
use http::StatusCode;

use super::promises::{self, noise};

/// The twins, the account as configuration, and a clock they share.
struct Place {
    emulators: Emulators,
    config: config::Cloudinary,
    clock: Clock,
}

impl Place {
    fn start() -> Self {
        Self::start_in(None)
    }

    fn start_in(data_dir: Option<&std::path::Path>) -> Self {
        let clock = Clock::fixed(crate::support::NOW.parse().unwrap());
        let listener = listen(None).unwrap();
        let data_dir = data_dir.map(|folder| folder.display().to_string());
        let get = |name: &str| data_dir.clone().filter(|_| name == "CANJE_DATA_DIR");
        let settings = Settings::read(listener.local_addr().unwrap(), &get);
        let config = config::Cloudinary {
            cloud: settings.cloudinary_cloud.clone(),
            api_key: settings.cloudinary_api_key.clone(),
            api_secret: settings.cloudinary_api_secret.clone().into(),
            api_base: settings.cloudinary_url(),
            delivery_base: settings.cloudinary_delivery_url(),
            backup_root: "backups".into(),
            media_root: "canje".into(),
        };
        Self { emulators: Emulators::start(listener, settings, clock.clone()).unwrap(), config, clock }
    }

    fn store(&self) -> Cloudinary {
        self.store_with(|_| {})
    }

    fn store_with(&self, change: impl FnOnce(&mut config::Cloudinary)) -> Cloudinary {
        let mut config = self.config.clone();
        change(&mut config);
        Cloudinary::open_with(&config, self.clock.clone(), Patience::hurried()).unwrap()
    }

    fn fail(&self, fault: Fault) {
        self.emulators.twins.faults.add(Service::Cloudinary, fault);
    }

    /// Requests that arrived since the last time somebody asked.
    fn arrived(&self, before: &mut usize) -> usize {
        let all = self.emulators.twins.arrivals.count(Service::Cloudinary);
        all - std::mem::replace(before, all)
    }

    /// A refusal in the store's words, which hold no secret.
    fn words<T: std::fmt::Debug>(&self, result: Result<T, StoreError>) -> String {
        let error = result.unwrap_err();
        let (told, debug) = (error.to_string(), format!("{error:?}"));
        let secret = &self.emulators.twins.settings.cloudinary_api_secret;
        for secret in [secret.as_str(), "signature=", "http://"] {
            assert!(!told.contains(secret) && !debug.contains(secret), "{debug}");
        }
        told
    }
}

#[tokio::test]
async fn an_account_keeps_every_promise() {
    let place = Place::start();
    let store = place.store();
    promises::check(&store).await;
    promises::has_one_winner(&store).await;
    assert!(store.is_twin() && store.place() == "canje-demo");
    let real = place.store_with(|config| config.api_base = "https://api.cloudinary.com".into());
    assert!(!real.is_twin());
}

#[tokio::test]
async fn a_list_has_every_page() {
    let place = Place::start();
    place.emulators.twins.cloudinary.plan.change(|plan| plan.admin_calls = 2);
    promises::fill(&place.store(), 503).await;
    assert!(place.words(place.store().list("many").await).contains("hasta"), "two pages were two calls");
}

/// The previous system's archives were public files, their links sent by mail.
#[tokio::test]
async fn public_archives_are_over_an_anonymous_address_gives_nothing() {
    let place = Place::start();
    let store = place.store();
    let key = "canje/2099/11/b0/parts/00000000";
    store.put(key, noise(1, 1_000)).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let config = &place.config;
    for (kind, expected) in [("authenticated", 401), ("private", 401), ("upload", 404)] {
        for name in [key, "canje/2099/11/b0/parts/00000001"] {
            for version in ["", "v1/", "v4099132800/"] {
                let url = format!("{}/{}/raw/{kind}/{version}backups/{name}", config.delivery_base, config.cloud);
                let answer = http.get(&url).send().await.unwrap();
                assert_eq!(answer.status().as_u16(), expected, "{url}");
                assert!(answer.headers().contains_key("x-cld-error"));
                assert!(answer.bytes().await.unwrap().is_empty());
            }
        }
    }
    let unsigned =
        format!("{}/v1_1/{}/raw/download?public_id=backups/{key}&type=authenticated", config.api_base, config.cloud);
    assert!(!http.get(&unsigned).send().await.unwrap().status().is_success());
    // Our own addresses end after some minutes.
    let account = Account::open(config, place.clock.clone(), Patience::hurried()).unwrap();
    let link = account.link(PRIVATE_RAW, &format!("backups/{key}"));
    assert!(!link.contains(&place.emulators.twins.settings.cloudinary_api_secret));
    assert_eq!(http.get(&link).send().await.unwrap().bytes().await.unwrap(), noise(1, 1_000));
    let other = link.replace("00000000", "00000001");
    assert_eq!(http.get(&other).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    place.clock.advance(Duration::from_secs(601));
    assert_eq!(http.get(&link).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_the_plan_does_not_take_is_refused_with_the_remedy() {
    let place = Place::start();
    let store = place.store();
    let limits = store.limits().await.unwrap();
    assert_eq!((limits.object_bytes, limits.free_bytes), (10 * 1024 * 1024, Some(12_500_000_000)));
    let told = place.words(store.put("a", noise(1, 10 * 1024 * 1024 + 1)).await);
    assert!(told.contains(&format::size(10 * 1024 * 1024)) && told.contains("cambiá de destino"), "{told}");
    assert_eq!(store.list("").await.unwrap(), []);
    let plan = &place.emulators.twins.cloudinary.plan;
    plan.change(|plan| (plan.raw_bytes, plan.credits_spent) = (1_000_000_000, 24.0));
    let limits = store.limits().await.unwrap();
    assert_eq!(limits.object_bytes, 100_000_000, "one request never carries more");
    assert_eq!(limits.free_bytes, Some(500_000_000));
    plan.change(|plan| plan.credits_spent = 30.0);
    assert_eq!(store.limits().await.unwrap().free_bytes, Some(0));
    let quota = r#"{"error":{"message":"Your account is over its usage limit"}}"#;
    let (status, body) = (StatusCode::FORBIDDEN, quota.to_owned());
    place.fail(Fault::times(1, Outcome::Answered { status, headers: Vec::new(), body }));
    let full = store.put("a", noise(1, 10)).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
}

#[tokio::test]
async fn whoever_is_refused_asks_once_and_says_what_to_look_at() {
    let place = Place::start();
    let mut before = 0;
    let late = Cloudinary::open_with(
        &place.config,
        Clock::fixed("2099-11-23T10:00:00Z".parse().unwrap()),
        Patience::hurried(),
    );
    for (store, about, requests) in [
        (place.store_with(|config| config.api_secret = "not-it".to_owned().into()), "CLOUDINARY_API_SECRET", 2),
        (place.store_with(|config| config.api_key = "1".into()), "CLOUDINARY_API_KEY", 2),
        (place.store_with(|config| config.cloud = "elsewhere".into()), "CLOUDINARY_CLOUD_NAME", 2),
        // Signed again once, in case it was only slow.
        (late.unwrap(), "hora de este servidor", 4),
    ] {
        for told in [place.words(store.put("a", noise(1, 10)).await), place.words(store.get("a").await)] {
            assert!(told.contains(about), "{told}");
        }
        assert_eq!(place.arrived(&mut before), requests, "{about}");
    }
    let list = place.store_with(|config| config.api_secret = "not-it".to_owned().into());
    place.words(list.list("a").await);
    assert_eq!(place.arrived(&mut before), 1);
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again() {
    let place = Place::start();
    let store = place.store();
    let mut before = 0;
    for status in [420, 423, 429, 499, 500, 502, 503, 504] {
        place.fail(Fault::times(3, Outcome::status(status)));
        let key = format!("a/{status}");
        assert_eq!(store.put(&key, noise(1, 10)).await.unwrap(), Put::Created);
        assert_eq!(place.arrived(&mut before), 4, "{status}");
        place.fail(Fault::times(1, Outcome::status(status)));
        assert_eq!(store.get(&key).await.unwrap(), noise(1, 10));
        place.fail(Fault::times(1, Outcome::status(status)));
        store.delete(&key).await.unwrap();
        place.arrived(&mut before);
    }
    place.fail(Fault::times(6, Outcome::status(503)));
    assert!(place.words(store.get("a").await).contains("503"));
    assert_eq!(place.arrived(&mut before), 6, "and then enough is enough");
    for status in [400, 403, 404, 409] {
        place.fail(Fault::times(1, Outcome::status(status)));
        store.get("a").await.unwrap_err();
        assert_eq!(place.arrived(&mut before), 1, "{status}");
    }
}

#[tokio::test]
async fn a_used_up_hour_says_until_when() {
    let place = Place::start();
    place.emulators.twins.cloudinary.plan.change(|plan| plan.admin_calls = 1);
    let store = place.store();
    store.list("").await.unwrap();
    let told = place.words(store.list("").await);
    assert!(told.contains("23/11/2099 10:00:00"), "an hour after the first call, Paraguayan time: {told}");
    assert_eq!(place.emulators.twins.arrivals.count(Service::Cloudinary), 2, "nobody knocks for an hour");
    place.clock.advance(Duration::from_secs(3_601));
    store.list("").await.unwrap();
}

#[tokio::test]
async fn an_upload_whose_answer_was_lost_is_recognised() {
    let place = Place::start();
    let store = place.store();
    place.fail(Fault::times(1, Outcome::Lost));
    assert_eq!(store.put("a", noise(1, 5_000)).await.unwrap(), Put::Existed, "it was us");
    place.fail(Fault::times(1, Outcome::Lost));
    let other = store.put("a", noise(2, 5_000)).await;
    assert!(matches!(other, Err(StoreError::Occupied(_))), "it wasn't: {other:?}");
    place.fail(Fault::times(2, Outcome::Cut));
    assert_eq!(store.put("b", noise(1, 5_000)).await.unwrap(), Put::Created);
}

#[tokio::test]
async fn a_torn_download_is_read_again_and_a_hanging_one_given_up() {
    let place = Place::start();
    let store = place.store();
    let bytes = noise(1, 300_000);
    store.put("a", bytes.clone()).await.unwrap();
    place.fail(Fault::times(2, Outcome::Torn));
    assert_eq!(store.get("a").await.unwrap(), bytes);
    place.fail(Fault::times(6, Outcome::Torn));
    assert!(place.words(store.get("a").await).contains("se cortó"));
    place.fail(Fault::times(1, Outcome::Hung));
    assert_eq!(store.get("a").await.unwrap(), bytes, "the second time there is an answer");
    place.fail(Fault::always(Outcome::Hung));
    let patience = Patience { tries: 2, answer: Duration::from_millis(200), ..Patience::hurried() };
    let hasty = Cloudinary::open_with(&place.config, place.clock.clone(), patience).unwrap();
    assert!(place.words(hasty.get("a").await).contains("a tiempo"));
    assert!(place.words(hasty.put("b", bytes).await).contains("a tiempo"));
}

/// A store that lies isn't found out by asking it: what it gives goes to whoever knows the hash.
#[tokio::test]
async fn other_bytes_are_handed_on_and_never_taken_for_ours() {
    let place = Place::start();
    let store = place.store();
    store.put("a", noise(1, 1_000)).await.unwrap();
    place.fail(Fault::times(1, Outcome::Halved));
    assert_eq!(store.get("a").await.unwrap(), noise(1, 1_000)[..500]);
    place.emulators.twins.cloudinary.shelf.spoil("raw", "authenticated", "backups/a", &noise(2, 1_000)).unwrap();
    assert_eq!(store.get("a").await.unwrap(), noise(2, 1_000), "read from the service every time");
    let spoilt = store.put("a", noise(1, 1_000)).await;
    assert!(matches!(spoilt, Err(StoreError::Occupied(_))), "{spoilt:?}");
}

#[tokio::test]
async fn an_answer_nobody_signed_is_no_answer() {
    let place = Place::start();
    let store = place.store();
    let answers = [
        r#"{"public_id":"backups/a","version":1,"bytes":10,"signature":"13d4bf8ce43b19b558fa6bc29744b4972d919b21"}"#,
        r#"{"public_id":"backups/b","version":1,"bytes":10,"signature":""}"#,
    ];
    for body in answers {
        let (status, body) = (StatusCode::OK, body.to_owned());
        place.fail(Fault::times(1, Outcome::Answered { status, headers: Vec::new(), body }));
        assert!(place.words(store.put("a", noise(1, 10)).await).contains("no se entiende"));
    }
    let (status, body) = (StatusCode::OK, "<html>an edge".to_owned());
    place.fail(Fault::times(1, Outcome::Answered { status, headers: Vec::new(), body }));
    assert_eq!(store.put("a", noise(1, 10)).await.unwrap(), Put::Created, "the second answer is one");
}

/// Everything that is logged while `work` runs, from the first to the last level.
async fn logged(work: impl Future<Output = ()>) -> String {
    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);
    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::trace!("the log is on");
    work.await;
    drop(guard);
    let bytes = buffer.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn no_secret_reaches_the_log() {
    let place = Place::start();
    let log = logged(async {
        let store = place.store();
        store.put("a", noise(1, 10)).await.unwrap();
        store.limits().await.unwrap();
        store.list("").await.unwrap();
        place.fail(Fault::times(6, Outcome::Cut));
        place.words(store.get("a").await);
        store.delete("a").await.unwrap();
    })
    .await;
    assert!(log.contains("the log is on"));
    let secret = &place.emulators.twins.settings.cloudinary_api_secret;
    assert!(!log.contains(secret.as_str()), "{log}");
    assert!(!log.contains("signature="), "{log}");
}

/// A demonstration and a command beside it run twins of their own on one data directory.
#[tokio::test]
async fn what_is_kept_outlives_the_twin_and_is_there_for_another() {
    let data = tempfile::tempdir().unwrap();
    let first = Place::start_in(Some(data.path()));
    let second = Place::start_in(Some(data.path()));
    first.store().put("a", noise(1, 1_000)).await.unwrap();
    assert_eq!(second.store().get("a").await.unwrap(), noise(1, 1_000));
    assert_eq!(second.store().put("a", noise(1, 1_000)).await.unwrap(), Put::Existed);
    drop(first);
    drop(second);
    let third = Place::start_in(Some(data.path()));
    assert_eq!(third.store().list("").await.unwrap().len(), 1);
    assert_eq!(third.store().place(), "canje-demo");
}
