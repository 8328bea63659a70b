//! The environment, read once. Start fails with the whole list of what is wrong, each entry naming its variable.
//!
//! Commands that only touch data need [`DatabaseConfig`]; `serve` needs [`ServeConfig`] on top. No setting is
//! read elsewhere, save the log's level (`RUST_LOG`, in `main.rs`) and where a demonstration's twins listen
//! (`CANJE_EMULATORS_ADDR`, before there is a configuration). [`db::embedded`](crate::db::embedded) looks for a
//! server binary on `PATH` and where the set-up scripts put it (`CANJE_CACHE` or `HOME`).

mod backups;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use leptos::config::get_config_from_str;
use secrecy::{ExposeSecret, SecretString};

use crate::i18n::config as words;

pub use backups::{Backups, Cloudinary, S3};

/// The site's settings as built in, for a binary that runs without its `Leptos.toml`.
const SITE: &str = include_str!("../Leptos.toml");

/// Where the data is.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `MONGODB_URI`; without it the embedded server is started.
    pub uri: Option<SecretString>,
    /// `MONGODB_READONLY_URI`: the inspector's own connection, ideally a user with role `read`.
    pub read_only_uri: Option<SecretString>,
    /// `CANJE_DB`: the live database.
    pub live_db: String,
    /// `CANJE_OPS_DB`: the state of backups, outside of what is backed up.
    pub ops_db: String,
    /// `CANJE_DATA_DIR`: the embedded server's files, its lock, temporary exports.
    pub data_dir: PathBuf,
}

/// What `serve` needs besides.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Where the data is.
    pub database: DatabaseConfig,
    /// `LEPTOS_SITE_ADDR`: the address to listen on.
    pub listen: SocketAddr,
    /// `LEPTOS_SITE_ROOT`: the built assets.
    pub site_root: PathBuf,
    /// `CANJE_BASE_URL`: scheme and authority people type, without a trailing slash.
    pub base_url: String,
    /// `CANJE_SECRET_KEY`: every key of the process is derived from it.
    pub secret_key: Option<SecretString>,
    /// `CANJE_DEMO`: demonstration mode.
    pub demo: bool,
    /// `CANJE_EMULATORS_URL`: the page of the local twins, linked from the demonstration's banner.
    pub emulators_url: Option<String>,
    /// `CANJE_ENVIRONMENT`: the name shown in the banner (`producción`, `vista previa`, …).
    pub environment: String,
    /// `CANJE_TRUSTED_PROXIES`: the only peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where backups go.
    pub backups: Backups,
    /// Outside services; each that isn't configured is visibly off.
    pub integrations: Integrations,
}

/// Outside services: where they are and the secrets shared with them.
#[derive(Clone, Debug, Default)]
pub struct Integrations {
    /// `SENTRY_DSN`: where errors, traces and check-ins are sent.
    pub sentry_dsn: Option<SecretString>,
    /// `SENTRY_CLIENT_SECRET`: signs Sentry's deliveries to us.
    pub sentry_webhook: Secrets,
    /// `UPTIMEROBOT_TOKEN`: the shared secret of UptimeRobot's deliveries.
    pub uptimerobot: Secrets,
    /// `RESEND_API_KEY` or `SMTP_URL`: how mail leaves.
    pub mail: Option<MailTransport>,
    /// `RESEND_WEBHOOK_SECRET` (`whsec_…`): signs Resend's deliveries.
    pub resend_webhook: Secrets,
    /// `MAIL_FROM` and its `MAIL_FROM_…` variants.
    pub senders: Senders,
    /// `TWILIO_…`: WhatsApp messages to the team and to customers.
    pub whatsapp: Option<WhatsApp>,
    /// `METRICS_TOKEN`: the bearer token of `/metrics`; without it there is no such page.
    pub metrics_token: Option<SecretString>,
}

/// A secret and the one it replaces, both good while it is changed on the other side.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// The variable itself.
    pub current: Option<SecretString>,
    /// Its `_PREVIOUS` twin.
    pub previous: Option<SecretString>,
}

impl Secrets {
    /// Those that are good now, the current one first.
    pub fn accepted(&self) -> impl Iterator<Item = &SecretString> {
        self.current.iter().chain(&self.previous)
    }

