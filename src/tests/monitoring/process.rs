//! What only a process shows: a database that goes away, a Sentry that hangs.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use bson::{Document, doc};
use canje::app::Clock;
use canje::assets;
use canje::db::embedded::Embedded;
use canje::emulators::{Emulators, Fault, Outcome, Service};

use crate::support::{Program, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_told_when_it_is_over_and_a_hanging_sentry_slows_nobody() {
    let files = tempfile::tempdir().unwrap();
    let data_dir = files.path().join("data");
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    let site = files.path().join("site");
    let pkg = files.path().join("no-pkg");
    assets::build(&assets::Sources { pkg, site: site.clone(), ..assets::Sources::at(env!("CARGO_MANIFEST_DIR")) })
        .unwrap();
    let twins = Emulators::start_anywhere(Clock::default()).unwrap();
    twins.twins.faults.add(Service::Sentry, Fault::always(Outcome::Hung));
    let (uri, dsn) = (engine.uri(), twins.twins.settings.sentry_dsn());
    let variables =
        [("MONGODB_URI", OsStr::new(&uri)), ("CANJE_DB", OsStr::new("test")), ("SENTRY_DSN", OsStr::new(&dsn))];
    let (server, address) = Program::serve(&site, variables).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    // A flash cookie makes the server ask its database what waits.
    let ask = async || {
        let request =
            client.get(format!("http://{address}/login")).header("cookie", format!("__Host-flash={}", "a".repeat(24)));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask().await, 200);

    engine.stop().await;
    assert_eq!(ask().await, 503);
    assert_eq!(ask().await, 503);
    eventually("the fault is on its way to Sentry", async || {
        (twins.twins.arrivals.count(Service::Sentry) > 0).then_some(())
    })
    .await;
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    eventually("the server is well again", async || (ask().await == 200).then_some(())).await;
    let db = mongodb::Client::with_uri_str(engine.uri()).await.unwrap().database("test");
    let notices = db.collection::<Document>("system_notifications");
    let outage = eventually("the outage is told", async || {
        notices.find_one(doc! { "fingerprint": { "$regex": "database" } }).await.ok().flatten()
    })
    .await;
    assert_eq!(outage.get_i64("occurrences").unwrap(), 1, "{outage}");

    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(ask().await, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?} with a hanging Sentry", begun.elapsed());
    let begun = Instant::now();
    server.signal("TERM").await;
    assert!(server.ended().await.success());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?} to end with a hanging Sentry", begun.elapsed());
    engine.stop().await;
}
