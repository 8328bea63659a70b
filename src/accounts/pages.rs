//! `/login` and `/mi-perfil`.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::device;
use super::forms::{FORM, home};
use super::next::Next;
use super::registration_pages::with_next;
use super::service::{self, Own};
use super::sessions::Session;
use super::store::Profile;
use super::verification_pages;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{accounts as words, format, sign_up, web};
use crate::ui::{
    Badge, Banner, Button, ButtonKind, Cell, CellKind, Column, Dialog, Fact, FactList, Field, FieldType, LinkButton,
    PageHead, Table, Tone,
};
use crate::values::Role;
use crate::web::render::{Page, Section};

/// The password of every account of the demonstration dump.
pub const DEMO_PASSWORD: &str = "canje-demo-2026";

/// An account of the demonstration dump: address, role, whether it asks for a second step.
type DemoAccount = (&'static str, Role, bool);

/// One account per role, highest rank first.
pub const DEMO_ACCOUNTS: [DemoAccount; 6] = [
    ("admin@example.com", Role::Superadmin, false),
    ("gestion@example.com", Role::Admin, true),
    ("equipo@example.com", Role::Staff, false),
    ("diseno@example.com", Role::Designer, false),
    ("marca@example.com", Role::Brand, false),
    ("creadora@example.com", Role::Creator, false),
];

/// The query of `/login`.
#[derive(Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub async fn login(ctx: Ctx, Query(query): Query<LoginQuery>) -> Response {
    let next = Next::parse(&query.next);
    if let Some(role) = ctx.role() {
        return Redirect::to(next.as_ref().map_or_else(|| home(role), Next::as_str)).into_response();
    }
    let email = ctx.flash.value("email");
    let problem = ctx.flash.problem(FORM);
    let demo = ctx.app.config.demo;
    let register = with_next("/registro", next.as_ref());
    Page::site(&ctx, words::SIGN_IN).show(move || {
        let next = next.map(|next| next.as_str().to_owned());
        let is_retry = email.is_some();
        view! {
            <section class="gate">
                <h1>{words::SIGN_IN_TITLE}</h1>
                {problem.map(|problem| view! { <Banner tone=Tone::Bad title=problem testid="login-problem"/> })}
                <form class="form" method="post" action="/login" data-testid="login-form">
                    {next_field(next.clone())}
                    <Field
                        name="email"
                        label=words::EMAIL
                        r#type=FieldType::Email
                        required=true
                        autocomplete="username"
                        value=email
                        autofocus=!is_retry
                        testid="login-email"
                    />
                    <Field
                        name="password"
                        label=words::PASSWORD
                        r#type=FieldType::Password
                        required=true
                        autocomplete="current-password"
                        autofocus=is_retry
                        testid="login-password"
                    />
                    <Button kind=ButtonKind::Primary testid="login-submit">{words::SIGN_IN_ACTION}</Button>
                </form>
                <p class="gate-foot"><a href="/recuperar" data-testid="login-recover">{sign_up::FORGOT}</a></p>
                <p class="gate-foot">
                    {sign_up::NO_ACCOUNT} " " <a href=register data-testid="login-register">{sign_up::SIGN_UP}</a>
                </p>
                {demo.then(|| demo_accounts(next))}
            </section>
        }
    })
}

fn next_field(next: Option<String>) -> impl IntoView {
    next.map(|next| view! { <input type="hidden" name="next" value=next/> })
}

fn demo_accounts(next: Option<String>) -> impl IntoView {
    let accounts = DEMO_ACCOUNTS
        .into_iter()
        .map(|(email, role, asks_second_step)| {
            let enter = view! {
                <form class="actions" method="post" action="/login">
                    {next_field(next.clone())}
                    <input type="hidden" name="email" value=email/>
                    <input type="hidden" name="password" value=DEMO_PASSWORD/>
                    <span>{email}</span>
                    {asks_second_step.then(|| view! { <Badge label=words::DEMO_MFA/> })}
                    <Button kind=ButtonKind::Plain testid=format!("demo-login-{}", role.as_str())>
                        {words::DEMO_ENTER}
                        <span class="visually-hidden">{words::demo_enter_as(email)}</span>
                    </Button>
                </form>
            };
            Fact::new(web::role(role), enter)
        })
        .collect::<Vec<_>>();
    let password = Fact::new(words::DEMO_PASSWORD_OF_ALL, view! { <code>{DEMO_PASSWORD}</code> });
    let facts = std::iter::once(password).chain(accounts).collect();
    view! {
        <section class="stack demo-accounts" data-testid="demo-accounts">
            <h2>{words::DEMO_TITLE}</h2>
            <FactList facts/>
        </section>
    }
}

