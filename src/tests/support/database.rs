//! A database for one test.

use canje::db::{Db, ReadOnlyDb, Settings};

use super::server_uri;

/// A fresh database with its connections. Everything named after it is dropped when this is.
pub struct TestDb {
    pub db: Db,
    pub settings: Settings,
}

impl TestDb {
    pub async fn new() -> Self {
        Self::named(&format!("test_{}", &uuid::Uuid::new_v4().simple().to_string()[..16])).await
    }

    /// Connects to a database that is destroyed at the end, so its name has to say that it is one for tests.
    pub async fn named(name: &str) -> Self {
        assert_is_test(name);
        let settings = Settings {
            uri: server_uri(),
            live_db: name.to_owned(),
            ops_db: format!("{name}_ops"),
            read_only_uri: None,
        };
        let db = Db::connect(&settings).await.expect("the test server accepts us");
        Self { db, settings }
    }

    /// The name of the live database.
    pub fn name(&self) -> &str {
        &self.settings.live_db
    }

    /// The name of a further database of this test, such as an imported one.
    pub fn sibling(&self, part: &str) -> String {
        format!("{}_{part}", self.name())
    }

    /// The reading handle on the same server.
    pub async fn read_only(&self) -> ReadOnlyDb {
        ReadOnlyDb::connect(&self.settings).await.expect("the test server accepts readers")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (uri, name) = (self.settings.uri.clone(), self.name().to_owned());
        // The test's own runtime may be ending, and a destructor can't wait in it.
        let cleaning = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(drop_all(&uri, &name)).map_err(std::io::Error::other)
        });
        if !matches!(cleaning.join(), Ok(Ok(()))) && !std::thread::panicking() {
            panic!("the databases of {} were not dropped", self.name());
        }
    }
}

async fn drop_all(uri: &str, name: &str) -> mongodb::error::Result<()> {
    let client = mongodb::Client::with_uri_str(uri).await?;
    for found in client.list_database_names().await? {
        if found == name || found.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')) {
            assert_is_test(&found);
            client.database(&found).drop().await?;
        }
    }
    client.shutdown().await;
    Ok(())
}

fn assert_is_test(name: &str) {
    assert!(name.split('_').any(|part| part == "test"), "«{name}» is not a database for tests: nothing was touched");
}

#[tokio::test]
#[should_panic(expected = "is not a database for tests")]
async fn other_databases_are_never_touched() {
    TestDb::named("latest").await;
}

#[tokio::test]
async fn everything_of_a_test_is_dropped() {
    let test = TestDb::new().await;
    let (name, sibling) = (test.name().to_owned(), test.sibling("legacy"));
    for db in [&name, &sibling] {
        test.db.client.database(db).collection("c").insert_one(bson::doc! { "_id": 1 }).await.unwrap();
    }
    let client = mongodb::Client::with_uri_str(&test.settings.uri).await.unwrap();
    drop(test);
    let left = client.list_database_names().await.unwrap();
    assert!(!left.contains(&name) && !left.contains(&sibling), "{left:?}");
}
