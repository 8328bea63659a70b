//! Failing on request: which service, how, how often.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::wire::Wire;
use super::{Arrival, Service, Twins};

/// One instruction to fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Only requests whose path holds this; all of them when `None`.
    pub path: Option<String>,
    /// How many requests it is for; `None`: until it is cleared.
    pub times: Option<u32>,
    /// Wait this long before anything else.
    pub delay: Duration,
    /// What happens then.
    pub outcome: Outcome,
}

/// What happens to a request that is to fail.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is handled as usual: with a delay, a slow service.
    Handled,
    /// This answer instead; the twin never sees the request.
    Answered {
        /// The status.
        status: StatusCode,
        /// Further headers, such as `Retry-After`.
        headers: Vec<(String, String)>,
        /// The body: empty, or something no client expects.
        body: String,
    },
    /// No answer ever; the connection stays open.
    Hung,
    /// The connection ends; the twin never sees the request.
    Cut,
    /// The twin handles the request, then the connection ends: the client can't know.
    Lost,
    /// The connection ends in the middle of the twin's answer.
    Torn,
    /// Half of the twin's answer, as if that were all of it.
    Halved,
}

impl Fault {
    /// Fails this often in this way.
    pub fn times(times: u32, outcome: Outcome) -> Self {
        Self { path: None, times: Some(times), delay: Duration::ZERO, outcome }
    }

    /// Fails in this way until cleared.
    pub fn always(outcome: Outcome) -> Self {
        Self { path: None, times: None, delay: Duration::ZERO, outcome }
    }

    /// Only for requests whose path holds `part`.
    pub fn on(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// After waiting.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl Outcome {
    /// An answer with a status and nothing else.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::Answered { status, headers: Vec::new(), body: String::new() }
    }
}

/// An instruction as it arrives over HTTP: `{"status":503,"times":2}`, `{"hang":true}`, `{"body":"<html>","status":502}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    status: Option<u16>,
    body: Option<String>,
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    hang: bool,
    #[serde(default)]
    cut: bool,
    #[serde(default)]
    lose: bool,
    #[serde(default)]
    tear: bool,
    #[serde(default)]
    halve: bool,
    times: Option<u32>,
    path: Option<String>,
}

impl Asked {
    /// The instruction, or why it isn't one.
    pub fn read(self) -> Result<Fault, &'static str> {
        let is_answer = self.status.is_some() || self.body.is_some() || !self.headers.is_empty();
        let ways = [self.hang, self.cut, self.lose, self.tear, self.halve, is_answer];
        if ways.into_iter().filter(|asked| *asked).count() > 1 {
            return Err("status/body/headers, hang, cut, lose, tear and halve exclude one another");
        }
        let outcome = if self.hang {
            Outcome::Hung
        } else if self.cut {
            Outcome::Cut
        } else if self.lose {
            Outcome::Lost
        } else if self.tear {
            Outcome::Torn
        } else if self.halve {
            Outcome::Halved
        } else if is_answer {
            let status = StatusCode::from_u16(self.status.unwrap_or(200)).map_err(|_| "status is no HTTP status")?;
            let headers = self.headers.into_iter().collect();
            Outcome::Answered { status, headers, body: self.body.unwrap_or_default() }
        } else if self.delay_ms > 0 {
            Outcome::Handled
        } else {
            return Err("one of status, body, headers, hang, cut, lose, tear, halve or delay_ms is needed");
        };
        Ok(Fault { path: self.path, times: self.times, delay: Duration::from_millis(self.delay_ms), outcome })
    }
}

/// The instructions in force, in the order they were given; the first that fits a request is used up first.
#[derive(Default)]
pub struct Faults(Mutex<HashMap<Service, Vec<Fault>>>);

impl Faults {
    /// Adds an instruction.
    pub fn add(&self, service: Service, fault: Fault) {
        self.lock().entry(service).or_default().push(fault);
    }

    /// The service works again.
    pub fn clear(&self, service: Service) {
        self.lock().remove(&service);
    }

    /// What is still in force.
    pub fn of(&self, service: Service) -> Vec<Fault> {
        self.lock().get(&service).cloned().unwrap_or_default()
    }

