//! No endless wait: every state that waits for somebody says for whom and until when.
//!
//! A [`Waiting`] stands in the application or delivery itself. When its time is over, silence escalates and changes no
//! state: staff (or the creator) is told, and it is due again one period later.

mod backlog;
mod calendar;
mod escalate;
pub mod model;

pub use backlog::{Backlog, backlog};
pub use calendar::Calendar;
pub use escalate::Escalate;
pub use model::{Period, Waiting, Whose};

use mongodb::ClientSession;

use crate::db::Db;
use crate::failure::Failure;
use crate::settings;

/// The calendar as the settings have it, as a transaction sees it.
pub async fn calendar_in(session: &mut ClientSession, db: &Db) -> Result<Calendar, Failure> {
    Ok(Calendar::of(&settings::load_in(session, db).await?.waits))
}
