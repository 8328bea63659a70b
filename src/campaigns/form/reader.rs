//! Reads fields one by one and gathers what is wrong with them.

use std::ops::RangeInclusive;

use super::Typed;
use crate::error::FieldProblem;
use crate::i18n::campaigns::form as words;
use crate::values::{LocalDate, newlines};

/// A form that is being read.
pub(super) struct Reader<'a> {
    typed: &'a Typed,
    pub problems: Vec<FieldProblem>,
}

impl<'a> Reader<'a> {
    pub fn new(typed: &'a Typed) -> Self {
        Self { typed, problems: Vec::new() }
    }

    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        // One sentence a field: what is wrong with it first.
        if !self.problems.iter().any(|problem| problem.field == field) {
            self.problems.push(FieldProblem::new(field, message));
        }
    }

    /// What was typed, without white space at its ends; line breaks as one character.
    pub fn raw(&self, field: &str) -> String {
        self.typed.get(field).map(|text| newlines(text.trim())).unwrap_or_default()
    }

    pub fn is_ticked(&self, field: &str) -> bool {
        !self.raw(field).is_empty()
    }

    /// A text that may be missing.
    pub fn text(&mut self, field: &str, longest: usize) -> Option<String> {
        let text = self.raw(field);
        if text.chars().count() > longest {
            self.wrong(field, words::too_long(longest));
        }
        (!text.is_empty()).then_some(text)
    }

    /// A text that has to be there.
    pub fn needed(&mut self, field: &str, longest: usize, missing: &str) -> String {
        let text = self.text(field, longest);
        if text.is_none() {
            self.wrong(field, missing);
        }
        text.unwrap_or_default()
    }

    /// A number that may be missing; dots between thousands are understood.
    pub fn number(&mut self, field: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let text: String = self.raw(field).chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                self.wrong(field, words::between(*range.start(), *range.end()));
                None
            }
        }
    }

    /// A number that has to be there.
    pub fn needed_number(&mut self, field: &str, range: RangeInclusive<i64>) -> i64 {
        let before = self.problems.len();
        let number = self.number(field, range.clone());
        if number.is_none() && self.problems.len() == before {
            self.wrong(field, words::between(*range.start(), *range.end()));
        }
        number.unwrap_or(*range.start())
    }

    /// A day that may be missing.
    pub fn day(&mut self, field: &str) -> Option<LocalDate> {
        let text = self.raw(field);
        let day = LocalDate::parse(&text);
        if day.is_none() && !text.is_empty() {
            self.wrong(field, words::BAD_DATE);
        }
        day
    }

    /// A day that has to be there.
    pub fn needed_day(&mut self, field: &str) -> Option<LocalDate> {
        if self.raw(field).is_empty() {
            self.wrong(field, words::NO_DATE);
            return None;
        }
        self.day(field)
    }

    /// One of a closed list that may be left open.
    pub fn choice<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.raw(field);
        let chosen = parse(&text);
        if chosen.is_none() && !text.is_empty() {
            self.wrong(field, words::CHOOSE);
        }
        chosen
    }

    /// One of a closed list.
    pub fn needed_choice<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        if self.raw(field).is_empty() {
            self.wrong(field, words::CHOOSE);
            return None;
        }
        self.choice(field, parse)
    }
}
