//! Reading one legacy row, tolerant of every shape it was seen in.

use bson::{RawBsonRef, RawDocument};

use super::super::rule::Noticed;
use super::moment;
use crate::accounts::model::Email;
use crate::values::Role;

/// A legacy row, and what was noticed in it so far.
pub struct Row<'a> {
    raw: &'a RawDocument,
    findings: Vec<Noticed>,
}

impl<'a> Row<'a> {
    /// A row nothing was noticed in yet.
    pub fn of(raw: &'a RawDocument) -> Self {
        Self { raw, findings: Vec::new() }
    }

    /// The row as read.
    pub fn raw(&self) -> &'a RawDocument {
        self.raw
    }

    /// What was noticed.
    pub fn into_findings(self) -> Vec<Noticed> {
        self.findings
    }

    /// Records a finding, once per code.
    pub fn notice(&mut self, noticed: Noticed) {
        if self.findings.iter().all(|known| known.code != noticed.code) {
            self.findings.push(noticed);
        }
    }

    /// The value of a field; null counts as absent.
    pub fn value(&self, field: &str) -> Option<RawBsonRef<'a>> {
        value(self.raw, field)
    }

    /// Trimmed text that isn't empty. A value of another type stays behind and is noticed.
    pub fn text(&mut self, field: &str) -> Option<&'a str> {
        match self.value(field)? {
            RawBsonRef::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => {
                self.notice(UNREADABLE);
                None
            }
        }
    }

    /// A point in time. Whatever can't be read as one stays behind and is noticed.
    pub fn moment(&mut self, field: &str) -> Option<bson::DateTime> {
        let read = moment::read(self.value(field)?);
        if read.is_none() {
            self.notice(Noticed::refused("user.date_invalid"));
        }
        read.map(moment::stored)
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.raw.iter_elements().filter_map(Result::ok).map(|element| element.key().as_str())
    }

    /// The account's key: `user_id`, in older shapes `id`.
    pub fn user_id(&self) -> Option<&'a str> {
        user_id(self.raw)
    }

    /// The account's role; `None` for a name that is no role.
    pub fn role(&self) -> Option<Role> {
        role(self.raw)
    }

    /// How people know the row: its account key, else its `_id`.
    pub fn id(&self) -> String {
        self.user_id().map_or_else(|| super::super::leaf::shown_id(self.raw), str::to_owned)
    }
}

/// A value of a type this field never has.
pub const UNREADABLE: Noticed = Noticed::refused("user.value_unreadable");

/// The value of a field; null counts as absent.
pub fn value<'a>(raw: &'a RawDocument, field: &str) -> Option<RawBsonRef<'a>> {
    raw.get(field).ok().flatten().filter(|value| !matches!(value, RawBsonRef::Null | RawBsonRef::Undefined))
}

/// The account's key: `user_id`, in older shapes `id`.
pub fn user_id(raw: &RawDocument) -> Option<&str> {
    ["user_id", "id"]
        .into_iter()
        .find_map(|field| value(raw, field)?.as_str().map(str::trim).filter(|text| !text.is_empty()))
}

/// The account's role. A row without one is an ordinary user; the older field `ugc_role` raises an ordinary user to what
/// its profile made of it. `None` for a name that is no role.
pub fn role(raw: &RawDocument) -> Option<Role> {
    let named = |field| match value(raw, field) {
        None => Some(Role::User),
        Some(RawBsonRef::String(name)) => Role::parse(name.trim()),
        Some(_) => None,
    };
    let role = named("role")?;
    match (role, named("ugc_role")) {
        (Role::User, Some(raised @ (Role::Creator | Role::Brand))) => Some(raised),
        _ => Some(role),
    }
}

/// The e-mail as accounts are found by it; `None` when there is none.
pub fn email(raw: &RawDocument) -> Option<String> {
    let email = Email::normalise(value(raw, "email")?.as_str()?);
    Some(email.as_str().to_owned()).filter(|email| !email.is_empty())
}
