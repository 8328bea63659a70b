//! Where somebody goes after signing in.

/// A place on this site, as a path beginning with a single `/`.
///
/// The value comes from a link anybody can write, so everything a browser could read as another site is refused: `//host`,
/// `/\host` (browsers turn the backslash round), tabs and line breaks (browsers drop them), and paths written out of their
/// normal form that might become one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

/// Longest accepted path.
const LONGEST: usize = 2000;

impl Next {
    /// The place a value names, if it is one of ours.
    pub fn parse(value: &str) -> Option<Self> {
        let starts_well = value.starts_with('/') && !value[1..].starts_with(['/', '\\']);
        let is_plain = value.len() <= LONGEST && value.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        // The pages about signing in lead nowhere.
        let path = value.split(['?', '#']).next().unwrap_or_default();
        let is_elsewhere = !["/login", "/logout", "/registro"].contains(&path) && !path.contains("//");
        let has_dots = path.split('/').any(|part| part == "." || part == "..");
        (starts_well && is_plain && is_elsewhere && !has_dots).then(|| Self(value.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn our_own_paths_pass() {
        for path in ["/", "/admin", "/admin/data/legacy/users?after=%7B%7D&q=a//b", "/mi-perfil#sesiones"] {
            assert_eq!(Next::parse(path).as_ref().map(Next::as_str), Some(path));
        }
    }

    #[test]
    fn other_sites_and_riddles_dont() {
        for value in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /admin",
            "/./../evil",
            "/a/..//evil.example",
            "/login",
            "/logout",
            "/login?next=/login",
            "/ñandú",
            "/a b",
            "/..//evil.example",
            "/%0d%0a\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(Next::parse(value), None, "{value:?}");
        }
    }

    /// What a browser does to a relative reference before it resolves it, as the URL standard says.
    fn leads_elsewhere(value: &str) -> bool {
        let seen: String = value
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        !seen.starts_with('/') || seen.starts_with("//")
    }

    proptest! {
        #[test]
        fn whatever_passes_stays_here(value in r"[/\\\t\n\r .:@a-z%?#-]{0,24}") {
            if let Some(next) = Next::parse(&value) {
                prop_assert!(!leads_elsewhere(next.as_str()), "{:?}", value);
                prop_assert!(http::HeaderValue::try_from(next.as_str()).is_ok());
            }
        }

        #[test]
        fn anything_at_all_is_read_without_failing(value in any::<String>()) {
            if let Some(next) = Next::parse(&value) {
                prop_assert!(!leads_elsewhere(next.as_str()));
            }
        }
    }
}
