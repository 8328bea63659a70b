//! Checking and hashing passwords, on a queue of their own.
//!
//! A check costs tens to hundreds of milliseconds of a core, so a few workers do them one after another, a bounded number
//! of people wait, and whoever comes after that is told to come back: sign-ins can't starve pages.
//!
//! Invariant: every check that fails does the same work, one bcrypt and one Argon2id, whatever is stored and whether or not
//! there is an account. How long a refusal took says nothing about who has an account or when they last signed in.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::secret::Sealed;
use crate::error::AppError;
use crate::failure::Failure;

/// How many may wait for a worker. At a quarter of a second each, the last one waits for about ten seconds.
const WAITING: usize = 40;
/// Longest password looked at; anything longer is a wrong one.
const LONGEST_BYTES: usize = 1024;
/// A bcrypt hash of that cost which no password is known to have: the work is the same.
const NOBODYS_BCRYPT: &str = "$2b$12$WApznUPhDubN0oeveSXHpuxm5G1pGqMcEQFEwKCAoC5tC0Rc5qCvK";
/// The like for Argon2id with the default parameters.
const NOBODYS_ARGON2: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y2FuamUtbm9ib2R5LXNhbHQ$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The workers and the people waiting for them.
#[derive(Clone, Debug)]
pub struct PasswordQueue {
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

/// A place in the queue: whoever has one will be served.
#[derive(Debug)]
pub struct Place {
    _place: OwnedSemaphorePermit,
    workers: Arc<Semaphore>,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Whether it is the account's password.
    pub matches: bool,
    /// The Argon2id hash to keep when the stored one is of an older kind.
    pub rehashed: Option<Sealed>,
    /// What was computed.
    pub work: Work,
}

/// Hashes computed for a check, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// bcrypt at the legacy cost.
    pub bcrypt: u8,
    /// Argon2id with the default parameters.
    pub argon2: u8,
}

impl Default for PasswordQueue {
    /// Half of the cores work, at least one.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new((cores / 2).max(1), WAITING)
    }
}

impl PasswordQueue {
    /// A queue of so many workers, and so many waiting for them.
    pub fn new(workers: usize, waiting: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(workers + waiting)), workers: Arc::new(Semaphore::new(workers)) }
    }

    /// Takes a place, or refuses when the queue is full.
    pub fn enter(&self) -> Result<Place, AppError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| AppError::Unavailable)?;
        Ok(Place { _place: place, workers: self.workers.clone() })
    }
}

impl Place {
    /// Checks a password against the account's stored hash, or against nobody's when there is none.
    pub async fn check(self, password: Sealed, stored: Option<Sealed>) -> Result<Checked, Failure> {
        self.work(move || check(password.expose(), stored.as_ref().map(Sealed::expose))).await
    }

    /// Hashes a new password.
    pub async fn hash(self, password: Sealed) -> Result<Sealed, Failure> {
        self.work(move || hash(password.expose())).await
    }

    /// The permits move into the work: a request that is given up keeps its worker busy until the work is done, so no
    /// more than the allowed number ever run.
    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let worker = self.workers.clone().acquire_owned().await.map_err(anyhow::Error::from)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (self, worker);
            work()
        });
        Ok(done.await.map_err(anyhow::Error::from)??)
    }
}

/// Hashes a new password with Argon2id.
pub fn hash(password: &str) -> anyhow::Result<Sealed> {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("hashing: {error}"))?;
    Ok(Sealed::new(hash.to_string()))
}

fn check(password: &str, stored: Option<&str>) -> anyhow::Result<Checked> {
    let mut work = Work::default();
    let usable = stored.filter(|_| password.len() <= LONGEST_BYTES);
    let given = if password.len() <= LONGEST_BYTES { password } else { "" };
    let matches = match usable {
        Some(hash) if is_bcrypt(hash) => verify_bcrypt(given, hash, &mut work),
        Some(hash) => verify_argon2(given, hash, &mut work),
        None => false,
    };
    if matches {
        let rehashed = if stored.is_some_and(is_bcrypt) { Some(hash(given)?) } else { None };
        return Ok(Checked { matches, rehashed, work });
    }
    // What follows is only for the clock.
    if work.bcrypt == 0 {
        verify_bcrypt(given, NOBODYS_BCRYPT, &mut work);
    }
    if work.argon2 == 0 {
        verify_argon2(given, NOBODYS_ARGON2, &mut work);
    }
    Ok(Checked { matches, rehashed: None, work })
}

