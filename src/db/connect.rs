//! Connecting to the live database, and refusing servers that can't keep our promises.

use std::time::{Duration, Instant};

use bson::{Document, doc};
use mongodb::{
    Client, Collection, Database,
    error::{Error, ErrorKind, WriteFailure},
    options::{Acknowledgment, ClientOptions, ServerAddress, WriteConcern},
};

use super::{Commits, Stored, options};
use crate::i18n;

/// How long starting up waits for a server that doesn't answer yet.
const START_PATIENCE: Duration = Duration::from_secs(15);
const OLDEST: (u32, u32) = (6, 0);
const APP_NAME: &str = "canje";

/// Where the databases are.
#[derive(Clone)]
pub struct Settings {
    /// Connection string of the live database. Holds credentials: never logged, never shown.
    pub uri: String,
    /// Name of the live database.
    pub live_db: String,
    /// Name of the database that holds the state of backups.
    pub ops_db: String,
    /// Connection string of a user with reading roles only, for inspection.
    pub read_only_uri: Option<String>,
}

/// The live database.
#[derive(Clone, Debug)]
pub struct Db {
    pub client: Client,
    pub live: Database,
    /// Name of the operations database.
    pub ops: String,
    pub server: ServerFacts,
    /// What tells kept values that something was written.
    pub commits: Commits,
}

/// What we know about the connected server; safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// Host without port, user, password or options.
    pub host_alias: String,
    /// As the server reports it, such as `7.0.14`.
    pub version: String,
    pub topology: Topology,
}

/// The deployments that have transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topology {
    ReplicaSet(String),
    Sharded,
}

/// Why we don't work with this server; each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("{}", i18n::db::uri_invalid(variable))]
    UriInvalid { variable: &'static str, source: Error },
    #[error("{}", i18n::db::name_invalid(name))]
    NameInvalid { name: String },
    #[error("{}", i18n::db::unreachable(host))]
    Unreachable { host: String, source: Error },
    #[error("{}", i18n::db::credentials_refused(host))]
    CredentialsRefused { host: String, source: Error },
    #[error("{}", i18n::db::standalone(host))]
    Standalone { host: String },
    #[error("{}", i18n::db::too_old(host, found))]
    TooOld { host: String, found: String },
    #[error("{}", i18n::db::odd_server(host))]
    OddServer { host: String },
}

impl Db {
    /// Connects, checks the server and returns the handle. Waits a little for a server that is just starting.
    pub async fn connect(settings: &Settings) -> Result<Db, ConnectError> {
        for name in [&settings.live_db, &settings.ops_db] {
            if !is_database_name(name) {
                return Err(ConnectError::NameInvalid { name: name.clone() });
            }
        }
        let mut options = parse(&settings.uri, APP_NAME, "MONGODB_URI").await?;
        options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
        let (client, server) = open(options, "MONGODB_URI").await?;
        let live = client.database(&settings.live_db);
        Ok(Db { client, live, ops: settings.ops_db.clone(), server, commits: Commits::default() })
    }

    /// The operations database as a handle of its own: what is stored through it lives there and not in the live database.
    pub fn operations(&self) -> Db {
        Db { live: self.client.database(&self.ops), ..self.clone() }
    }

    /// The typed collection that `T` declares, in the live database.
    pub fn stored<T: Stored>(&self) -> Collection<T> {
        self.live.collection(T::COLLECTION)
    }

    /// One cheap round trip, for readiness probes.
    pub async fn ping(&self) -> mongodb::error::Result<()> {
        self.client.database("admin").run_command(doc! { "ping": 1 }).await.map(drop)
    }

    /// Whether this error means that the database can't be reached right now, so that trying again later makes sense
    /// (503 and `Retry-After`), rather than that something is wrong with what was asked.
    pub fn is_unavailable(error: &Error) -> bool {
        match error.kind.as_ref() {
            ErrorKind::ServerSelection { .. }
            | ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Shutdown => true,
            // Not primary, stepping down, shutting down, host unreachable: the codes of the driver's own retry rules.
            ErrorKind::Command(e) => {
                matches!(
                    e.code,
                    6 | 7 | 89 | 91 | 134 | 189 | 262 | 9001 | 10058 | 10107 | 11600 | 11602 | 13435 | 13436
                )
            }
            _ => false,
        }
    }

    /// Whether a unique index said no: somebody else's document is there already.
    pub fn is_duplicate(error: &Error) -> bool {
        const DUPLICATE_KEY: i32 = 11000;
        match error.kind.as_ref() {
            ErrorKind::Write(WriteFailure::WriteError(refused)) => refused.code == DUPLICATE_KEY,
            ErrorKind::Command(refused) => refused.code == DUPLICATE_KEY,
            _ => false,
        }
    }
}

/// Parses a connection string; `variable` is the name the operator knows it by.
pub(super) async fn parse(
    uri: &str,
    app_name: &'static str,
    variable: &'static str,
) -> Result<ClientOptions, ConnectError> {
    options::parse(uri, app_name).await.map_err(|source| match source.kind.as_ref() {
        // The host of a mongodb+srv:// address is looked up while parsing.
        ErrorKind::DnsResolve { .. } => ConnectError::Unreachable { host: variable.to_owned(), source },
        _ => ConnectError::UriInvalid { variable, source },
    })
}

