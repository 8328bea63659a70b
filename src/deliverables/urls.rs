//! Addresses of posts: which ones are accepted, in what form they are kept, and what is wrong with the others.

use reqwest::Url;

use crate::values::Platform;
use crate::values::names::names;

/// The longest address anybody pastes.
const LONGEST: usize = 2048;
/// The longest code of a post.
const LONGEST_CODE: usize = 64;
/// How Instagram calls a post in its address.
const INSTAGRAM: [&str; 3] = ["p", "reel", "tv"];
/// Pages of Instagram that are nobody's profile.
const NO_PROFILES: [&str; 6] = ["explore", "accounts", "direct", "reels", "p", "reel"];

/// The address of a post, without what only tracks people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalUrl {
    url: String,
    key: String,
}

impl CanonicalUrl {
    /// As kept and shown.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// What is the same for every address of the same post.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Every address the same post may be kept under: Instagram knows it as a post, a reel and a video.
    pub fn forms(&self) -> Vec<String> {
        match self.key.strip_prefix("instagram:") {
            Some(code) => INSTAGRAM.map(|kind| format!("https://www.instagram.com/{kind}/{code}/")).to_vec(),
            None => vec![self.url.clone()],
        }
    }
}

names! {
    /// Why an address isn't a post's.
    UrlProblem {
        /// A post of the other platform.
        WrongPlatform = "wrong_platform",
        /// Another site.
        OtherSite = "other_site",
        /// A profile.
        Profile = "profile",
        /// A story, which is gone tomorrow.
        Temporary = "temporary",
        /// Nothing we know.
        Unrecognised = "unrecognised",
    }
}

/// Reads what somebody pasted into a platform's field.
pub fn parse(platform: Platform, pasted: &str) -> Result<CanonicalUrl, UrlProblem> {
    let url = read(pasted).ok_or(UrlProblem::Unrecognised)?;
    let site = Site::of(&url).ok_or(UrlProblem::OtherSite)?;
    if site.platform() != platform {
        return Err(UrlProblem::WrongPlatform);
    }
    let parts: Vec<_> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    match site {
        Site::Instagram => instagram(&parts),
        Site::Tiktok => tiktok(&parts),
        Site::Short(host) => short(host, &parts),
    }
}

/// The problem of a stored address, if it has one.
pub fn problem(platform: Platform, stored: &str) -> Option<UrlProblem> {
    parse(platform, stored).err()
}

/// A web address as typed or pasted; without a scheme it is read as https.
fn read(pasted: &str) -> Option<Url> {
    let pasted = pasted.trim();
    if pasted.is_empty() || pasted.len() > LONGEST || pasted.contains(char::is_whitespace) {
        return None;
    }
    let url = match pasted.split_once("://") {
        Some(_) => Url::parse(pasted),
        None => Url::parse(&format!("https://{pasted}")),
    };
    url.ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.host_str().is_some_and(|host| host.contains('.'))
    })
}

enum Site {
    Instagram,
    Tiktok,
    Short(&'static str),
}

impl Site {
    fn of(url: &Url) -> Option<Self> {
        match url.host_str()?.trim_end_matches('.') {
            "instagram.com" | "www.instagram.com" | "m.instagram.com" => Some(Self::Instagram),
            "tiktok.com" | "www.tiktok.com" | "m.tiktok.com" => Some(Self::Tiktok),
            "vm.tiktok.com" => Some(Self::Short("vm")),
            "vt.tiktok.com" => Some(Self::Short("vt")),
            _ => None,
        }
    }