    /// The instruction for a request, used once.
    fn take(&self, service: Service, path: &str) -> Option<Fault> {
        let mut all = self.lock();
        let faults = all.get_mut(&service)?;
        let fits =
            |fault: &Fault| fault.path.as_deref().is_none_or(|part| path.contains(part)) && fault.times != Some(0);
        let index = faults.iter().position(fits)?;
        let fault = faults[index].clone();
        if let Some(times) = &mut faults[index].times {
            *times -= 1;
            if *times == 0 {
                faults.remove(index);
            }
        }
        Some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Service, Vec<Fault>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The layer over a twin: records what arrives, and fails when told to.
pub async fn apply(State((service, twins)): State<(Service, Twins)>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let wire = request.extensions().get::<ConnectInfo<Wire>>().map(|info| info.0.clone());
    let arrival = Arrival::new(service, twins.clock.now(), request.method(), &path);
    let fault = twins.faults.take(service, &path);
    let (delay, outcome) = fault.map_or((Duration::ZERO, Outcome::Handled), |fault| (fault.delay, fault.outcome));
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let (response, told) = match outcome {
        Outcome::Handled => (next.run(request).await, None),
        Outcome::Answered { status, headers, body } => {
            let mut response = (status, Body::from(body)).into_response();
            for (name, value) in headers {
                if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse()) {
                    response.headers_mut().insert(name, value);
                }
            }
            (response, Some("answered"))
        }
        Outcome::Hung => {
            twins.arrivals.push(arrival.done(None, Some("hung")));
            return std::future::pending().await;
        }
        Outcome::Cut => (cut(wire), Some("cut")),
        Outcome::Lost => {
            next.run(request).await;
            (cut(wire), Some("lost"))
        }
        Outcome::Torn => (half(next.run(request).await, true).await, Some("torn")),
        Outcome::Halved => (half(next.run(request).await, false).await, Some("halved")),
    };
    let status = (!matches!(told, Some("cut" | "lost" | "torn"))).then(|| response.status());
    twins.arrivals.push(arrival.done(status, told));
    response
}

/// The first half of an answer: with all of it announced, and then the connection ends, or as if it were all.
async fn half(response: Response, is_torn: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (announced, half) = (if is_torn { whole.len() } else { whole.len() / 2 }, whole.slice(..whole.len() / 2));
    parts.headers.insert(http::header::CONTENT_LENGTH, announced.into());
    if !is_torn {
        return Response::from_parts(parts, Body::from(half));
    }
    let torn = [Ok(half), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    Response::from_parts(parts, Body::from_stream(futures::stream::iter(torn)))
}

/// Ends the connection; what is returned is never sent.
fn cut(wire: Option<Wire>) -> Response {
    if let Some(wire) = wire {
        wire.cut();
    }
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(json: &str) -> Result<Fault, &'static str> {
        serde_json::from_str::<Asked>(json).map_err(|_| "not even JSON")?.read()
    }

    #[test]
    fn an_instruction_says_one_thing() {
        assert_eq!(asked(r#"{"status":503,"times":2}"#), Ok(Fault::times(2, Outcome::status(503))));
        assert_eq!(asked(r#"{"hang":true,"path":"/emails"}"#), Ok(Fault::always(Outcome::Hung).on("/emails")));
        assert_eq!(asked(r#"{"tear":true}"#), Ok(Fault::always(Outcome::Torn)));
        assert_eq!(asked(r#"{"delay_ms":30}"#), Ok(Fault::always(Outcome::Handled).after(Duration::from_millis(30))));
        for wrong in [
            r#"{}"#,
            r#"{"hang":true,"cut":true}"#,
            r#"{"tear":true,"halve":true}"#,
            r#"{"status":5}"#,
            r#"{"sttus":500}"#,
        ] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_instruction_is_used_up_by_the_requests_it_fits() {
        let faults = Faults::default();
        faults.add(Service::Resend, Fault::times(1, Outcome::Cut).on("/emails"));
        faults.add(Service::Resend, Fault::times(1, Outcome::Hung));
        assert_eq!(faults.take(Service::Sentry, "/emails"), None, "another service");
        assert_eq!(faults.take(Service::Resend, "/domains").unwrap().outcome, Outcome::Hung);
        assert_eq!(faults.take(Service::Resend, "/emails").unwrap().outcome, Outcome::Cut);
        assert_eq!(faults.take(Service::Resend, "/emails"), None);
    }
}
