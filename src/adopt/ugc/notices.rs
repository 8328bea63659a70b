//! The rules for personal notices: two collections of the previous system to one.

use std::collections::HashSet;

use bson::{Document, RawDocument};

use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Rule};
use super::super::shift::Shift;
use super::super::users::fields as accounts;
use super::keys::Keys;
use super::made::{refused, written};
use super::row::{Codes, Row};
use crate::db::Declared;
use crate::notifications::{PersonalNotice, PersonalType};

/// How these rows are told.
const CODES: Codes =
    Codes { key: "notification_id", date: "notification.date_invalid", unreadable: "notification.value_unreadable" };

/// A rule for notices in one collection.
pub struct Notices {
    name: &'static str,
    source: &'static str,
}

/// The ones the bell always read.
pub const OWN: Notices = Notices { name: "notifications", source: "notifications" };
/// Their older twin.
pub const OLDER: Notices = Notices { name: "ugc_notifications", source: "ugc_notifications" };

impl Rule for Notices {
    fn name(&self) -> &'static str {
        self.name
    }

    fn source(&self) -> &'static str {
        self.source
    }

    fn target(&self) -> Declared {
        Declared::of::<PersonalNotice>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        const ALL: [LookUp; 3] = [
            super::people::LOOK_UPS[0],
            LookUp::Rows { collection: "notifications" },
            LookUp::Rows { collection: "ugc_notifications" },
        ];
        &ALL
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        let users = frozen.source("users").iter().filter_map(|row| accounts::user_id(row).map(str::to_owned));
        let keys = Keys::of(frozen.source(self.source), &CODES);
        Box::new(Prepared { shift: frozen.shift(), users: users.collect(), keys })
    }
}

struct Prepared {
    shift: Shift,
    users: HashSet<String>,
    keys: Keys,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.shift, &CODES);
        let Some(id) = row.key() else { return refused(row, "notification.key_absent") };
        if !self.keys.owns(raw, id) {
            return refused(row, "notification.id_duplicate");
        }
        let Some(user_id) = row.text("user_id").filter(|user| self.users.contains(user)) else {
            return refused(row, "notification.user_dangling");
        };
        let Some(created_at) = row.made_at(&["created_at"]) else { return refused(row, "notification.date_absent") };
        let Some(key) = row.row_id().as_object_id() else { return refused(row, "notification.key_absent") };
        let stored = row.text("type").unwrap_or_default();
        let kind = kind(&stored);
        row.notice_if(kind.is_none(), Noticed::converted("notification.type_unknown"));
        let is_read = row.flag("is_read").or_else(|| row.flag("read")).unwrap_or(false);
        let notice = PersonalNotice {
            key,
            id: id.to_owned(),
            user_id,
            kind: kind.unwrap_or(PersonalType::AdminMessage),
            title: row.text("title").unwrap_or_default(),
            message: row.text("message").unwrap_or_default(),
            link: row.text("link").filter(|link| link.starts_with('/') && !link.starts_with("//")),
            metadata: ["metadata", "data"]
                .into_iter()
                .find_map(|field| row.part(field))
                .map_or_else(Document::new, |part| part.whole()),
            is_read,
            read_at: row.moment("read_at").filter(|_| is_read),
            created_at,
            dedupe_key: None,
            expires_at: None,
        };
        written(row, Some(notice))
    }
}

/// The type a stored one stands for.
fn kind(stored: &str) -> Option<PersonalType> {
    use PersonalType as P;
    PersonalType::parse(stored).or(match stored {
        "new_application" | "application_received" => Some(P::CampaignApplicationReceived),
        "application_confirmed" => Some(P::CampaignApplicationApproved),
        "application_rejected" => Some(P::CampaignApplicationRejected),
        "content_submitted" => Some(P::DeliverableSubmitted),
        "content_approved" => Some(P::DeliverableApproved),
        "content_changes_requested" => Some(P::DeliverableChangesRequested),
        "content_rejected" => Some(P::DeliverableRejected),
        "delivery_reminder" | "metrics_reminder" | "metrics_window_open" => Some(P::DeadlineReminder),
        "metrics_received" => Some(P::MetricsSubmitted),
        "new_review" => Some(P::NewRatingReceived),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_defect_47_older_types_are_the_ones_of_the_one_list() {
        assert_eq!(kind("application_confirmed"), Some(PersonalType::CampaignApplicationApproved));
        assert_eq!(kind("content_approved"), Some(PersonalType::DeliverableApproved));
        assert_eq!(kind("level_up"), Some(PersonalType::LevelUp));
        assert_eq!(kind("anything"), None);
    }
}
