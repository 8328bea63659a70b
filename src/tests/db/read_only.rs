//! Nothing gets written through the reading handle, whatever is asked of it.

use std::sync::{Arc, Mutex};

use bson::{Bson, Document, RawDocumentBuf, doc, rawdoc};
use canje::db::{
    ReadError, ReadOnlyDb,
    read_only::{COMMANDS, FORBIDDEN_OPERATORS, ReadOptions},
};
use futures::{StreamExt, TryStreamExt};
use mongodb::event::{EventHandler, command::CommandEvent};

use crate::support::TestDb;

/// Commands that change data, definitions, users, the server or somebody's session, and some that only look dangerous:
/// whatever the server knows and the list of allowed ones doesn't name.
const REFUSED_COMMANDS: &str = "
    insert update delete findAndModify findandmodify bulkWrite create drop dropDatabase createIndexes dropIndexes
    deleteIndexes reIndex renameCollection collMod convertToCapped cloneCollectionAsCapped cloneCollection clone copydb
    copydbgetnonce copydbsaslstart mapReduce mapreduce group eval $eval fsync fsyncUnlock compact autoCompact
    repairDatabase repairCursor validate validateDBMetadata applyOps doTxn godinsert emptycapped captrunc touch
    createUser updateUser dropUser dropAllUsersFromDatabase grantRolesToUser revokeRolesFromUser usersInfo createRole
    updateRole dropRole dropAllRolesFromDatabase grantPrivilegesToRole revokePrivilegesFromRole grantRolesToRole
    revokeRolesFromRole rolesInfo _mergeAuthzCollections _getUserCacheGeneration invalidateUserCache authenticate logout
    saslStart saslContinue getnonce shutdown setParameter getParameter setFeatureCompatibilityVersion
    setDefaultRWConcern setUserWriteBlockMode setClusterParameter setIndexCommitQuorum setAuditConfig setCommittedSnapshot
    setAllowMigrations setProfilingFilterGlobally profile logRotate logApplicationMessage killOp killCursors killSessions
    killAllSessions killAllSessionsByPattern endSessions refreshSessions refreshSessionsInternal startSession
    commitTransaction abortTransaction prepareTransaction coordinateCommitTransaction abortReshardCollection
    replSetInitiate replSetReconfig replSetStepDown replSetStepUp replSetFreeze replSetMaintenance replSetSyncFrom
    replSetResizeOplog replSetAbortPrimaryCatchUp replSetRequestVotes replSetUpdatePosition replSetTest appendOplogNote
    addShard removeShard startRemoveShard commitRemoveShard shardCollection unshardCollection enableSharding moveChunk
    moveRange movePrimary moveCollection mergeChunks mergeAllChunksOnShard split splitChunk splitVector
    refineCollectionShardKey reshardCollection commitReshardCollection cleanupReshardCollection balancerStart balancerStop
    addShardToZone removeShardFromZone updateZoneKeyRange cleanupOrphaned clearJumboFlag configureCollectionBalancing
    flushRouterConfig repairShardedCollectionChunksHistory transitionFromDedicatedConfigServer
    transitionToDedicatedConfigServer setShardVersion analyze analyzeShardKey configureQueryAnalyzer createSearchIndexes
    updateSearchIndex dropSearchIndex planCacheClear planCacheClearFilters planCacheSetFilter setQuerySettings
    removeQuerySettings dropConnections rotateCertificates configureFailPoint waitForFailPoint sleep lockInfo makeSnapshot
    importCollection exportCollection internalRenameIfOptionsAndIndexesMatch stageDebug cpuload reapLogicalSessionCacheNow
    refreshLogicalSessionCacheNow compactStructuredEncryptionData cleanupStructuredEncryptionData abortMoveCollection
    forceerror resetError getLastError whatsmyuri serverStatus currentOp currentop top dbHash getMore getLog getCmdLineOpts
    fle2 testCommand _configsvrAddShard _shardsvrDropCollection _movePrimary _transferMods
";

/// Stages that write, watch, or look at other people's business.
const REFUSED_STAGES: [&str; 12] = [
    "$out",
    "$merge",
    "$changeStream",
    "$currentOp",
    "$listSessions",
    "$listLocalSessions",
    "$planCacheStats",
    "$queryStats",
    "$shardedDataDistribution",
    "$_internalInhibitOptimization",
    "$mergeCursors",
    "$unknown",
];

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, Document)>>>);

