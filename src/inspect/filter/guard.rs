//! What a filter may say: one list of operators, limits, and no word about secrets.
//!
//! The same walk serves conditions and raw filters. A secret can't be reached by its path, below it or through it, as a
//! dotted or nested name, inside `$or`, `$elemMatch` or `$not`, in an expression (`"$password"`), nor by comparing a whole
//! sub-document that names it. Variables such as `$$ROOT` stand for whole documents and are refused, and so are operators
//! that take a field's name as data (`$getField`, `$objectToArray`): they aren't on the list.

use std::collections::BTreeSet;

use bson::{Bson, Document};

use super::super::masks::{self, Visibility};
use crate::i18n::filters as words;

/// Operators on a field's value.
const ON_FIELDS: &[&str] = &[
    "$eq",
    "$ne",
    "$gt",
    "$gte",
    "$lt",
    "$lte",
    "$in",
    "$nin",
    "$exists",
    "$type",
    "$regex",
    "$options",
    "$not",
    "$elemMatch",
    "$all",
    "$size",
    "$mod",
];

/// Operators on whole conditions.
const ON_CONDITIONS: &[&str] = &["$and", "$or", "$nor", "$expr"];

/// Every operator a filter may use outside expressions.
pub const OPERATORS: [&[&str]; 2] = [ON_FIELDS, ON_CONDITIONS];

/// Operators inside `$expr`: comparisons, logic, arithmetic and a few readings of a value.
pub const EXPRESSIONS: &[&str] = &[
    "$and",
    "$or",
    "$not",
    "$eq",
    "$ne",
    "$gt",
    "$gte",
    "$lt",
    "$lte",
    "$cmp",
    "$in",
    "$size",
    "$type",
    "$isArray",
    "$ifNull",
    "$cond",
    "$add",
    "$subtract",
    "$multiply",
    "$divide",
    "$abs",
    "$mod",
    "$strLenCP",
    "$toLower",
    "$toUpper",
    "$trim",
    "$substrCP",
    "$year",
    "$month",
    "$dayOfMonth",
    "$toDate",
    "$literal",
];

/// Bytes of a raw filter.
pub(super) const LONGEST: usize = 8 * 1024;
/// Levels of nesting.
const DEEPEST: usize = 10;
/// Names and values in all.
const MOST_PARTS: usize = 2_000;
/// Values in one list.
const MOST_VALUES: usize = 1_000;
/// Regular expressions in all, and characters of one.
const MOST_PATTERNS: usize = 8;
const LONGEST_PATTERN: usize = 200;

/// Looks through the parts of one filter.
pub(super) struct Guard<'a> {
    collection: &'a str,
    parts: usize,
    patterns: usize,
    personal: BTreeSet<String>,
}

type Verdict = Result<(), String>;

impl<'a> Guard<'a> {
    pub(super) fn new(collection: &'a str) -> Self {
        Self { collection, parts: 0, patterns: 0, personal: BTreeSet::new() }
    }

    /// Lets a part through or says what is in the way.
    pub(super) fn admit(&mut self, filter: &Document) -> Verdict {
        self.conditions(filter, "", 0)
    }

    /// The personal paths looked at so far.
    pub(super) fn personal(self) -> Vec<String> {
        self.personal.into_iter().collect()
    }