/// `GET /mi-perfil`.
pub async fn profile(ctx: Ctx) -> Result<Response, Failure> {
    let own = service::own(&ctx).await?;
    let here = ctx.person()?.session_id.clone();
    let now = ctx.now();
    let banner = verification_pages::banner(&ctx);
    Ok(Page::personal(&ctx, Section::Profile, words::PROFILE).show(move || {
        let Own { profile, sessions, is_mirrored } = own;
        view! {
            <div data-testid="my-profile-page">
                <PageHead title=words::PROFILE purpose=words::PROFILE_PURPOSE>
                    <LinkButton href="/ugc/creator/profile" testid="to-creator-profile">{words::CREATOR_PROFILE}</LinkButton>
                </PageHead>
                {banner}
                <section class="stack" aria-labelledby="profile-data">
                    <h2 id="profile-data">{words::DATA}</h2>
                    <FactList facts=facts(profile)/>
                    <p class="muted">{if is_mirrored { words::DATA_MIRRORED } else { words::DATA_READ_ONLY }}</p>
                </section>
                <section class="section" aria-labelledby="profile-sessions">
                    <h2 id="profile-sessions">{words::SESSIONS}</h2>
                    <p class="muted">{words::SESSIONS_PURPOSE}</p>
                    {table(sessions, &here, now)}
                    <Dialog
                        id="close-all"
                        opener=words::CLOSE_ALL
                        title=words::CLOSE_ALL_TITLE
                        kind=ButtonKind::Danger
                        testid="close-all-open"
                    >
                        <form class="stack" method="post" action="/mi-perfil/sesiones/cerrar-todas">
                            <p>{words::CLOSE_ALL_BODY}</p>
                            <div class="actions">
                                <Button kind=ButtonKind::Danger testid="close-all-submit">{words::CLOSE_ALL}</Button>
                            </div>
                        </form>
                    </Dialog>
                </section>
            </div>
        }
    }))
}

fn facts(profile: Profile) -> Vec<Fact> {
    let text =
        |value: Option<String>| value.filter(|value| !value.is_empty()).unwrap_or_else(|| words::NOT_GIVEN.into());
    let mut facts = vec![
        Fact::new(words::NAME, profile.name),
        Fact::new(words::EMAIL, text(profile.email)),
        Fact::new(words::PHONE, text(profile.phone)),
        Fact::new(words::CITY, text(profile.city)),
    ];
    if profile.company.is_some() {
        facts.push(Fact::new(words::COMPANY, text(profile.company)));
    }
    facts.push(Fact::new(words::ROLE, web::role(profile.role)));
    if let Some(since) = profile.created_at.map(instant) {
        facts.push(Fact::new(words::MEMBER_SINCE, time(since, format::date(since))));
    }
    facts
}

fn table(sessions: Vec<Session>, here: &str, now: Timestamp) -> impl IntoView + use<> {
    let columns = vec![
        Column::new(words::DEVICE, CellKind::Primary),
        Column::new(words::IP, CellKind::Text),
        Column::new(words::OPENED, CellKind::Wide),
        Column::new(words::LAST_USE, CellKind::Text),
        Column::new(words::ACTIONS, CellKind::Action),
    ];
    let rows = sessions
        .into_iter()
        .map(|session| {
            let (opened, seen) = (instant(session.created_at), instant(session.last_seen_at));
            let action = if session.session_id == here {
                view! { <Badge label=words::THIS_SESSION/> }.into_any()
            } else {
                view! {
                    <form method="post" action="/mi-perfil/sesiones/cerrar">
                        <input type="hidden" name="session_id" value=session.session_id/>
                        <Button kind=ButtonKind::Plain testid="close-session">{words::CLOSE_SESSION}</Button>
                    </form>
                }
                .into_any()
            };
            view! {
                <tr data-testid="session">
                    <Cell kind=CellKind::Primary title=session.user_agent.clone()>{device::name(&session.user_agent)}</Cell>
                    <Cell>{session.ip}</Cell>
                    <Cell kind=CellKind::Wide>{time(opened, format::moment(opened, now))}</Cell>
                    <Cell>{time(seen, format::moment(seen, now))}</Cell>
                    <Cell kind=CellKind::Action>{action}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=words::SESSIONS columns testid="sessions">{rows}</Table> }
}

fn instant(at: DateTime) -> Timestamp {
    Timestamp::from_millisecond(at.timestamp_millis()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn time(at: Timestamp, words: String) -> impl IntoView {
    view! { <time datetime=format::machine(at) title=format::exact(at)>{words}</time> }
}
