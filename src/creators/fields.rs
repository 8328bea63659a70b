//! What a profile's forms accept: one set of rules for the onboarding's steps and the profile's sections.
//!
//! [`read`] puts what is valid into a profile and says what isn't; nothing is written here.

use jiff::Timestamp;

use super::complete::{ADULT, age};
use super::model::{Creator, Education, Gender, SocialNetwork};
use super::typed::Typed;
use crate::db::date;
use crate::error::FieldProblem;
use crate::i18n::creators as words;
use crate::values::{Category, Country, LocalDate, Platform, cities, newlines};

/// Longest name, in characters.
const NAME: usize = 120;
/// Longest bio.
pub const BIO: usize = 500;
/// Longest of the other short texts.
const SHORT: usize = 120;
/// Longest address of a portfolio.
const URL: usize = 300;
/// Longest handle.
const HANDLE: usize = 30;
/// What the list of cities posts for one that isn't in it.
pub const OTHER_CITY: &str = "otra";

/// A group of fields that are read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Full name.
    Name,
    /// Birth date, gender, identity card.
    Personal,
    /// Country, city, telephone.
    Contact,
    /// Categories.
    Categories,
    /// A few words.
    Bio,
    /// Education, occupation, languages, portfolio.
    Professional,
    /// Handles, at least one.
    Handles,
    /// Whether mailings are wanted.
    Mailings,
}

impl Part {
    /// Its form fields.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Personal => &["birth_date", "gender", "document_id"],
            Self::Contact => &["country", "city", "city_other", "phone_country_code", "phone"],
            Self::Categories => &["categories"],
            Self::Bio => &["bio"],
            Self::Professional => &["education_level", "occupation", "languages", "portfolio_url"],
            Self::Handles => &["instagram_username", "tiktok_username"],
            Self::Mailings => &["notify_new_campaigns"],
        }
    }

    /// The stored fields it decides.
    pub fn stored(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Personal => &["birth_date", "gender", "document_id"],
            Self::Contact => &["country", "city", "phone_country_code", "phone"],
            Self::Categories => &["categories"],
            Self::Bio => &["bio"],
            Self::Professional => &["education_level", "occupation", "languages", "portfolio_url"],
            Self::Handles => &["social_networks", "social_accounts"],
            Self::Mailings => &["notify_new_campaigns"],
        }
    }
}

/// All form fields of these parts.
pub fn fields_of(parts: &[Part]) -> Vec<&'static str> {
    parts.iter().flat_map(|part| part.fields()).copied().collect()
}

/// Reads what was typed into a profile; what is wrong with it.
pub fn read(parts: &[Part], typed: &Typed, now: Timestamp, creator: &mut Creator) -> Vec<FieldProblem> {
    let mut problems = Problems::default();
    for part in parts {
        match part {
            Part::Name => name(typed, creator, &mut problems),
            Part::Personal => personal(typed, now, creator, &mut problems),
            Part::Contact => contact(typed, creator, &mut problems),
            Part::Categories => categories(typed, creator, &mut problems),
            Part::Bio => creator.bio = problems.short("bio", typed, BIO),
            Part::Professional => professional(typed, creator, &mut problems),
            Part::Handles => handles(typed, now, creator, &mut problems),
            Part::Mailings => creator.notify_new_campaigns = !typed.text("notify_new_campaigns").is_empty(),
        }
    }
    derive(creator);
    problems.0
}

/// What follows from the rest.
pub fn derive(creator: &mut Creator) {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    creator.document_digits = creator.document_id.as_deref().map(digits).filter(|digits| !digits.is_empty());
    creator.phone_full = match (&creator.phone_country_code, &creator.phone) {
        (Some(code), Some(phone)) => Some(format!("{code}{}", digits(phone))),
        _ => None,
    };
    creator.search = creator.search_text();
}

#[derive(Default)]
struct Problems(Vec<FieldProblem>);

impl Problems {
    fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldProblem::new(field, message));
    }

    /// A text that may be missing and mustn't be longer.
    fn short(&mut self, field: &str, typed: &Typed, most: usize) -> Option<String> {
        let text = newlines(typed.text(field));
        if text.chars().count() > most {
            self.add(field, words::too_long(most));
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }
}

