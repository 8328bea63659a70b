//! Campaigns, against the real database.
