//! What a row says.

use bson::oid::ObjectId;
use bson::{Bson, DateTime, Document, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ctx::{Actor, Ctx};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored, date};

macro_rules! actions {
    ($($variant:ident = $name:literal,)+) => {
        /// What can be recorded, by its stored name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($variant,)+ }

        impl Action {
            /// Every action.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

actions! {
    LoginSuccess = "login_success",
    LoginFailed = "login_failed",
    Logout = "logout",
    SessionRevoked = "session_revoked",
    MfaEnabled = "mfa_enabled",
    MfaDisabled = "mfa_disabled",
    MfaVerified = "mfa_verified",
    MfaFailed = "mfa_failed",
    PasswordChanged = "password_changed",
    PasswordResetRequested = "password_reset_requested",
    UserCreated = "user_created",
    UserUpdated = "user_updated",
    UserRoleChanged = "user_role_changed",
    UserDeleted = "user_deleted",
    OrderStatusChanged = "order_status_changed",
    OrderCancelled = "order_cancelled",
    RefundProcessed = "refund_processed",
    PriceChanged = "price_changed",
    StockChanged = "stock_changed",
    CouponCreated = "coupon_created",
    CouponUpdated = "coupon_updated",
    CouponDeleted = "coupon_deleted",
    ReservationStatusChanged = "reservation_status_changed",
    ReservationCancelled = "reservation_cancelled",
    SettingsChanged = "settings_changed",
    IntegrationChanged = "integration_changed",
    IntegrationTested = "integration_tested",
    DataInspected = "data_inspected",
    DataRevealed = "data_revealed",
    DataExported = "data_exported",
    ImportRun = "import_run",
    AdoptRun = "adopt_run",
    BackupRun = "backup_run",
    BackupDownloaded = "backup_downloaded",
    BackupRestored = "backup_restored",
    BackupRequested = "backup_requested",
    BackupCancelled = "backup_cancelled",
    BackupHeld = "backup_held",
    BackupReleased = "backup_released",
    BackupFileUploaded = "backup_file_uploaded",
    BackupPruneApproved = "backup_prune_approved",
    RecoveryKeyStored = "recovery_key_stored",
    MigrationStepRun = "migration_step_run",
    TermsPublished = "terms_published",
    PagePublished = "page_published",
    MediaDeleted = "media_deleted",
    ImagesBulkDeleted = "images_bulk_deleted",
    JobRunRequested = "job_run_requested",
    JobRetried = "job_retried",
    JobDiscarded = "job_discarded",
    JobCancelled = "job_cancelled",
    MessageRepeated = "message_repeated",
    MessageTested = "message_tested",
    SuppressionLifted = "suppression_lifted",
    NoticeAcknowledged = "notice_acknowledged",
    NoticeResolved = "notice_resolved",
    NoticeDeleted = "notice_deleted",
    WebhookReplayed = "webhook_replayed",
    WebhookTested = "webhook_tested",
    SilenceMade = "silence_made",
    SilenceEnded = "silence_ended",
    AlertTested = "alert_tested",
    UgcCreatorCreated = "ugc_creator_created",
    UgcCreatorUpdated = "ugc_creator_updated",
    CampaignCreated = "ugc_campaign_created",
    CampaignUpdated = "ugc_campaign_updated",
    CampaignStatusChanged = "ugc_campaign_status_changed",
    CampaignSlotsChanged = "ugc_campaign_slots_changed",
    CampaignVisibilityChanged = "ugc_campaign_visibility_changed",
    CampaignDeadlinesChanged = "ugc_campaign_deadlines_changed",
    CampaignDeadlinesRestored = "ugc_campaign_deadlines_restored",
    UgcApplicationShortlisted = "ugc_application_shortlisted",
    UgcApplicationConfirmed = "ugc_application_confirmed",
    UgcApplicationRejected = "ugc_application_rejected",
    UgcApplicationCancelled = "ugc_application_cancelled",
    UgcApplicationReactivated = "ugc_application_reactivated",
    UgcDeliverableApproved = "ugc_deliverable_approved",
    UgcDeliverableChangesRequested = "ugc_deliverable_changes_requested",
    UgcDeliverableRejected = "ugc_deliverable_rejected",
    UgcDeliverableUrlsReset = "ugc_deliverable_urls_reset",
    UgcDeliverableMetricsReset = "ugc_deliverable_metrics_reset",
    UgcDeliverableUrlsEdited = "ugc_deliverable_urls_edited",
    UgcDeliverableCompleted = "ugc_deliverable_completed",
    UgcCreatorVerified = "ugc_creator_verified",
    UgcCreatorUnverified = "ugc_creator_unverified",
    UgcCreatorActivated = "ugc_creator_activated",
    UgcCreatorDeactivated = "ugc_creator_deactivated",
}

impl Action {
    /// The action with this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// Something to record: what was done, to what, and the particulars.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) action: Action,
    pub(super) target: Option<(String, String)>,
    pub(super) details: Document,
}

impl Entry {
    /// Records this action.
    pub fn new(action: Action) -> Self {
        Self { action, target: None, details: Document::new() }
    }

    /// What it was done to: a kind (`user`, `collection`, …) and which one.
    pub fn target(mut self, kind: &str, id: impl Into<String>) -> Self {
        self.target = Some((kind.into(), id.into()));
        self
    }

    /// The particulars: filter and row count, before and after, the reason. Secrets in them are struck out.
    pub fn details(mut self, details: Document) -> Self {
        self.details = details;
        self
    }
}

/// By which way an action came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A request.
    #[default]
    Web,
    /// A command of the program, run by whoever has the server.
    CommandLine,
}

/// Who acted, and from where.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The account.
    pub user_id: Option<String>,
    /// Its address, or the one that was typed.
    pub email: Option<String>,
    /// Its role at that moment.
    pub role: Option<String>,
    /// Where from.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// By which way.
    pub source: Source,
}

impl Who {
    /// Whoever the request's context says.
    pub fn of(ctx: &Ctx) -> Self {
        let guest = Self {
            ip: Some(ctx.client.ip.to_canonical().to_string()),
            user_agent: Some(ctx.client.user_agent.clone()),
            ..Self::default()
        };
        match &ctx.actor {
            Actor::Guest => guest,
            Actor::Person(person) => Self {
                user_id: Some(person.user_id.clone()),
                email: Some(person.email.clone()),
                role: Some(person.role.as_str().into()),
                ..guest
            },
        }
    }

    /// Whoever runs a command on the server.
    pub fn command_line() -> Self {
        Self { source: Source::CommandLine, ..Self::default() }
    }
}

/// A document of `audit_logs`. Everything a legacy row may lack is optional.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its 24 hexadecimal digits are the row's public id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// The stored name of the action.
    pub action: String,
    /// The account that acted.
    #[serde(default)]
    pub user_id: Option<String>,
    /// Its address, or the one that was typed.
    #[serde(default)]
    pub user_email: Option<String>,
    /// Its role at that moment.
    #[serde(default)]
    pub user_role: Option<String>,
    /// Where from.
    #[serde(default)]
    pub ip_address: Option<String>,
    /// With what; at most 500 characters.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// What kind of thing it was done to.
    #[serde(default)]
    pub target_type: Option<String>,
    /// Which one.
    #[serde(default)]
    pub target_id: Option<String>,
    /// The particulars.
    #[serde(default)]
    pub details: Document,
    /// By which way it came in.
    #[serde(default)]
    pub source: Source,
    /// When.
    pub timestamp: DateTime,
}

