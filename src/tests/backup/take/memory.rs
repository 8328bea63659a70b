//! Memory stays bounded whatever is read: measured in a process of its own.

use std::process::Stdio;

use bson::Binary;
use bson::spec::BinarySubtype;
use canje::backup::container::Sealer;
use canje::backup::keys::Keys;
use canje::db::Settings;

use super::*;

const URI: &str = "CANJE_TEST_MEMORY_URI";
const DATABASE: &str = "CANJE_TEST_MEMORY_DB";
const RUNG: &str = "CANJE_TEST_MEMORY_RUNG";
const MIB: usize = 1024 * 1024;
/// What a process may need at most, whatever it reads.
const MOST: u64 = 256;

/// Not a test of its own: the process that the next test measures. Takes and seals a backup, and says how much memory that
/// took.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measured() {
    let (Ok(uri), Ok(name), Ok(rung)) = (std::env::var(URI), std::env::var(DATABASE), std::env::var(RUNG)) else {
        return;
    };
    let settings = Settings { uri, live_db: name.clone(), ops_db: format!("{name}_ops"), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    let rung = if rung == "transaction" { Label::Transaction } else { Label::FixedUp };
    let begun = std::time::Instant::now();
    let (collected, folder) = collect(&db, &[&name], &Effort::only(rung)).await.unwrap();
    let read = begun.elapsed();
    let sealed = tokio::task::spawn_blocking(move || {
        let keys = folder.path().join("keys");
        Keys::generate(&keys, bson::DateTime::MIN).unwrap();
        let keys = Keys::load(&keys).unwrap();
        let mut sealer = Sealer::new(&folder.path().join("sealed"), &keys.recipients, 8 * MIB).unwrap();
        collected.write_archive("0", &mut sealer).unwrap();
        sealer.finish().unwrap()
    });
    let sealed = sealed.await.unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    println!("\npeak {} MiB, {} bytes", peak.parse::<u64>().unwrap() / 1024, sealed.archive_bytes);
    println!("read in {read:.1?}, sealed after {:.1?}", begun.elapsed());
}

#[tokio::test]
async fn three_hundred_megabytes_and_the_longest_document_fit_into_256() {
    let test = TestDb::new().await;
    // Half of it compresses, half doesn't.
    let noise: Vec<u8> = (0..MIB / 16).flat_map(|_| *uuid::Uuid::new_v4().as_bytes()).collect();
    let binary = |bytes: Vec<u8>| Binary { subtype: BinarySubtype::Generic, bytes };
    for batch in 0..19 {
        let documents: Vec<_> = (0..1024)
            .map(|n| {
                let at = (n * 613) % (MIB - 8192);
                doc! { "_id": batch * 1024 + n as i32, "noise": binary(noise[at..at + 8192].to_vec()), "text": "x".repeat(8192) }
            })
            .collect();
        insert(&test, test.name(), "many", &documents).await;
    }
    for id in 0..3 {
        let mut longest = doc! { "_id": id, "bytes": binary(Vec::new()) };
        let room = 16 * MIB - bson::serialize_to_vec(&longest).unwrap().len();
        longest.insert("bytes", binary(noise.iter().copied().cycle().take(room).collect()));
        insert(&test, test.name(), "longest", &[longest]).await;
    }
    for rung in ["transaction", "fixed-up"] {
        let mut measured = tokio::process::Command::new(std::env::current_exe().unwrap());
        measured.args(["--exact", "backup::take::memory::measured", "--nocapture"]).stdin(Stdio::null());
        measured.env(URI, &test.settings.uri).env(DATABASE, test.name()).env(RUNG, rung);
        let output = measured.output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let line = said.lines().find(|line| line.starts_with("peak ")).expect(&said);
        let mut numbers = line.split_ascii_whitespace().filter_map(|word| word.parse::<u64>().ok());
        let (peak, bytes) = (numbers.next().unwrap(), numbers.next().unwrap());
        println!("{rung}: {said}");
        assert!(bytes > 350_000_000, "{line}");
        assert!(peak <= MOST, "{rung}: {line}");
    }
}
