//! Accounts on platforms: three copies in a row become one list and one map.

use std::collections::BTreeMap;

use super::super::super::rule::Noticed;
use super::super::lists::platform;
use super::super::row::Row;
use crate::creators::{SocialAccount, SocialNetwork};
use crate::values::Platform;

/// A creator's accounts on platforms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Social {
    /// Declared, at most one per platform.
    pub networks: Vec<SocialNetwork>,
    /// Verified by a screenshot.
    pub accounts: BTreeMap<Platform, SocialAccount>,
}

/// Unites what a row says in its list, its map and its flat fields. Of two different handles the verified one wins.
pub fn social(row: &mut Row<'_>) -> Social {
    let accounts = accounts(row);
    let mut networks: Vec<SocialNetwork> = Vec::new();
    let mut listed = row.parts("social_networks");
    if listed.is_empty() {
        listed = row.parts("social_media");
    }
    for mut entry in listed {
        let Some(on) = entry.text("platform").and_then(|name| platform(&name)) else { continue };
        let typed = entry.stored("username").unwrap_or_default();
        let followers = entry.integer("followers");
        let changed = entry.moment("last_updated");
        let verified = accounts.get(&on);
        notice_handle(row, typed, verified);
        if followers.is_none() {
            row.notice_part(Noticed::converted("social.followers_null"));
        }
        row.absorb(entry);
        let username = verified.map_or_else(|| handle(typed), |account| account.username.clone());
        if username.is_empty() || networks.iter().any(|known| known.platform == on) {
            continue;
        }
        let mut network = network(on, username, followers, verified);
        network.last_updated = network.last_updated.or(changed);
        networks.push(network);
    }
    for on in Platform::ALL {
        if networks.iter().any(|known| known.platform == on) {
            continue;
        }
        let declared = row.text(&format!("{}_handle", on.as_str())).map(|typed| handle(&typed));
        let verified = accounts.get(&on);
        if let Some(username) = verified.map(|account| account.username.clone()).or(declared) {
            networks.push(network(on, username, None, verified));
        }
    }
    for network in &mut networks {
        if network.followers.is_none() {
            network.followers = row.integer(&format!("{}_followers", network.platform.as_str()));
        }
    }
    Social { networks, accounts }
}

fn network(on: Platform, username: String, followers: Option<i64>, verified: Option<&SocialAccount>) -> SocialNetwork {
    SocialNetwork {
        platform: on,
        url: on.profile_url(&username.replace(' ', "%20")),
        username,
        followers: verified.map(|account| account.follower_count).or(followers),
        verified: verified.is_some(),
        last_updated: verified.map(|account| account.last_updated),
    }
}

fn accounts(row: &mut Row<'_>) -> BTreeMap<Platform, SocialAccount> {
    let mut accounts = BTreeMap::new();
    let otherwise = row.made_at(&["updated_at", "created_at"]);
    let Some(mut stored) = row.part("social_accounts") else { return accounts };
    for on in Platform::ALL {
        let Some(mut entry) = stored.part(on.as_str()) else { continue };
        let verified_at = entry.moment("verified_at").or_else(|| entry.moment("last_updated")).or(otherwise);
        if let (Some(username), Some(verified_at)) = (entry.text("username"), verified_at) {
            let account = SocialAccount {
                username: handle(&username),
                follower_count: entry.integer("follower_count").unwrap_or(0),
                following_count: entry.integer("following_count"),
                posts_count: entry.integer("posts_count"),
                likes_count: entry.integer("likes_count"),
                is_platform_verified: entry.flag("is_platform_verified").unwrap_or(false),
                verified_by_ai: entry.flag("verified_by_ai").unwrap_or(false),
                verification_method: entry.text("verification_method").unwrap_or_else(|| "screenshot_ai".into()),
                confidence: entry.text("confidence"),
                verified_at,
                last_updated: entry.moment("last_updated").unwrap_or(verified_at),
            };
            accounts.insert(on, account);
        }
        stored.absorb(entry);
    }
    row.absorb(stored);
    accounts
}

fn notice_handle(row: &mut Row<'_>, typed: &str, verified: Option<&SocialAccount>) {
    if typed.starts_with("http") {
        row.notice_part(Noticed::converted("social.username_url"));
    }
    if typed.trim() != typed {
        row.notice_part(Noticed::converted("social.username_untrimmed"));
    }
    if typed.trim().contains(' ') {
        row.notice_part(match verified {
            Some(_) => Noticed::converted("social.username_inner_space"),
            None => Noticed::kept("social.username_inner_space"),
        });
    }
    if verified.is_some_and(|account| folded(&account.username) != folded(typed)) {
        row.notice_part(Noticed::converted("social.username_conflict"));
    }
}

/// A handle without address, query, `@` or outer space, as it was spelt.
pub fn handle(typed: &str) -> String {
    let typed = typed.trim();
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").or_else(|| rest.strip_prefix("WWW.")).unwrap_or(rest);
    let own = ["instagram.com/", "tiktok.com/"].iter().find_map(|host| {
        rest.get(..host.len()).filter(|start| start.eq_ignore_ascii_case(host)).map(|start| &rest[start.len()..])
    });
    let path = own.map_or(typed, |path| path.split(['?', '#']).next().unwrap_or_default());
    path.trim_matches('/').trim_start_matches('@').trim().to_owned()
}

/// A handle as two of them are compared.
pub fn folded(typed: &str) -> String {
    handle(typed).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_lose_addresses_and_signs() {
        for (typed, expected) in [
            (" Ana.Benitez ", "Ana.Benitez"),
            ("@ana", "ana"),
            ("https://www.instagram.com/ana_b?igsh=abc&utm_source=qr", "ana_b"),
            ("https://www.tiktok.com/@ana.b?_r=1", "ana.b"),
            ("instagram.com/ana/", "ana"),
            ("Ana Benítez 15", "Ana Benítez 15"),
            ("", ""),
        ] {
            assert_eq!(handle(typed), expected, "{typed}");
        }
        assert_eq!(folded("@Ana"), folded("https://instagram.com/ana"));
    }
}
