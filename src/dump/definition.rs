//! What a dump says about one namespace: its kind, options and indexes, with the metadata text exactly as found.

use super::error::Problem;
use super::raw::{self, elements, kind};
use super::{extjson, limits, names};

/// The kinds of namespace a dump can hold. A kind not listed here is refused, never skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary or capped collection.
    Collection,
    /// A view: definition only.
    View,
    /// A time series: the documents are its buckets.
    TimeSeries,
    /// The oplog entries written while the dump was taken (`--oplog`).
    Oplog,
}

impl Kind {
    /// The word used in dumps and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::View => "view",
            Self::TimeSeries => "timeseries",
            Self::Oplog => "oplog",
        }
    }
}

/// One namespace of a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Database name; empty for the oplog.
    pub database: String,
    /// Collection name.
    pub collection: String,
    /// Its kind.
    pub kind: Kind,
    /// The metadata text as found. Empty is legal: a collection with defaults.
    pub metadata: String,
    /// `options` as a BSON document, `{}` when left out.
    pub options: Vec<u8>,
    /// `indexes`, one BSON document each; `None` when the dump doesn't say.
    pub indexes: Option<Vec<Vec<u8>>>,
    /// `uuid`, 32 hexadecimal digits.
    pub uuid: Option<String>,
    /// Fields beside the known ones: of the metadata and of the archive's entry. Kept and shown, never interpreted.
    pub unknown: Vec<String>,
}

impl Definition {
    /// Reads the metadata text of `database.collection`. `stated` is the kind an archive's entry gives.
    pub fn parse(database: &str, collection: &str, metadata: &str, stated: Option<&str>) -> Result<Self, Problem> {
        let namespace = format!("{database}.{collection}");
        if metadata.len() > limits::METADATA_BYTES {
            return Err(Problem::MetadataLength { namespace });
        }
        let mut definition = Self {
            database: database.into(),
            collection: collection.into(),
            kind: Kind::Collection,
            metadata: metadata.into(),
            options: raw::Builder::new().finish(),
            indexes: None,
            uuid: None,
            unknown: Vec::new(),
        };
        let mut said = None;
        if !metadata.is_empty() {
            said = definition.read_metadata(&namespace)?;
        }
        let stated = stated.filter(|stated| !stated.is_empty());
        if let (Some(stated), Some(said)) = (stated, said.as_deref())
            && stated != said
        {
            let reason = format!("type {said:?} in the metadata, {stated:?} in the prelude");
            return Err(Problem::Metadata { namespace, reason });
        }
        let is_oplog = database.is_empty() && collection == "oplog";
        definition.kind = match stated.or(said.as_deref()) {
            None if is_oplog => Kind::Oplog,
            // Dumps older than `type` name a view by its options.
            None if raw::find(&definition.options, "viewOn").is_some() => Kind::View,
            None if raw::find(&definition.options, "timeseries").is_some() => Kind::TimeSeries,
            None | Some("collection") => Kind::Collection,
            Some("view") => Kind::View,
            Some("timeseries") => Kind::TimeSeries,
            Some(other) => return Err(Problem::Kind { namespace, kind: names::shown(other) }),
        };
        Ok(definition)
    }

    /// Fills the fields from the text; gives the `type` it states.
    fn read_metadata(&mut self, namespace: &str) -> Result<Option<String>, Problem> {
        let bad = |reason: String| Problem::Metadata { namespace: namespace.into(), reason };
        let document = extjson::to_raw(&self.metadata).map_err(|error| bad(error.to_string()))?;
        let mut said = None;
        let mut seen: Vec<&[u8]> = Vec::new();
        for element in elements(&document) {
            let element = element.map_err(|_| bad("not BSON".into()))?;
            if seen.contains(&element.key) {
                return Err(bad(format!("{} twice", element.name().unwrap_or("?"))));
            }
            seen.push(element.key);
            let name = element.name().unwrap_or("?");
            let wrong = || bad(format!("{name} has the wrong type"));
            match name {
                "options" => self.options = element.as_document().ok_or_else(wrong)?.to_vec(),
                "indexes" => {
                    if element.kind != kind::ARRAY {
                        return Err(wrong());
                    }
                    let mut indexes = Vec::new();
                    for index in elements(element.value).map_while(Result::ok) {
                        let index = index.as_document().ok_or_else(wrong)?;
                        if index_name(index).is_none() || raw::find(index, "key").is_none() {
                            return Err(bad("an index without name or key".into()));
                        }
                        indexes.push(index.to_vec());
                    }
                    self.indexes = Some(indexes);
                }
                "uuid" => self.uuid = Some(element.as_str().ok_or_else(wrong)?.to_owned()),
                "collectionName" => {
                    let stated = element.as_str().ok_or_else(wrong)?;
                    if stated != self.collection
                        && stated.strip_prefix("system.buckets.") != Some(self.collection.as_str())
                    {
                        return Err(bad(format!("collectionName is {:?}", names::shown(stated))));
                    }
                }
                "type" => said = Some(element.as_str().ok_or_else(wrong)?.to_owned()),
                _ => self.unknown.push(format!("metadata.{}", names::shown(name))),
            }
        }
        Ok(said.filter(|said| !said.is_empty()))
    }

