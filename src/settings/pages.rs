//! `/admin/settings`.

use axum::response::Response;
use leptos::prelude::*;

use super::fields::{self, HOLIDAYS, LISTS, MONITOR_PROJECTS, TIMES, WAITS, WHATSAPP_MARCAS};
use super::forms::{FORM, PATH, REV};
use super::service::{self, Overview, PHONE, TestChannel};
use crate::config::Integrations;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::settings as words;
use crate::ui::{
    Banner, Button, ButtonKind, Fact, FactList, Field, FieldType, Glyph, LinkButton, PageHead, Status, TextArea, Tone,
};
use crate::values::Capability;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// `GET /admin/settings`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let overview = service::overview(&ctx).await?;
    let may_write = ctx.may(Capability::SettingsWrite);
    let (flash, app) = (ctx.flash.clone(), ctx.app.clone());
    let may_test_sentry = ctx.may(Capability::Security);
    Ok(Page::admin(&ctx, Section::Settings, words::TITLE).show(move || {
        let listed = overview.settings.alert_recipients.system.len();
        let state = words::state(listed, overview.superadmins.len());
        let integrations = &app.config.integrations;
        let form = alerts(&overview, &flash, may_write);
        let tests = may_write.then(|| tests(integrations, &flash, may_test_sentry));
        let integrations = integration_facts(integrations);
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            <section class="settings" aria-labelledby="alerts" data-testid="settings-page">
                <h2 id="alerts">{words::ALERTS}</h2>
                <p data-testid="settings-state">{state}</p>
                {(!may_write).then(|| view! { <Banner tone=Tone::Info title=words::READ_ONLY testid="settings-read-only"/> })}
                {form}
            </section>
            {tests}
            <section class="section" aria-labelledby="integrations">
                <h2 id="integrations">{words::INTEGRATIONS}</h2>
                <p class="muted">{words::INTEGRATIONS_HINT}</p>
                {integrations}
            </section>
        }
    }))
}

fn alerts(overview: &Overview, flash: &Flash, may_write: bool) -> impl IntoView + use<> {
    let stored = fields::shown(&overview.settings);
    let value = |name: &str| flash.value(name).or_else(|| stored.get(name).cloned()).unwrap_or_default();
    let nobody = words::nobody_listed(&overview.superadmins);
    let lists = LISTS
        .iter()
        .map(|list| {
            view! {
                <TextArea
                    name=list.name
                    label=list.label
                    hint=list.hint
                    required=false
                    rows=3
                    placeholder=nobody.clone()
                    value=value(list.name)
                    error=flash.problem(list.name)
                    testid=format!("settings-{}", list.name)
                />
            }
        })
        .collect_view();
    let times = TIMES
        .iter()
        .map(|time| {
            view! {
                <Field
                    name=time.name
                    label=time.label
                    hint=time.hint
                    required=true
                    r#type=FieldType::Number
                    inputmode="numeric"
                    autocomplete="off"
                    value=value(time.name)
                    error=flash.problem(time.name)
                    testid=format!("settings-{}", time.name)
                />
            }
        })
        .collect_view();
    let waits = WAITS
        .iter()
        .map(|wait| {
            view! {
                <Field
                    name=wait.name
                    label=wait.label
                    hint=wait.hint
                    required=true
                    r#type=FieldType::Number
                    inputmode="numeric"
                    autocomplete="off"
                    value=value(wait.name)
                    error=flash.problem(wait.name)
                    testid=format!("settings-{}", wait.name)
                />
            }
        })
        .collect_view();
    let whole = flash.problem(FORM).or_else(|| (!flash.problems.is_empty()).then(|| words::FIX.to_owned()));
    let buttons = may_write.then(|| {
        view! {
            <div class="actions">
                <Button kind=ButtonKind::Primary testid="settings-save">{words::SAVE}</Button>
                <LinkButton href=PATH kind=ButtonKind::Quiet testid="settings-discard">{words::DISCARD}</LinkButton>
            </div>
        }
    });
    view! {
        <form class="settings-form" method="post" action=format!("{PATH}/avisos") data-testid="settings-form">
            <input type="hidden" name=REV value=overview.settings.rev.to_string()/>
            {whole.map(|title| view! { <Banner tone=Tone::Bad title testid="settings-problem"/> })}
            <fieldset disabled=!may_write>
                <legend>{words::LISTS}</legend>
                <p class="muted">{words::LISTS_HINT}</p>
                <div class="settings-fields">{lists}</div>
            </fieldset>
            <fieldset disabled=!may_write>
                <legend>{words::TIMES}</legend>
                <p class="muted">{words::TIMES_HINT}</p>
                <div class="settings-fields">{times}</div>
            </fieldset>
            <fieldset disabled=!may_write>
                <legend>{words::UGC}</legend>
                <p class="muted">{words::UGC_HINT}</p>
                <div class="settings-fields">
                    {waits}
                    <Field
                        name=WHATSAPP_MARCAS
                        label=words::WHATSAPP_MARCAS
                        hint=words::WHATSAPP_MARCAS_HINT
                        r#type=FieldType::Tel
                        autocomplete="off"
                        value=value(WHATSAPP_MARCAS)
                        error=flash.problem(WHATSAPP_MARCAS)
                        testid="settings-whatsapp_marcas"
                    />
                    <TextArea
                        name=HOLIDAYS
                        label=words::HOLIDAYS
                        hint=words::HOLIDAYS_HINT
                        required=false
                        mono=true
                        rows=6
                        value=value(HOLIDAYS)
                        error=flash.problem(HOLIDAYS)
                        testid="settings-holidays"
                    />
                </div>
            </fieldset>
            <fieldset disabled=!may_write>
                <legend>{words::MONITORS}</legend>
                <TextArea
                    name=MONITOR_PROJECTS
                    label=words::MONITOR_PROJECTS
                    hint=words::MONITOR_PROJECTS_HINT
                    required=false
                    mono=true
                    rows=3
                    value=value(MONITOR_PROJECTS)
                    error=flash.problem(MONITOR_PROJECTS)
                    testid="settings-monitor_projects"
                />
            </fieldset>
            {buttons}
        </form>
    }
}

