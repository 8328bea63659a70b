//! What `/admin/seguridad` shows and does.

use jiff::Timestamp;

use super::transport;
use super::trial::{self, Progress};
use crate::audit::{self, Action, Entry};
use crate::config::{Integrations, MailTransport};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::mail::{self, Channel};
use crate::values::Capability;
use crate::webhooks;

/// An outside service and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integration {
    /// Errors we send to Sentry.
    SentryOut,
    /// Alerts Sentry sends us.
    SentryIn,
    /// What UptimeRobot sends us.
    UptimeRobot,
    /// Mail through Resend.
    Resend,
    /// Mail through SMTP.
    Smtp,
    /// Mail, by whatever way; there is none.
    Mail,
    /// What Resend says became of mail.
    ResendIn,
    /// WhatsApp.
    WhatsApp,
    /// Figures for Prometheus.
    Metrics,
}

/// How an integration is; never its secrets.
#[derive(Clone, Debug)]
pub struct State {
    /// Which.
    pub integration: Integration,
    /// Whether the environment names it.
    pub is_configured: bool,
    /// Whether two secrets are good, as they are while one is changed.
    pub has_two_secrets: bool,
    /// When it last worked.
    pub success_at: Option<Timestamp>,
    /// When it last didn't, and what it said.
    pub failure: Option<(Timestamp, String)>,
}

impl State {
    /// Whether the last thing heard of it is a failure.
    pub fn is_failing(&self) -> bool {
        self.failure.as_ref().is_some_and(|(at, _)| self.success_at.is_none_or(|success| success < *at))
    }
}

/// The page's content.
pub struct Overview {
    /// Every integration.
    pub integrations: Vec<State>,
    /// Whether a test event can be sent.
    pub has_sentry: bool,
    /// Whether its webhook can come back.
    pub has_sentry_webhook: bool,
    /// The last test event.
    pub trial: Option<Progress>,
}

/// Loads the page.
pub async fn overview(ctx: &Ctx) -> Result<Overview, Failure> {
    ctx.require(Capability::Security)?;
    let (trial, integrations) = tokio::try_join!(trial::progress(&ctx.app.db), integrations(ctx))?;
    let configured = &ctx.app.config.integrations;
    Ok(Overview {
        integrations,
        has_sentry: configured.sentry_dsn.is_some(),
        has_sentry_webhook: configured.sentry_webhook.is_configured(),
        trial,
    })
}

/// How far the last test event got.
pub async fn progress(ctx: &Ctx) -> Result<Option<Progress>, Failure> {
    ctx.require(Capability::Security)?;
    trial::progress(&ctx.app.db).await
}

/// Sends a test event.
pub async fn try_out(ctx: &Ctx) -> Result<(), Failure> {
    ctx.require(Capability::Security)?;
    audit::record(ctx, Entry::new(Action::IntegrationTested).target("integration", "sentry")).await?;
    trial::begin(ctx).await
}

async fn integrations(ctx: &Ctx) -> Result<Vec<State>, Failure> {
    let configured: &Integrations = &ctx.app.config.integrations;
    let (db, now) = (&ctx.app.db, ctx.now());
    let delivered = async |source| -> Result<Option<Timestamp>, Failure> {
        let newest = webhooks::newest(db, now, source).await?;
        Ok(newest.and_then(|delivery| timestamp(delivery.received_at)))
    };
    let outbox = async |channel| Ok::<_, Failure>(mail::backlog(db, channel, now).await?);
    let (sentry_in, uptimerobot, resend_in, email, whatsapp) = tokio::try_join!(
        delivered(webhooks::Source::Sentry),
        delivered(webhooks::Source::UptimeRobot),
        delivered(webhooks::Source::Resend),
        outbox(Channel::Email),
        outbox(Channel::WhatsApp),
    )?;
    let sent = configured.sentry_dsn.as_ref().map(transport::last).unwrap_or_default();
    let received = |integration, secrets: &crate::config::Secrets, success_at| State {
        integration,
        is_configured: secrets.is_configured(),
        has_two_secrets: secrets.accepted().count() > 1,
        success_at,
        failure: None,
    };
    let leaving = |integration, is_configured, backlog: mail::Backlog| State {
        integration,
        is_configured,
        has_two_secrets: false,
        success_at: backlog.last_success_at,
        failure: backlog.last_error_at.zip(backlog.last_error),
    };
    let mail_by = match configured.mail {
        Some(MailTransport::Resend { .. }) => Integration::Resend,
        Some(MailTransport::Smtp { .. }) => Integration::Smtp,
        None => Integration::Mail,
    };
    Ok(vec![
        State {
            integration: Integration::SentryOut,
            is_configured: configured.sentry_dsn.is_some(),
            has_two_secrets: false,
            success_at: sent.success_at,
            failure: sent.failure,
        },
        received(Integration::SentryIn, &configured.sentry_webhook, sentry_in),
        received(Integration::UptimeRobot, &configured.uptimerobot, uptimerobot),
        leaving(mail_by, configured.mail.is_some(), email),
        received(Integration::ResendIn, &configured.resend_webhook, resend_in),
        leaving(Integration::WhatsApp, configured.whatsapp.is_some(), whatsapp),
        State {
            integration: Integration::Metrics,
            is_configured: configured.metrics_token.is_some(),
            has_two_secrets: false,
            success_at: None,
            failure: None,
        },
    ])
}