fn name(typed: &Typed, creator: &mut Creator, problems: &mut Problems) {
    let name = typed.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        problems.add("name", words::NAME_MISSING);
    } else if name.chars().count() > NAME {
        problems.add("name", words::too_long(NAME));
    } else {
        creator.name = name;
    }
}

fn personal(typed: &Typed, now: Timestamp, creator: &mut Creator, problems: &mut Problems) {
    const OLDEST: i32 = 120;
    match LocalDate::parse(typed.text("birth_date")).map(|born| (born, age(born, now))) {
        Some((born, ADULT..=OLDEST)) => creator.birth_date = Some(born),
        Some((_, 0..ADULT)) => problems.add("birth_date", words::TOO_YOUNG),
        _ => problems.add("birth_date", words::BIRTH_DATE_WRONG),
    }
    match Gender::parse(typed.text("gender")) {
        Some(gender) => creator.gender = Some(gender),
        None => problems.add("gender", words::GENDER_MISSING),
    }
    let document = typed.text("document_id");
    let digits = document.chars().filter(char::is_ascii_digit).count();
    if document.is_empty() {
        problems.add("document_id", words::DOCUMENT_MISSING);
    } else if !document.chars().all(|c| c.is_ascii_digit() || c == '.') || !(5..=12).contains(&digits) {
        problems.add("document_id", words::DOCUMENT_WRONG);
    } else {
        creator.document_id = Some(document.to_owned());
    }
}

fn contact(typed: &Typed, creator: &mut Creator, problems: &mut Problems) {
    let Some(country) = Country::parse(typed.text("country")) else {
        problems.add("country", words::COUNTRY_MISSING);
        return;
    };
    creator.country = Some(country);
    let (listed, other) = (typed.text("city"), typed.text("city_other"));
    let city = if listed == OTHER_CITY { other } else { listed };
    if city.is_empty() {
        problems.add(if listed == OTHER_CITY { "city_other" } else { "city" }, words::CITY_MISSING);
    } else if listed != OTHER_CITY && !cities(country).contains(&listed) {
        problems.add("city", words::city_elsewhere(country));
    } else if city.chars().count() > SHORT {
        problems.add("city_other", words::too_long(SHORT));
    } else {
        creator.city = Some(city.to_owned());
    }
    let code = typed.text("phone_country_code");
    match Country::ALL.iter().find(|country| country.phone_code() == code) {
        Some(country) => creator.phone_country_code = Some(country.phone_code().to_owned()),
        None => problems.add("phone_country_code", words::PHONE_CODE_MISSING),
    }
    let phone: String = typed.text("phone").chars().filter(|c| !c.is_whitespace() && !"-.()".contains(*c)).collect();
    // At home a number begins with a zero, abroad without.
    let number = phone.strip_prefix('0').unwrap_or(&phone);
    if phone.is_empty() {
        problems.add("phone", words::PHONE_MISSING);
    } else if !number.chars().all(|c| c.is_ascii_digit()) || !(6..=15).contains(&number.len()) {
        problems.add("phone", words::PHONE_WRONG);
    } else {
        creator.phone = Some(number.to_owned());
    }
}

fn categories(typed: &Typed, creator: &mut Creator, problems: &mut Problems) {
    let mut chosen: Vec<Category> = typed.all("categories").iter().filter_map(|slug| Category::parse(slug)).collect();
    chosen.sort();
    chosen.dedup();
    if chosen.is_empty() {
        problems.add("categories", words::CATEGORIES_MISSING);
    } else {
        creator.categories = chosen;
    }
}

fn professional(typed: &Typed, creator: &mut Creator, problems: &mut Problems) {
    creator.education_level = Education::parse(typed.text("education_level"));
    creator.occupation = problems.short("occupation", typed, SHORT);
    let chosen = typed.all("languages");
    creator.languages = words::LANGUAGES
        .iter()
        .filter(|known| chosen.iter().any(|one| one == *known))
        .map(|known| (*known).to_owned())
        .collect();
    let portfolio = problems.short("portfolio_url", typed, URL);
    let is_address = |url: &String| {
        let parsed = url.parse::<http::Uri>().ok();
        parsed.is_some_and(|url| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some())
    };
    if portfolio.as_ref().is_some_and(|url| !is_address(url)) {
        problems.add("portfolio_url", words::PORTFOLIO_WRONG);
    } else {
        creator.portfolio_url = portfolio;
    }
}

