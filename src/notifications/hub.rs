//! Who listens on this process, and waking them.
//!
//! Every open event stream is a [`Listening`]. What happens is told to all streams it concerns by setting bits in their
//! mailboxes: a storm of a thousand changes wakes a stream once, and nothing is queued that could grow. What the bits don't
//! say (which notice, how many unread) a client asks for, so that a lost wake-up can never show something wrong for longer
//! than until the next one.
//!
//! The hub knows no database and no HTTP: [`super::feed`] tells it what changed, [`super::stream`] tells the clients.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

/// Streams of one session; opening another ends the oldest, so that forgotten tabs don't add up.
pub const STREAMS_PER_SESSION: usize = 8;
/// How far clocks of two processes may differ, and how long a change may take to be seen here.
const SLACK: Duration = Duration::from_secs(5);
/// Time over which clients spread their questions, per listening stream: 2,000 of them ask within four seconds.
const SPREAD_PER_STREAM: Duration = Duration::from_millis(2);

/// What a stream is woken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake(u8);

impl Wake {
    /// There is a new system notice, or one changed its state.
    pub const SYSTEM: Self = Self(1);
    /// A system notice counted on; nobody waits for it.
    pub const COUNTED: Self = Self(2);
    /// Something of this person's own: a personal notice, or what they read elsewhere.
    pub const OWN: Self = Self(4);
    /// Nobody knows what was missed.
    pub const RESET: Self = Self(8);
    /// The session is over, or has too many streams.
    pub const END: Self = Self(16);

    /// Whether `other` is part of it.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The streams of this process; cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// By age: a lower key is an older stream.
    listeners: Mutex<BTreeMap<u64, Listener>>,
    is_fed: AtomicBool,
    /// Milliseconds; zero until the feed listens.
    ready_at: AtomicI64,
    system_at: AtomicI64,
    own_at: AtomicI64,
    headline: Mutex<Option<Headline>>,
}

/// The newest system notice, as far as a stream tells it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Headline {
    /// Its title.
    pub title: Arc<str>,
    /// Its severity by its stored name.
    pub severity: Arc<str>,
}

impl Headline {
    /// Of a stored notice.
    pub(super) fn of(notice: &bson::Document) -> Option<Self> {
        let text = |name: &str| notice.get_str(name).ok().map(Arc::from);
        Some(Self { title: text("title")?, severity: text("severity")? })
    }
}

struct Listener {
    who: Who,
    mailbox: Arc<Mailbox>,
}

/// Whose stream it is.
#[derive(Clone, Debug)]
pub struct Who {
    /// The account.
    pub user_id: Arc<str>,
    /// The digest that names its session.
    pub session: Arc<str>,
    /// Whether system notices concern them.
    pub hears_system: bool,
}

#[derive(Default)]
struct Mailbox {
    waiting: AtomicU8,
    woken: Notify,
}

impl Mailbox {
    fn put(&self, wake: Wake) {
        if self.waiting.fetch_or(wake.0, SeqCst) & wake.0 != wake.0 {
            self.woken.notify_one();
        }
    }
}

/// One open stream; closing it is dropping this.
pub struct Listening {
    hub: Hub,
    key: u64,
    mailbox: Arc<Mailbox>,
}

impl Listening {
    /// Waits until there is something to tell, and takes it.
    pub async fn woken(&self) -> Wake {
        loop {
            let taken = Wake(self.mailbox.waiting.swap(0, SeqCst));
            if taken != Wake::default() {
                return taken;
            }
            self.mailbox.woken.notified().await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.hub.listeners().remove(&self.key);
    }
}

impl Hub {
    /// Opens a stream for somebody whose page was made at `since`: if anything may have happened after, it is woken at once.
    pub fn listen(&self, who: Who, since: Timestamp) -> Listening {
        let mailbox = Arc::<Mailbox>::default();
        let mut listeners = self.listeners();
        let of_session = || listeners.values().filter(|listener| listener.who.session == who.session);
        if of_session().count() >= STREAMS_PER_SESSION
            && let Some(oldest) = of_session().next()
        {
            oldest.mailbox.put(Wake::END);
        }
        let key = listeners.last_key_value().map_or(0, |(key, _)| key + 1);
        let hears_system = who.hears_system;
        listeners.insert(key, Listener { who, mailbox: mailbox.clone() });
        drop(listeners);
        // Looked at only once it is registered: what happens from here on is told anyway.
        let is_before = |moment: &AtomicI64| since.as_millisecond() - SLACK.as_millis() as i64 <= moment.load(SeqCst);
        let ready_at = self.0.ready_at.load(SeqCst);
        let may_have_missed =
            is_before(&self.0.ready_at) || is_before(&self.0.own_at) || (hears_system && is_before(&self.0.system_at));
        if ready_at != 0 && may_have_missed {
            mailbox.put(Wake::RESET);
        }
        Listening { hub: self.clone(), key, mailbox }
    }

