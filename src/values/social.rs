//! Social platforms.

use super::names::names;

names! {
    /// Where content is published.
    Platform {
        /// Instagram.
        Instagram = "instagram",
        /// TikTok.
        Tiktok = "tiktok",
    }
}

impl Platform {
    /// As people write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Instagram => "Instagram",
            Self::Tiktok => "TikTok",
        }
    }

    /// The address of a profile.
    pub fn profile_url(self, username: &str) -> String {
        match self {
            Self::Instagram => format!("https://www.instagram.com/{username}"),
            Self::Tiktok => format!("https://www.tiktok.com/@{username}"),
        }
    }
}
