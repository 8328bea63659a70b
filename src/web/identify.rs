//! Works out who is asking and builds the [`Ctx`] that handlers take: session cookie to person, peer to client address,
//! waiting flash to page.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};

use super::answer::{Marks, Served};
use super::flash::{self, Flash};
use super::guard;
use crate::accounts::sessions::{self, Resolved};
use crate::app::App;
use crate::ctx::{Actor, Client, Ctx};
use crate::failure::Failure;
use crate::notifications::bell;

/// Longest stored `User-Agent`, in characters.
const USER_AGENT_CHARACTERS: usize = 500;

/// The layer.
pub async fn identify(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let mut ctx = guest(app, &request);
    let mut cookies = Vec::new();
    if !is_nobodys(request.uri().path())
        && let Err(failure) = recognise(&mut ctx, request.headers(), request.method().is_safe(), &mut cookies).await
    {
        let mut response = failure.into_response();
        response.extensions_mut().insert(Served(ctx));
        return response;
    }
    if wants_bell(&request) {
        ctx.bell = bell::load(&ctx).await;
    }
    request.extensions_mut().insert(ctx.clone());
    let mut response = next.run(request).await;
    // What a handler set stands: signing in with an old cookie must not forget the new session.
    let set: Vec<_> =
        response.headers().get_all(header::SET_COOKIE).iter().map(|cookie| name_of(cookie).to_vec()).collect();
    let is_replaced = set.iter().any(|name| name == flash::COOKIE.as_bytes());
    if response.status().is_redirection() && *ctx.flash != Flash::default() && !is_replaced {
        // A redirect shows nothing: what is to be said is left for the page it leads to.
        match flash::leave(&ctx.app, (*ctx.flash).clone()).await {
            Ok(again) => {
                cookies.retain(|cookie| name_of(cookie) != flash::COOKIE.as_bytes());
                cookies.push(again);
            }
            Err(failure) => response = failure.into_response(),
        }
    }
    response.extensions_mut().insert(Served(ctx));
    for cookie in cookies.into_iter().filter(|cookie| !set.contains(&name_of(cookie).to_vec())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whether whoever asks for a path is always a guest: files, and what watchdogs ask, which has to be answered without the
/// database.
fn is_nobodys(path: &str) -> bool {
    path.starts_with("/assets/") || path.starts_with("/health") || matches!(path, "/ready" | "/metrics")
}

/// Whether the answer is likely a page, which has a bell: what a browser navigates to.
fn wants_bell(request: &Request) -> bool {
    let path = request.uri().path();
    let is_ours = !path.starts_with("/assets/") && !guard::is_api(path) && path != bell::FRAGMENT_PATH;
    is_ours && request.method() == http::Method::GET && text(request.headers(), "accept").contains("text/html")
}

fn name_of(set_cookie: &HeaderValue) -> &[u8] {
    set_cookie.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default()
}

/// A context that knows nothing of the database yet.
fn guest(app: Arc<App>, request: &Request) -> Ctx {
    let marks = request.extensions().get::<Marks>().cloned().expect("the answer layer stands outside this one");
    let client = Client {
        ip: client_ip(&app, request),
        user_agent: text(request.headers(), header::USER_AGENT.as_str()).chars().take(USER_AGENT_CHARACTERS).collect(),
    };
    Ctx {
        app,
        actor: Actor::Guest,
        session_expired: false,
        request_id: marks.request_id,
        client,
        flash: Arc::default(),
        bell: None,
        uri: request.uri().clone(),
        nonce: marks.nonce,
    }
}

async fn recognise(
    ctx: &mut Ctx,
    headers: &HeaderMap,
    is_safe: bool,
    cookies: &mut Vec<HeaderValue>,
) -> Result<(), Failure> {
    if let Some(token) = cookie(headers, sessions::COOKIE) {
        match sessions::resolve(ctx, &token).await? {
            Resolved::Person(person) => ctx.actor = Actor::Person(person),
            Resolved::Guest => cookies.push(sessions::forget()),
            Resolved::Expired => {
                ctx.session_expired = true;
                cookies.push(sessions::forget());
            }
        }
    }
    // A post leaves its own flash; only a page takes one, and no script of the page before it that is still asking.
    if is_safe
        && is_document(headers)
        && let Some(token) = cookie(headers, flash::COOKIE)
    {
        ctx.flash = Arc::new(flash::take(&ctx.app, &token).await?);
        if *ctx.flash != Flash::default() {
            cookies.push(flash::forget());
        }
    }
    Ok(())
}

/// Whether a whole page is asked for, as far as the browser says.
fn is_document(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_none_or(|kind| kind == "document")
}

fn client_ip(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    forwarded(request.headers(), peer.unwrap_or(Ipv4Addr::LOCALHOST.into()), &app.config.trusted_proxies)
}

/// The peer's address; what `X-Forwarded-For` says counts only from a configured proxy, nearest entry first. A proxy may
/// add a line of its own below what the client sent, so all of them are one list.
fn forwarded(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
    entries
        .map_while(|entry| entry.trim().parse::<IpAddr>().ok())
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The value of a cookie; the first one wins, as `__Host-` names can't be shadowed.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted = ["10.0.0.5".parse().unwrap(), "10.0.0.6".parse().unwrap()];
        forwarded(&headers, peer.parse().unwrap(), &trusted).to_string()
    }

    #[test]
    fn a_forwarded_address_is_believed_from_a_configured_proxy_only() {
        assert_eq!(address("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(address("10.0.0.5", &[]), "10.0.0.5");
        assert_eq!(address("10.0.0.5", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("10.0.0.5", &["198.51.100.1, 10.0.0.6"]), "198.51.100.1");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(address("10.0.0.5", &["192.0.2.66, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("10.0.0.5", &["192.0.2.66", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("10.0.0.5", &["192.0.2.66, nonsense"]), "10.0.0.5");
    }
}
