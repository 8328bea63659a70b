//! What a letter is made from.

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

/// A typed template: a struct with what its words need, a folder `templates/NAME/` with its three parts.
pub trait Template: Send + Sync {
    /// The stored name, also the folder's.
    fn name(&self) -> &'static str;
    /// Whose sender it has.
    fn sender(&self) -> SenderType;
    /// Draws it. `base_url` is what links begin with.
    fn render(&self, base_url: &str) -> anyhow::Result<Parts>;
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