    fn platform(&self) -> Platform {
        match self {
            Self::Instagram => Platform::Instagram,
            Self::Tiktok | Self::Short(_) => Platform::Tiktok,
        }
    }
}

fn instagram(parts: &[&str]) -> Result<CanonicalUrl, UrlProblem> {
    match parts {
        ["stories", ..] => Err(UrlProblem::Temporary),
        [kind, code] | [_, kind, code] if INSTAGRAM.contains(kind) && is_code(code) => Ok(CanonicalUrl {
            url: format!("https://www.instagram.com/{kind}/{code}/"),
            key: format!("instagram:{code}"),
        }),
        [name] if is_handle(name) && !NO_PROFILES.contains(name) => Err(UrlProblem::Profile),
        _ => Err(UrlProblem::Unrecognised),
    }
}

fn tiktok(parts: &[&str]) -> Result<CanonicalUrl, UrlProblem> {
    let handle = |name: &str| name.strip_prefix('@').filter(|name| is_handle(name)).map(str::to_lowercase);
    match parts {
        [name, "video", number] if is_number(number) => {
            let user = handle(name).ok_or(UrlProblem::Unrecognised)?;
            Ok(CanonicalUrl {
                url: format!("https://www.tiktok.com/@{user}/video/{number}"),
                key: format!("tiktok:{number}"),
            })
        }
        [name] if handle(name).is_some() => Err(UrlProblem::Profile),
        _ => Err(UrlProblem::Unrecognised),
    }
}

fn short(host: &str, parts: &[&str]) -> Result<CanonicalUrl, UrlProblem> {
    match parts {
        [code] if is_code(code) => {
            Ok(CanonicalUrl { url: format!("https://{host}.tiktok.com/{code}/"), key: format!("tiktok:{host}/{code}") })
        }
        _ => Err(UrlProblem::Unrecognised),
    }
}

fn is_code(code: &str) -> bool {
    (1..=LONGEST_CODE).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_number(number: &str) -> bool {
    (1..=LONGEST_CODE).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_handle(name: &str) -> bool {
    (1..=LONGEST_CODE).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Platform::{Instagram, Tiktok};

    fn canonical(platform: Platform, pasted: &str) -> String {
        parse(platform, pasted).unwrap().as_str().to_owned()
    }

    #[test]
    fn posts_are_kept_without_what_tracks_people() {
        for (pasted, kept) in [
            ("https://www.instagram.com/reel/C3xYz_-12/?igsh=abc&utm_source=qr", "reel/C3xYz_-12/"),
            ("http://instagram.com/p/C3xYz", "p/C3xYz/"),
            ("instagram.com/tv/C3xYz/#comments", "tv/C3xYz/"),
            ("  https://m.instagram.com/ana.perez/reel/C3xYz/ ", "reel/C3xYz/"),
            ("HTTPS://WWW.INSTAGRAM.COM/p/C3xYz/", "p/C3xYz/"),
        ] {
            assert_eq!(canonical(Instagram, pasted), format!("https://www.instagram.com/{kept}"), "{pasted}");
        }
        for (pasted, kept) in [
            (
                "https://www.tiktok.com/@Ana.py/video/7301?is_from_webapp=1&sender_device=pc",
                "www.tiktok.com/@ana.py/video/7301",
            ),
            ("tiktok.com/@ana/video/7301/", "www.tiktok.com/@ana/video/7301"),
            ("https://vm.tiktok.com/ZMabc12/", "vm.tiktok.com/ZMabc12/"),
            ("https://vt.tiktok.com/ZSabc12?x=1", "vt.tiktok.com/ZSabc12/"),
        ] {
            assert_eq!(canonical(Tiktok, pasted), format!("https://{kept}"), "{pasted}");
        }
    }

    #[test]
    fn two_addresses_of_one_post_are_one_post() {
        let key = |pasted| parse(Instagram, pasted).unwrap().key().to_owned();
        assert_eq!(key("instagram.com/p/Abc"), key("https://www.instagram.com/ana/reel/Abc/?igsh=1"));
        assert_ne!(key("instagram.com/p/Abc"), key("instagram.com/p/abc"));
        let forms = parse(Instagram, "instagram.com/reel/Abc").unwrap().forms();
        assert!(forms.len() == 3 && forms.iter().all(|form| key(form) == "instagram:Abc"), "{forms:?}");
        let video = parse(Tiktok, "tiktok.com/@ana/video/7").unwrap();
        assert_eq!(video.forms(), [video.as_str()]);
    }

    #[test]
    fn legacy_defect_51_every_wrong_address_has_its_own_answer() {
        use UrlProblem::{OtherSite, Profile, Temporary, Unrecognised, WrongPlatform};
        for (platform, pasted, problem) in [
            (Instagram, "https://www.tiktok.com/@ana/video/7301", WrongPlatform),
            (Tiktok, "https://www.instagram.com/p/C3xYz/", WrongPlatform),
            (Instagram, "https://vm.tiktok.com/ZMabc/", WrongPlatform),
            (Instagram, "https://youtube.com/watch?v=1", OtherSite),
            (Tiktok, "https://example.com/@ana/video/7301", OtherSite),
            (Instagram, "https://instagram.com.example.com/p/C3xYz/", OtherSite),
            (Instagram, "https://www.instagram.com/ana.perez/", Profile),
            (Tiktok, "https://www.tiktok.com/@ana", Profile),
            (Instagram, "https://www.instagram.com/stories/ana/311/", Temporary),
            (Instagram, "https://www.instagram.com/explore/", Unrecognised),
            (Instagram, "https://www.instagram.com/", Unrecognised),
            (Tiktok, "https://www.tiktok.com/@ana/video/abc", Unrecognised),
            (Tiktok, "https://www.tiktok.com/foryou", Unrecognised),
            (Instagram, "https://www.instagram.com/p/C3x | https://www.tiktok.com/@ana/video/1", Unrecognised),
            (Instagram, "javascript://instagram.com/p/C3x", Unrecognised),
            (Instagram, "https://instagram.com@example.com/p/C3x", Unrecognised),
            (Instagram, "mi reel", Unrecognised),
            (Instagram, "", Unrecognised),
        ] {
            assert_eq!(parse(platform, pasted), Err(problem), "{pasted}");
        }
    }

    #[test]
    fn what_is_kept_is_read_as_itself() {
        for (platform, pasted) in
            [(Instagram, "instagram.com/ana/p/X_1"), (Tiktok, "tiktok.com/@Ana/video/7"), (Tiktok, "vm.tiktok.com/Z")]
        {
            let once = parse(platform, pasted).unwrap();
            assert_eq!(parse(platform, once.as_str()), Ok(once));
        }
    }
}