impl Seen {
    fn watcher(&self) -> EventHandler<CommandEvent> {
        let seen = self.0.clone();
        EventHandler::callback(move |event| {
            if let CommandEvent::Started(started) = event {
                seen.lock().unwrap().push((started.command_name, started.command));
            }
        })
    }

    fn take(&self) -> Vec<(String, Document)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

async fn refused(db: &ReadOnlyDb, name: &str, command: Document) {
    let options = ReadOptions::default();
    let answers = [
        db.command(name, command.clone(), options).await.map(drop),
        db.batches(name, command.clone(), options).await.map(drop),
        db.cursor(name, command.clone(), options).await.map(drop),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(ReadError::Forbidden { .. })), "{command} → {answer:?}");
    }
}

#[tokio::test]
async fn no_write_passes_and_the_cluster_stays_silent() {
    let test = TestDb::new().await;
    let (live, other) = (test.name().to_owned(), test.sibling("other"));
    let victim = test.db.live.collection::<Document>("c");
    victim.insert_one(doc! { "_id": 1, "a": [1, 2] }).await.unwrap();

    let ours = doc! { "$match": { "ns.db": { "$regex": format!("^{live}") } } };
    let mut changes = test.db.client.watch().pipeline([ours]).await.unwrap();

    let seen = Seen::default();
    let db = ReadOnlyDb::connect_watched(&test.settings, seen.watcher()).await.unwrap();
    seen.take();

    for name in REFUSED_COMMANDS.split_whitespace() {
        let mut as_given = doc! { name: "c" };
        as_given.extend(
            doc! { "documents": [{ "_id": 2 }], "deletes": [{ "q": {}, "limit": 0 }], "to": format!("{other}.c") },
        );
        refused(&db, &live, as_given.clone()).await;
        refused(&db, "admin", as_given.clone()).await;
        refused(&db, &live, doc! { "explain": as_given, "verbosity": "executionStats" }).await;
        // Not even as a further field of something harmless.
        refused(&db, &live, doc! { "ping": 1, name: "c" }).await;
    }
    for stage in REFUSED_STAGES {
        let stage = doc! { stage: { "into": "d", "db": &other, "coll": "d" } };
        let pipelines = [
            vec![stage.clone()],
            vec![doc! { "$match": {} }, stage.clone()],
            vec![doc! { "$facet": { "a": [stage.clone()] } }],
            vec![doc! { "$lookup": { "from": "c", "as": "x", "pipeline": [stage.clone()] } }],
            vec![doc! { "$unionWith": { "coll": "c", "pipeline": [stage.clone()] } }],
        ];
        for pipeline in pipelines {
            let aggregate = doc! { "aggregate": "c", "pipeline": pipeline, "cursor": {} };
            refused(&db, &live, aggregate.clone()).await;
            refused(&db, &live, doc! { "explain": aggregate }).await;
        }
    }
    for operator in FORBIDDEN_OPERATORS {
        let value = doc! { *operator: { "body": "function() { return true }", "args": [], "lang": "js" } };
        for command in [
            doc! { "find": "c", "filter": value.clone() },
            doc! { "find": "c", "filter": { "$expr": value.clone() } },
            doc! { "find": "c", "filter": { "$and": [{ "$or": [value.clone()] }] } },
            doc! { "find": "c", "projection": { "x": { "$filter": { "input": [value.clone()] } } } },
            doc! { "count": "c", "query": value.clone() },
            doc! { "distinct": "c", "key": "a", "query": { "a": { "$elemMatch": value.clone() } } },
            doc! { "aggregate": "c", "cursor": {}, "pipeline": [{ "$group": { "_id": 1, "x": value.clone() } }] },
            doc! { "aggregate": "c", "cursor": {}, "pipeline": [{ "$addFields": { "x": { "$literal": [[value.clone()]] } } }] },
        ] {
            refused(&db, &live, command).await;
        }
    }
    assert_eq!(seen.take(), [], "a refused command was sent");

    // What is allowed is used as well, and changes nothing either.
    for command in every_allowed_command() {
        // The server may not know every command; that it was asked is what counts here.
        let _ = db.command(&live, command, ReadOptions::default()).await;
    }

    // The stream reports in order: when its first event is the marker, nothing came before it.
    victim.insert_one(doc! { "_id": "marker" }).await.unwrap();
    let first = changes.next().await.unwrap().unwrap();
    assert_eq!(first.document_key, Some(doc! { "_id": "marker" }), "{first:?}");
}

