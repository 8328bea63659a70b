//! The closed lists of the notification centre: types, severities, sources, states. Each is defined here and nowhere else.

use crate::values::names::names;

names! {
    /// What a system notice is about.
    NoticeType {
        /// A backup was made.
        BackupSuccess = "backup_success",
        /// A backup wasn't made.
        BackupFailed = "backup_failed",
        /// A program broke.
        ErrorAlert = "error_alert",
        /// Something can't be reached, or its certificate expires.
        UptimeAlert = "uptime_alert",
        /// Somebody may be trying to get in.
        SecurityAlert = "security_alert",
        /// Something to know.
        SystemInfo = "system_info",
        /// Background work was given up.
        JobFailed = "job_failed",
        /// The stock of products couldn't be fetched.
        SyncFailed = "sync_failed",
        /// A payment needs somebody.
        PaymentAlert = "payment_alert",
        /// Somebody asked for something.
        LeadAlert = "lead_alert",
    }
}

names! {
    /// How bad it is; a later one is worse.
    Severity {
        /// Something to know.
        Info = "info",
        /// It will be worse if nobody looks.
        Warning = "warning",
        /// Something doesn't work.
        Error = "error",
        /// People can't use the platform, or data is at risk.
        Critical = "critical",
    }
}

names! {
    /// Who noticed it.
    Source {
        /// The platform itself.
        Canje = "canje",
        /// Sentry, by its deliveries.
        Sentry = "sentry",
        /// UptimeRobot, by its deliveries.
        UptimeRobot = "uptimerobot",
        /// Resend: what it refuses, what it delivers to us.
        Resend = "resend",
        /// A mail server.
        Smtp = "smtp",
        /// Twilio.
        Twilio = "twilio",
    }
}

names! {
    /// Where an incident stands.
    State {
        /// Nobody took it.
        Open = "open",
        /// Somebody takes care of it.
        Acknowledged = "acknowledged",
        /// It is over.
        Resolved = "resolved",
        /// It was over and came back; nobody took it since.
        Reopened = "reopened",
    }
}

impl State {
    /// Whether the incident isn't over.
    pub fn is_open(self) -> bool {
        self != Self::Resolved
    }

    /// Whether nobody took it yet.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Reopened)
    }
}

names! {
    /// What a line of an incident's history says.
    Step {
        /// It began.
        Opened = "opened",
        /// It was seen again.
        Seen = "seen",
        /// It got worse.
        Worsened = "worsened",
        /// Somebody took it.
        Acknowledged = "acknowledged",
        /// It ended.
        Resolved = "resolved",
        /// It came back.
        Reopened = "reopened",
        /// Somebody silenced it.
        Silenced = "silenced",
        /// It was mailed.
        Mailed = "mailed",
        /// Nobody took it in time, so the next ones were told.
        Escalated = "escalated",
    }
}

names! {
    /// What a personal notice is about.
    PersonalType {
        /// A creator applied, or the application arrived.
        CampaignApplicationReceived = "campaign_application_received",
        /// The application is being looked at.
        ApplicationShortlisted = "application_shortlisted",
        /// The creator takes part.
        CampaignApplicationApproved = "campaign_application_approved",
        /// The creator doesn't take part.
        CampaignApplicationRejected = "campaign_application_rejected",
        /// A post's address was registered or corrected.
        DeliverableSubmitted = "deliverable_submitted",
        /// A post was approved.
        DeliverableApproved = "deliverable_approved",
        /// A post has to be corrected.
        DeliverableChangesRequested = "deliverable_changes_requested",
        /// A post was rejected.
        DeliverableRejected = "deliverable_rejected",
        /// Figures arrived.
        MetricsSubmitted = "metrics_submitted",
        /// Figures were checked.
        MetricsVerified = "metrics_verified",
        /// A brand rated a post.
        NewRatingReceived = "new_rating_received",
        /// A creator rose a level.
        LevelUp = "level_up",
        /// A deadline is near or over.
        DeadlineReminder = "deadline_reminder",
        /// A campaign is complete.
        CampaignCompleted = "campaign_completed",
        /// Staff writes.
        AdminMessage = "admin_message",
        /// A participation was cancelled.
        ApplicationCancelled = "application_cancelled",
        /// An application is open again.
        ApplicationReactivated = "application_reactivated",
        /// A deadline was moved.
        DeadlineChanged = "deadline_changed",
        /// A delivery starts again.
        DeliverableReset = "deliverable_reset",
        /// A campaign changed its state.
        CampaignStatus = "campaign_status",
        /// There is a new campaign.
        NewCampaign = "new_campaign",
        /// Places were added.
        SlotsReloaded = "slots_reloaded",
        /// No places are left.
        SlotsDepleted = "slots_depleted",
        /// A package changed its state.
        PackageStatus = "package_status",
        /// A social account was verified, or needs somebody to look.
        SocialVerification = "social_verification",
        /// The terms changed.
        TermsUpdated = "terms_updated",
        /// An order changed its state.
        OrderStatus = "order_status",
        /// A reservation changed its state.
        ReservationStatus = "reservation_status",
        /// A service changed its state.
        ServiceStatus = "service_status",
        /// Something happened to the account.
        AccountSecurity = "account_security",
    }
}

