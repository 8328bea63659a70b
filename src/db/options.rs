//! Client options shared by the writing and the read-only connection.

use std::time::Duration;

use mongodb::options::ClientOptions;

use crate::monitoring::metrics;

/// How long an operation looks for a usable server before it says that the database is unavailable. Short, so that a page
/// answers 503 quickly; long enough for an election to be noticed by the next try.
pub(super) const SERVER_SELECTION: Duration = Duration::from_secs(3);

/// Marks connections to the embedded engine, so that it is shown as what it is and not as some address.
pub(super) const EMBEDDED_APP_NAME: &str = "canje-embedded";

const CONNECT: Duration = Duration::from_secs(5);
const POOL_SIZE: u32 = 64;

/// Parses the connection string and sets what a string usually leaves open. What the string says explicitly wins, except
/// the application name and the server selection time. `app_name` tells the pools apart in the figures.
pub(super) async fn parse(uri: &str, app_name: &'static str) -> mongodb::error::Result<ClientOptions> {
    let mut options = ClientOptions::parse(uri).await?;
    if options.app_name.as_deref() != Some(EMBEDDED_APP_NAME) {
        options.app_name = Some(app_name.to_owned());
    }
    options.server_selection_timeout = Some(SERVER_SELECTION);
    options.connect_timeout.get_or_insert(CONNECT);
    options.max_pool_size.get_or_insert(POOL_SIZE);
    options.cmap_event_handler = Some(metrics::watch_pool(app_name));
    Ok(options)
}
