//! What will happen to each namespace of a dump: decided from its definitions alone, before its documents are read.

use std::collections::BTreeMap;

use super::failure::Refusal;
use super::options::Options;
use super::report::Skipped;
use crate::dump::{Definition, Kind, Overview, index_name, names};
use crate::i18n::import as words;

/// Databases that belong to the server.
const SERVER_DATABASES: [&str; 3] = ["admin", "config", "local"];

/// The decision about every definition of a dump, in its order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One per definition.
    pub decisions: Vec<Decision>,
    /// Indexes left out of collections that are imported.
    pub skipped_indexes: Vec<Skipped>,
}

/// What happens to one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Imported into this database.
    Load {
        /// The definition, without the indexes that are skipped.
        definition: Box<Definition>,
        /// Name on the server.
        database: String,
    },
    /// Left out and reported.
    Skip {
        /// Why.
        reason: String,
    },
    /// The oplog: left out when it holds no change, refused otherwise, because we don't replay it.
    Oplog,
}

impl Plan {
    /// Decides, or says everything that stands in the way.
    pub fn new(overview: &Overview, options: &Options, live_db: &str) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let targets = targets(overview, options, live_db, &mut refusals);
        let mut unused: Vec<&str> = options.skip.iter().map(|skip| skip.namespace.as_str()).collect();
        let mut plan = Self { decisions: Vec::new(), skipped_indexes: Vec::new() };
        for definition in &overview.definitions {
            let namespace = definition.namespace();
            let asked = options.skip.iter().find(|skip| skip.namespace == namespace);
            unused.retain(|name| *name != namespace);
            let decision = if let Some(skip) = asked {
                Decision::Skip { reason: skip.reason.clone() }
            } else if definition.kind == Kind::Oplog {
                Decision::Oplog
            } else if SERVER_DATABASES.contains(&definition.database.as_str()) {
                Decision::Skip { reason: words::server_database(&definition.database) }
            } else if definition.collection.starts_with("$admin.") {
                Decision::Skip { reason: words::SERVER_USERS.into() }
            } else {
                if let Some(feature) = impossible_name(definition) {
                    refusals.push(Refusal { namespace: namespace.clone(), feature });
                }
                let definition = plan.without_skipped_indexes(definition, options, &mut unused);
                let database = targets.get(definition.database.as_str()).cloned().unwrap_or_default();
                Decision::Load { definition: Box::new(definition), database }
            };
            plan.decisions.push(decision);
        }
        for name in unused {
            refusals.push(Refusal { namespace: name.into(), feature: words::SKIP_UNKNOWN.into() });
        }
        if refusals.is_empty() { Ok(plan) } else { Err(refusals) }
    }

    /// The databases that will be made, each once, in order.
    pub fn databases(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for decision in &self.decisions {
            if let Decision::Load { definition, database } = decision
                && !found.iter().any(|(name, _)| name == database)
            {
                found.push((database.clone(), definition.database.clone()));
            }
        }
        found
    }

    /// The namespaces that will be made: place in the dump, definition, database.
    pub fn loads(&self) -> impl Iterator<Item = (usize, &Definition, &str)> {
        self.decisions.iter().enumerate().filter_map(|(index, decision)| match decision {
            Decision::Load { definition, database } => Some((index, &**definition, database.as_str())),
            _ => None,
        })
    }

    fn without_skipped_indexes(
        &mut self,
        definition: &Definition,
        options: &Options,
        unused: &mut Vec<&str>,
    ) -> Definition {
        let mut kept = definition.clone();
        let prefix = format!("{}.$", definition.namespace());
        let asked = options.skip.iter().filter_map(|skip| Some((skip.namespace.strip_prefix(&prefix)?, skip)));
        for (name, skip) in asked {
            let Some(indexes) = &mut kept.indexes else { continue };
            let before = indexes.len();
            indexes.retain(|index| index_name(index) != Some(name) || name == "_id_");
            if indexes.len() < before {
                unused.retain(|unused| *unused != skip.namespace);
                self.skipped_indexes.push(Skipped { namespace: skip.namespace.clone(), reason: skip.reason.clone() });
            }
        }
        kept
    }
}

/// The server's name for every database of the dump.
fn targets<'a>(
    overview: &'a Overview,
    options: &Options,
    live_db: &str,
    refusals: &mut Vec<Refusal>,
) -> BTreeMap<&'a str, String> {
    let mut targets = BTreeMap::new();
    for definition in overview.definitions.iter().filter(|definition| definition.kind != Kind::Oplog) {
        let from = definition.database.as_str();
        if SERVER_DATABASES.contains(&from) || targets.contains_key(from) {
            continue;
        }
        let mapped = options.map.iter().find(|mapping| mapping.from == from).map(|mapping| mapping.to.clone());
        let to = mapped.unwrap_or_else(|| from.to_owned());
        let feature = if names::check_database(&to).is_err() || SERVER_DATABASES.contains(&to.as_str()) {
            Some(words::target_name(&to))
        } else if to.eq_ignore_ascii_case(live_db) {
            Some(words::target_is_live(&to))
        } else if targets.values().any(|other: &String| other.eq_ignore_ascii_case(&to)) {
            Some(words::target_twice(&to))
        } else {
            None
        };
        refusals.extend(feature.map(|feature| Refusal { namespace: from.into(), feature }));
        targets.insert(from, to);
    }
    for (position, mapping) in options.map.iter().enumerate() {
        let repeated = options.map[..position].iter().any(|other| other.from == mapping.from);
        if repeated || !targets.contains_key(mapping.from.as_str()) {
            refusals.push(Refusal { namespace: mapping.from.clone(), feature: words::MAP_UNKNOWN.into() });
        }
    }
    targets
}

