//! Many deliveries of few faults, repeated and out of order, while the server is killed again and again.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bson::{Document, doc};
use canje::db::embedded::Embedded;
use canje::db::{Db, Settings};
use futures::TryStreamExt;
use jiff::Timestamp;

use super::*;
use crate::support::{Program, eventually, eventually_within};

const FAULTS: u32 = 50;
const SENDERS: usize = 16;

/// Distinct deliveries; kills; how long sending them takes at least.
fn size() -> (u32, usize, Duration) {
    match std::env::var("CANJE_SOAK_ROUNDS") {
        Ok(_) => (8_000, 6, Duration::from_secs(60)),
        Err(_) => (800, 2, Duration::ZERO),
    }
}

/// Where the server is right now, and what is still to be sent.
struct Storm {
    address: Mutex<String>,
    left: Mutex<VecDeque<(u32, String)>>,
    sent: AtomicUsize,
    times: Mutex<Vec<Duration>>,
}

/// Every delivery once, one in four once more, in an order of no meaning.
fn deliveries(distinct: u32) -> VecDeque<(u32, String)> {
    let mut all: Vec<_> = (0..distinct)
        .flat_map(|n| std::iter::repeat_n(n, if n % 4 == 0 { 2 } else { 1 }))
        .map(|n| (n % FAULTS, alert(n % FAULTS, &format!("event-{n}"), &format!("panic {}", n % FAULTS))))
        // One fault in five is worth a mail.
        .map(|(fault, body)| match fault % 5 {
            0 => (fault, body.replace(r#""level":"error""#, r#""level":"fatal""#)),
            _ => (fault, body),
        })
        .collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for place in (1..all.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(place, (seed >> 33) as usize % (place + 1));
    }
    all.into()
}

async fn serve(site: &Path, uri: &str) -> (Program, String) {
    Program::serve(
        site,
        [
            ("MONGODB_URI", OsStr::new(uri)),
            ("CANJE_DB", OsStr::new("test")),
            ("SENTRY_CLIENT_SECRET", OsStr::new(SENTRY)),
            // Nobody reads what it says.
            ("RUST_LOG", OsStr::new("off")),
        ],
    )
    .await
}

/// Sends until nothing is left; what got no answer is sent again, as one whose sender doesn't know.
async fn sender(storm: Arc<Storm>, pause: Duration) {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
    let mut ticks = (!pause.is_zero()).then(|| tokio::time::interval(pause));
    loop {
        let Some((fault, body)) = storm.left.lock().unwrap().pop_front() else { return };
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        let address = storm.address.lock().unwrap().clone();
        let begun = Instant::now();
        let answer = client
            .post(format!("http://{address}/api/notifications/webhooks/sentry"))
            .header("sentry-hook-resource", "event_alert")
            .header("sentry-hook-timestamp", Timestamp::now().as_second().to_string())
            .header("sentry-hook-signature", sign_sentry(&SENTRY.into(), body.as_bytes()))
            .body(body.clone())
            .send()
            .await;
        let is_taken = match answer {
            Ok(answer) if answer.status() == 503 => false,
            Ok(answer) => {
                assert_eq!(answer.status(), 200, "an authentic delivery is never refused");
                true
            }
            Err(_) => false,
        };
        if is_taken {
            storm.times.lock().unwrap().push(begun.elapsed());
            storm.sent.fetch_add(1, Ordering::SeqCst);
        } else {
            storm.left.lock().unwrap().push_back((fault, body));
            // The server is being started: somebody else may run.
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_taken_is_lost_or_counted_twice_while_the_server_is_killed() {
    canje::app::use_ring();
    let files = tempfile::tempdir().unwrap();
    let site = crate::process::site(files.path());
    let engine = Embedded::start_or_join(&files.path().join("data"), &|_| {}).await.unwrap();
    let (distinct, kills, least) = size();
    let all = deliveries(distinct);
    let total = all.len();
    let (mut server, address) = serve(&site, &engine.uri()).await;
    let settings =
        Settings { uri: engine.uri(), live_db: "test".into(), ops_db: "canje_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    let owner = doc! { "user_id": "user_0123456789ab", "email": "owner@example.com", "name": "Dueña", "role": "superadmin", "status": "active" };
    db.live.collection("users").insert_one(owner).await.unwrap();
    let storm = Arc::new(Storm {
        address: Mutex::new(address),
        left: Mutex::new(all),
        sent: AtomicUsize::new(0),
        times: Mutex::default(),
    });
    let pause = least * SENDERS as u32 / total as u32;
    let senders: Vec<_> = (0..SENDERS).map(|_| tokio::spawn(sender(storm.clone(), pause))).collect();
    for kill in 1..=kills {
        eventually("the storm goes on", async || {
            (storm.sent.load(Ordering::SeqCst) >= total * kill / (kills + 1)).then_some(())
        })
        .await;
        server.signal("KILL").await;
        assert!(!server.ended().await.success());
        let (next, address) = serve(&site, &engine.uri()).await;
        *storm.address.lock().unwrap() = address;
        server = next;
    }
    for sender in senders {
        sender.await.unwrap();
    }

    let events = db.live.collection::<Document>("webhook_events");
    // What a killed process left open in the database ends a minute later by the database's own rule; until then nobody
    // else can write where it wrote.
    eventually_within(Duration::from_secs(150), "everything is processed", async || {
        let waiting = events.count_documents(doc! { "due_at": { "$exists": true } }).await.unwrap();
        (waiting == 0).then_some(())
    })
    .await;
    let rows: Vec<Document> = events.find(doc! {}).await.unwrap().try_collect().await.unwrap();
    assert_eq!(rows.len(), distinct as usize, "taken and lost, or stored twice");
    assert!(rows.iter().all(|row| row.get_str("status").is_ok_and(|status| status == "processed")));
    let mut expected = BTreeMap::<String, i64>::new();
    for row in &rows {
        *expected.entry(row.get_str("object").unwrap().to_owned()).or_default() += 1;
    }
    let notices = db.live.collection::<Document>("system_notifications");
    let open: Vec<Document> = notices.find(doc! { "is_open": true }).await.unwrap().try_collect().await.unwrap();
    let sentry: Vec<_> =
        open.iter().filter(|notice| notice.get_str("source").is_ok_and(|source| source == "sentry")).collect();
    assert!(sentry.len() <= FAULTS as usize, "{}", sentry.len());
    let counted: HashMap<_, _> = sentry
        .iter()
        .map(|notice| {
            let issue = notice.get_document("metadata").unwrap().get_str("issue_id").unwrap();
            (format!("issue:{issue}"), notice.get_i64("occurrences").unwrap())
        })
        .collect();
    assert_eq!(counted.into_iter().collect::<BTreeMap<_, _>>(), expected, "each delivery is counted once");
    let mails = eventually("the owner is mailed", async || {
        let mails = db.live.collection::<Document>("email_logs").count_documents(doc! {}).await.unwrap();
        (mails > 0).then_some(mails)
    })
    .await;
    assert!(mails <= 60, "{mails} mails");

    let mut times = std::mem::take(&mut *storm.times.lock().unwrap());
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100];
    eprintln!("{total} deliveries, {distinct} of them distinct, {kills} kills, {mails} mails, answer p99 {p99:?}");
    server.signal("TERM").await;
    drop(server);
    engine.stop().await;
}
