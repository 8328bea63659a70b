//! Optional words in component props.

use std::borrow::Cow;

/// A prop that may be left out: takes `&'static str`, `String`, and `Option`s of both, so that a call site never
/// needs `.map(Into::into)` or `.to_string()` to satisfy a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Option<Cow<'static, str>>);

impl Text {
    /// The words, if any were given. An empty string counts as given.
    pub fn get(self) -> Option<Cow<'static, str>> {
        self.0
    }

    /// Whether any words were given.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// The words, or `fallback`.
    pub fn or(self, fallback: impl Into<Cow<'static, str>>) -> Cow<'static, str> {
        self.0.unwrap_or_else(|| fallback.into())
    }
}

impl From<&'static str> for Text {
    fn from(words: &'static str) -> Self {
        Self(Some(words.into()))
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self(Some(words.into()))
    }
}

impl From<Cow<'static, str>> for Text {
    fn from(words: Cow<'static, str>) -> Self {
        Self(Some(words))
    }
}

impl<T: Into<Text>> From<Option<T>> for Text {
    fn from(words: Option<T>) -> Self {
        words.map(Into::into).unwrap_or_default()
    }
}

/// Text for elements whose content is text alone (a title, a text area), as `inner_html`. As a child, Leptos would put
/// its own marks behind it, which there would be read as text.
pub fn raw_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}
