//! What arrived at the twins, for the page and for tests.

use std::collections::VecDeque;
use std::sync::Mutex;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Serialize;

use super::Service;

/// How many are remembered.
const KEPT: usize = 500;

/// One request to a twin.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    /// Which service.
    #[serde(serialize_with = "as_name")]
    pub service: Service,
    /// When.
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// `POST`.
    pub method: String,
    /// The path below the service's own address; never the query, which may hold a key.
    pub path: String,
    /// The status it was answered with; `None` when it got no answer.
    pub status: Option<u16>,
    /// How it was made to fail, if it was: `answered`, `hung`, `cut`, `lost`, `torn`, `halved`.
    pub fault: Option<&'static str>,
}

fn as_name<S: serde::Serializer>(service: &Service, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(service.as_str())
}

fn as_text<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

impl Arrival {
    pub(super) fn new(service: Service, at: Timestamp, method: &Method, path: &str) -> Self {
        Self { service, at, method: method.to_string(), path: path.to_owned(), status: None, fault: None }
    }

    pub(super) fn done(mut self, status: Option<StatusCode>, fault: Option<&'static str>) -> Self {
        self.status = status.map(|status| status.as_u16());
        self.fault = fault;
        self
    }
}

/// The newest arrivals of all twins.
#[derive(Default)]
pub struct Arrivals(Mutex<VecDeque<Arrival>>);

impl Arrivals {
    /// Everything remembered, oldest first.
    pub fn all(&self) -> Vec<Arrival> {
        self.lock().iter().cloned().collect()
    }

    /// How many of one service's are remembered.
    pub fn count(&self, service: Service) -> usize {
        self.lock().iter().filter(|arrival| arrival.service == service).count()
    }

    pub(super) fn push(&self, arrival: Arrival) {
        let mut kept = self.lock();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(arrival);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Arrival>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
