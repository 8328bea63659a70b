//! Stored values that must never reach a page, a log or a file.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// A hash, an encrypted secret, a hashed recovery code. The database can hold it; every human-readable format (JSON, so
/// pages, exports and logs) refuses it, and `Debug` shows nothing.
#[derive(Clone, Debug)]
pub struct Sealed(SecretString);

impl Sealed {
    /// Seals a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into().into())
    }

    /// The value, for comparing and verifying only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return Err(ser::Error::custom("a sealed value has no readable form"));
        }
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Holder {
        sealed: Option<Sealed>,
    }

    #[test]
    fn the_database_can_hold_it_and_nothing_readable_can() {
        let holder = Holder { sealed: Some(Sealed::new("$2b$12$abc")) };
        let stored = bson::serialize_to_vec(&holder).unwrap();
        let read: Holder = bson::deserialize_from_slice(&stored).unwrap();
        assert_eq!(read.sealed.as_ref().unwrap().expose(), "$2b$12$abc");
        assert!(serde_json::to_string(&holder).is_err());
        assert!(!format!("{:?}", holder.sealed).contains("2b"));
    }
}
