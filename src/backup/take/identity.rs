//! Which server this is, as whom we read it, and whether that user can see everything.

use bson::{Bson, Document, doc};

use super::trouble::Trouble;
use crate::backup::container::Server;
use crate::db::Db;

/// The server and what its user may do.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// As it goes into the manifest.
    pub server: Server,
    /// Whether the user may list every database and read every collection; `true` without access control.
    pub sees_everything: bool,
}

/// Asks the server about itself. What it won't say stays open; only `hello` and `buildInfo` must answer.
pub async fn ask(db: &Db) -> Result<Identity, Trouble> {
    let admin = db.client.database("admin");
    let hello = admin.run_command(doc! { "hello": 1 }).await?;
    let build = admin.run_command(doc! { "buildInfo": 1 }).await?;
    let status = admin.run_command(doc! { "connectionStatus": 1, "showPrivileges": true }).await?;
    let fcv = admin.run_command(doc! { "getParameter": 1, "featureCompatibilityVersion": 1 }).await.ok();
    let config = admin.run_command(doc! { "replSetGetConfig": 1 }).await.ok();
    let cluster = config.as_ref().and_then(|answer| answer.get_document("config").ok()?.get_document("settings").ok());
    let cluster = cluster.and_then(|settings| settings.get_object_id("replicaSetId").ok());
    let strings = |list: Result<&Vec<Bson>, _>| -> Vec<String> {
        list.map(|all| all.iter().filter_map(|host| host.as_str().map(str::to_owned)).collect()).unwrap_or_default()
    };
    let auth = status.get_document("authInfo").cloned().unwrap_or_default();
    let users = documents(&auth, "authenticatedUsers");
    let user = users.first().and_then(|user| user.get_str("user").ok()).map(str::to_owned);
    let privileges = documents(&auth, "authenticatedUserPrivileges");
    Ok(Identity {
        sees_everything: user.is_none() || sees_everything(&privileges),
        server: Server {
            hosts: strings(hello.get_array("hosts")),
            replica_set: hello.get_str("setName").ok().map(str::to_owned),
            cluster_id: cluster.map(|id| id.to_hex()),
            version: build.get_str("version").unwrap_or_default().to_owned(),
            fcv: fcv.and_then(|answer| {
                let version = answer.get_document("featureCompatibilityVersion").ok()?;
                version.get_str("version").ok().map(str::to_owned)
            }),
            user,
        },
    })
}

fn documents<'a>(of: &'a Document, name: &str) -> Vec<&'a Document> {
    of.get_array(name).map(|all| all.iter().filter_map(Bson::as_document).collect()).unwrap_or_default()
}

/// Listing databases on the cluster and finding in every database.
fn sees_everything(privileges: &[&Document]) -> bool {
    let may = |privilege: &Document, action: &str| {
        let actions = privilege.get_array("actions").map(Vec::as_slice).unwrap_or_default();
        actions
            .iter()
            .any(|granted| matches!(granted.as_str(), Some(granted) if granted == action || granted == "anyAction"))
    };
    let on = |privilege: &Document, cluster: bool| {
        let Ok(resource) = privilege.get_document("resource") else { return false };
        let anything = resource.get_bool("anyResource").unwrap_or(false);
        let named = |field| resource.get_str(field).is_ok_and(str::is_empty);
        anything
            || if cluster { resource.get_bool("cluster").unwrap_or(false) } else { named("db") && named("collection") }
    };
    let lists = privileges.iter().any(|privilege| on(privilege, true) && may(privilege, "listDatabases"));
    lists && privileges.iter().any(|privilege| on(privilege, false) && may(privilege, "find"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_seen_with_both_rights_on_everything() {
        let lists = doc! { "resource": { "cluster": true }, "actions": ["listDatabases"] };
        let finds = doc! { "resource": { "db": "", "collection": "" }, "actions": ["find", "listCollections"] };
        let one = doc! { "resource": { "db": "canje", "collection": "" }, "actions": ["find"] };
        let root = doc! { "resource": { "anyResource": true }, "actions": ["anyAction"] };
        assert!(sees_everything(&[&lists, &finds]));
        assert!(sees_everything(&[&root]));
        assert!(!sees_everything(&[&lists, &one]));
        assert!(!sees_everything(&[&finds]));
        assert!(!sees_everything(&[]));
    }
}
