//! A message somebody sends to themselves to see that mail works.

use jiff::Timestamp;

use super::{letter, whatsapp};
use crate::i18n::format;

/// `test_message`.
#[derive(Clone, Debug)]
pub struct TestMessage {
    /// Whoever asked for it.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

impl TestMessage {
    fn at_words(&self) -> String {
        format::exact(self.at)
    }
}

letter!(
    TestMessage,
    "test_message",
    "test_message/subject.txt",
    "test_message/text.txt",
    "test_message/body.html",
    System
);
whatsapp!(TestMessage, "test_message/whatsapp.txt");