impl Stored for Row {
    const COLLECTION: &'static str = "audit_logs";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("timestamp", &[("timestamp", Descending), ("_id", Descending)]),
        IndexSpec::new("action", &[("action", Ascending), ("timestamp", Descending), ("_id", Descending)]),
        IndexSpec::new("user_email", &[("user_email", Ascending), ("timestamp", Descending), ("_id", Descending)]),
    ];
}

/// Longest stored user agent, in characters.
const USER_AGENT_CHARACTERS: usize = 500;

impl Row {
    /// The row that says who did this, now.
    pub fn new(now: Timestamp, who: Who, entry: Entry) -> Self {
        let (target_type, target_id) = entry.target.unzip();
        Self {
            id: ObjectId::new(),
            action: entry.action.as_str().into(),
            user_id: who.user_id,
            user_email: who.email,
            user_role: who.role,
            ip_address: who.ip,
            user_agent: who.user_agent.map(|agent| agent.chars().take(USER_AGENT_CHARACTERS).collect()),
            target_type,
            target_id,
            details: strike_secrets(entry.details),
            source: who.source,
            timestamp: date(now),
        }
    }
}

/// What stands in the place of a secret.
const STRUCK: &str = "[secreto]";
/// Parts of field names that say that the value is nobody's business.
const SECRET_NAMES: [&str; 8] =
    ["password", "contrasen", "contraseñ", "secret", "token", "recovery_code", "cookie", "authorization"];