    /// `database.collection`; the oplog is called `oplog`.
    pub fn namespace(&self) -> String {
        if self.kind == Kind::Oplog { "oplog".into() } else { format!("{}.{}", self.database, self.collection) }
    }

    /// The name the data stands under: buckets have their own below server 8.3.
    pub fn data_collection(&self, server_version: Option<ServerVersion>) -> String {
        match self.kind {
            Kind::TimeSeries if server_version.is_none_or(|version| version < ServerVersion(8, 3, 0)) => {
                format!("system.buckets.{}", self.collection)
            }
            _ => self.collection.clone(),
        }
    }

    /// Whether the collection is capped, so that order is data.
    pub fn is_capped(&self) -> bool {
        self.kind == Kind::Collection && flag(&self.options, "capped")
    }

    /// Whether the collection is clustered by `_id`: it has no `_id_` index of its own.
    pub fn is_clustered(&self) -> bool {
        raw::find(&self.options, "clusteredIndex").is_some()
    }
}

/// An index's name.
pub fn index_name(index: &[u8]) -> Option<&str> {
    raw::find(index, "name")?.as_str()
}

/// A boolean that may be stored as a boolean or as a number.
pub fn flag(document: &[u8], name: &str) -> bool {
    raw::find(document, name)
        .is_some_and(|element| element.as_bool().unwrap_or_else(|| element.as_i64().is_some_and(|n| n != 0)))
}

/// The three numeric parts of a server version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion(pub u32, pub u32, pub u32);

impl ServerVersion {
    /// Reads `8.2.11`, `7.0.28-rc0` or `6.0.5+x`. Anything without exactly three numbers is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        });
        let version = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_metadata_and_keeps_what_it_does_not_know() {
        let text = r#"{"options":{"capped":true,"size":{"$numberInt":"4096"}},"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}],"uuid":"6b025b6930724c538e52c6fe6b025b69","collectionName":"logs","type":"collection","later":1}"#;
        let definition = Definition::parse("d", "logs", text, Some("collection")).unwrap();
        assert!(definition.is_capped());
        assert_eq!(index_name(&definition.indexes.unwrap()[0]), Some("_id_"));
        assert_eq!(definition.unknown, ["metadata.later"]);
        assert_eq!(definition.metadata, text);
        let defaults = Definition::parse("d", "c", "", Some("collection")).unwrap();
        assert_eq!((defaults.kind, defaults.indexes), (Kind::Collection, None));
        assert_eq!(Definition::parse("", "oplog", "", Some("")).unwrap().kind, Kind::Oplog);
        let series = Definition::parse("d", "t", "", Some("timeseries")).unwrap();
        assert_eq!(series.data_collection(ServerVersion::parse("8.2.9")), "system.buckets.t");
        assert_eq!(series.data_collection(ServerVersion::parse("8.3.0-rc1")), "t");
    }

    #[test]
    fn refuses_metadata_it_cannot_trust() {
        for (text, stated) in [
            ("{", None),
            (r#"{"indexes":null}"#, None),
            (r#"{"indexes":[{"key":{"a":1}}]}"#, None),
            (r#"{"options":[]}"#, None),
            (r#"{"options":{},"options":{}}"#, None),
            (r#"{"collectionName":"other"}"#, None),
            (r#"{"type":"view"}"#, Some("collection")),
            (r#"{"type":"later"}"#, None),
        ] {
            assert!(Definition::parse("d", "c", text, stated).is_err(), "{text}");
        }
    }

    #[test]
    fn server_versions_need_three_numbers() {
        assert_eq!(ServerVersion::parse("8.2.11"), Some(ServerVersion(8, 2, 11)));
        assert_eq!(ServerVersion::parse("7.0.28-5-gabc"), Some(ServerVersion(7, 0, 28)));
        for text in ["", "unknown", "8.0", "8.0.x", "8.0.1.2", "8..1", "-8.0.1"] {
            assert_eq!(ServerVersion::parse(text), None, "{text}");
        }
    }
}
