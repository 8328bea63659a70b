//! What the operator asks for besides the dump itself.

use crate::i18n::import as words;

/// Databases to rename and namespaces to leave out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Databases imported under another name.
    pub map: Vec<Mapping>,
    /// Namespaces left out, each with the reason that goes into the report.
    pub skip: Vec<Skip>,
}

/// `OLD=NEW`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Name in the dump.
    pub from: String,
    /// Name on the server.
    pub to: String,
}

/// `NAMESPACE=reason`. A namespace is `database.collection`, `oplog`, or one index: `database.collection.$index`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// As named in the dump.
    pub namespace: String,
    /// Why it is left out.
    pub reason: String,
}

impl std::str::FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok(Self { from: from.into(), to: to.into() }),
            _ => Err(words::MAP_SYNTAX.into()),
        }
    }
}

impl std::str::FromStr for Skip {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((namespace, reason)) if !namespace.is_empty() && !reason.trim().is_empty() => {
                Ok(Self { namespace: namespace.into(), reason: reason.trim().into() })
            }
            _ => Err(words::SKIP_SYNTAX.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_needed() {
        assert_eq!("a=b".parse(), Ok(Mapping { from: "a".into(), to: "b".into() }));
        assert_eq!(
            "d.c=no = hace falta".parse(),
            Ok(Skip { namespace: "d.c".into(), reason: "no = hace falta".into() })
        );
        for text in ["a", "=b", "a=", ""] {
            assert!(text.parse::<Mapping>().is_err(), "{text}");
            assert!(text.parse::<Skip>().is_err(), "{text}");
        }
    }
}
