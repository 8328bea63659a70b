//! `/admin/backups/claves`: the public halves of the keys, and whether the recovery key is on paper.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use bson::doc;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Part, crumbs, exact, moment, tabs};
use crate::audit::{Action, Entry, Who, record_in};
use crate::backup::model::Person;
use crate::backup::record::PublicKey;
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::key_page as words;
use crate::ui::{Badge, Banner, Button, ButtonKind, Checkbox, EmptyState, Fact, FactList, PageHead, Status, Tone};
use crate::values::Capability;
use crate::web::forms::{done, refused};
use crate::web::render::{Page, Section};

const HERE: &str = "/admin/backups/claves";
/// The checkbox of the checklist.
const STORED: &str = "stored";

/// The checklist.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    fingerprint: String,
    #[serde(default)]
    stored: String,
}

/// `GET /admin/backups/claves`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let keys = load(&ctx).await?;
    let (now, is_demo, may_confirm) = (ctx.now(), ctx.app.config.demo, ctx.may(Capability::BackupsRun));
    let problem = ctx.flash.problem(STORED);
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).crumbs(crumbs(words::TITLE)).show(move || {
        let demo = is_demo.then(|| {
            view! { <Banner tone=Tone::Info title=words::DEMO testid="keys-demo"><p>{words::DEMO_BODY}</p></Banner> }
        });
        let recovery = keys.iter().find(|key| key.kind == "recovery" && key.retired_at.is_none()).cloned();
        let checklist = recovery.map(|key| checklist(&key, may_confirm, problem, now));
        let body = match keys.as_slice() {
            [] => view! { <EmptyState title=words::NONE hint=words::NONE_HINT testid="keys-none"/> }.into_any(),
            keys => keys.iter().map(key).collect_view().into_any(),
        };
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            {tabs(Part::Keys)}
            <div class="stack">{demo} {checklist}</div>
            <section class="section">
                <h2>{words::KEYS}</h2>
                {body}
            </section>
            <section class="section">
                <h2>{words::ROTATE}</h2>
                <p>{words::ROTATE_BODY}</p>
                <pre class="command"><code>"canje keys rotate"</code></pre>
                <p class="muted">{words::ROTATE_AFTER}</p>
            </section>
        }
    }))
}

async fn load(ctx: &Ctx) -> Result<Vec<PublicKey>, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let order = doc! { "retired_at": 1, "kind": 1, "created_at": -1 };
    Ok(ctx.app.db.stored::<PublicKey>().find(doc! {}).sort(order).await?.try_collect().await?)
}

fn checklist(key: &PublicKey, may_confirm: bool, problem: Option<String>, now: Timestamp) -> AnyView {
    let fingerprint = key.fingerprint.clone();
    let said = key.stored_by.as_ref().zip(key.stored_at);
    let Some((person, at)) = said else {
        let form = may_confirm.then(|| {
            view! {
                <form class="form" method="post" action=format!("{HERE}/recuperacion")>
                    <input type="hidden" name="fingerprint" value=fingerprint/>
                    <Checkbox name=STORED label=words::STORED required=true error=problem testid="keys-stored"/>
                    <Button kind=ButtonKind::Primary testid="keys-confirm">{words::CONFIRM}</Button>
                </form>
            }
        });
        return view! {
            <Banner tone=Tone::Attention title=words::QUESTION testid="keys-unconfirmed">
                <div class="stack">
                    <p>{words::WHY}</p>
                    {form}
                </div>
            </Banner>
        }
        .into_any();
    };
    let who = person.name.clone();
    view! {
        <p data-testid="keys-confirmed">
            <Status tone=Tone::Good label=words::confirmed_by(&who)/>
            " "
            {moment(at, now)}
        </p>
    }
    .into_any()
}

fn key(key: &PublicKey) -> impl IntoView + use<> {
    let state = match key.retired_at {
        None => view! { <Status tone=Tone::Good label=words::IN_USE/> }.into_any(),
        Some(at) => view! { <Status tone=Tone::Neutral label=words::RETIRED/> " " {exact(at)} }.into_any(),
    };
    let facts = vec![
        Fact::new(words::STATE, state),
        Fact::new(words::FINGERPRINT, view! { <code class="mono">{key.fingerprint.clone()}</code> }),
        Fact::new(words::PUBLIC, view! { <code class="mono">{key.public.clone()}</code> }),
        Fact::new(words::SINCE, exact(key.created_at)),
    ];
    let (title, what) = words::kind(&key.kind);
    let retired = key.retired_at.is_some().then(|| view! { " " <Badge label=words::RETIRED/> });
    view! {
        <div data-testid="backup-key">
            <h3>{title} {retired}</h3>
            <p class="muted">{what}</p>
            <FactList facts/>
        </div>
    }
}

/// `POST /admin/backups/claves/recuperacion`: somebody says that the recovery key is on paper and away from here.
pub async fn confirm(ctx: Ctx, form: Result<Form<Checklist>, FormRejection>) -> Result<Response, Failure> {
    let Form(Checklist { fingerprint, stored }) = form.map_err(|_| AppError::Malformed)?;
    if stored.is_empty() {
        return refused(&ctx, HERE, vec![FieldProblem::new(STORED, words::NOT_SAID)], []).await;
    }
    record_stored(&ctx, &fingerprint).await?;
    done(&ctx, HERE, words::CONFIRMED).await
}

async fn record_stored(ctx: &Ctx, fingerprint: &str) -> Result<(), Failure> {
    let person = Person::from(ctx.require(Capability::BackupsRun)?);
    let person = bson::serialize_to_bson(&person).map_err(anyhow::Error::from)?;
    let (db, now, who, person) = (&ctx.app.db, ctx.now(), &Who::of(ctx), &person);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let current = doc! { "_id": fingerprint, "kind": "recovery", "retired_at": null };
            let said = doc! { "stored_by": person, "stored_at": date(now) };
            let keys = db.stored::<PublicKey>();
            let done = keys.update_one(current, doc! { "$set": said }).session(&mut *session).await?;
            if done.matched_count == 0 {
                return Err(AppError::NotFound.into());
            }
            let entry = Entry::new(Action::RecoveryKeyStored).target("backup_key", fingerprint);
            record_in(session, db, now, who.clone(), entry).await?;
            Ok(())
        })
    })
    .await
}
