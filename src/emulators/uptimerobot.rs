//! The twin of UptimeRobot: fills in the template as the real one does (textually, leaving what doesn't apply), sends it,
//! looks at the site like a monitor, and takes heartbeats.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{any, get, post};
use http::{Method, StatusCode, header};
use leptos::prelude::*;
use serde::Deserialize;

use super::deliveries::{self, Delivered, Spoil, Way};
use super::{Twins, page};
use crate::i18n::emulators as words;

/// What the owner pastes into the real one; see the guide under Avisos → Webhooks.
pub const TEMPLATE: &str = r#"{"v":1,"monitor_id":"*monitorID*","name":"*monitorFriendlyName*","url":"*monitorURL*","alert_type":"*alertType*","alert_type_name":"*alertTypeFriendlyName*","details":"*alertDetails*","duration_s":"*alertDuration*","at":"*alertDateTime*","ssl_expiry":"*sslExpiryDate*","ssl_days_left":"*sslExpiryDaysLeft*"}"#;
/// The classic alert contact's query.
const QUERY: &str = "monitorID=*monitorID*&monitorURL=*monitorURL*&monitorFriendlyName=*monitorFriendlyName*&alertType=*alertType*&alertTypeFriendlyName=*alertTypeFriendlyName*&alertDetails=*alertDetails*&alertDateTime=*alertDateTime*";
/// A monitor's own time limit.
const LOOK: Duration = Duration::from_secs(2);

/// What a person can make happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// The monitor doesn't reach the site.
    Down,
    /// It reaches it again.
    Up,
    /// The certificate expires in a week.
    Expiring,
    /// The same alert twice, as two alert contacts would.
    Twice,
    /// Up arrives before the down it ends.
    Reordered,
    /// A quote in the monitor's name breaks the JSON.
    BrokenJson,
    /// Somebody with another token.
    WrongToken,
    /// The classic alert contact: a query by `GET`.
    Classic,
}

impl Happening {
    /// All of them, in the order people read them.
    pub const ALL: [Self; 8] = [
        Self::Down,
        Self::Up,
        Self::Expiring,
        Self::Twice,
        Self::Reordered,
        Self::BrokenJson,
        Self::WrongToken,
        Self::Classic,
    ];

    /// As it stands in a form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Expiring => "expiring",
            Self::Twice => "twice",
            Self::Reordered => "reordered",
            Self::BrokenJson => "broken_json",
            Self::WrongToken => "wrong_token",
            Self::Classic => "classic",
        }
    }
}

/// Fills in a template: known variables in either syntax, everything else left as it stands. Nothing is escaped.
pub fn expand(template: &str, variables: &[(&str, String)]) -> String {
    variables.iter().fold(template.to_owned(), |text, (name, value)| {
        text.replace(&format!("*{name}*"), value).replace(&format!("${name}"), value)
    })
}

/// The variables of an alert of this kind at this time.
fn variables(kind: &str, name: &str, at: i64) -> Vec<(&'static str, String)> {
    let (type_name, details) = match kind {
        "1" => ("Down", "HTTP 503 - Service Unavailable"),
        "2" => ("Up", "HTTP 200 - OK"),
        _ => ("SSL Expiry", "SSL certificate expires soon"),
    };
    let mut variables = vec![
        ("monitorID", "790123456".to_owned()),
        ("monitorURL", "https://tienda.example.com/health".into()),
        ("monitorFriendlyName", name.into()),
        ("alertTypeFriendlyName", type_name.into()),
        ("alertType", kind.into()),
        ("alertDetails", details.into()),
        ("alertDateTime", at.to_string()),
    ];
    match kind {
        "2" => variables.push(("alertDuration", "437".into())),
        "3" => variables.extend([("sslExpiryDaysLeft", "7".into()), ("sslExpiryDate", "2026-12-01".into())]),
        _ => {}
    }
    variables
}

/// Makes it happen; returns what the application answered to each delivery.
pub async fn happen(twins: &Twins, happening: Happening) -> Vec<Delivered> {
    let now = twins.clock.now().as_second();
    let name = if happening == Happening::BrokenJson { "Tienda \"la nueva\"" } else { "Tienda" };
    let json = |kind: &str, at: i64| (Way::Json, expand(TEMPLATE, &variables(kind, name, at)));
    let sent = match happening {
        Happening::Down | Happening::BrokenJson | Happening::WrongToken => vec![json("1", now)],
        Happening::Up => vec![json("2", now)],
        Happening::Expiring => vec![json("3", now)],
        Happening::Twice => vec![json("1", now), json("1", now)],
        Happening::Reordered => vec![json("2", now), json("1", now - 60)],
        Happening::Classic => {
            let escaped: Vec<_> = variables("1", name, now)
                .into_iter()
                .map(|(name, value)| (name, serde_urlencoded::to_string([("x", value)]).unwrap_or_default()))
                .map(|(name, pair)| (name, pair.trim_start_matches("x=").to_owned()))
                .collect();
            vec![(Way::Query, expand(QUERY, &escaped))]
        }
    };
    let spoil = if happening == Happening::WrongToken { Spoil::WrongSecret } else { Spoil::Nothing };
    let mut delivered = Vec::new();
    for (way, text) in sent {
        delivered.push(deliveries::uptimerobot(twins, happening.as_str(), way, text, spoil).await);
    }
    delivered
}

