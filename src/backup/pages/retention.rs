//! `/admin/backups/retencion`: the plan, why each backup stays, and the typed approval that lets the rest go.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use bson::doc;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Part, address, crumbs, exact, tabs, unsigned};
use crate::audit::{Action, Entry, Who, record_in};
use crate::backup::Depot;
use crate::backup::retention::{self, Kept, Plan, Prune, Removal, StorePlan};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::retention_page as words;
use crate::i18n::backup::{pages as list_words, retention as reasons};
use crate::i18n::format;
use crate::jobs::{When, enqueue_in};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Column, Density, EmptyState, Fact, FactList, Field, PageHead, Status,
    Table, Tone,
};
use crate::values::Capability;
use crate::web::forms::{done, refused};
use crate::web::render::{Page, Section};

const HERE: &str = "/admin/backups/retencion";
const COUNT: &str = "count";
const FORM: &str = "form";

/// The approval: the plan that was seen, and how many it deletes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    hash: String,
    count: String,
}

/// `GET /admin/backups/retencion`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let plan = retention::plan(&Depot::of(&ctx.app)?).await?;
    let (may_delete, flash) = (ctx.may(Capability::BackupsDelete), ctx.flash.clone());
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).crumbs(crumbs(words::TITLE)).show(move || {
        let moved =
            flash.problem(FORM).map(|why| view! { <Banner tone=Tone::Attention title=why testid="plan-moved"/> });
        let facts = vec![
            Fact::new(words::POLICY, words::policy(&plan.policy)),
            Fact::new(words::PLAN_HASH, view! { <code class="mono">{plan.hash.clone()}</code> }),
        ];
        let approval = match plan.removals() {
            0 => view! { <p class="muted" data-testid="plan-nothing">{words::NOTHING_GOES}</p> }.into_any(),
            _ if may_delete => approval(&plan, flash.problem(COUNT), flash.value(COUNT)),
            _ => ().into_any(),
        };
        let stores = match plan.stores.as_slice() {
            [] => view! { <EmptyState title=words::NOTHING hint=words::NOTHING_HINT testid="plan-empty"/> }.into_any(),
            stores => stores.iter().map(store).collect_view().into_any(),
        };
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            {tabs(Part::Retention)}
            <div class="stack">{moved} <FactList facts/> {approval}</div>
            {stores}
        }
    }))
}

fn approval(plan: &Plan, problem: Option<String>, typed: Option<String>) -> AnyView {
    let (removals, hash) = (plan.removals(), plan.hash.clone());
    let consequence = words::consequence(removals, &format::size(unsigned(plan.bytes())));
    view! {
        <Banner tone=Tone::Attention title=words::APPROVE testid="plan-approval">
            <p>{consequence}</p>
            <form class="form" method="post" action=HERE>
                <input type="hidden" name="hash" value=hash/>
                <Field name=COUNT label=words::COUNT required=true inputmode="numeric" autocomplete="off" maxlength=6 value=typed
                    error=problem testid="plan-count"/>
                <Button kind=ButtonKind::Danger testid="plan-approve">{words::confirm(removals)}</Button>
            </form>
        </Banner>
    }
    .into_any()
}

fn store(plan: &StorePlan) -> impl IntoView + use<> {
    let columns = vec![
        Column::new(words::COLUMN_BACKUP, CellKind::Primary),
        Column::new(words::COLUMN_WHAT, CellKind::Text),
        Column::new(words::COLUMN_WHY, CellKind::Text),
        Column::new(words::COLUMN_BYTES, CellKind::Number),
        Column::new(words::COLUMN_ID, CellKind::Mono),
    ];
    let cannot = (!plan.can_delete).then(|| view! { <p class="muted">{words::CANNOT_DELETE}</p> });
    let (name, summary) = (plan.store.clone(), words::summary(plan.keep.len(), plan.remove.len()));
    let caption = name.clone();
    let lines: Vec<AnyView> = plan.remove.iter().map(removal).chain(plan.keep.iter().map(kept)).collect();
    view! {
        <section class="section" data-testid="plan-store">
            <div>
                <h2>{name}</h2>
                <p class="muted">{summary}</p>
                {cannot}
            </div>
            <Table caption=caption columns density=Density::Compact>{lines}</Table>
        </section>
    }
}

fn removal(removal: &Removal) -> AnyView {
    let why = match (removal.is_begun, removal.is_remains) {
        (true, _) => words::BEGUN,
        (_, true) => words::REMAINS,
        _ => words::OUT_OF_POLICY,
    };
    let Removal { taken_at, bytes, .. } = *removal;
    let (href, id) = (address(&removal.id), removal.id.short().to_owned());
    view! {
        <tr data-testid="plan-goes">
            <Cell kind=CellKind::Primary><a href=href>{exact(taken_at)}</a></Cell>
            <Cell><Status tone=Tone::Attention label=words::GOES/></Cell>
            <Cell>{why}</Cell>
            <Cell kind=CellKind::Number>{format::size(unsigned(bytes))}</Cell>
            <Cell kind=CellKind::Mono>{id}</Cell>
        </tr>
    }
    .into_any()
}

fn kept(kept: &Kept) -> AnyView {
    let mut why: Vec<String> = kept.reasons.iter().map(|reason| reasons::why(*reason).to_owned()).collect();
    why.extend(kept.hold.clone());
    let (href, id, taken_at) = (address(&kept.id), kept.id.short().to_owned(), kept.taken_at);
    view! {
        <tr data-testid="plan-stays">
            <Cell kind=CellKind::Primary><a href=href>{exact(taken_at)}</a></Cell>
            <Cell><Status tone=Tone::Good label=words::STAYS/></Cell>
            <Cell>{why.join(" · ")}</Cell>
            <Cell kind=CellKind::Number>{list_words::NEVER}</Cell>
            <Cell kind=CellKind::Mono>{id}</Cell>
        </tr>
    }
    .into_any()
}

/// `POST /admin/backups/retencion`: approves the plan that was seen.
pub async fn approve(ctx: Ctx, form: Result<Form<Approved>, FormRejection>) -> Result<Response, Failure> {
    let Form(Approved { hash, count }) = form.map_err(|_| AppError::Malformed)?;
    let person = ctx.require(Capability::BackupsDelete)?;
    let plan = retention::plan(&Depot::of(&ctx.app)?).await?;
    if plan.hash != hash {
        return refused(&ctx, HERE, vec![FieldProblem::new(FORM, words::MOVED)], []).await;
    }
    if count.trim().parse() != Ok(plan.removals()) || plan.removals() == 0 {
        let problem = FieldProblem::new(COUNT, words::wrong_count(plan.removals()));
        return refused(&ctx, HERE, vec![problem], [(COUNT, count)]).await;
    }
    let job =
        &Prune { hash: hash.clone(), count: plan.removals(), by: person.name.clone(), approved_at: date(ctx.now()) };
    let (db, now, who, hash) = (&ctx.app.db, ctx.now(), &Who::of(&ctx), &hash);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let details = doc! { "count": job.count as i64 };
            let entry = Entry::new(Action::BackupPruneApproved).target("prune_plan", hash).details(details);
            record_in(session, db, now, who.clone(), entry).await?;
            Ok(enqueue_in(session, db, now, job, &When::default()).await?)
        })
    })
    .await?;
    done(&ctx, HERE, words::APPROVED).await
}
