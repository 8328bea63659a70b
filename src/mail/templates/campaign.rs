//! What campaigns tell: one letter for all of it. What differs between the codes is words and facts, and those are data.

use super::whatsapp;
use crate::mail::template::one_line;
use crate::mail::{Parts, SenderType, Template};
use crate::values::names::names;

names! {
    /// Which message it is; the names are the specification's.
    CampaignCode {
        /// Published, to the brand.
        E01 = "ugc_e01",
        /// A new campaign, to creators.
        E02 = "ugc_e02",
        /// What became of telling creators, to the team.
        E03 = "ugc_e03",
        /// Completed, to the brand.
        E04 = "ugc_e04",
        /// Cancelled, to the brand.
        E05 = "ugc_e05",
        /// All slots taken.
        E07 = "ugc_e07",
        /// A month's slots, to the brand.
        E08 = "ugc_e08",
        /// The months' slots of all campaigns, to the team.
        E09 = "ugc_e09",
        /// Application received.
        E10 = "ugc_e10",
        /// New application: each to the team, a day's count to the brand.
        E11 = "ugc_e11",
        /// Shortlisted.
        E12 = "ugc_e12",
        /// Not chosen.
        E13 = "ugc_e13",
        /// Cancelled by the team.
        E14 = "ugc_e14",
        /// Confirmed, to the creator.
        E15 = "ugc_e15",
        /// Confirmed, to the brand.
        E16 = "ugc_e16",
        /// Cancelled by the creator.
        E17 = "ugc_e17",
        /// Deadlines moved.
        E18 = "ugc_e18",
        /// Address registered.
        E20 = "ugc_e20",
        /// Published or corrected, to the brand.
        E21 = "ugc_e21",
        /// Published, to the team.
        E22 = "ugc_e22",
        /// Approved.
        E23 = "ugc_e23",
        /// Changes wanted.
        E24 = "ugc_e24",
        /// Content rejected.
        E25 = "ugc_e25",
        /// Reset by the team.
        E30 = "ugc_e30",
        /// The address is due.
        E31 = "ugc_e31",
        /// The address: warning.
        E32 = "ugc_e32",
        /// The address: last warning.
        E33 = "ugc_e33",
        /// Metrics are due.
        E34 = "ugc_e34",
        /// Metrics: warning.
        E35 = "ugc_e35",
        /// Metrics: last warning.
        E36 = "ugc_e36",
        /// What is late and due, to the team.
        E37 = "ugc_e37",
        /// Welcome.
        E50 = "ugc_e50",
    }
}

/// A letter about campaigns, named after its code.
#[derive(Clone, Debug)]
pub struct CampaignNews {
    /// Which message it is.
    pub code: CampaignCode,
    /// Whose sender it has.
    pub sender: SenderType,
    /// One line.
    pub subject: String,
    /// «Hola, Ana:»
    pub greeting: String,
    /// One after another.
    pub paragraphs: Vec<String>,
    /// What somebody wrote, as they wrote it.
    pub quote: Option<String>,
    /// Facts.
    pub sections: Vec<LetterSection>,
    /// The one thing to do.
    pub button: Option<LetterLink>,
    /// Why they get it.
    pub footer: &'static str,
    /// Where to change that.
    pub footer_link: Option<LetterLink>,
}

/// Facts under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterSection {
    /// The title; none for the only section.
    pub title: Option<String>,
    /// Where the title leads: a path of ours.
    pub href: Option<String>,
    /// Its lines.
    pub rows: Vec<LetterRow>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// What it is.
    pub label: String,
    /// The fact.
    pub value: String,
    /// Where the fact leads: a path of ours, or an https address.
    pub href: Option<String>,
}

impl LetterRow {
    /// A fact that leads nowhere.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), href: None }
    }

    /// Leads to an address; one that no browser should open stays text.
    pub fn to(mut self, href: &str) -> Self {
        self.href = ["https://", "http://", "/"].iter().any(|start| href.starts_with(start)).then(|| href.to_owned());
        self
    }
}

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterLink {
    /// A path of ours, or an https address.
    pub path: String,
    /// In words.
    pub label: String,
}

impl LetterLink {
    /// A path of ours, or an https address.
    pub fn new(path: impl Into<String>, label: impl Into<String>) -> Self {
        Self { path: path.into(), label: label.into() }
    }
}

impl CampaignNews {
    /// Letters have whole addresses.
    fn address(&self, base_url: &str, path: &str) -> String {
        if path.starts_with('/') { format!("{base_url}{path}") } else { path.to_owned() }
    }
}

#[derive(askama::Template)]
#[template(path = "campaign_news/subject.txt", config = "src/mail/askama.toml", escape = "none")]
struct Subject<'a> {
    it: &'a CampaignNews,
}

#[derive(askama::Template)]
#[template(path = "campaign_news/text.txt", config = "src/mail/askama.toml", escape = "none")]
struct Plain<'a> {
    it: &'a CampaignNews,
    base_url: &'a str,
}

#[derive(askama::Template)]
#[template(path = "campaign_news/body.html", config = "src/mail/askama.toml")]
struct Body<'a> {
    it: &'a CampaignNews,
    base_url: &'a str,
}

impl Template for CampaignNews {
    fn name(&self) -> &'static str {
        self.code.as_str()
    }

    fn sender(&self) -> SenderType {
        self.sender
    }

    fn render(&self, base_url: &str) -> anyhow::Result<Parts> {
        use askama::Template;
        Ok(Parts {
            subject: one_line(&Subject { it: self }.render()?),
            text: Plain { it: self, base_url }.render()?,
            html: Body { it: self, base_url }.render()?,
        })
    }
}

whatsapp!(CampaignNews, "campaign_news/whatsapp.txt");
