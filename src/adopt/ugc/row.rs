//! Reading one legacy row of a campaign collection, tolerant of every shape it was seen in.

use bson::{Bson, DateTime, Document, RawBsonRef, RawDocument};

use super::super::leaf::shown_id;
use super::super::rule::Noticed;
use super::super::shift::Shift;
use super::super::users::moment;
use crate::db::timestamp;
use crate::values::LocalDate;

/// What a collection's rows are told by when something in them can't be read.
#[derive(Debug)]
pub struct Codes {
    /// The row's own key besides `id`, as older rows call it.
    pub key: &'static str,
    /// A date that is none.
    pub date: &'static str,
    /// A value of a type its field never has.
    pub unreadable: &'static str,
}

/// A legacy row, and what was noticed in it so far.
pub struct Row<'a> {
    raw: &'a RawDocument,
    shift: Shift,
    codes: &'static Codes,
    findings: Vec<Noticed>,
}

impl<'a> Row<'a> {
    /// A row nothing was noticed in yet.
    pub fn of(raw: &'a RawDocument, shift: Shift, codes: &'static Codes) -> Self {
        Self { raw, shift, codes, findings: Vec::new() }
    }

    /// The row as read.
    pub fn raw(&self) -> &'a RawDocument {
        self.raw
    }

    /// The row as a document; one that can't be decoded is kept as its bytes, so that nothing of it is lost.
    pub fn whole(&self) -> Document {
        Document::try_from(self.raw).unwrap_or_else(|_| {
            let bytes = self.raw.as_bytes().to_vec();
            bson::doc! { "raw_bson": bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes } }
        })
    }

    /// Its `_id`.
    pub fn row_id(&self) -> Bson {
        self.value("_id").and_then(|id| Bson::try_from(id).ok()).unwrap_or(Bson::Null)
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

    /// Records a finding if it is one.
    pub fn notice_if(&mut self, is_so: bool, noticed: Noticed) {
        if is_so {
            self.notice(noticed);
        }
    }

    /// Records a finding about a part of the row: there may be others of its code.
    pub fn notice_part(&mut self, noticed: Noticed) {
        self.findings.push(noticed);
    }

    /// The public key: `id`, in older shapes the entity's own name for it.
    pub fn key(&self) -> Option<&'a str> {
        key(self.raw, self.codes)
    }

    /// How people know the row.
    pub fn shown(&self) -> String {
        self.key().map_or_else(|| shown_id(self.raw), str::to_owned)
    }

    /// Whether a field is there and not null.
    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    /// The value of a field; null counts as absent.
    pub fn value(&self, field: &str) -> Option<RawBsonRef<'a>> {
        value(self.raw, field)
    }

    /// Text as stored, empty text included; nothing else.
    pub fn stored(&self, field: &str) -> Option<&'a str> {
        self.value(field)?.as_str()
    }

    /// Trimmed text that isn't empty. A value of another type stays behind and is noticed.
    pub fn text(&mut self, field: &str) -> Option<String> {
        match self.value(field)? {
            RawBsonRef::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
            _ => self.unreadable(),
        }
    }

    /// A point in time, moved. Whatever can't be read as one stays behind and is noticed.
    pub fn moment(&mut self, field: &str) -> Option<DateTime> {
        let value = self.value(field)?;
        if value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return None;
        }
        let read = moment::read(value).map(moment::stored);
        if read.is_none() {
            self.notice(Noticed::refused(self.codes.date));
        }
        read.map(|at| self.shift.moment(at))
    }

    /// When the row was made: as stored in one of these fields, else the moment its `_id` was made.
    pub fn made_at(&mut self, fields: &[&str]) -> Option<DateTime> {
        let stored = fields.iter().find_map(|field| self.moment(field));
        stored.or_else(|| Some(self.shift.moment(self.row_id().as_object_id()?.timestamp())))
    }

    /// The calendar day of a stored UTC value, whatever its format, moved.
    pub fn day(&mut self, field: &str) -> Option<LocalDate> {
        self.unmoved_day(field).map(|day| self.shift.day(day))
    }

    /// A calendar day that stays where it is: somebody's birth.
    pub fn unmoved_day(&mut self, field: &str) -> Option<LocalDate> {
        let value = self.value(field)?;
        if let Some(text) = value.as_str() {
            if text.trim().is_empty() {
                return None;
            }
            if let Some(day) = LocalDate::parse(text) {
                return Some(day);
            }
        }
        let at = moment::read(value).map(moment::stored).and_then(timestamp);
        if at.is_none() {
            self.notice(Noticed::refused(self.codes.date));
        }
        at.map(|at| LocalDate(at.to_zoned(jiff::tz::TimeZone::UTC).date()))
    }

    /// A whole number; a fraction is rounded, digits in text count.
    pub fn integer(&mut self, field: &str) -> Option<i64> {
        match self.value(field)? {
            RawBsonRef::Int32(number) => Some(i64::from(number)),
            RawBsonRef::Int64(number) => Some(number),
            RawBsonRef::Double(number) if number.is_finite() && number.abs() < 1e15 => Some(number.round() as i64),
            RawBsonRef::String(text) if text.trim().is_empty() => None,
            RawBsonRef::String(text) => text.trim().parse().ok().or_else(|| self.unreadable()),
            _ => self.unreadable(),
        }
    }

    /// A whole number that fits where small ones are stored.
    pub fn small(&mut self, field: &str) -> Option<i32> {
        let number = self.integer(field)?;
        i32::try_from(number).ok().or_else(|| self.unreadable())
    }

    /// A number.
    pub fn number(&mut self, field: &str) -> Option<f64> {
        match self.value(field)? {
            RawBsonRef::Int32(number) => Some(f64::from(number)),
            RawBsonRef::Int64(number) => Some(number as f64),
            RawBsonRef::Double(number) if number.is_finite() => Some(number),
            _ => self.unreadable(),
        }
    }

    /// A yes or no; anything else is absent.
    pub fn flag(&self, field: &str) -> Option<bool> {
        self.value(field)?.as_bool()
    }

    /// The texts of a list, trimmed, empty ones left out.
    pub fn texts(&mut self, field: &str) -> Vec<String> {
        let Some(value) = self.value(field) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.unreadable::<()>();
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.into_iter().flatten() {
            match item.as_str() {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => texts.push(text.trim().to_owned()),
                None => drop(self.unreadable::<()>()),
            }
        }
        texts
    }

    /// A part of the row, to be read like a row. What is noticed in it is taken over with [`Row::absorb`].
    pub fn part(&mut self, field: &str) -> Option<Row<'a>> {
        match self.value(field)? {
            RawBsonRef::Document(part) => Some(Row::of(part, self.shift, self.codes)),
            _ => self.unreadable(),
        }
    }

    /// The parts of a list.
    pub fn parts(&mut self, field: &str) -> Vec<Row<'a>> {
        let Some(value) = self.value(field) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.unreadable::<()>();
            return Vec::new();
        };
        let items: Vec<_> = items.into_iter().flatten().collect();
        let parts: Vec<_> = items.iter().filter_map(|item| item.as_document()).collect();
        if parts.len() < items.len() {
            self.unreadable::<()>();
        }
        parts.into_iter().map(|part| Row::of(part, self.shift, self.codes)).collect()
    }

    /// Takes over what was noticed in a part.
    pub fn absorb(&mut self, part: Row<'_>) {
        part.findings.into_iter().for_each(|noticed| self.notice(noticed));
    }

    fn unreadable<T>(&mut self) -> Option<T> {
        self.notice(Noticed::refused(self.codes.unreadable));
        None
    }
}

/// The public key of a row: `id`, in older shapes the entity's own name for it.
pub fn key<'a>(raw: &'a RawDocument, codes: &Codes) -> Option<&'a str> {
    ["id", codes.key].into_iter().find_map(|field| text(raw, field))
}

/// Trimmed text that isn't empty.
pub fn text<'a>(raw: &'a RawDocument, field: &str) -> Option<&'a str> {
    value(raw, field)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The value of a field; null counts as absent.
pub fn value<'a>(raw: &'a RawDocument, field: &str) -> Option<RawBsonRef<'a>> {
    raw.get(field).ok().flatten().filter(|value| !matches!(value, RawBsonRef::Null | RawBsonRef::Undefined))
}