    /// A document of conditions on fields below `prefix`.
    fn conditions(&mut self, filter: &Document, prefix: &str, depth: usize) -> Verdict {
        self.count(depth)?;
        for (name, value) in filter {
            match (name.as_str(), value) {
                ("$and" | "$or" | "$nor", Bson::Array(parts)) => {
                    for part in parts {
                        let part = part.as_document().ok_or_else(|| words::misplaced(name))?;
                        self.conditions(part, prefix, depth + 1)?;
                    }
                }
                ("$expr", expression) if prefix.is_empty() => self.expression(expression, depth + 1)?,
                (name, _) if name.starts_with('$') => return Err(words::forbidden(name)),
                (name, value) => {
                    let path = self.field(prefix, name)?;
                    self.condition(value, &path, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// What is asked of one field: operators, or a value to equal.
    fn condition(&mut self, value: &Bson, path: &str, depth: usize) -> Verdict {
        self.count(depth)?;
        let Bson::Document(asked) = value else {
            return self.value(value, path, depth);
        };
        if !asked.keys().any(|name| name.starts_with('$')) {
            return self.value(value, path, depth);
        }
        for (name, operand) in asked {
            match (name.as_str(), operand) {
                ("$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte", operand) => self.value(operand, path, depth + 1)?,
                ("$in" | "$nin" | "$all", Bson::Array(values)) if values.len() <= MOST_VALUES => {
                    self.value(operand, path, depth + 1)?;
                }
                ("$in" | "$nin" | "$all", Bson::Array(_)) => return Err(words::too_many_values(MOST_VALUES)),
                ("$exists", Bson::Boolean(_) | Bson::Int32(_)) | ("$size", Bson::Int32(_) | Bson::Int64(_)) => {}
                ("$type", Bson::String(_) | Bson::Int32(_) | Bson::Array(_)) => self.value(operand, path, depth + 1)?,
                ("$mod", Bson::Array(two)) if two.len() == 2 => self.value(operand, path, depth + 1)?,
                ("$regex", Bson::String(pattern)) => self.pattern(pattern)?,
                ("$regex", Bson::RegularExpression(_)) => self.value(operand, path, depth + 1)?,
                ("$options", Bson::String(options)) if options.bytes().all(|byte| b"imsx".contains(&byte)) => {}
                ("$not", Bson::Document(_) | Bson::RegularExpression(_)) => self.condition(operand, path, depth + 1)?,
                ("$elemMatch", Bson::Document(inner)) => {
                    let on_values = inner.keys().any(|name| ON_FIELDS.contains(&name.as_str()));
                    if on_values {
                        self.condition(operand, path, depth + 1)?
                    } else {
                        self.conditions(inner, path, depth + 1)?
                    }
                }
                (name, _) if ON_FIELDS.contains(&name) => return Err(words::misplaced(name)),
                (name, _) if name.starts_with('$') => return Err(words::forbidden(name)),
                (name, _) => return Err(words::mixed(name)),
            }
        }
        Ok(())
    }

    /// A value compared with: no operators, no code, and no secret named at any depth.
    fn value(&mut self, value: &Bson, path: &str, depth: usize) -> Verdict {
        self.count(depth)?;
        match value {
            Bson::Document(inner) => {
                for (name, value) in inner {
                    if name.starts_with('$') {
                        return Err(words::forbidden(name));
                    }
                    let below = self.field(path, name)?;
                    self.value(value, &below, depth + 1)?;
                }
                Ok(())
            }
            Bson::Array(items) => items.iter().try_for_each(|item| self.value(item, path, depth + 1)),
            Bson::RegularExpression(regex) => self.pattern(regex.pattern.as_str()),
            Bson::JavaScriptCode(_) | Bson::JavaScriptCodeWithScope(_) => Err(words::CODE.into()),
            _ => Ok(()),
        }
    }

    fn expression(&mut self, expression: &Bson, depth: usize) -> Verdict {
        self.count(depth)?;
        match expression {
            Bson::String(text) if text.starts_with("$$") => Err(words::forbidden(text)),
            Bson::String(text) => match text.strip_prefix('$') {
                Some(path) => self.field("", path).map(drop),
                None => Ok(()),
            },
            Bson::Array(items) => items.iter().try_for_each(|item| self.expression(item, depth + 1)),
            Bson::Document(call) => {
                let mut calls = call.iter();
                match (calls.next(), calls.next()) {
                    (Some((name, operand)), None) if name == "$literal" => self.value(operand, "", depth + 1),
                    (Some((name, Bson::Document(named))), None) if matches!(name.as_str(), "$cond" | "$trim") => {
                        named.values().try_for_each(|operand| self.expression(operand, depth + 1))
                    }
                    (Some((name, operand)), None) if EXPRESSIONS.contains(&name.as_str()) => {
                        self.expression(operand, depth + 1)
                    }
                    (Some((name, _)), _) => Err(words::forbidden(name)),
                    (None, _) => Ok(()),
                }
            }
            Bson::JavaScriptCode(_) | Bson::JavaScriptCodeWithScope(_) => Err(words::CODE.into()),
            Bson::RegularExpression(regex) => self.pattern(regex.pattern.as_str()),
            _ => Ok(()),
        }
    }

    /// The path of a name below a prefix, unless it is secret.
    fn field(&mut self, prefix: &str, name: &str) -> Result<String, String> {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        match masks::of_path(self.collection, &path) {
            Visibility::Secret => Err(words::secret(&path)),
            Visibility::Personal => {
                self.personal.insert(path.clone());
                Ok(path)
            }
            Visibility::Open => Ok(path),
        }
    }

    fn pattern(&mut self, pattern: &str) -> Verdict {
        self.patterns += 1;
        if self.patterns > MOST_PATTERNS {
            return Err(words::too_many_patterns(MOST_PATTERNS));
        }
        if pattern.chars().count() > LONGEST_PATTERN {
            return Err(words::long_pattern(LONGEST_PATTERN));
        }
        if repeats_a_repetition(pattern) { Err(words::EXPLOSIVE_PATTERN.into()) } else { Ok(()) }
    }

    fn count(&mut self, depth: usize) -> Verdict {
        self.parts += 1;
        if depth > DEEPEST {
            return Err(words::too_deep(DEEPEST));
        }
        if self.parts > MOST_PARTS { Err(words::too_large(MOST_PARTS)) } else { Ok(()) }
    }
}

/// Whether a group that repeats something is itself repeated (`(a+)+`): such patterns can take for ever.
fn repeats_a_repetition(pattern: &str) -> bool {
    let mut groups: Vec<bool> = Vec::new();
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        let repeated = |next: Option<&char>| matches!(next, Some('*' | '+' | '{'));
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '(' => groups.push(false),
            ')' => {
                let inside = groups.pop().unwrap_or(false);
                if inside && repeated(letters.peek()) {
                    return true;
                }
                if let Some(outer) = groups.last_mut() {
                    *outer |= inside;
                }
            }
            '*' | '+' | '{' => {
                if let Some(group) = groups.last_mut() {
                    *group = true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::repeats_a_repetition;

    #[test]
    fn explosive_patterns_are_known() {
        for pattern in ["(a+)+$", "(a*)*b", "((ab)+c)*", "(x{2,}){3}"] {
            assert!(repeats_a_repetition(pattern), "{pattern}");
        }
        for pattern in ["^abc+$", "(abc)+", "[(a+)+]", "\\(a+\\)+", "(a|b)c*"] {
            assert!(!repeats_a_repetition(pattern), "{pattern}");
        }
    }
}