fn handles(typed: &Typed, now: Timestamp, creator: &mut Creator, problems: &mut Problems) {
    let given = [(Platform::Instagram, "instagram_username"), (Platform::Tiktok, "tiktok_username")];
    if given.iter().all(|(_, field)| typed.text(field).is_empty()) {
        problems.add("instagram_username", words::NETWORKS_MISSING);
        return;
    }
    for (platform, field) in given {
        let text = typed.text(field);
        if text.is_empty() {
            creator.social_networks.retain(|network| network.platform != platform);
            creator.social_accounts.remove(&platform);
            continue;
        }
        match handle(platform, text) {
            Some(username) => set_network(creator, platform, username, None, now),
            None => problems.add(field, words::handle_wrong(platform)),
        }
    }
}

/// What stands where a profile's name would, in addresses of something else.
const NO_PROFILES: [&str; 9] = ["p", "reel", "reels", "tv", "stories", "explore", "foryou", "discover", "tag"];

/// The handle in what somebody typed or pasted: with or without `@`, or the address of the profile.
pub fn handle(platform: Platform, typed: &str) -> Option<String> {
    let lower = typed.trim().to_lowercase();
    let without_scheme = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let hosts: &[&str] = match platform {
        Platform::Instagram => &["instagram.com/", "instagr.am/"],
        Platform::Tiktok => &["tiktok.com/"],
    };
    // A handle may begin like a host of theirs (`m.lopez`) and end like one (`ana.com`): only a whole one is an address.
    let path = ["", "www.", "m."].iter().find_map(|prefix| {
        let rest = without_scheme.strip_prefix(prefix)?;
        hosts.iter().find_map(|host| rest.strip_prefix(host))
    });
    let name = path.map_or(without_scheme, |path| path.split(['/', '?', '#']).next().unwrap_or_default());
    let name = name.strip_prefix('@').unwrap_or(name);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let is_handle = !name.is_empty() && name.len() <= HANDLE && name.chars().all(is_plain);
    // The address of a post, a host without a name and somebody else's address are no handles, although their letters do.
    let is_elsewhere = match path {
        Some(_) => NO_PROFILES.contains(&name),
        None => without_scheme != lower || hosts.iter().any(|host| name.ends_with(host.trim_end_matches('/'))),
    };
    (is_handle && !is_elsewhere).then(|| name.to_owned())
}

/// Sets an account of a profile. Another name drops the verification of the one before; declared followers count only
/// while there is none.
pub fn set_network(
    creator: &mut Creator,
    platform: Platform,
    username: String,
    followers: Option<i64>,
    now: Timestamp,
) {
    let is_same = |name: &str| name.eq_ignore_ascii_case(&username);
    if creator.social_accounts.get(&platform).is_some_and(|account| !is_same(&account.username)) {
        creator.social_accounts.remove(&platform);
    }
    let verified = creator.social_accounts.contains_key(&platform);
    let before = creator.network(platform).filter(|network| is_same(&network.username));
    let declared = if verified { None } else { followers };
    let network = SocialNetwork {
        platform,
        url: platform.profile_url(&username),
        followers: declared.or_else(|| before.and_then(|network| network.followers)),
        verified,
        last_updated: Some(date(now)),
        username,
    };
    match creator.social_networks.iter_mut().find(|network| network.platform == platform) {
        Some(there) => *there = network,
        None => creator.social_networks.push(network),
    }
}