/// Opens a client and judges what answers.
pub(super) async fn open(
    options: ClientOptions,
    variable: &'static str,
) -> Result<(Client, ServerFacts), ConnectError> {
    let host = host_alias(&options);
    let client = Client::with_options(options).map_err(|source| ConnectError::UriInvalid { variable, source })?;
    let (hello, build_info) = greet(&client).await.map_err(|source| sort_out(source, &host))?;
    let server = judge(&host, &hello, &build_info)?;
    Ok((client, server))
}

async fn greet(client: &Client) -> Result<(Document, Document), Error> {
    let admin = client.database("admin");
    let begun = Instant::now();
    let hello = loop {
        match admin.run_command(doc! { "hello": 1 }).await {
            Err(error) if Db::is_unavailable(&error) && begun.elapsed() < START_PATIENCE => continue,
            other => break other?,
        }
    };
    let build_info = admin.run_command(doc! { "buildInfo": 1 }).await?;
    Ok((hello, build_info))
}

fn sort_out(source: Error, host: &str) -> ConnectError {
    let host = host.to_owned();
    let text = source.to_string();
    match source.kind.as_ref() {
        ErrorKind::Authentication { .. } => ConnectError::CredentialsRefused { host, source },
        ErrorKind::Command(e) if matches!(e.code, 13 | 18) => ConnectError::CredentialsRefused { host, source },
        // The driver itself gives up on very old servers before we can ask them anything.
        _ if text.contains("reports wire version") => ConnectError::TooOld { host, found: "< 4.4".into() },
        _ => ConnectError::Unreachable { host, source },
    }
}

/// Decides from the replies to `hello` and `buildInfo` whether the server will do.
pub fn judge(host: &str, hello: &Document, build_info: &Document) -> Result<ServerFacts, ConnectError> {
    let Ok(version) = build_info.get_str("version") else {
        return Err(ConnectError::OddServer { host: host.to_owned() });
    };
    match parse_version(version) {
        None => return Err(ConnectError::OddServer { host: host.to_owned() }),
        Some(found) if found < OLDEST => {
            return Err(ConnectError::TooOld { host: host.to_owned(), found: version.to_owned() });
        }
        Some(_) => {}
    }
    let topology = if hello.get_str("msg").is_ok_and(|kind| kind == "isdbgrid") {
        Topology::Sharded
    } else if let Ok(set) = hello.get_str("setName") {
        Topology::ReplicaSet(set.to_owned())
    } else {
        return Err(ConnectError::Standalone { host: host.to_owned() });
    };
    Ok(ServerFacts { host_alias: host.to_owned(), version: version.to_owned(), topology })
}

fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// A name for the server that is safe to show: the first host, without port, and how many others there are.
fn host_alias(options: &ClientOptions) -> String {
    if options.app_name.as_deref() == Some(options::EMBEDDED_APP_NAME) {
        return i18n::db::EMBEDDED_ALIAS.to_owned();
    }
    let first = match options.hosts.first() {
        Some(ServerAddress::Tcp { host, .. }) => host.clone(),
        _ => "localhost".to_owned(),
    };
    match options.hosts.len() {
        0 | 1 => first,
        many => format!("{first} +{}", many - 1),
    }
}

fn is_database_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !matches!(name, "admin" | "config" | "local")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(hello: Document, version: &str) -> Result<ServerFacts, ConnectError> {
        judge("db.example", &hello, &doc! { "version": version })
    }

    #[test]
    fn accepts_replica_sets_and_routers() {
        let set = verdict(doc! { "setName": "rs0", "isWritablePrimary": true }, "6.0.19").unwrap();
        assert_eq!(set.topology, Topology::ReplicaSet("rs0".into()));
        assert_eq!(set.version, "6.0.19");
        let router = verdict(doc! { "msg": "isdbgrid" }, "8.2.0-rc1").unwrap();
        assert_eq!(router.topology, Topology::Sharded);
    }

    #[test]
    fn refuses_a_standalone_server_in_plain_words() {
        let refused = verdict(doc! { "isWritablePrimary": true }, "7.0.1").unwrap_err();
        assert!(matches!(refused, ConnectError::Standalone { .. }));
        let text = refused.to_string();
        assert!(text.contains("db.example") && text.contains("replica set"), "{text}");
    }

    #[test]
    fn refuses_servers_older_than_six() {
        for old in ["5.0.31", "4.4.29", "3.6.0"] {
            let refused = verdict(doc! { "setName": "rs0" }, old).unwrap_err();
            assert!(matches!(&refused, ConnectError::TooOld { found, .. } if found == old));
            assert!(refused.to_string().contains("6.0"));
        }
    }

    #[test]
    fn refuses_what_is_no_database_server() {
        assert!(matches!(verdict(doc! { "setName": "rs0" }, "new"), Err(ConnectError::OddServer { .. })));
        assert!(matches!(judge("h", &doc! {}, &doc! {}), Err(ConnectError::OddServer { .. })));
    }

    #[test]
    fn database_names_are_plain() {
        for good in ["canje", "test_1", "a-b", &"x".repeat(63)] {
            assert!(is_database_name(good), "{good}");
        }
        for bad in ["", "admin", "config", "local", "a/b", "a.b", "a b", "$a", &"x".repeat(64)] {
            assert!(!is_database_name(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_alias_holds_no_secret() {
        let uri = "mongodb://ana:s3cret@db1.example:27018,db2.example/?replicaSet=rs0&authSource=admin";
        let alias = host_alias(&ClientOptions::parse(uri).await.unwrap());
        assert_eq!(alias, "db1.example +1");
    }
}
