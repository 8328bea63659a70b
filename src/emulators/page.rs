//! The page that lists the twins and what arrived, and the frame every twin's page stands in.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use http::header;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{Arrival, Service, Twins};
use crate::i18n::{emulators as words, format};

/// Rows of the list.
const SHOWN: usize = 100;

/// The twins' own addresses.
pub fn router(twins: Twins) -> Router {
    let css = || async { ([(header::CONTENT_TYPE, "text/css")], include_str!("page.css")) };
    Router::new().route("/", get(index)).route("/estilo.css", get(css)).with_state(twins)
}

/// A whole document in the twins' plain frame; `title` is the service's name.
pub fn document<V: IntoAny>(title: &str, body: V) -> Html<String> {
    let owner = Owner::new_root(None);
    let title = title.to_owned();
    let links = Service::ALL
        .map(|service| view! { <a href=format!("/paginas/{}", service.as_str())>{words::service(service)}</a> })
        .collect_view();
    let html = owner.with(|| {
        let view = view! {
            <!DOCTYPE html>
            <html lang="es-PY">
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    // Comments of the renderer would be words in a title; the services' names need no escaping.
                    <title inner_html=words::title(&title)></title>
                    <link rel="stylesheet" href="/estilo.css"/>
                </head>
                <body>
                    <main>
                        <header>
                            <h1>{title}</h1>
                            <nav aria-label=words::SERVICES><a href="/">{words::INDEX}</a> {links}</nav>
                        </header>
                        {body.into_any()}
                    </main>
                </body>
            </html>
        };
        view.to_html()
    });
    Html(html)
}

/// A moment in a table.
pub fn moment(at: Timestamp) -> AnyView {
    view! { <time datetime=format::machine(at)>{format::exact(at)}</time> }.into_any()
}

async fn index(State(twins): State<Twins>) -> Html<String> {
    let arrivals = twins.arrivals.all();
    let services = Service::ALL
        .map(|service| {
            let name = service.as_str();
            let failing = twins.faults.of(service).len();
            let state = if failing == 0 { words::WORKS.to_owned() } else { words::fails(failing) };
            let count = arrivals.iter().filter(|arrival| arrival.service == service).count();
            view! {
                <tr>
                    <td><a href=format!("/paginas/{name}")>{words::service(service)}</a></td>
                    <td>{words::stands_for(service)}</td>
                    <td>{words::arrived(count)}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    let app = twins.app_url.get().cloned();
    let app = app.map(|url| view! { <p>{words::APP} " " <a href=url.clone()>{url.clone()}</a></p> });
    let list = if arrivals.is_empty() {
        view! { <p class="muted">{words::NOTHING_YET}</p> }.into_any()
    } else {
        let rows = arrivals.into_iter().rev().take(SHOWN).map(row).collect_view();
        view! {
            <div class="scroll">
                <table data-testid="arrivals">
                    <thead>
                        <tr>
                            <th>{words::WHEN}</th>
                            <th>{words::SERVICE}</th>
                            <th>{words::REQUEST}</th>
                            <th>{words::ANSWER}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    document(
        words::INDEX_TITLE,
        view! {
            <p>{words::PURPOSE}</p>
            {app}
            <div class="scroll">
                <table data-testid="services"><tbody>{services}</tbody></table>
            </div>
            <h2>{words::RECEIVED}</h2>
            {list}
            <h2>{words::FAILING}</h2>
            <p>{words::FAILING_HOW}</p>
            <pre>{words::failing_example(&twins.settings.url())}</pre>
        },
    )
}

fn row(arrival: Arrival) -> impl IntoView {
    let answer = match (arrival.status, arrival.fault) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(_)) => words::told_to_answer(status),
        (None, fault) => words::unanswered(fault.unwrap_or_default()).to_owned(),
    };
    view! {
        <tr>
            <td>{moment(arrival.at)}</td>
            <td>{words::service(arrival.service)}</td>
            <td><code>{format!("{} {}", arrival.method, arrival.path)}</code></td>
            <td>{answer}</td>
        </tr>
    }
}