/// What a monitor saw at one address.
#[derive(Debug)]
pub struct Seen {
    /// The method.
    pub method: &'static str,
    /// The status, if it answered in time.
    pub status: Option<u16>,
    /// What is wrong with the answer for a monitor.
    pub problem: Option<&'static str>,
    /// How long it took.
    pub milliseconds: u128,
}

/// Looks at the application's health as a monitor does: no redirect, no cookie, in time.
pub async fn look(twins: &Twins) -> Vec<Seen> {
    let Some(app) = twins.app_url.get() else { return Vec::new() };
    let mut seen = Vec::new();
    for (method, name) in [(Method::HEAD, "HEAD"), (Method::GET, "GET")] {
        let begun = Instant::now();
        let answer = twins.http.request(method, format!("{app}/health")).timeout(LOOK).send().await.ok();
        let problem = match &answer {
            None => Some(words::LOOK_NO_ANSWER),
            Some(answer) if answer.headers().contains_key(header::SET_COOKIE) => Some(words::LOOK_COOKIE),
            Some(answer) if answer.url().path() != "/health" => Some(words::LOOK_REDIRECT),
            Some(answer) if !answer.status().is_success() => Some(words::LOOK_STATUS),
            Some(_) => None,
        };
        let status = answer.map(|answer| answer.status().as_u16());
        seen.push(Seen { method: name, status, problem, milliseconds: begun.elapsed().as_millis() });
    }
    seen
}

/// The service's own addresses: heartbeats. What arrived is on the first page.
pub fn router(twins: Twins) -> Router {
    let beat = async |Path(_): Path<String>| StatusCode::OK;
    Router::new().route("/heartbeat/{monitor}", any(beat)).with_state(twins)
}

/// The page for people.
pub fn pages(twins: Twins) -> Router {
    Router::new().route("/", get(show)).route("/", post(act)).with_state(twins)
}

#[derive(Deserialize)]
struct Pressed {
    happening: Happening,
}

async fn act(State(twins): State<Twins>, Form(pressed): Form<Pressed>) -> impl IntoResponse {
    happen(&twins, pressed.happening).await;
    Redirect::to("/paginas/uptimerobot")
}

async fn show(State(twins): State<Twins>) -> Html<String> {
    let buttons = Happening::ALL
        .map(|happening| {
            view! {
                <button name="happening" value=happening.as_str() data-testid=format!("happening-{}", happening.as_str())>
                    {words::happening(happening)}
                </button>
                " "
            }
        })
        .collect_view();
    let row = |what: String, status: Option<u16>, note: String| {
        let status = status.map_or_else(|| "—".to_owned(), |status| status.to_string());
        view! { <tr><td>{what}</td><td>{status}</td><td>{note}</td></tr> }
    };
    let looks = look(&twins)
        .await
        .into_iter()
        .map(|seen| {
            let note = seen.problem.map_or_else(|| words::took(seen.milliseconds), str::to_owned);
            row(format!("{} /health", seen.method), seen.status, note)
        })
        .collect_view();
    let sent = twins.deliveries.all().into_iter().rev();
    let sent = sent.map(|one| row(one.what, one.status, words::took(one.milliseconds))).collect_view();
    page::document(
        "UptimeRobot",
        view! {
            <p>{words::UPTIMEROBOT_PURPOSE}</p>
            <form method="post" action="/paginas/uptimerobot">{buttons}</form>
            <h2>{words::DELIVERED}</h2>
            <div class="scroll"><table data-testid="deliveries"><tbody>{sent}</tbody></table></div>
            <h2>{words::LOOKED}</h2>
            <div class="scroll"><table data-testid="looks"><tbody>{looks}</tbody></table></div>
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_apply_stays_as_it_stands_and_nothing_is_escaped() {
        let down = expand(TEMPLATE, &variables("1", "Tienda", 5));
        assert!(down.contains(r#""duration_s":"*alertDuration*""#), "{down}");
        assert!(down.contains(r#""alert_type":"1","alert_type_name":"Down""#), "{down}");
        assert!(serde_json::from_str::<serde_json::Value>(&down).is_ok());
        let broken = expand(TEMPLATE, &variables("1", "la \"nueva\"", 5));
        assert!(serde_json::from_str::<serde_json::Value>(&broken).is_err());
        assert_eq!(expand("$monitorID *monitorID* *other*", &[("monitorID", "7".into())]), "7 7 *other*");
    }
}
