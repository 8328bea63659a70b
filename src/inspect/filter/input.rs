//! What was typed, as it stands in the URL.

/// One row of the builder, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The dotted path.
    pub field: String,
    /// The operator's code.
    pub op: String,
    /// The value type's code.
    pub kind: String,
    /// The value.
    pub value: String,
}

impl Condition {
    /// A condition, for links made by us.
    pub fn new(field: &str, op: super::Operator, kind: super::Kind, value: &str) -> Self {
        Self { field: field.into(), op: op.code().into(), kind: kind.code().into(), value: value.into() }
    }
}

/// Everything typed into the filter form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterInput {
    /// The builder's rows; rows without a field are dropped.
    pub conditions: Vec<Condition>,
    /// The raw Extended JSON filter.
    pub raw: String,
}

impl FilterInput {
    /// The names it uses in a query string; a page's own parameters must differ.
    pub const NAMES: [&'static str; 5] = ["field", "op", "type", "value", "raw"];
    /// Conditions at most.
    pub const MOST: usize = 20;

    /// Reads decoded query or form pairs; each `field` begins a condition, other names are left alone.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut input = Self::default();
        let mut open: Option<Condition> = None;
        for (name, value) in pairs {
            match name {
                "field" => {
                    input.close(open.take());
                    open = Some(Condition { field: value.trim().into(), ..Condition::default() });
                }
                "op" | "type" | "value" => {
                    if let Some(condition) = &mut open {
                        let slot = match name {
                            "op" => &mut condition.op,
                            "type" => &mut condition.kind,
                            _ => &mut condition.value,
                        };
                        *slot = value.into();
                    }
                }
                "raw" => input.raw = value.trim().into(),
                _ => {}
            }
        }
        input.close(open);
        input
    }

    /// Reads a query string.
    pub fn from_query(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        Self::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn close(&mut self, condition: Option<Condition>) {
        self.conditions.extend(condition.filter(|condition| !condition.field.is_empty()));
    }

    /// The pairs that read back as this.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = Vec::new();
        for condition in &self.conditions {
            pairs.extend([
                ("field", condition.field.as_str()),
                ("op", condition.op.as_str()),
                ("type", condition.kind.as_str()),
                ("value", condition.value.as_str()),
            ]);
        }
        if !self.raw.is_empty() {
            pairs.push(("raw", &self.raw));
        }
        pairs
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.raw.is_empty()
    }

    /// The same without one condition.
    pub fn without(&self, at: usize) -> Self {
        let mut rest = self.clone();
        if at < rest.conditions.len() {
            rest.conditions.remove(at);
        }
        rest
    }

    /// The same without the raw part.
    pub fn without_raw(&self) -> Self {
        Self { raw: String::new(), ..self.clone() }
    }
}
