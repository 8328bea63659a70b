//! `GET /api/notifications/stream`: server-sent events that say when to look again.
//!
//! An event names no person's notices and no count, so it is the same for everybody it concerns and costs no query; the one
//! thing it tells is the title of a new system notice, to those who may read them. The client then asks for its bell, at a
//! random moment within `spread` milliseconds, so that many clients don't ask at once.
//!
//! A stream ends with its session, with the process, and when its session opens too many.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::Stream;
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::feed;
use super::hub::{Headline, Hub, Listening, Wake, Who};
use crate::accounts::sessions;
use crate::app::Stopping;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Capability;
use crate::web::identify::cookie;

/// A sign of life for whatever stands in between.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// Events of one stream are at least this far apart.
const GAP: Duration = Duration::from_millis(250);
/// What only counted on is asked for at leisure.
const LEISURE: Duration = Duration::from_secs(5);
/// Browsers come back after this long, and up to as long again, when the stream breaks off.
const COME_BACK: Duration = Duration::from_secs(2);

/// Where the client stands.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// When its page was made, in milliseconds.
    since: Option<i64>,
}

/// The stream.
pub async fn open(ctx: Ctx, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Failure> {
    let person = ctx.person()?;
    let session = cookie(&headers, sessions::COOKIE).and_then(|token| sessions::digest_of(&token));
    let who = Who {
        user_id: person.user_id.as_str().into(),
        session: session.ok_or(AppError::Unauthenticated)?.into(),
        hears_system: ctx.may(Capability::SystemNotificationsRead),
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let since = asked.since.max(last).and_then(|at| Timestamp::from_millisecond(at).ok());
    feed::start(&ctx.app);
    let hub = ctx.app.hub.clone();
    // Who doesn't say what they have seen has seen nothing.
    let listening = hub.listen(who.clone(), since.unwrap_or(Timestamp::UNIX_EPOCH));
    let events = Events { hub, listening, stopping: ctx.app.stopping.clone(), clock: ctx.app.clock.clone(), who };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would collect the events.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events.into_stream())).into_response())
}

/// What one stream holds: nothing of the request that opened it.
struct Events {
    hub: Hub,
    listening: Listening,
    stopping: Stopping,
    clock: crate::app::Clock,
    who: Who,
}

impl Events {
    fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        async_stream::stream! {
            yield Ok(opening(self.hub.streams()));
            loop {
                let woken = tokio::select! {
                    biased;
                    () = self.stopping.begun() => break,
                    woken = self.listening.woken() => woken,
                    () = tokio::time::sleep(HEARTBEAT) => {
                        yield Ok(Bytes::from_static(b":\n\n"));
                        continue;
                    }
                };
                if woken.has(Wake::END) {
                    yield Ok(Bytes::from_static(b"event: end\ndata: {}\n\n"));
                    break;
                }
                let headline = if woken.has(Wake::SYSTEM) { self.hub.headline() } else { None };
                let headline = headline.filter(|_| self.who.hears_system);
                yield Ok(changed(woken, self.clock.now(), self.hub.spread(), headline));
                tokio::select! {
                    () = self.stopping.begun() => break,
                    () = tokio::time::sleep(GAP) => {}
                }
            }
        }
    }
}

fn opening(streams: usize) -> Bytes {
    // Streams that break off together don't come back together.
    let late = COME_BACK.as_millis() * (streams as u128 % 97) / 97;
    format!("retry: {}\n\n", COME_BACK.as_millis() + late).into()
}

fn changed(woken: Wake, now: Timestamp, spread: Duration, headline: Option<Headline>) -> Bytes {
    let is_urgent = woken.has(Wake::SYSTEM.and(Wake::OWN).and(Wake::RESET));
    let spread = if is_urgent { spread } else { spread + LEISURE };
    let data = serde_json::json!({ "spread": spread.as_millis() as u64, "headline": headline });
    format!("id: {}\nevent: changed\ndata: {data}\n\n", now.as_millisecond()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_when_to_ask_and_a_new_notices_title() {
        let now = Timestamp::from_millisecond(1_800_000_000_123).unwrap();
        let headline = Headline { title: "CAÍDO: tienda\n\nevent: x".into(), severity: "critical".into() };
        let text = changed(Wake::SYSTEM, now, Duration::from_millis(40), Some(headline));
        assert_eq!(
            std::str::from_utf8(&text).unwrap(),
            "id: 1800000000123\nevent: changed\ndata: {\"spread\":40,\"headline\":{\"title\":\"CAÍDO: tienda\\n\\nevent: x\",\
             \"severity\":\"critical\"}}\n\n",
            "a title can't make an event of its own"
        );
        let text = changed(Wake::COUNTED, now, Duration::from_millis(40), None);
        assert!(std::str::from_utf8(&text).unwrap().contains("{\"spread\":5040,\"headline\":null}"));
    }
}
