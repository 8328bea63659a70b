//! States of applications and their histories.

use bson::DateTime;

use super::super::row::Row;
use crate::applications::{ApplicationStatus, StatusStep};

/// The state a stored one stands for.
pub fn canonical(stored: &str, has_confirmation: bool) -> Option<ApplicationStatus> {
    use ApplicationStatus as S;
    S::parse(stored).or(match stored {
        "pending" | "pendiente" => Some(S::Applied),
        "preseleccionada" => Some(S::Shortlisted),
        "no_elegible" => Some(S::Rejected),
        "approved" | "selected" if has_confirmation => Some(S::Confirmed),
        "approved" | "selected" => Some(S::Applied),
        "completed" => Some(S::Confirmed),
        "cancelled_by_admin" | "cancelled_by_creator" => Some(S::Cancelled),
        _ => None,
    })
}

/// A history with `creator` made a person, and one more step when it ends elsewhere than where the document stands.
pub fn history(row: &mut Row<'_>, user_id: &str, stands: &str, stood_since: DateTime) -> Vec<StatusStep> {
    let mut steps = Vec::new();
    for mut part in row.parts("status_history") {
        let by = part.text("by");
        if let (Some(status), Some(timestamp)) = (part.text("status"), part.moment("timestamp")) {
            let is_creator = by.as_deref() == Some("creator");
            steps.push(StatusStep {
                status,
                timestamp,
                by: if is_creator { user_id.to_owned() } else { by.unwrap_or_else(|| "system".into()) },
                by_role: if is_creator { Some("creator".into()) } else { part.text("by_role") },
                reason: part.text("reason").or_else(|| part.text("note")),
            });
        }
        row.absorb(part);
    }
    if steps.last().is_none_or(|last| last.status != stands) {
        steps.push(StatusStep {
            status: stands.to_owned(),
            timestamp: stood_since,
            by: "system".into(),
            by_role: None,
            reason: Some("adopted".into()),
        });
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_states_have_one_meaning_each() {
        use ApplicationStatus as S;
        for (stored, has_confirmation, meant) in [
            ("pendiente", false, Some(S::Applied)),
            ("preseleccionada", false, Some(S::Shortlisted)),
            ("no_elegible", false, Some(S::Rejected)),
            ("approved", true, Some(S::Confirmed)),
            ("selected", false, Some(S::Applied)),
            ("completed", false, Some(S::Confirmed)),
            ("cancelled", true, Some(S::Cancelled)),
            ("lost", false, None),
        ] {
            assert_eq!(canonical(stored, has_confirmation), meant, "{stored}");
        }
    }
}