fn every_allowed_command() -> Vec<Document> {
    let pipeline = vec![doc! { "$match": {} }];
    COMMANDS
        .iter()
        .map(|command| match command.name {
            "find" | "count" | "listIndexes" | "collStats" => doc! { command.name: "c" },
            "distinct" => doc! { "distinct": "c", "key": "a" },
            "aggregate" => doc! { "aggregate": "c", "pipeline": pipeline.clone(), "cursor": {} },
            "explain" => doc! { "explain": { "find": "c" } },
            name => doc! { name: 1 },
        })
        .collect()
}

#[tokio::test]
async fn only_listed_commands_travel_and_each_has_a_time_limit() {
    let test = TestDb::new().await;
    let documents = (0..250).map(|n| doc! { "_id": n, "text": "x".repeat(100) });
    test.db.live.collection::<Document>("c").insert_many(documents).await.unwrap();
    let seen = Seen::default();
    let db = ReadOnlyDb::connect_watched(&test.settings, seen.watcher()).await.unwrap();

    let options = ReadOptions::default().batches_of(100);
    let find = doc! { "find": "c", "sort": { "_id": 1 } };
    let all: Vec<_> = db.cursor(test.name(), find.clone(), options).await.unwrap().try_collect().await.unwrap();
    assert_eq!(all.len(), 250);

    // A cursor that is given up half-way is closed on the server.
    let mut half = db.batches(test.name(), find, options).await.unwrap();
    assert_eq!(half.next().await.unwrap().unwrap().doc_slices().unwrap().into_iter().count(), 100);
    drop(half);

    for command in every_allowed_command() {
        let _ = db.command(test.name(), command, ReadOptions::default()).await;
    }
    assert!(db.list_databases(ReadOptions::default()).await.unwrap().contains(&test.name().to_owned()));

    let by_the_driver = ["getMore", "killCursors", "endSessions", "hello", "isMaster", "ismaster"];
    let sent = seen.take();
    for (name, command) in &sent {
        let listed = COMMANDS.iter().any(|c| c.name == name);
        assert!(listed || by_the_driver.contains(&name.as_str()), "{name} was sent");
        // The first two are ours too, from before the handle existed: the greeting.
        let greeting = matches!(name.as_str(), "hello" | "buildInfo");
        assert!(command.contains_key("maxTimeMS") || !listed || greeting, "{name} without a limit: {command}");
    }
    for command in COMMANDS {
        assert!(sent.iter().any(|(name, _)| name == command.name), "{} was never sent", command.name);
    }
}

#[tokio::test]
async fn documents_arrive_byte_for_byte() {
    let test = TestDb::new().await;
    let mut odd = RawDocumentBuf::new();
    odd.append(bson::cstr!("_id"), 1);
    odd.append(bson::cstr!("twice"), 1_i32);
    odd.append(bson::cstr!("twice"), 1_i64);
    odd.append(bson::cstr!("nested"), rawdoc! { "$odd": 1.0, "": null });
    test.db.live.collection::<RawDocumentBuf>("c").insert_one(&odd).await.unwrap();

    let db = test.read_only().await;
    let found = db.cursor(test.name(), doc! { "find": "c" }, ReadOptions::default()).await.unwrap();
    let found: Vec<_> = found.try_collect().await.unwrap();
    assert_eq!(found, [odd]);
}

#[tokio::test]
async fn what_the_server_refuses_is_an_error_and_not_an_empty_result() {
    let test = TestDb::new().await;
    test.db.live.collection("c").insert_one(doc! { "_id": 1 }).await.unwrap();
    let db = test.read_only().await;
    let nonsense = doc! { "find": "c", "filter": { "a": { "$nonsense": Bson::Null } } };
    let answer = db.cursor(test.name(), nonsense, ReadOptions::default()).await.map(drop);
    assert!(matches!(answer, Err(ReadError::Server { .. })), "{answer:?}");
}
