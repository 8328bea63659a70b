//! The notification centre: what happened, who has to know, by which way, and whether somebody took care of it.

pub mod bell;
pub mod cli;
mod dispatch;
pub mod event;
pub mod feed;
pub mod forms;
pub mod hub;
mod incidents;
mod kinds;
mod list;
mod many;
mod model;
pub mod pages;
mod personal;
mod publish;
mod quiet;
mod recipients;
mod service;
mod signal;
mod silences;
mod store;
pub mod stream;
#[cfg(test)]
mod tests;

pub use dispatch::{Dispatch, dispatch};
pub use event::Event;
pub use incidents::Rules;
pub use list::{Filter, From, Page, Place, find, load, page, recent, unread_count};
pub use many::{NewNotice, take_back_in, tell_all_in};
pub use model::{
    By, Line, Matcher, NoticeType, PersonalNotice, PersonalType, Severity, Silence, Silenced, Source, State, Step,
    SystemNotice,
};
pub use personal::{OwnPage, delete_own, mark_all_own_read, mark_own_read, own_page, own_recent, own_unread_count};
pub use publish::{publish, publish_in};
pub use recipients::superadmins;
pub use service::{acknowledge, delete, mark_all_read, mark_read, resolve};
pub use signal::leaves_the_house;
pub use silences::{NewSilence, silence, silences, unsilence};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 5] = [
    Declared::of::<SystemNotice>(),
    Declared::of::<PersonalNotice>(),
    Declared::of::<Silence>(),
    Declared::of::<store::Latest>(),
    Declared::of::<dispatch::Group>(),
];
