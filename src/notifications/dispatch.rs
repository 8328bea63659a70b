//! What leaves the house.

use serde::{Deserialize, Serialize};

use crate::jobs::{Job, Run};

/// Looks at every incident that may have to be mailed. Takes no input: what is to be done stands in the documents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Dispatch {}

impl Dispatch {
    /// How keys of waiting dispatches begin.
    pub(super) const KEY: &'static str = "notifications.dispatch";
}

impl Job for Dispatch {
    const NAME: &'static str = "notifications.dispatch";

    async fn run(self, _run: Run) -> anyhow::Result<()> {
        Ok(())
    }
}
