//! The account pictures lie in, as a running server holds it, and the addresses they are seen at.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::cloudinary::Account;
use super::patience::Patience;
use crate::app::Clock;
use crate::config;

/// Tries, and how long before the second; the third waits twice as long.
const PATIENCE: Patience = Patience {
    tries: 3,
    pause: Duration::from_secs(1),
    longest: Duration::from_secs(2),
    reset: Duration::from_secs(2),
    answer: Duration::from_secs(15),
};
/// So many failures within [`WINDOW`] are told to administration.
const MANY: usize = 5;
const WINDOW: Duration = Duration::from_secs(600);

/// The account, if there is one, and how it has been doing.
#[derive(Debug, Default)]
pub struct Media {
    place: Option<Place>,
    failures: Mutex<VecDeque<Timestamp>>,
}

/// The account and what addresses in it begin with.
#[derive(Debug)]
pub(super) struct Place {
    pub account: Account,
    /// The folder everything of ours is under.
    pub root: String,
    delivery: String,
}

impl Media {
    /// A client for the configured account; asks nothing yet.
    pub fn open(config: Option<&config::Cloudinary>, clock: Clock) -> anyhow::Result<Self> {
        let open = |config: &config::Cloudinary| {
            Ok::<_, anyhow::Error>(Place {
                account: Account::open(config, clock, PATIENCE)?,
                root: config.media_root.clone(),
                delivery: format!("{}/{}", config.delivery_base, config.cloud),
            })
        };
        Ok(Self { place: config.map(open).transpose()?, failures: Mutex::default() })
    }

    pub(super) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Counts a failure; whether there were too many lately. Telling starts the count again.
    pub(super) fn failed(&self, now: Timestamp) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.push_back(now);
        while failures.front().is_some_and(|first| *first + WINDOW < now) {
            failures.pop_front();
        }
        let are_many = failures.len() >= MANY;
        if are_many {
            failures.clear();
        }
        are_many
    }
}

impl Place {
    /// Where a picture is seen as it is.
    pub(super) fn url(&self, public_id: &str, version: u64, format: &str) -> String {
        format!("{}/image/upload/v{version}/{public_id}.{format}", self.delivery)
    }
}

/// Widths pictures are shown at, in pixels; twice what a page draws, for sharp screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A face in a list.
    Small,
    /// A face on its own page, a cover in a list.
    Medium,
    /// A cover on its own page.
    Large,
}

impl Width {
    fn pixels(self) -> u32 {
        match self {
            Self::Small => 128,
            Self::Medium => 480,
            Self::Large => 1280,
        }
    }
}

/// The address of a picture in a width, in whatever format the browser likes best. A picture that lies elsewhere (the
/// account picture of another service) has none: our pages don't let a browser ask other services.
pub fn presented(url: &str, width: Width) -> Option<String> {
    let (before, after) = url.split_once("/image/upload/")?;
    if after.starts_with('v') {
        Some(format!("{before}/image/upload/c_limit,f_auto,q_auto,w_{}/{after}", width.pixels()))
    } else {
        Some(url.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_addresses_are_given_a_width_and_others_are_not_shown() {
        assert_eq!(
            presented("https://res.cloudinary.com/canje/image/upload/v17/canje/creators/ab.jpg", Width::Small),
            Some(
                "https://res.cloudinary.com/canje/image/upload/c_limit,f_auto,q_auto,w_128/v17/canje/creators/ab.jpg"
                    .into()
            )
        );
        let cut = "https://res.cloudinary.com/x/image/upload/w_1/v1/a.jpg";
        assert_eq!(presented(cut, Width::Large).as_deref(), Some(cut));
        assert_eq!(presented("https://example.com/a.png", Width::Large), None);
    }

    #[test]
    fn five_failures_in_ten_minutes_are_many() {
        let media = Media::default();
        let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        assert!([0, 10, 20, 30].into_iter().all(|second| !media.failed(at(second))));
        assert!(!media.failed(at(605)), "the first is forgotten by then");
        assert!(media.failed(at(606)));
        assert!(!media.failed(at(607)), "told once");
    }
}
