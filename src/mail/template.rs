//! What a letter is made from.

use bson::Document;

/// The three parts of a rendered message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// Which sender a message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderType {
    /// The shop.
    Ecommerce,
    /// The studio.
    Studio,
    /// Creators' campaigns.
    Ugc,
    /// Brands.
    Brands,
    /// Alerts and accounts.
    System,
}

impl SenderType {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ecommerce => "ecommerce",
            Self::Studio => "studio",
            Self::Ugc => "ugc",
            Self::Brands => "brands",
            Self::System => "system",
        }
    }
}

/// A typed template: a struct with what its words need, a folder `templates/NAME/` with its three parts.
pub trait Template: Send + Sync {
    /// The stored name, also the folder's.
    fn name(&self) -> &'static str;
    /// Whose sender it has.
    fn sender(&self) -> SenderType;
    /// Draws it. `base_url` is what links begin with.
    fn render(&self, base_url: &str) -> anyhow::Result<Parts>;

    /// Whether it goes even to an address that bounced or complained: only what keeps an account safe.
    fn is_essential(&self) -> bool {
        false
    }

    /// Texts of the bodies that nobody but the recipient may read: reset links, codes. The log shows the letter without
    /// them, and forgets them once it is sent.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    /// What it was drawn from, for the log: references and amounts, no personal data.
    fn params(&self) -> Document {
        Document::new()
    }
}

/// A message to one person.
pub struct Letter<'a> {
    /// What it says.
    pub template: &'a dyn Template,
    /// One address.
    pub to: String,
    /// The same key is sent once, ever.
    pub dedupe_key: String,
    /// What it is about: a kind (`incident`, `user`) and which one.
    pub about: Option<(&'static str, String)>,
}

/// One line: what would end a header or hide in it becomes a space.
pub(super) fn one_line(text: &str) -> String {
    let cleaned: String = text.chars().map(|c| if c.is_control() || is_hidden(c) { ' ' } else { c }).collect();
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Line and paragraph separators and marks that change the direction of what follows.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_in_a_line_begins_another_header() {
        assert_eq!(one_line("Hola\r\nBcc: otra@example.com"), "Hola Bcc: otra@example.com");
        assert_eq!(one_line(" a\tb\u{2028}c\u{0}d\u{202e}e "), "a b c d e");
    }

    proptest! {
        #[test]
        fn a_line_is_one_whatever_comes_in(text in any::<String>()) {
            let line = one_line(&text);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(one_line(&line), line);
        }
    }
}
