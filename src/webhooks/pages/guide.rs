//! How the owner connects each service: addresses, secrets, what to paste where, and a try.

use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{PATH, ago, connected};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::webhooks as words;
use crate::ui::{Banner, Button, CopyButton, Crumb, Fact, FactList, Glyph, PageHead, Tone};
use crate::values::Capability;
use crate::web::answer::random_token;
use crate::web::render::{Page, Section};
use crate::webhooks::model::Source;
use crate::webhooks::service::{self, Connection};

/// What UptimeRobot fills in and sends; see `sources::uptimerobot`.
const TEMPLATE: &str = r#"{"v":1,"monitor_id":"*monitorID*","name":"*monitorFriendlyName*","url":"*monitorURL*","alert_type":"*alertType*","alert_type_name":"*alertTypeFriendlyName*","details":"*alertDetails*","duration_s":"*alertDuration*","at":"*alertDateTime*","ssl_expiry":"*sslExpiryDate*","ssl_days_left":"*sslExpiryDaysLeft*"}"#;

/// `GET /admin/notifications/webhooks/conectar`.
pub async fn guide(ctx: Ctx) -> Result<Response, Failure> {
    let connections = service::connections(&ctx).await?;
    let (now, may_try, base_url) = (ctx.now(), ctx.may(Capability::Security), ctx.app.config.base_url.clone());
    let crumbs = vec![
        Crumb::link(words::TAB_NOTICES, "/admin/notifications"),
        Crumb::link(words::TITLE, PATH),
        Crumb::here(words::GUIDE_TITLE),
    ];
    Ok(Page::admin(&ctx, Section::Notifications, words::GUIDE_TITLE).crumbs(crumbs).show(move || {
        let services = connections
            .into_iter()
            .map(|connection| service_guide(&connection, &base_url, now, may_try))
            .collect_view();
        view! {
            <PageHead title=words::GUIDE_TITLE purpose=words::GUIDE_PURPOSE/>
            <div class="webhook-guide" data-testid="webhooks-guide-page">{services}</div>
        }
    }))
}

fn service_guide(connection: &Connection, base_url: &str, now: Timestamp, may_try: bool) -> impl IntoView + use<> {
    let source = connection.source;
    let name = source.as_str();
    let address_id = format!("webhook-address-{name}");
    let address = view! {
        <span class="webhook-copy">
            <code id=address_id.clone()>{format!("{base_url}{}", source.path())}</code>
            <CopyButton
                label=words::COPY
                done=words::COPIED
                from=format!("#{address_id}")
                testid=format!("webhook-copy-{name}")
            />
        </span>
    };
    let last = connection.last.as_ref().map_or_else(|| words::NEVER.into_any(), |row| ago(row.received_at, now));
    let facts = vec![
        Fact::new(words::ADDRESS, address),
        Fact::new(words::STATE, connected(connection)),
        Fact::new(words::LAST, last),
    ];
    let knocks = (!connection.is_configured && connection.refused.strangers > 0)
        .then(|| view! { <Banner tone=Tone::Attention title=words::knocks(source)/> });
    let probe = (may_try && connection.is_configured).then(|| {
        view! {
            <form method="post" action="/admin/notifications/webhooks/probar">
                <input type="hidden" name="source" value=name/>
                <Button icon=Glyph::Send testid=format!("webhook-probe-{name}")>{words::PROBE}</Button>
            </form>
        }
    });
    let steps = words::steps(source).iter().map(|step| view! { <li>{*step}</li> }).collect_view();
    let rotation = words::rotation(source).into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <section class="stack" id=name aria-labelledby=format!("{name}-title")>
            <h2 id=format!("{name}-title")>{words::source(source)}</h2>
            {knocks}
            <FactList facts/>
            {probe}
            <ol class="webhook-steps">{steps}</ol>
            {(source == Source::UptimeRobot).then(uptimerobot)}
            <details>
                <summary>{words::ROTATION}</summary>
                <ol class="webhook-steps">{rotation}</ol>
            </details>
        </section>
    }
}

/// What only UptimeRobot needs: a token of our making, and the body.
fn uptimerobot() -> impl IntoView {
    let copied = |label: &'static str, id: &'static str, text: String| {
        view! {
            <div class="webhook-copy">
                <p>{label}</p>
                <pre class="mono webhook-body" id=id>{text}</pre>
                <CopyButton label=words::COPY done=words::COPIED from=format!("#{id}") testid=id/>
            </div>
        }
    };
    view! {
        {copied(words::SUGGESTED, "webhook-token", random_token::<32>())}
        {copied(words::TEMPLATE, "webhook-template", TEMPLATE.into())}
    }
}