    /// Whether the service is configured at all.
    pub fn is_configured(&self) -> bool {
        self.current.is_some()
    }
}

/// How mail leaves the house.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Resend over HTTP.
    Resend {
        /// `RESEND_API_KEY`.
        api_key: SecretString,
        /// `RESEND_BASE_URL`, without a trailing slash.
        base_url: String,
    },
    /// `SMTP_URL`: `smtps://user:password@host:465`, or `smtp://…?tls=required` for STARTTLS.
    Smtp {
        /// The whole address; it holds a password.
        url: SecretString,
    },
}

/// The sender of each kind of mail, as `Name <address>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders {
    /// `MAIL_FROM_ECOMMERCE`.
    pub ecommerce: String,
    /// `MAIL_FROM_STUDIO`.
    pub studio: String,
    /// `MAIL_FROM_UGC`.
    pub ugc: String,
    /// `MAIL_FROM_BRANDS`.
    pub brands: String,
    /// `MAIL_FROM_SYSTEM`.
    pub system: String,
}

/// The account that sends WhatsApp messages.
#[derive(Clone, Debug)]
pub struct WhatsApp {
    /// `TWILIO_ACCOUNT_SID`.
    pub account_sid: String,
    /// `TWILIO_AUTH_TOKEN`.
    pub auth_token: SecretString,
    /// `TWILIO_WHATSAPP_FROM`, in E.164.
    pub from: String,
    /// `TWILIO_BASE_URL`, without a trailing slash.
    pub base_url: String,
}

/// Everything that is wrong with the environment.
#[derive(Debug, thiserror::Error)]
#[error("{}", words::problems(.0))]
pub struct ConfigError(pub Vec<String>);

