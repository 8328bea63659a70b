//! `canje keys`: made, shown, replaced.

use std::process::ExitCode;

use secrecy::ExposeSecret as _;

use super::Depot;
use super::keys::{self, Keys};
use super::record::PublicKey;
use crate::db::date;
use crate::i18n::backup::keys as words;

/// Makes the keys, prints the recovery identity once, puts the public halves on record.
pub async fn generate(depot: &Depot, json: bool) -> anyhow::Result<ExitCode> {
    let now = date(depot.clock.now());
    let made = Keys::generate(&depot.config.keys, now)?;
    keys::publish(&depot.db, &made.public, now).await?;
    if json {
        let recovery = made.recovery.expose_secret();
        println!("{}", serde_json::json!({ "recovery_identity": recovery, "keys": shown(&made.public) }));
    } else {
        println!("{}", words::generated(&depot.config.keys, made.recovery.expose_secret(), &lines(&made.public)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Keys for the demonstration, made at its first start and said out loud. Elsewhere a person makes them.
pub async fn for_demo(depot: &Depot) -> anyhow::Result<()> {
    if Keys::exist(&depot.config.keys) {
        return Ok(());
    }
    let now = date(depot.clock.now());
    let made = Keys::generate(&depot.config.keys, now)?;
    keys::publish(&depot.db, &made.public, now).await?;
    eprintln!("{}", words::demo_keys(&depot.config.keys, made.recovery.expose_secret()));
    Ok(())
}

/// The public halves, which are also what `--trust` takes.
pub async fn show(depot: &Depot, json: bool) -> anyhow::Result<ExitCode> {
    let public = depot.keys()?.public(date(depot.clock.now()));
    keys::publish(&depot.db, &public, date(depot.clock.now())).await?;
    if json {
        println!("{}", serde_json::json!({ "keys": shown(&public) }));
    } else {
        println!("{}", words::shown(&lines(&public)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Replaces operations and signing key.
pub async fn rotate(depot: &Depot) -> anyhow::Result<ExitCode> {
    let now = date(depot.clock.now());
    let public = Keys::rotate(&depot.config.keys, now)?;
    keys::publish(&depot.db, &public, now).await?;
    println!("{}", words::rotated(&lines(&public)));
    Ok(ExitCode::SUCCESS)
}

fn shown(public: &[PublicKey]) -> serde_json::Value {
    public
        .iter()
        .map(|key| serde_json::json!({ "kind": key.kind, "fingerprint": key.fingerprint, "public": key.public }))
        .collect()
}

fn lines(public: &[PublicKey]) -> String {
    public.iter().map(|key| words::key_line(&key.kind, &key.fingerprint, &key.public)).collect::<Vec<_>>().join("\n")
}
