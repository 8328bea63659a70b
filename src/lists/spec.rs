//! What a list can do: its columns and its orders.

use super::model::ListName;
use crate::db::keyset::Key;
use crate::ui::CellKind;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its head.
    pub label: &'static str,
    /// What its cells are.
    pub kind: CellKind,
    /// The order its head leads to.
    pub sort: Option<&'static str>,
    /// Follows the value where the head is gone.
    pub unit: Option<&'static str>,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Column {
    /// A column that is always there.
    pub const fn new(name: &'static str, label: &'static str, kind: CellKind) -> Self {
        Self { name, label, kind, sort: None, unit: None, optional: false }
    }

    /// Its head sorts.
    pub const fn sorts(mut self, by: &'static str) -> Self {
        self.sort = Some(by);
        self
    }

    /// What follows its value on a phone.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Whoever looks may leave it out.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// An order; it can be turned round.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// Its name in addresses.
    pub name: &'static str,
    /// In words.
    pub label: &'static str,
    /// The keys, the last of them unique.
    pub keys: &'static [Key],
}

/// A list.
#[derive(Debug)]
pub struct Spec {
    /// Whose saved views it shows.
    pub name: ListName,
    /// Its columns, the identifying one first.
    pub columns: &'static [Column],
    /// Its orders, the usual one first.
    pub sorts: &'static [Sort],
    /// Rows of a page.
    pub rows: usize,
}
