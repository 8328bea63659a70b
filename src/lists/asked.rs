//! The state of a list, read from its address and written back into links.

use super::spec::{Sort, Spec};
use crate::db::keyset::{From, Key, Place};
use crate::error::AppError;

/// Longest text searched for, in characters.
const LONGEST_SEARCH: usize = 100;
/// The list's own parameters; a filter's have other names.
const SEARCH: &str = "q";
const ORDER: &str = "orden";
const HIDDEN: &str = "ocultas";
const DENSITY: &str = "densidad";
const COMPACT: &str = "compacta";
const AFTER: &str = "desde";
const BEFORE: &str = "hasta";
const END: &str = "fin";

/// Everything an address asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// The parameters of an address.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// A parameter that was given and isn't empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// A parameter out of a closed list; anything else is an address no page of ours makes.
    pub fn one_of<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, AppError> {
        self.get(name).map(|value| parse(value).ok_or(AppError::Malformed)).transpose()
    }

    /// A switch that is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// A list in the state somebody asked for.
#[derive(Clone, Debug)]
pub struct List {
    /// What it can do.
    pub spec: &'static Spec,
    path: String,
    fixed: Vec<(&'static str, String)>,
    q: Option<String>,
    sort: usize,
    is_reversed: bool,
    hidden: Vec<&'static str>,
    is_compact: bool,
    from: From,
    filter: Vec<(&'static str, String)>,
}

impl List {
    /// Reads the state of a list that stands at `path`, with parameters that never change.
    pub fn read(
        spec: &'static Spec,
        path: impl Into<String>,
        fixed: Vec<(&'static str, String)>,
        asked: &Asked,
    ) -> Result<Self, AppError> {
        let (sort, is_reversed) = match asked.get(ORDER) {
            None => (0, false),
            Some(order) => {
                let (name, is_reversed) = order.strip_prefix('-').map_or((order, false), |name| (name, true));
                let at = spec.sorts.iter().position(|sort| sort.name == name).ok_or(AppError::Malformed)?;
                (at, is_reversed)
            }
        };
        let named = |name: &str| spec.columns.iter().find(|column| column.optional && column.name == name);
        let hidden = asked.get(HIDDEN).unwrap_or_default().split(',').filter_map(named).map(|column| column.name);
        let place = |text: &str| Place::parse(text).ok_or(AppError::Malformed);
        let from = match (asked.get(AFTER), asked.get(BEFORE), asked.is_on(END)) {
            (Some(after), ..) => From::After(place(after)?),
            (None, Some(before), _) => From::Before(place(before)?),
            (None, None, true) => From::Last,
            (None, None, false) => From::First,
        };
        Ok(Self {
            spec,
            path: path.into(),
            fixed,
            q: asked.get(SEARCH).map(|q| q.chars().take(LONGEST_SEARCH).collect()),
            sort,
            is_reversed,
            hidden: hidden.collect(),
            is_compact: asked.get(DENSITY) == Some(COMPACT),
            from,
            filter: Vec::new(),
        })
    }

    /// With the screen's own filter, as it stands in addresses.
    pub fn filtered(mut self, filter: Vec<(&'static str, String)>) -> Self {
        self.filter = filter;
        self
    }

    /// What is searched for.
    pub fn q(&self) -> Option<&str> {
        self.q.as_deref()
    }

    /// The order it is in.
    pub fn sort(&self) -> &'static Sort {
        &self.spec.sorts[self.sort]
    }

    /// Whether that order is turned round.
    pub fn is_reversed(&self) -> bool {
        self.is_reversed
    }

    /// The keys of the order it is in.
    pub fn order(&self) -> Vec<Key> {
        let keys = self.sort().keys.iter();
        if self.is_reversed { keys.map(|key| key.reversed()).collect() } else { keys.copied().collect() }
    }

    /// Where the page begins.
    pub fn from(&self) -> &From {
        &self.from
    }

    /// Whether rows are low.
    pub fn is_compact(&self) -> bool {
        self.is_compact
    }

    /// Whether a column is shown.
    pub fn shows(&self, column: &str) -> bool {
        !self.hidden.contains(&column)
    }

    /// Whether something is searched for or filtered.
    pub fn is_narrowed(&self) -> bool {
        self.q.is_some() || !self.filter.is_empty()
    }

    /// Where the form that narrows it goes.
    pub fn action(&self) -> &str {
        &self.path
    }

    /// What the form that narrows it has to keep.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.fixed.clone();
        pairs.extend(self.looks());
        pairs
    }

    /// The whole list as one first finds it.
    pub fn plain_href(&self) -> String {
        self.link(Vec::new())
    }

    /// Without filters and search.
    pub fn clear_href(&self) -> String {
        self.link(self.looks())
    }

    /// Without one filter, or without the search.
    pub fn without_href(&self, parameter: &str) -> String {
        self.link(self.state().into_iter().filter(|(name, _)| *name != parameter).collect())
    }

    /// In another order.
    pub fn sorted_href(&self, sort: &str, reversed: bool) -> String {
        let mut pairs = self.state();
        pairs.retain(|(name, _)| *name != ORDER);
        pairs.push((ORDER, if reversed { format!("-{sort}") } else { sort.to_owned() }));
        self.link(pairs)
    }

    /// With a column shown or left out.
    pub fn toggled_href(&self, column: &'static str) -> String {
        let mut other = self.clone();
        match other.hidden.iter().position(|hidden| *hidden == column) {
            Some(at) => drop(other.hidden.remove(at)),
            None => other.hidden.push(column),
        }
        other.here()
    }

    /// With rows of the other height.
    pub fn density_href(&self) -> String {
        let mut other = self.clone();
        other.is_compact = !self.is_compact;
        other.here()
    }

    /// The page at a place.
    pub fn page_href(&self, from: &From) -> String {
        let mut other = self.clone();
        other.from = from.clone();
        other.here()
    }

    /// The state as a saved view keeps it: everything but the place.
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(self.state()).unwrap_or_default()
    }

    /// The list in the state of a saved view.
    pub fn view_href(&self, query: &str) -> String {
        match (self.link(Vec::new()), query) {
            (plain, "") => plain,
            (plain, query) if plain.contains('?') => format!("{plain}&{query}"),
            (plain, query) => format!("{plain}?{query}"),
        }
    }

    /// This very page, for links to its other looks and forms that come back to it.
    pub fn here(&self) -> String {
        let mut pairs = self.state();
        match &self.from {
            From::First => {}
            From::Last => pairs.push((END, "1".into())),
            From::After(place) => pairs.push((AFTER, place.to_string())),
            From::Before(place) => pairs.push((BEFORE, place.to_string())),
        }
        self.link(pairs)
    }

    /// Search, filter, and how it looks.
    fn state(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<_> = self.q.iter().map(|q| (SEARCH, q.clone())).collect();
        pairs.extend(self.filter.iter().cloned());
        pairs.extend(self.looks());
        pairs
    }

    /// Order, columns and density.
    fn looks(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.sort != 0 || self.is_reversed {
            let name = self.sort().name;
            pairs.push((ORDER, if self.is_reversed { format!("-{name}") } else { name.to_owned() }));
        }
        if !self.hidden.is_empty() {
            pairs.push((HIDDEN, self.hidden.join(",")));
        }
        if self.is_compact {
            pairs.push((DENSITY, COMPACT.into()));
        }
        pairs
    }

    fn link(&self, pairs: Vec<(&'static str, String)>) -> String {
        let all: Vec<_> = self.fixed.iter().cloned().chain(pairs).collect();
        match serde_urlencoded::to_string(all) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path),
            _ => self.path.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::ListName;
    use super::super::spec::Column;
    use super::*;
    use crate::ui::CellKind;

    static SPEC: Spec = Spec {
        name: ListName::Campaigns,
        columns: &[
            Column::new("name", "Nombre", CellKind::Primary).sorts("name"),
            Column::new("city", "Ciudad", CellKind::Text).optional(),
        ],
        sorts: &[
            Sort { name: "newest", label: "Más nuevas", keys: &[Key::descending("created_at"), Key::ascending("id")] },
            Sort { name: "name", label: "Nombre", keys: &[Key::ascending("name"), Key::ascending("id")] },
        ],
        rows: 50,
    };

    fn list(query: &str) -> Result<List, AppError> {
        let asked = Asked::new(serde_urlencoded::from_str(query).unwrap());
        List::read(&SPEC, "/admin", vec![("module", "ugc".into())], &asked)
    }

    #[test]
    fn the_whole_state_survives_in_the_address() {
        let list = list("q=%20caf%C3%A9%20&orden=-name&ocultas=city,nope&densidad=compacta").unwrap();
        assert_eq!((list.q(), list.sort().name, list.is_reversed()), (Some("café"), "name", true));
        assert!(!list.shows("city") && list.shows("name") && list.is_compact() && list.is_narrowed());
        assert_eq!(list.query(), "q=caf%C3%A9&orden=-name&ocultas=city&densidad=compacta");
        assert_eq!(list.clear_href(), "/admin?module=ugc&orden=-name&ocultas=city&densidad=compacta");
        assert_eq!(list.plain_href(), "/admin?module=ugc");
    }

    #[test]
    fn an_order_or_place_nobody_offered_is_refused() {
        for query in ["orden=password", "desde=x", "hasta=%7B%7D"] {
            assert_eq!(list(query).err(), Some(AppError::Malformed), "{query}");
        }
    }
}
