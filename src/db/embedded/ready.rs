//! Waiting until the engine takes writes, and making a fresh `mongod` a replica set of one.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use bson::{Document, doc};
use mongodb::{
    Client,
    error::{Error, ErrorKind},
    options::{ClientOptions, ServerAddress},
};
use tokio::net::TcpStream;

use super::{
    EngineError, Progress,
    program::{Kind, REPLICA_SET},
    supervisor::Supervisor,
};

/// Long, because after a crash the engine first replays its log.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(25);

/// Waits for the engine of `supervisor`, telling how long it takes.
pub(super) async fn wait(
    supervisor: &Supervisor,
    kind: Kind,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<(), EngineError> {
    let begun = Instant::now();
    let mut told = 0;
    let mut client = None;
    loop {
        supervisor.still_running()?;
        if client.is_none() && TcpStream::connect(supervisor.address()).await.is_ok() {
            client = connect(supervisor.address()).ok();
        }
        if let Some(client) = &client
            && is_writable(client, kind, supervisor.address()).await
        {
            return Ok(());
        }
        let seconds = begun.elapsed().as_secs();
        if seconds > told {
            told = seconds;
            progress(Progress::Waiting { seconds });
        }
        if begun.elapsed() > PATIENCE {
            return Err(EngineError::NotReady { seconds, log: supervisor.log().to_owned() });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether an engine takes writes at this address right now.
pub(super) async fn answers(address: SocketAddr) -> bool {
    if TcpStream::connect(address).await.is_err() {
        return false;
    }
    match connect(address) {
        Ok(client) => hello(&client).await.is_ok_and(|reply| says_writable(&reply)),
        Err(_) => false,
    }
}

fn connect(address: SocketAddr) -> Result<Client, Error> {
    let options = ClientOptions::builder()
        .hosts(vec![ServerAddress::Tcp { host: address.ip().to_string(), port: Some(address.port()) }])
        .direct_connection(true)
        .server_selection_timeout(Duration::from_secs(1))
        .connect_timeout(Duration::from_secs(1))
        .build();
    Client::with_options(options)
}

async fn hello(client: &Client) -> Result<Document, Error> {
    client.database("admin").run_command(doc! { "hello": 1 }).await
}

fn says_writable(hello: &Document) -> bool {
    hello.get_bool("isWritablePrimary").unwrap_or(false)
}

async fn is_writable(client: &Client, kind: Kind, address: SocketAddr) -> bool {
    let Ok(reply) = hello(client).await else { return false };
    if says_writable(&reply) {
        return true;
    }
    if kind == Kind::Mongod
        && let Some(step) = next_step(config(client).await, address)
        && let Err(error) = client.database("admin").run_command(step).await
    {
        tracing::debug!(%error, "the replica set isn't made yet");
    }
    false
}

async fn config(client: &Client) -> Result<Document, Error> {
    client.database("admin").run_command(doc! { "replSetGetConfig": 1 }).await
}

/// What brings a `mongod` that isn't primary closer to it; `None` when it only needs time.
fn next_step(config: Result<Document, Error>, address: SocketAddr) -> Option<Document> {
    const NOT_YET_INITIALIZED: i32 = 94;
    let address = address.to_string();
    match config {
        Err(error) => match error.kind.as_ref() {
            ErrorKind::Command(e) if e.code == NOT_YET_INITIALIZED => Some(doc! {
                "replSetInitiate": { "_id": REPLICA_SET, "members": [{ "_id": 0, "host": address }] },
            }),
            _ => None,
        },
        Ok(reply) => moved_to(reply.get_document("config").ok()?, &address),
    }
}

/// The set knows its member by an address; when the port of last time was taken, the member has to be told its new one.
fn moved_to(config: &Document, address: &str) -> Option<Document> {
    let member = config.get_array("members").ok()?.first()?.as_document()?;
    if member.get_str("host").is_ok_and(|host| host == address) {
        return None;
    }
    let mut member = member.clone();
    member.insert("host", address);
    let mut config = config.clone();
    let version = config.get_i32("version").unwrap_or(1);
    config.insert("version", version + 1);
    config.insert("members", vec![member]);
    Some(doc! { "replSetReconfig": config, "force": true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_moved_is_told_its_new_address() {
        let config =
            doc! { "_id": "canje", "version": 3, "members": [{ "_id": 0, "host": "127.0.0.1:1", "votes": 1 }] };
        assert_eq!(moved_to(&config, "127.0.0.1:1"), None);
        assert_eq!(
            moved_to(&config, "127.0.0.1:2"),
            Some(doc! {
                "replSetReconfig": { "_id": "canje", "version": 4,
                    "members": [{ "_id": 0, "host": "127.0.0.1:2", "votes": 1 }] },
                "force": true,
            })
        );
    }
}
