//! What somebody typed, as typed: kept in drafts and in refused forms, so that nothing has to be typed twice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values by field; lists have several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<String, Vec<String>>);

/// Longest value kept.
const LONGEST_CHARACTERS: usize = 2_000;

impl Typed {
    /// A posted form's pairs, as far as they are of these fields.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>, fields: &[&str]) -> Self {
        let mut typed = Self::default();
        for (field, value) in pairs.into_iter().filter(|(field, _)| fields.contains(&field.as_str())) {
            typed.0.entry(field).or_default().push(value.chars().take(LONGEST_CHARACTERS).collect());
        }
        typed
    }

    /// Sets a field to one value.
    pub fn put(&mut self, field: &str, value: impl Into<String>) {
        self.0.insert(field.to_owned(), vec![value.into()]);
    }

    /// Sets a field to several values.
    pub fn put_all(&mut self, field: &str, values: impl IntoIterator<Item = String>) {
        self.0.insert(field.to_owned(), values.into_iter().collect());
    }

    /// A field's only value, without white space at its ends.
    pub fn text(&self, field: &str) -> &str {
        self.0.get(field).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// The same, for a form's field; none when there is nothing.
    pub fn value(&self, field: &str) -> Option<String> {
        self.0.get(field).and_then(|values| values.first()).cloned()
    }

    /// All values of a field.
    pub fn all(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }
}