/// Reads variables and collects what is wrong with them.
struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.text(name).as_deref() {
            None | Some("0" | "false") => false,
            Some("1" | "true") => true,
            Some(_) => {
                self.problems.push(words::not_a_flag(name));
                false
            }
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, default: T, expected: &str) -> T {
        match self.text(name).map(|value| value.parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.problems.push(words::not_parsed(name, expected));
                default
            }
        }
    }

    fn database(&mut self) -> DatabaseConfig {
        let live_db = self.database_name("CANJE_DB", "canje");
        let ops_db = self.database_name("CANJE_OPS_DB", "canje_ops");
        if live_db == ops_db {
            self.problems.push(words::same_database("CANJE_DB", "CANJE_OPS_DB"));
        }
        DatabaseConfig {
            uri: self.mongodb_uri("MONGODB_URI"),
            read_only_uri: self.mongodb_uri("MONGODB_READONLY_URI"),
            live_db,
            ops_db,
            data_dir: self.data_dir(),
        }
    }

    fn data_dir(&self) -> PathBuf {
        self.text("CANJE_DATA_DIR").unwrap_or_else(|| ".canje".into()).into()
    }

    fn database_name(&mut self, name: &str, default: &str) -> String {
        let database = self.text(name).unwrap_or_else(|| default.into());
        if database.len() > 63 || database.contains(['/', '\\', '.', ' ', '"', '$', '\0']) {
            self.problems.push(words::bad_database_name(name));
        }
        database
    }

    fn mongodb_uri(&mut self, name: &str) -> Option<SecretString> {
        let uri = self.text(name)?;
        if !uri.starts_with("mongodb://") && !uri.starts_with("mongodb+srv://") {
            self.problems.push(words::bad_mongodb_uri(name));
        }
        Some(uri.into())
    }

    fn base_url(&mut self, listen: SocketAddr) -> String {
        let Some(url) = self.text("CANJE_BASE_URL") else { return format!("http://{listen}") };
        let url = url.trim_end_matches('/').to_owned();
        match url.parse::<http::Uri>() {
            Ok(parsed) if parsed.path() == "/" && parsed.query().is_none() => match parsed.scheme_str() {
                Some("https") => {}
                Some("http") if parsed.host().is_some_and(is_loopback) => {}
                Some("http") => self.problems.push(words::insecure_base_url("CANJE_BASE_URL")),
                _ => self.problems.push(words::bad_base_url("CANJE_BASE_URL")),
            },
            _ => self.problems.push(words::bad_base_url("CANJE_BASE_URL")),
        }
        url
    }

    fn secret_key(&mut self, demo: bool) -> Option<SecretString> {
        match self.text("CANJE_SECRET_KEY") {
            Some(key) if key.chars().count() >= 32 => Some(key.into()),
            Some(_) => {
                self.problems.push(words::short_secret_key("CANJE_SECRET_KEY"));
                None
            }
            None if demo => None,
            None => {
                self.problems.push(words::missing("CANJE_SECRET_KEY", words::SECRET_KEY_REMEDY));
                None
            }
        }
    }

    fn trusted_proxies(&mut self) -> Vec<IpAddr> {
        let listed = self.text("CANJE_TRUSTED_PROXIES").unwrap_or_default();
        let mut proxies = Vec::new();
        for entry in listed.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            match entry.parse() {
                Ok(address) => proxies.push(address),
                Err(_) => self.problems.push(words::not_parsed("CANJE_TRUSTED_PROXIES", words::EXPECTED_ADDRESSES)),
            }
        }
        proxies
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(Into::into)
    }

    /// A secret of at least `characters`, and its twin.
    fn secrets(&mut self, name: &str, previous: &str, characters: usize) -> Secrets {
        for name in [name, previous] {
            if self.text(name).is_some_and(|secret| secret.chars().count() < characters) {
                self.problems.push(words::short_secret(name, characters));
            }
        }
        let secrets = Secrets { current: self.secret(name), previous: self.secret(previous) };
        if secrets.current.is_none() && secrets.previous.is_some() {
            self.problems.push(words::missing(name, words::CURRENT_SECRET_REMEDY));
        }
        secrets
    }

    fn service_url(&mut self, name: &str, default: &str) -> String {
        let url = self.text(name).unwrap_or_else(|| default.to_owned()).trim_end_matches('/').to_owned();
        let is_safe = url.parse::<http::Uri>().is_ok_and(|url| match url.scheme_str() {
            Some("https") => true,
            Some("http") => url.host().is_some_and(is_loopback),
            _ => false,
        });
        if !is_safe {
            self.problems.push(words::bad_base_url(name));
        }
        url
    }

    fn mail(&mut self) -> Option<MailTransport> {
        let base_url = self.service_url("RESEND_BASE_URL", "https://api.resend.com");
        match (self.secret("RESEND_API_KEY"), self.secret("SMTP_URL")) {
            (Some(_), Some(_)) => {
                self.problems.push(words::one_of("RESEND_API_KEY", "SMTP_URL"));
                None
            }
            (Some(api_key), None) => Some(MailTransport::Resend { api_key, base_url }),
            (None, Some(url)) => {
                if !["smtp://", "smtps://"].iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
                    self.problems.push(words::bad_smtp_url("SMTP_URL"));
                }
                Some(MailTransport::Smtp { url })
            }
            (None, None) => None,
        }
    }

    fn senders(&mut self) -> Senders {
        let common = self.text("MAIL_FROM").unwrap_or_else(|| words::DEFAULT_SENDER.into());
        let mut sender = |name: &str| {
            let sender = self.text(name).unwrap_or_else(|| common.clone());
            if sender.parse::<lettre::message::Mailbox>().is_err() {
                self.problems.push(words::not_parsed(name, words::EXPECTED_SENDER));
            }
            sender
        };
        Senders {
            ecommerce: sender("MAIL_FROM_ECOMMERCE"),
            studio: sender("MAIL_FROM_STUDIO"),
            ugc: sender("MAIL_FROM_UGC"),
            brands: sender("MAIL_FROM_BRANDS"),
            system: sender("MAIL_FROM_SYSTEM"),
        }
    }

    fn whatsapp(&mut self) -> Option<WhatsApp> {
        let names = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM"];
        let [account_sid, auth_token, from] = names.map(|name| self.text(name));
        let base_url = self.service_url("TWILIO_BASE_URL", "https://api.twilio.com");
        if account_sid.is_none() && auth_token.is_none() && from.is_none() {
            return None;
        }
        for (name, value) in names.iter().zip([&account_sid, &auth_token, &from]) {
            if value.is_none() {
                self.problems.push(words::missing(name, words::WHATSAPP_REMEDY));
            }
        }
        Some(WhatsApp { account_sid: account_sid?, auth_token: auth_token?.into(), from: from?, base_url })
    }

    fn metrics_token(&mut self) -> Option<SecretString> {
        let token = self.secret("METRICS_TOKEN");
        if token.as_ref().is_some_and(|token| token.expose_secret().chars().count() < 32) {
            self.problems.push(words::short_secret("METRICS_TOKEN", 32));
        }
        token
    }

    fn integrations(&mut self) -> Integrations {
        Integrations {
            sentry_dsn: self.secret("SENTRY_DSN"),
            sentry_webhook: self.secrets("SENTRY_CLIENT_SECRET", "SENTRY_CLIENT_SECRET_PREVIOUS", 16),
            uptimerobot: self.secrets("UPTIMEROBOT_TOKEN", "UPTIMEROBOT_TOKEN_PREVIOUS", 32),
            mail: self.mail(),
            resend_webhook: self.secrets("RESEND_WEBHOOK_SECRET", "RESEND_WEBHOOK_SECRET_PREVIOUS", 16),
            senders: self.senders(),
            whatsapp: self.whatsapp(),
            metrics_token: self.metrics_token(),
        }
    }

    fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(value) } else { Err(ConfigError(self.problems)) }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl DatabaseConfig {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&|name| std::env::var(name).ok())
    }

    /// Reads variables through `get`.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { get, problems: Vec::new() };
        let config = reader.database();
        reader.finish(config)
    }
}

