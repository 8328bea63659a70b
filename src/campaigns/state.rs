//! Where a campaign may go, as pure code.

use super::model::CampaignStatus::{self, Cancelled, Closed, Completed, Draft, InProduction, Live};
use crate::values::Role;

/// One way from a state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A draft goes live.
    Publish,
    /// Applications are closed.
    Close,
    /// And opened again.
    Reopen,
    /// The chosen creators work.
    Produce,
    /// Everything is delivered.
    Complete,
    /// It doesn't happen.
    Cancel,
}

impl Move {
    /// The way from one state to another, if there is one. Renewing is another matter.
    pub fn between(from: CampaignStatus, to: CampaignStatus) -> Option<Self> {
        Some(match (from, to) {
            (Draft, Live) => Self::Publish,
            (Live, Closed) => Self::Close,
            (Closed, Live) => Self::Reopen,
            (Live | Closed, InProduction) => Self::Produce,
            (InProduction, Completed) => Self::Complete,
            (Draft | Live | Closed | InProduction, Cancelled) => Self::Cancel,
            (
                Draft | Live | Closed | InProduction | Completed | Cancelled,
                Draft | Live | Closed | InProduction | Completed | Cancelled,
            ) => return None,
        })
    }

    /// Whether a role may go that way; the caller has checked that it manages campaigns at all.
    pub fn is_open_to(self, role: Role) -> bool {
        match self {
            Self::Publish | Self::Close | Self::Reopen | Self::Produce | Self::Complete => true,
            Self::Cancel => role >= Role::Admin,
        }
    }
}

impl CampaignStatus {
    /// The states that may follow, in the order of a campaign's life.
    pub fn next(self) -> impl Iterator<Item = (Self, Move)> {
        Self::ALL.into_iter().filter_map(move |to| Some((to, Move::between(self, to)?)))
    }

    /// Whether it may still be edited, hidden, and given slots.
    pub fn is_editable(self) -> bool {
        !matches!(self, Completed | Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_leads_where_the_table_says() {
        let to = |from: CampaignStatus| from.next().map(|(to, _)| to).collect::<Vec<_>>();
        assert_eq!(to(Draft), [Live, Cancelled]);
        assert_eq!(to(Live), [Closed, InProduction, Cancelled]);
        assert_eq!(to(Closed), [Live, InProduction, Cancelled]);
        assert_eq!(to(InProduction), [Completed, Cancelled]);
        assert!(to(Completed).is_empty() && to(Cancelled).is_empty());
    }

    #[test]
    fn only_admins_cancel() {
        for (_, way) in CampaignStatus::ALL.into_iter().flat_map(CampaignStatus::next) {
            assert!(way.is_open_to(Role::Admin) && way.is_open_to(Role::Superadmin));
            assert_eq!(way.is_open_to(Role::Staff), way != Move::Cancel);
        }
    }
}