/// The particulars as stored: secrets struck out at any depth, and parts with names that a document can't be queried by
/// (operators, dotted paths) kept as their JSON text.
fn strike_secrets(details: Document) -> Document {
    details.into_iter().map(|(name, value)| (name.clone(), clean(&name, value))).collect()
}

fn clean(name: &str, value: Bson) -> Bson {
    let lower = name.to_lowercase();
    if SECRET_NAMES.iter().any(|secret| lower.contains(secret)) && !matches!(value, Bson::Null | Bson::Boolean(_)) {
        return STRUCK.into();
    }
    match value {
        Bson::Document(inner) => {
            let inner = strike_secrets(inner);
            if inner.keys().any(|key| key.starts_with('$') || key.contains('.')) {
                Bson::String(as_json(&inner))
            } else {
                Bson::Document(inner)
            }
        }
        Bson::Array(items) => Bson::Array(items.into_iter().map(|item| clean("", item)).collect()),
        other => other,
    }
}

/// Extended JSON, as documents serialise to readable formats.
pub(super) fn as_json(document: &Document) -> String {
    serde_json::to_string(document).unwrap_or_else(|error| error.to_string())
}

/// The particulars for reading: what it was done to and the details, indented; none when there are none.
pub(super) fn as_json_lines(target_type: Option<&str>, target_id: Option<&str>, details: &Document) -> Option<String> {
    let mut shown = Document::new();
    for (name, value) in [("target_type", target_type), ("target_id", target_id)] {
        if let Some(value) = value {
            shown.insert(name, value);
        }
    }
    shown.extend(details.clone());
    (!shown.is_empty()).then(|| serde_json::to_string_pretty(&shown).unwrap_or_else(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_struck_out_at_any_depth() {
        let details = doc! {
            "before": { "name": "Ana", "password_hash": "$2b$12$x", "mfa_secret": "ABC" },
            "list": [{ "Token": "t", "kept": 1 }],
            "mfa_recovery_codes": ["A", "B"],
            "has_password": true,
        };
        assert_eq!(
            strike_secrets(details),
            doc! {
                "before": { "name": "Ana", "password_hash": STRUCK, "mfa_secret": STRUCK },
                "list": [{ "Token": STRUCK, "kept": 1 }],
                "mfa_recovery_codes": STRUCK,
                "has_password": true,
            }
        );
    }

    #[test]
    fn filters_are_kept_as_text() {
        let struck = strike_secrets(doc! { "filter": { "created_at": { "$gt": 5 } }, "stats": { "a.b": 1 } });
        assert_eq!(struck, doc! { "filter": { "created_at": r#"{"$gt":5}"# }, "stats": r#"{"a.b":1}"# });
    }

    #[test]
    fn stored_names_round_trip() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
    }
}