fn is_bcrypt(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix))
}

fn verify_bcrypt(password: &str, hash: &str, work: &mut Work) -> bool {
    work.bcrypt += 1;
    // A malformed hash fits no password, and must cost as much as any other.
    match bcrypt::verify(password, hash) {
        Ok(matches) => matches,
        Err(_) => bcrypt::verify(password, NOBODYS_BCRYPT).is_ok_and(|_| false),
    }
}

fn verify_argon2(password: &str, hash: &str, work: &mut Work) -> bool {
    work.argon2 += 1;
    let verify = |hash: &str| {
        let parsed = PasswordHash::new(hash).map_err(drop)?;
        Ok::<_, ()>(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    match verify(hash) {
        Ok(matches) => matches,
        Err(()) => verify(NOBODYS_ARGON2).is_ok_and(|_| false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "Palma-Alta-2026";

    fn bcrypt_of(password: &str) -> String {
        bcrypt::hash_with_result(password, 4).unwrap().format_for_version(bcrypt::Version::TwoB)
    }

    #[test]
    fn both_kinds_verify_and_only_the_old_one_is_hashed_again() {
        let old = check(RIGHT, Some(&bcrypt_of(RIGHT))).unwrap();
        assert!(old.matches);
        let better = old.rehashed.unwrap();
        assert!(better.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let new = check(RIGHT, Some(better.expose())).unwrap();
        assert!(new.matches && new.rehashed.is_none());
    }

    #[test]
    fn every_refusal_does_the_same_work() {
        let (old, new) = (bcrypt_of(RIGHT), hash(RIGHT).unwrap());
        let too_long = RIGHT.repeat(100);
        let cases: [(&str, Option<&str>); 7] = [
            ("wrong", None),
            ("wrong", Some(&old)),
            ("wrong", Some(new.expose())),
            ("wrong", Some("not a hash")),
            ("wrong", Some("$2b$12$broken")),
            ("wrong", Some("")),
            (&too_long, Some(&old)),
        ];
        for (password, stored) in cases {
            let checked = check(password, stored).unwrap();
            assert!(!checked.matches && checked.rehashed.is_none(), "{stored:?}");
            assert_eq!(checked.work, Work { bcrypt: 1, argon2: 1 }, "{stored:?}");
        }
    }

    #[test]
    fn nobodys_hashes_are_well_formed_and_cost_what_real_ones_cost() {
        let bcrypt: bcrypt::HashParts = NOBODYS_BCRYPT.parse().unwrap();
        assert_eq!(bcrypt.get_cost(), 12, "the cost of the legacy system");
        let real = hash(RIGHT).unwrap();
        let (nobodys, real) = (PasswordHash::new(NOBODYS_ARGON2).unwrap(), PasswordHash::new(real.expose()).unwrap());
        assert_eq!((nobodys.algorithm, nobodys.version), (real.algorithm, real.version));
        assert_eq!(nobodys.params, real.params);
        assert_eq!(nobodys.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let queue = PasswordQueue::new(1, 1);
        let (first, second) = (queue.enter().unwrap(), queue.enter().unwrap());
        assert_eq!(queue.enter().unwrap_err(), AppError::Unavailable);
        drop(first);
        let third = queue.enter().unwrap();
        drop(second);
        let hashed = third.hash(Sealed::new(RIGHT)).await.unwrap();
        assert!(queue.enter().unwrap().check(Sealed::new(RIGHT), Some(hashed)).await.unwrap().matches);
    }
}