impl PersonalType {
    /// The type that a legacy row means, by its own name or by one of the older ones.
    pub fn of_legacy(name: &str) -> Option<Self> {
        Some(match name {
            "new_application" | "application_received" => Self::CampaignApplicationReceived,
            "application_confirmed" => Self::CampaignApplicationApproved,
            "application_rejected" => Self::CampaignApplicationRejected,
            "content_submitted" => Self::DeliverableSubmitted,
            "delivery_reminder" | "metrics_reminder" | "metrics_window_open" => Self::DeadlineReminder,
            "metrics_received" => Self::MetricsSubmitted,
            "new_review" => Self::NewRatingReceived,
            other => match other.strip_prefix("content_") {
                Some(rest) => return Self::parse(&format!("deliverable_{rest}")),
                None => return Self::parse(other),
            },
        })
    }
}

impl NoticeType {
    /// The type that a legacy row means.
    pub fn of_legacy(name: &str) -> Option<Self> {
        if name == "backup_error" { Some(Self::BackupFailed) } else { Self::parse(name) }
    }
}

impl Severity {
    /// The severity that a legacy row means.
    pub fn of_legacy(name: &str) -> Option<Self> {
        if name == "success" { Some(Self::Info) } else { Self::parse(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_the_type_enum_was_defined_twice_and_the_second_hid_the_first() {
        // One definition, and every member of it is stored and read under its own name.
        fn round_trip<T: Copy + PartialEq + std::fmt::Debug + serde::Serialize + for<'a> serde::Deserialize<'a>>(
            all: &[T],
            name: fn(T) -> &'static str,
            parse: fn(&str) -> Option<T>,
        ) {
            let mut names = std::collections::BTreeSet::new();
            for one in all {
                assert!(names.insert(name(*one)), "{one:?} shares its name");
                assert_eq!(parse(name(*one)), Some(*one));
                assert_eq!(bson::serialize_to_bson(one).unwrap(), bson::Bson::from(name(*one)));
                assert_eq!(bson::deserialize_from_bson::<T>(name(*one).into()).unwrap(), *one);
            }
        }
        round_trip(&PersonalType::ALL, PersonalType::as_str, PersonalType::parse);
        round_trip(&NoticeType::ALL, NoticeType::as_str, NoticeType::parse);
        round_trip(&Severity::ALL, Severity::as_str, Severity::parse);
        round_trip(&Source::ALL, Source::as_str, Source::parse);
        round_trip(&State::ALL, State::as_str, State::parse);
        round_trip(&Step::ALL, Step::as_str, Step::parse);
    }

    #[test]
    fn legacy_names_lead_to_todays_types() {
        use PersonalType as P;
        for (old, new) in [
            ("new_application", P::CampaignApplicationReceived),
            ("application_received", P::CampaignApplicationReceived),
            ("application_confirmed", P::CampaignApplicationApproved),
            ("application_rejected", P::CampaignApplicationRejected),
            ("content_submitted", P::DeliverableSubmitted),
            ("content_approved", P::DeliverableApproved),
            ("content_changes_requested", P::DeliverableChangesRequested),
            ("content_rejected", P::DeliverableRejected),
            ("delivery_reminder", P::DeadlineReminder),
            ("metrics_reminder", P::DeadlineReminder),
            ("metrics_window_open", P::DeadlineReminder),
            ("metrics_received", P::MetricsSubmitted),
            ("new_review", P::NewRatingReceived),
            ("admin_message", P::AdminMessage),
        ] {
            assert_eq!(P::of_legacy(old), Some(new), "{old}");
        }
        assert_eq!(P::of_legacy("content_unheard_of"), None);
        assert_eq!(P::of_legacy("nope"), None);
    }

    #[test]
    fn legacy_the_backup_writer_had_a_vocabulary_of_its_own() {
        assert_eq!(NoticeType::of_legacy("backup_error"), Some(NoticeType::BackupFailed));
        assert_eq!(NoticeType::of_legacy("uptime_alert"), Some(NoticeType::UptimeAlert));
        assert_eq!(Severity::of_legacy("success"), Some(Severity::Info));
        assert_eq!(Severity::of_legacy("critical"), Some(Severity::Critical));
        assert_eq!(Severity::of_legacy("fatal"), None);
    }
}
