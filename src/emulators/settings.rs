//! Where the twins are, the secrets they share with the application, and the variables that point its clients at them.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::Context;

use super::cloudinary;
use crate::i18n::emulators as words;
use crate::web::answer::random_token;

/// The project's number in the DSN.
pub const SENTRY_PROJECT: &str = "1";

/// Secrets as a client of each service has them. Those the environment names are taken, the others are made up.
#[derive(Clone)]
pub struct Settings {
    /// Where the twins listen.
    pub address: SocketAddr,
    /// `RESEND_API_KEY`.
    pub resend_api_key: String,
    /// `RESEND_WEBHOOK_SECRET`, `whsec_…`.
    pub resend_webhook_secret: String,
    /// The public key in the DSN.
    pub sentry_key: String,
    /// `SENTRY_CLIENT_SECRET`.
    pub sentry_client_secret: String,
    /// `UPTIMEROBOT_TOKEN`.
    pub uptimerobot_token: String,
    /// `TWILIO_ACCOUNT_SID`.
    pub twilio_account_sid: String,
    /// `TWILIO_AUTH_TOKEN`.
    pub twilio_auth_token: String,
    /// `CLOUDINARY_CLOUD_NAME`.
    pub cloudinary_cloud: String,
    /// `CLOUDINARY_API_KEY`.
    pub cloudinary_api_key: String,
    /// `CLOUDINARY_API_SECRET`.
    pub cloudinary_api_secret: String,
    /// Where that account's files are kept, for all processes of one data directory; one that ends with the twins when
    /// there is none.
    pub cloudinary_folder: Option<PathBuf>,
    /// `METRICS_TOKEN`.
    pub metrics_token: String,
}

/// Whether this process is a demonstration: `CANJE_DEMO`. Anything odd in it is the configuration's to refuse.
pub fn is_demo() -> bool {
    std::env::var("CANJE_DEMO").is_ok_and(|value| matches!(value.trim(), "1" | "true"))
}

/// `CANJE_EMULATORS_ADDR`: where a demonstration's twins listen, when that matters to somebody outside.
pub fn own_address() -> anyhow::Result<Option<SocketAddr>> {
    match std::env::var("CANJE_EMULATORS_ADDR") {
        Ok(address) if !address.trim().is_empty() => {
            Ok(Some(address.trim().parse().with_context(|| words::bad_address(&address))?))
        }
        _ => Ok(None),
    }
}

/// Binds the twins' address: before anything else, since the DSN holds it.
pub fn listen(address: Option<SocketAddr>) -> anyhow::Result<TcpListener> {
    let address = address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    anyhow::ensure!(address.ip().is_loopback(), words::not_loopback(address));
    let listener = TcpListener::bind(address).with_context(|| words::cannot_listen(address))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Settings {
    /// Settings for twins at `address` from the process's environment; what they keep stays in its data directory.
    pub fn from_env(address: SocketAddr) -> Self {
        let get = |name: &str| match std::env::var(name).ok() {
            None if name == "CANJE_DATA_DIR" => Some(".canje".to_owned()),
            value => value,
        };
        Self::read(address, &get)
    }

    /// Settings for twins at `address`, with the secrets that `get` knows.
    pub fn read(address: SocketAddr, get: &dyn Fn(&str) -> Option<String>) -> Self {
        let said = |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let secret = |name: &str, prefix: &str| {
            // Digits of base 16 are base 64 too, which is what a `whsec_` secret has to be.
            said(name).unwrap_or_else(|| format!("{prefix}{}", hex::encode(random_token::<18>())))
        };
        Self {
            address,
            resend_api_key: secret("RESEND_API_KEY", "re_"),
            resend_webhook_secret: secret("RESEND_WEBHOOK_SECRET", "whsec_"),
            sentry_key: hex::encode(uuid::Uuid::new_v4().as_bytes()),
            sentry_client_secret: secret("SENTRY_CLIENT_SECRET", ""),
            uptimerobot_token: secret("UPTIMEROBOT_TOKEN", ""),
            twilio_account_sid: format!("AC{}", hex::encode(uuid::Uuid::new_v4().as_bytes())),
            twilio_auth_token: secret("TWILIO_AUTH_TOKEN", ""),
            cloudinary_cloud: said("CLOUDINARY_CLOUD_NAME").unwrap_or_else(|| cloudinary::CLOUD.into()),
            cloudinary_api_key: said("CLOUDINARY_API_KEY").unwrap_or_else(|| cloudinary::API_KEY.into()),
            cloudinary_api_secret: secret("CLOUDINARY_API_SECRET", ""),
            cloudinary_folder: said("CANJE_DATA_DIR").map(|folder| PathBuf::from(folder).join("twins/cloudinary")),
            metrics_token: secret("METRICS_TOKEN", ""),
        }
    }

    /// The address of the page that lists the twins.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `RESEND_BASE_URL`.
    pub fn resend_url(&self) -> String {
        format!("http://{}/resend", self.address)
    }

    /// `TWILIO_BASE_URL`.
    pub fn twilio_url(&self) -> String {
        format!("http://{}/twilio", self.address)
    }

    /// `CLOUDINARY_API_BASE`.
    pub fn cloudinary_url(&self) -> String {
        format!("http://{}/cloudinary", self.address)
    }

    /// `CLOUDINARY_DELIVERY_BASE`.
    pub fn cloudinary_delivery_url(&self) -> String {
        format!("http://{}/cloudinary/res", self.address)
    }

    /// `SENTRY_DSN`.
    pub fn sentry_dsn(&self) -> String {
        format!("http://{}@{}/sentry/{SENTRY_PROJECT}", self.sentry_key, self.address)
    }

    /// What an application's environment has to say so that its clients talk to the twins.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("CANJE_EMULATORS_URL", self.url()),
            ("RESEND_API_KEY", self.resend_api_key.clone()),
            ("RESEND_BASE_URL", self.resend_url()),
            ("RESEND_WEBHOOK_SECRET", self.resend_webhook_secret.clone()),
            // Mail of a demonstration never leaves this machine.
            ("SMTP_URL", String::new()),
            ("SENTRY_DSN", self.sentry_dsn()),
            ("SENTRY_CLIENT_SECRET", self.sentry_client_secret.clone()),
            ("UPTIMEROBOT_TOKEN", self.uptimerobot_token.clone()),
            ("TWILIO_ACCOUNT_SID", self.twilio_account_sid.clone()),
            ("TWILIO_AUTH_TOKEN", self.twilio_auth_token.clone()),
            ("TWILIO_WHATSAPP_FROM", "+595981000000".into()),
            ("TWILIO_BASE_URL", self.twilio_url()),
            ("CLOUDINARY_CLOUD_NAME", self.cloudinary_cloud.clone()),
            ("CLOUDINARY_API_KEY", self.cloudinary_api_key.clone()),
            ("CLOUDINARY_API_SECRET", self.cloudinary_api_secret.clone()),
            ("CLOUDINARY_API_BASE", self.cloudinary_url()),
            ("CLOUDINARY_DELIVERY_BASE", self.cloudinary_delivery_url()),
            ("METRICS_TOKEN", self.metrics_token.clone()),
        ]
    }
}