/// Names no server lets anyone create.
fn impossible_name(definition: &Definition) -> Option<String> {
    let name = definition.collection.as_str();
    if name.starts_with("system.") && name != "system.js" {
        Some(words::SYSTEM_COLLECTION.into())
    } else if name.contains('$') {
        Some(words::DOLLAR_NAME.into())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview(namespaces: &[(&str, &str)]) -> Overview {
        let definitions = namespaces
            .iter()
            .map(|(database, collection)| {
                let indexes = r#"{"indexes":[{"key":{"_id":1},"name":"_id_"},{"key":{"t":"text"},"name":"t_text"}]}"#;
                let metadata = if *collection == "oplog" { "" } else { indexes };
                Definition::parse(database, collection, metadata, None).unwrap()
            })
            .collect();
        Overview { definitions, ..Overview::default() }
    }

    fn plan(namespaces: &[(&str, &str)], map: &[&str], skip: &[&str]) -> Result<Plan, Vec<String>> {
        let options = Options {
            map: map.iter().map(|text| text.parse().unwrap()).collect(),
            skip: skip.iter().map(|text| text.parse().unwrap()).collect(),
        };
        Plan::new(&overview(namespaces), &options, "canje")
            .map_err(|refusals| refusals.into_iter().map(|refusal| refusal.namespace).collect())
    }

    #[test]
    fn every_namespace_has_a_decision() {
        let namespaces = [("admin", "system.version"), ("shop", "a"), ("shop", "$admin.system.users"), ("", "oplog")];
        let plan = plan(&namespaces, &["shop=legacy"], &[]).unwrap();
        assert_eq!(plan.decisions.len(), 4);
        assert!(matches!(&plan.decisions[0], Decision::Skip { reason } if reason.contains("admin")));
        assert!(matches!(&plan.decisions[1], Decision::Load { database, .. } if database == "legacy"));
        assert!(matches!(&plan.decisions[2], Decision::Skip { .. }));
        assert_eq!(plan.decisions[3], Decision::Oplog);
        assert_eq!(plan.databases(), [("legacy".to_owned(), "shop".to_owned())]);
    }

    #[test]
    fn impossible_targets_are_refused() {
        let shop = [("shop", "a"), ("other", "b")];
        assert_eq!(plan(&shop, &["shop=canje"], &[]).unwrap_err(), ["shop"]);
        assert_eq!(plan(&shop, &["shop=Canje"], &[]).unwrap_err(), ["shop"]);
        assert_eq!(plan(&shop, &["shop=admin"], &[]).unwrap_err(), ["shop"]);
        assert_eq!(plan(&shop, &["shop=a.b"], &[]).unwrap_err(), ["shop"]);
        assert_eq!(plan(&shop, &["other=Shop"], &[]).unwrap_err(), ["other"]);
        assert_eq!(plan(&shop, &["nobody=x"], &[]).unwrap_err(), ["nobody"]);
        assert_eq!(plan(&shop, &["shop=x", "shop=y"], &[]).unwrap_err(), ["shop"]);
        assert_eq!(plan(&[("canje", "a")], &[], &[]).unwrap_err(), ["canje"]);
        assert_eq!(
            plan(&[("shop", "system.profile"), ("shop", "a$b")], &[], &[]).unwrap_err(),
            ["shop.system.profile", "shop.a$b"]
        );
        assert!(plan(&[("shop", "system.js")], &[], &[]).is_ok());
    }

    #[test]
    fn a_skip_names_something_that_is_there() {
        assert_eq!(plan(&[("shop", "a")], &[], &["shop.b=typo"]).unwrap_err(), ["shop.b"]);
        assert_eq!(plan(&[("shop", "a")], &[], &["shop.a.$nothing=typo"]).unwrap_err(), ["shop.a.$nothing"]);
        assert_eq!(plan(&[("shop", "a")], &[], &["shop.a.$_id_=no"]).unwrap_err(), ["shop.a.$_id_"]);
        let skipped =
            plan(&[("shop", "a"), ("shop", "system.x")], &[], &["shop.a=old", "shop.system.x=server"]).unwrap();
        assert!(skipped.databases().is_empty());
        let index = plan(&[("shop", "a")], &[], &["shop.a.$t_text=search is elsewhere"]).unwrap();
        let (_, definition, _) = index.loads().next().unwrap();
        assert_eq!(definition.indexes.as_ref().unwrap().len(), 1);
        assert_eq!(index.skipped_indexes.len(), 1);
    }
}