fn tests(integrations: &Integrations, flash: &Flash, may_test_sentry: bool) -> impl IntoView + use<> {
    let has_mail = integrations.mail.is_some();
    let whatsapp = match &integrations.whatsapp {
        Some(_) => test_whatsapp(flash).into_any(),
        None => configured(false).into_any(),
    };
    let mail = if has_mail { test(TestChannel::Email).into_any() } else { configured(false).into_any() };
    let sentry = may_test_sentry.then(|| {
        let link = view! {
            <LinkButton href="/admin/seguridad" icon=Glyph::ShieldCheck testid="settings-test-sentry">
                {words::TEST_SENTRY_LINK}
            </LinkButton>
        };
        Fact::new(words::TEST_SENTRY, link)
    });
    let facts = [
        Fact::new(words::TEST_IN_APP, test(TestChannel::InApp)),
        Fact::new(words::TEST_EMAIL, mail),
        Fact::new(words::TEST_WHATSAPP, whatsapp),
    ];
    view! {
        <section class="section" aria-labelledby="tests">
            <h2 id="tests">{words::TEST}</h2>
            <FactList facts=facts.into_iter().chain(sentry).collect()/>
        </section>
    }
}

fn test(channel: TestChannel) -> impl IntoView {
    view! {
        <form method="post" action=format!("{PATH}/probar")>
            <Button
                name="channel"
                value=channel.as_str()
                testid=format!("settings-test-{}", channel.as_str())
            >
                {words::SEND_TEST}
            </Button>
        </form>
    }
}

fn test_whatsapp(flash: &Flash) -> impl IntoView + use<> {
    let channel = TestChannel::WhatsApp.as_str();
    view! {
        <form class="settings-phone" method="post" action=format!("{PATH}/probar")>
            <Field
                name=PHONE
                label=words::TEST_PHONE
                r#type=FieldType::Tel
                value=flash.value(PHONE).unwrap_or_default()
                error=flash.problem(PHONE)
                testid="settings-test-phone"
            />
            <Button name="channel" value=channel testid="settings-test-whatsapp">
                {words::SEND_TEST}
            </Button>
        </form>
    }
}

fn configured(is_configured: bool) -> impl IntoView {
    let (tone, label) =
        if is_configured { (Tone::Good, words::CONFIGURED) } else { (Tone::Neutral, words::NOT_CONFIGURED) };
    view! { <Status tone label/> }
}

/// What is configured; never a value.
fn integration_facts(integrations: &Integrations) -> impl IntoView + use<> {
    let facts = [
        (words::MAIL, integrations.mail.is_some()),
        (words::WHATSAPP, integrations.whatsapp.is_some()),
        (words::SENTRY, integrations.sentry_dsn.is_some()),
        (words::SENTRY_HOOK, integrations.sentry_webhook.is_configured()),
        (words::UPTIMEROBOT_HOOK, integrations.uptimerobot.is_configured()),
        (words::RESEND_HOOK, integrations.resend_webhook.is_configured()),
        (words::METRICS, integrations.metrics_token.is_some()),
    ];
    let facts = facts.into_iter().map(|(label, is_on)| Fact::new(label, configured(is_on))).collect();
    view! { <FactList facts/> }
}