    /// How many streams are open.
    pub fn streams(&self) -> usize {
        self.listeners().len()
    }

    /// Over how long clients should spread what they ask next.
    pub fn spread(&self) -> Duration {
        SPREAD_PER_STREAM * u32::try_from(self.streams()).unwrap_or(u32::MAX)
    }

    /// The newest system notice seen here.
    pub fn headline(&self) -> Option<Headline> {
        self.0.headline.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// True for the first who asks: they feed the hub.
    pub(super) fn take_feeding(&self) -> bool {
        !self.0.is_fed.swap(true, SeqCst)
    }

    /// The feed listens; what happened before is unknown.
    pub(super) fn reset(&self, now: Timestamp) {
        self.0.ready_at.store(now.as_millisecond(), SeqCst);
        self.wake(Wake::RESET, |_| true);
    }

    /// A system notice changed; `headline` when it is new.
    pub(super) fn system(&self, now: Timestamp, wake: Wake, headline: Option<Headline>) {
        self.0.system_at.fetch_max(now.as_millisecond(), SeqCst);
        if headline.is_some() {
            *self.0.headline.lock().unwrap_or_else(PoisonError::into_inner) = headline;
        }
        self.wake(wake, |who| who.hears_system);
    }

    /// Something of one person's changed.
    pub(super) fn own(&self, now: Timestamp, user_id: &str) {
        self.0.own_at.fetch_max(now.as_millisecond(), SeqCst);
        self.wake(Wake::OWN, |who| &*who.user_id == user_id);
    }

    /// Ends the streams of these sessions.
    pub(super) fn end(&self, is_over: impl Fn(&str) -> bool) {
        self.wake(Wake::END, |who| is_over(&who.session));
    }

    /// The sessions that listen, each once.
    pub(super) fn sessions(&self) -> Vec<Arc<str>> {
        let mut sessions: Vec<_> = self.listeners().values().map(|listener| listener.who.session.clone()).collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    fn wake(&self, wake: Wake, concerns: impl Fn(&Who) -> bool) {
        for listener in self.listeners().values().filter(|listener| concerns(&listener.who)) {
            listener.mailbox.put(wake);
        }
    }

    fn listeners(&self) -> MutexGuard<'_, BTreeMap<u64, Listener>> {
        // Nothing that is done under the lock can stop halfway.
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn who(user: &str, session: &str, hears_system: bool) -> Who {
        Who { user_id: user.into(), session: session.into(), hears_system }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn taken(listening: &Listening) -> Option<Wake> {
        listening.woken().now_or_never()
    }

    #[test]
    fn a_storm_wakes_a_stream_once_and_only_whom_it_concerns() {
        let hub = Hub::default();
        hub.reset(at(0));
        let staff = hub.listen(who("a", "1", true), at(10));
        let creator = hub.listen(who("b", "2", false), at(10));
        for n in 0..1000 {
            hub.system(at(n), Wake::COUNTED, None);
        }
        hub.system(at(9), Wake::SYSTEM, None);
        assert_eq!(taken(&staff), Some(Wake::SYSTEM.and(Wake::COUNTED)));
        assert_eq!(taken(&staff), None);
        assert_eq!(taken(&creator), None);
        hub.own(at(10), "b");
        assert_eq!((taken(&staff), taken(&creator)), (None, Some(Wake::OWN)));
    }

    #[test]
    fn a_page_older_than_the_last_change_is_told_at_once() {
        let hub = Hub::default();
        assert_eq!(taken(&hub.listen(who("a", "1", true), at(0))), None, "told when the feed is ready");
        hub.reset(at(100));
        assert_eq!(taken(&hub.listen(who("a", "1", true), at(99))), Some(Wake::RESET));
        assert_eq!(taken(&hub.listen(who("a", "1", true), at(200))), None);
        hub.system(at(300), Wake::SYSTEM, None);
        assert_eq!(taken(&hub.listen(who("a", "1", true), at(250))), Some(Wake::RESET));
        assert_eq!(taken(&hub.listen(who("b", "2", false), at(250))), None, "system notices aren't theirs");
    }

    #[test]
    fn a_session_has_so_many_streams_and_not_one_more() {
        let hub = Hub::default();
        let mut open: Vec<_> = (0..STREAMS_PER_SESSION).map(|_| hub.listen(who("a", "1", true), at(0))).collect();
        let other = hub.listen(who("a", "2", true), at(0));
        assert!(open.iter().all(|listening| taken(listening).is_none()));
        let newest = hub.listen(who("a", "1", true), at(0));
        assert_eq!(taken(&open[0]), Some(Wake::END));
        assert_eq!((taken(&open[1]), taken(&other), taken(&newest)), (None, None, None));
        open.clear();
        assert_eq!(hub.streams(), 2, "a dropped stream is gone");
        hub.end(|session| session == "2");
        assert_eq!((taken(&other), taken(&newest)), (Some(Wake::END), None));
    }
}