/// A profile as its forms show it.
pub fn typed_of(creator: &Creator) -> Typed {
    let mut typed = Typed::default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    typed.put("name", creator.name.clone());
    typed.put("birth_date", creator.birth_date.map(|day| day.to_string()).unwrap_or_default());
    typed.put("gender", creator.gender.map_or("", Gender::as_str));
    typed.put("document_id", text(&creator.document_id));
    let country = creator.country.unwrap_or(Country::Py);
    typed.put("country", country.as_str());
    let city = text(&creator.city);
    let is_listed = city.is_empty() || cities(country).contains(&city.as_str());
    typed.put("city", if is_listed { city.clone() } else { OTHER_CITY.to_owned() });
    typed.put("city_other", if is_listed { String::new() } else { city });
    typed.put("phone_country_code", creator.phone_country_code.as_deref().unwrap_or(country.phone_code()));
    typed.put("phone", text(&creator.phone));
    typed.put_all("categories", creator.categories.iter().map(|one| one.as_str().to_owned()));
    typed.put("bio", text(&creator.bio));
    typed.put("education_level", creator.education_level.map_or("", Education::as_str));
    typed.put("occupation", text(&creator.occupation));
    typed.put_all("languages", creator.languages.iter().cloned());
    typed.put("portfolio_url", text(&creator.portfolio_url));
    for (platform, field) in [(Platform::Instagram, "instagram_username"), (Platform::Tiktok, "tiktok_username")] {
        typed.put(field, creator.network(platform).map(|one| one.username.clone()).unwrap_or_default());
    }
    typed.put("notify_new_campaigns", if creator.notify_new_campaigns { "on" } else { "" });
    typed
}

/// Whoever chose another country chooses a city of it; the telephone code follows.
pub fn follow_country(before: &Typed, typed: &mut Typed) {
    let country = |typed: &Typed| Country::parse(typed.text("country"));
    let (Some(old), Some(new)) = (country(before), country(typed)) else { return };
    if old == new {
        return;
    }
    if typed.text("city") != OTHER_CITY && !cities(new).contains(&typed.text("city")) {
        typed.put("city", "");
    }
    if typed.text("phone_country_code") == old.phone_code() {
        typed.put("phone_country_code", new.phone_code());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_read_however_they_are_pasted() {
        for (platform, typed, expected) in [
            (Platform::Instagram, "@Ana.Hace_Cosas ", Some("ana.hace_cosas")),
            (Platform::Instagram, "https://www.instagram.com/ana.hace/?hl=es", Some("ana.hace")),
            (Platform::Instagram, "instagram.com/ana", Some("ana")),
            (Platform::Tiktok, "https://www.tiktok.com/@ana.hace?lang=es", Some("ana.hace")),
            (Platform::Tiktok, "m.tiktok.com/@ana/video/1", Some("ana")),
            (Platform::Instagram, "https://www.tiktok.com/@ana", None),
            (Platform::Tiktok, "https://instagram.com/ana", None),
            (Platform::Instagram, "https://www.instagram.com/", None),
            (Platform::Instagram, "ana benítez", None),
            (Platform::Instagram, "aña", None),
            // Names that look like hosts are names all the same.
            (Platform::Instagram, "m.lopez", Some("m.lopez")),
            (Platform::Tiktok, "@www.rica", Some("www.rica")),
            (Platform::Instagram, "rica.comida", Some("rica.comida")),
            (Platform::Instagram, "ana.com", Some("ana.com")),
            (Platform::Instagram, "www.instagram.com", None),
            (Platform::Instagram, "https://ana.com", None),
            (Platform::Instagram, "https://www.instagram.com/p/Cxy12/", None),
            (Platform::Instagram, "instagram.com/reel/Cxy12", None),
            (Platform::Instagram, "", None),
            (Platform::Instagram, "<script>", None),
        ] {
            assert_eq!(handle(platform, typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn another_country_resets_city_and_code_and_keeps_what_still_fits() {
        let mut before = Typed::default();
        before.put("country", "PY");
        let mut typed = Typed::default();
        typed.put("country", "AR");
        typed.put("city", "Asunción");
        typed.put("phone_country_code", "+595");
        follow_country(&before, &mut typed);
        assert_eq!((typed.text("city"), typed.text("phone_country_code")), ("", "+54"));
        typed.put("city", OTHER_CITY);
        typed.put("phone_country_code", "+1");
        follow_country(&before, &mut typed);
        assert_eq!((typed.text("city"), typed.text("phone_country_code")), (OTHER_CITY, "+1"));
    }
}