impl ServeConfig {
    /// Reads the process's environment, and `Leptos.toml` where the process runs if there is one.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_env_with(&[])
    }

    /// Likewise, with some variables said instead of the environment's, as the demonstration does.
    pub fn from_env_with(said: &[(&'static str, String)]) -> Result<Self, ConfigError> {
        let site = std::fs::read_to_string("Leptos.toml").unwrap_or_else(|_| SITE.to_owned());
        let get = |name: &str| match said.iter().find(|(own, _)| *own == name) {
            Some((_, value)) => Some(value.clone()),
            None => std::env::var(name).ok(),
        };
        Self::read(&get, &site)
    }

    /// Reads variables through `get`; what they don't say of the site, the text of a `Leptos.toml` does.
    pub fn read(get: &dyn Fn(&str) -> Option<String>, site: &str) -> Result<Self, ConfigError> {
        let mut reader = Reader { get, problems: Vec::new() };
        let site = get_config_from_str(site).map_err(|error| ConfigError(vec![words::bad_site_file(&error)]))?;
        let database = reader.database();
        let demo = reader.flag("CANJE_DEMO");
        let listen = reader.parsed("LEPTOS_SITE_ADDR", site.site_addr, words::EXPECTED_LISTEN);
        let config = Self {
            base_url: reader.base_url(listen),
            secret_key: reader.secret_key(demo),
            site_root: reader.text("LEPTOS_SITE_ROOT").unwrap_or_else(|| site.site_root.to_string()).into(),
            environment: reader.text("CANJE_ENVIRONMENT").unwrap_or_else(|| words::default_environment(demo).into()),
            trusted_proxies: reader.trusted_proxies(),
            backups: reader.backups(database.data_dir.clone(), demo),
            integrations: reader.integrations(),
            emulators_url: reader.text("CANJE_EMULATORS_URL").filter(|_| demo),
            database,
            listen,
            demo,
        };
        reader.finish(config)
    }
}

impl ServeConfig {
    /// The configured key; the demonstration makes one for as long as it runs.
    pub fn secret_key_or_new(&self) -> anyhow::Result<SecretString> {
        match &self.secret_key {
            Some(key) => Ok(key.clone()),
            None => {
                anyhow::ensure!(self.demo, "only the demonstration runs without CANJE_SECRET_KEY");
                Ok(crate::web::answer::random_token::<32>().into())
            }
        }
    }
}

/// The process's keys, each derived from `CANJE_SECRET_KEY` by its purpose, so that one leaked key opens one door.
#[derive(Clone)]
pub struct Keys(SecretString);

impl Keys {
    /// Keys derived from this secret.
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// The 256-bit key for a purpose: HKDF-SHA256 with the purpose as `info`.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        hkdf::Hkdf::<sha2::Sha256>::new(Some(b"canje"), self.0.expose_secret().as_bytes())
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are within HKDF-SHA256's limit");
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<ServeConfig, ConfigError> {
        let pairs: std::collections::HashMap<_, _> =
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        ServeConfig::read(&|name| pairs.get(name).cloned(), SITE)
    }

    #[test]
    fn a_start_without_a_key_is_refused_and_the_demo_is_not() {
        let refused = read(&[]).unwrap_err();
        assert!(refused.0.len() == 1 && refused.0[0].contains("CANJE_SECRET_KEY"), "{refused}");
        let demo = read(&[("CANJE_DEMO", "1")]).unwrap();
        assert_eq!(demo.base_url, "http://127.0.0.1:3000");
        assert_eq!(demo.database.live_db, "canje");
    }

    #[test]
    fn every_problem_is_listed_at_once() {
        let refused = read(&[
            ("CANJE_SECRET_KEY", "short"),
            ("MONGODB_URI", "postgres://x"),
            ("LEPTOS_SITE_ADDR", "nowhere"),
            ("CANJE_BASE_URL", "http://canje.example.com"),
            ("CANJE_DB", "a/b"),
            ("CANJE_TRUSTED_PROXIES", "10.0.0.1, proxy"),
            ("CANJE_DEMO", "perhaps"),
        ])
        .unwrap_err();
        for name in [
            "CANJE_SECRET_KEY",
            "MONGODB_URI",
            "LEPTOS_SITE_ADDR",
            "CANJE_BASE_URL",
            "CANJE_DB",
            "CANJE_TRUSTED_PROXIES",
            "CANJE_DEMO",
        ] {
            assert!(refused.0.iter().any(|problem| problem.contains(name)), "{name} is missing in: {refused}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        let key = ("CANJE_SECRET_KEY", "0123456789abcdef0123456789abcdef");
        assert!(read(&[key, ("CANJE_BASE_URL", "http://localhost:8080")]).is_ok());
        assert!(read(&[key, ("CANJE_BASE_URL", "http://[::1]:8080")]).is_ok());
        assert!(read(&[key, ("CANJE_BASE_URL", "https://canje.example.com")]).is_ok());
        assert!(read(&[key, ("CANJE_BASE_URL", "http://canje.example.com")]).is_err());
        assert!(read(&[key, ("CANJE_BASE_URL", "https://canje.example.com/app")]).is_err());
    }

    #[test]
    fn the_site_file_says_what_cargo_leptos_is_told() {
        let section = |text: &str| {
            let rest = text.split_once("[package.metadata.leptos]").unwrap().1.to_owned();
            rest.lines().skip(1).take_while(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(section(SITE), section(include_str!("../Cargo.toml")));
    }

    #[test]
    fn every_variable_is_in_the_example_and_in_the_readme() {
        let read = std::cell::RefCell::new(std::collections::BTreeSet::new());
        let get = |name: &str| {
            read.borrow_mut().insert(name.to_owned());
            None
        };
        ServeConfig::read(&get, SITE).unwrap_err();
        let read = read.into_inner();
        let example: std::collections::BTreeSet<String> = include_str!("../.env.example")
            .lines()
            .filter_map(|line| Some(line.trim_start_matches('#').split_once('=')?.0.to_owned()))
            .filter(|name| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            })
            .filter(|name| !["RUST_LOG", "CANJE_EMULATORS_ADDR"].contains(&name.as_str()))
            .collect();
        assert_eq!(example, read);
        let readme = include_str!("../README.md");
        let untold: Vec<_> = read.iter().filter(|name| !readme.contains(&format!("| `{name}` |"))).collect();
        assert!(untold.is_empty(), "the README's table lacks {untold:?}");
    }

    #[test]
    fn keys_differ_by_purpose_and_by_secret() {
        let keys = Keys::new("0123456789abcdef0123456789abcdef".to_owned().into());
        let others = Keys::new("0123456789abcdef0123456789abcdeF".to_owned().into());
        assert_eq!(keys.derive("flash"), keys.derive("flash"));
        assert_ne!(keys.derive("flash"), keys.derive("session"));
        assert_ne!(keys.derive("flash"), others.derive("flash"));
    }
}
