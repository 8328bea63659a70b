//! How often an address may fail to prove who it is. Kept in memory: it protects this process, and a storm of strangers
//! must not become a storm of writes.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::accounts::limits::network;

/// Failed proofs of one address within [`WINDOW`] that are told what they are; further ones are told to wait.
const FAILURES: usize = 60;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses remembered. Beyond that, all are forgotten: the limit is a courtesy to the machine, no lock.
const ADDRESSES: usize = 10_000;

/// Recent failures by address, oldest first.
#[derive(Debug, Default)]
pub struct Strangers(Mutex<HashMap<String, VecDeque<Timestamp>>>);

impl Strangers {
    /// Counts a failure; `Err` has the seconds to wait when the address had enough of them.
    pub fn fail(&self, now: Timestamp, ip: IpAddr) -> Result<(), u32> {
        let mut addresses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now - WINDOW;
        if addresses.len() >= ADDRESSES {
            addresses.retain(|_, failures| failures.back().is_some_and(|at| *at > since));
            if addresses.len() >= ADDRESSES {
                addresses.clear();
            }
        }
        let failures = addresses.entry(network(ip)).or_default();
        while failures.front().is_some_and(|at| *at <= since) {
            failures.pop_front();
        }
        match failures.front() {
            Some(oldest) if failures.len() >= FAILURES => {
                let wait = (*oldest + WINDOW).duration_since(now).as_secs();
                Err(u32::try_from(wait).unwrap_or(1).max(1))
            }
            _ => {
                failures.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_a_minute_from_one_address_and_another_is_another() {
        let strangers = Strangers::default();
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        let (one, other) = ("203.0.113.1".parse().unwrap(), "203.0.113.2".parse().unwrap());
        for n in 0..60 {
            assert_eq!(strangers.fail(now + Duration::from_millis(n), one), Ok(()));
        }
        assert_eq!(strangers.fail(now + Duration::from_secs(20), one), Err(40));
        assert_eq!(strangers.fail(now + Duration::from_secs(20), other), Ok(()));
        assert_eq!(strangers.fail(now + Duration::from_secs(60), one), Ok(()), "the first one is a minute ago");
    }
}
