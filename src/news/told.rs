//! What leaves: notices, letters and messages, collected and written together.

use jiff::Timestamp;
use mongodb::ClientSession;

use super::broadcast::broadcast_in;
use super::facts::{Account, Card, Facts, Stage};
use crate::app::App;
use crate::db::DriverError;
use crate::failure::Failure;
use crate::i18n::news as words;
use crate::mail::templates::{CampaignCode, CampaignNews, LetterLink, LetterRow, LetterSection};
use crate::mail::whatsapp::{self, Message};
use crate::mail::{self, Letter, SenderType};
use crate::notifications::{self, Event, NewNotice, PersonalType};
use crate::values::CampaignId;

/// One thing to say, before it is known to whom.
#[derive(Clone, Debug)]
pub(super) struct Told {
    code: Option<CampaignCode>,
    kind: PersonalType,
    /// Part of every key made from it.
    key: String,
    title: String,
    message: String,
    lead: Option<String>,
    paragraphs: Vec<String>,
    quote: Option<String>,
    sections: Vec<LetterSection>,
    link: Option<LetterLink>,
    footer: Option<(&'static str, LetterLink)>,
    about: Option<(&'static str, String)>,
}

impl Told {
    /// Something with a letter. `key` says which event it is among those of its code.
    pub fn coded(code: CampaignCode, kind: PersonalType, key: impl std::fmt::Display) -> Self {
        Self { code: Some(code), ..Self::new(kind, format!("{}:{key}", code.as_str())) }
    }

    /// Something that is only a notice.
    pub fn plain(kind: PersonalType, key: impl std::fmt::Display) -> Self {
        Self::new(kind, format!("{}:{key}", kind.as_str()))
    }

    fn new(kind: PersonalType, key: String) -> Self {
        Self {
            code: None,
            kind,
            key,
            title: String::new(),
            message: String::new(),
            lead: None,
            paragraphs: Vec::new(),
            quote: None,
            sections: Vec::new(),
            link: None,
            footer: None,
            about: None,
        }
    }

    /// Another key than that of its code.
    pub fn keyed(mut self, key: String) -> Self {
        self.key = key;
        self
    }

    /// The title of the notice, the letter's subject; and what happened.
    pub fn saying(mut self, title: impl Into<String>, message: impl Into<String>) -> Self {
        (self.title, self.message) = (title.into(), message.into());
        self
    }

    /// How the letter begins, when what happened stands in its facts.
    pub fn leading(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// One more paragraph of the letter.
    pub fn more(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    /// What somebody wrote.
    pub fn quoting(mut self, quote: Option<&str>) -> Self {
        self.quote = quote.map(str::trim).filter(|quote| !quote.is_empty()).map(str::to_owned);
        self
    }

    /// Facts of the letter.
    pub fn facts(self, title: Option<&str>, rows: Vec<LetterRow>) -> Self {
        self.section(LetterSection { title: title.map(str::to_owned), href: None, rows })
    }

    /// Facts of the letter, under a title that leads somewhere.
    pub fn section(mut self, section: LetterSection) -> Self {
        if !section.rows.is_empty() {
            self.sections.push(section);
        }
        self
    }

    /// Where it leads.
    pub fn to(mut self, path: impl Into<String>, label: &str) -> Self {
        self.link = Some(LetterLink::new(path, label));
        self
    }

    /// Another reason to get it, and where to change that.
    pub fn because(mut self, why: &'static str, link: LetterLink) -> Self {
        self.footer = Some((why, link));
        self
    }

    /// What it is about, for the log.
    pub fn about(mut self, kind: &'static str, id: impl std::fmt::Display) -> Self {
        self.about = Some((kind, id.to_string()));
        self
    }

    /// One per recipient.
    pub fn key_for(&self, recipient: &str) -> String {
        format!("{}:{recipient}", self.key)
    }

    fn notice(&self, user_id: &str) -> NewNotice {
        // A notice is one short text: what a letter quotes stands in it too.
        let message = match &self.quote {
            Some(quote) => format!("{} «{quote}»", self.message),
            None => self.message.clone(),
        };
        // Only paths of ours: a notice opens what it is about here.
        let link = self.link.as_ref().map(|link| link.path.clone()).filter(|path| path.starts_with('/'));
        NewNotice {
            user_id: user_id.to_owned(),
            kind: self.kind,
            title: self.title.clone(),
            message,
            link,
            dedupe_key: self.key_for(user_id),
        }
    }

    fn letter(&self, code: CampaignCode, sender: SenderType, first_name: &str, why: &'static str) -> CampaignNews {
        let message = self.lead.clone().or_else(|| Some(self.message.clone())).filter(|message| !message.is_empty());
        CampaignNews {
            code,
            sender,
            subject: self.title.clone(),
            greeting: words::greeting(first_name),
            paragraphs: message.into_iter().chain(self.paragraphs.iter().cloned()).collect(),
            quote: self.quote.clone(),
            sections: self.sections.clone(),
            button: self.link.clone(),
            footer: self.footer.as_ref().map_or(why, |(why, _)| why),
            footer_link: self.footer.as_ref().map(|(_, link)| link.clone()),
        }
    }
}

/// By which ways somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    Mail,
    Notice,
    Both,
}

struct Addressed {
    letter: CampaignNews,
    to: String,
    key: String,
    about: Option<(&'static str, String)>,
}

/// Everything that leaves together.
#[derive(Default)]
pub(super) struct Outgoing {
    notices: Vec<NewNotice>,
    letters: Vec<Addressed>,
    messages: Vec<Addressed>,
    /// Campaigns to tell creators about.
    pub broadcasts: Vec<CampaignId>,
    /// Recipients whose letter can't reach them.
    pub unreachable: u64,
    missing: Vec<String>,
}

impl Outgoing {
    pub fn creator(&mut self, facts: &Facts, creator: &Card, told: &Told, ways: Ways) {
        match facts.account(&creator.user_id) {
            Some(account) => self.person(account, told, ways, SenderType::Ugc, words::FOOTER_CREATOR),
            None => self.missing.push(format!("{} without an account", creator.id)),
        }
    }

    fn person(&mut self, to: &Account, told: &Told, ways: Ways, sender: SenderType, why: &'static str) {
        // Who was kept out isn't written to.
        if !to.is_active() {
            return;
        }
        if ways != Ways::Mail {
            self.notices.push(told.notice(&to.user_id));
        }
        if ways != Ways::Notice {
            let address = to.email.clone().unwrap_or_default();
            self.mail(told, address, &to.user_id, to.first_name(), sender, why);
        }
    }

    /// The brand's owner: their account, else the address the brand left.
    pub fn brand(&mut self, facts: &Facts, stage: Stage<'_>, told: &Told, ways: Ways) {
        let Some(brand) = stage.brand else { return };
        if let Some(account) = brand.user_id.as_deref().and_then(|id| facts.account(id)) {
            self.person(account, told, ways, SenderType::Brands, words::FOOTER_BRAND);
        } else if ways != Ways::Notice {
            let first_name = brand.contact_first_name.as_deref().unwrap_or_default();
            let address = brand.email.clone().unwrap_or_default();
            self.mail(told, address, brand.id.as_str(), first_name, SenderType::Brands, words::FOOTER_BRAND);
        }
    }

    /// A notice for everybody who runs campaigns; mail to the list of the settings.
    pub fn team(&mut self, facts: &Facts, told: &Told, ways: Ways) {
        if ways != Ways::Mail {
            self.notices.extend(facts.team.iter().map(|person| told.notice(&person.user_id)));
        }
        if ways != Ways::Notice {
            for address in facts.team_addresses() {
                self.mail(told, address.clone(), &address, "", SenderType::Ugc, words::FOOTER_TEAM);
            }
        }
    }

    /// A message to the team's number, when there is one.
    pub fn whatsapp(&mut self, facts: &Facts, told: &Told) {
        let (Some(to), Some(code)) = (&facts.settings.whatsapp_marcas, told.code) else { return };
        let letter = told.letter(code, SenderType::Ugc, "", words::FOOTER_TEAM);
        self.messages.push(Addressed { letter, to: to.clone(), key: told.key_for(to), about: told.about.clone() });
    }

    /// An address that isn't one is a row of the log that says so.
    fn mail(&mut self, told: &Told, to: String, key: &str, name: &str, sender: SenderType, why: &'static str) {
        let Some(code) = told.code else { return };
        self.unreachable += u64::from(to.is_empty());
        let letter = told.letter(code, sender, name, why);
        self.letters.push(Addressed { letter, to, key: told.key_for(key), about: told.about.clone() });
    }

    /// How many letters there are.
    pub fn letters(&self) -> u64 {
        self.letters.len() as u64
    }

    /// What tells letters apart in the log.
    pub fn letter_keys(&self) -> impl Iterator<Item = &String> {
        self.letters.iter().map(|one| &one.key)
    }

    /// How many notices there are.
    pub fn notices(&self) -> u64 {
        self.notices.len() as u64
    }

    /// Writes everything in the transaction of what happened. What can't be drawn or wasn't found is told to those who look
    /// after the platform, and stops nothing else.
    pub async fn write_in(
        self,
        session: &mut ClientSession,
        app: &App,
        now: Timestamp,
        facts: &Facts,
    ) -> Result<(), Failure> {
        notifications::tell_all_in(&mut *session, &app.db, now, self.notices).await?;
        let letters: Vec<_> = self
            .letters
            .iter()
            .map(|one| Letter {
                template: &one.letter,
                to: one.to.clone(),
                dedupe_key: one.key.clone(),
                about: one.about.clone(),
            })
            .collect();
        let mut broken: Vec<_> = Vec::new();
        if !letters.is_empty() {
            broken.extend(mail::queue_all_in(&mut *session, app, now, &letters).await?);
        }
        for one in &self.messages {
            let message = Message {
                template: &one.letter,
                to: one.to.clone(),
                dedupe_key: one.key.clone(),
                about: one.about.clone(),
            };
            match whatsapp::queue_in(&mut *session, app, now, &message).await {
                Err(failure) if failure.is_lost() || failure.driver_error().is_some() => return Err(failure),
                Err(failure) => {
                    tracing::error!("a message can't be drawn: {failure:?}");
                    broken.push(one.letter.code.as_str());
                }
                Ok(()) => {}
            }
        }
        for campaign in self.broadcasts {
            broadcast_in(&mut *session, &app.db, now, &campaign).await?;
        }
        let missing = facts.missing.iter().chain(&self.missing).cloned();
        let lost: Vec<_> = missing.chain(broken.into_iter().map(str::to_owned)).collect();
        if !lost.is_empty() {
            tracing::error!("news couldn't be told for want of {lost:?}");
            let event = Event::Fault {
                reference: String::new(),
                route: "news".into(),
                kind: "missing".into(),
                error: lost.join(", "),
            };
            notifications::publish_in(&mut *session, &app.db, now, &[event]).await?;
        }
        Ok(())
    }
}
