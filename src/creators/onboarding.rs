//! From an account to a creator, in five steps.
//!
//! Each step keeps what was typed before it judges it, so that a refused form, another device or a step back loses nothing;
//! the last one checks everything again and does it all in one transaction.

use bson::doc;
use http::HeaderValue;

use super::complete;
use super::draft::{self, Draft};
use super::fields::{self, Part, derive, fields_of, follow_country, typed_of};
use super::model::{Creator, Level};
use super::store;
use super::typed::Typed;
use crate::accounts::model::User;
use crate::accounts::sessions;
use crate::adopt::state::{is_mirroring, refuse_while_mirroring};
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{Db, Lost, date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::creators as words;
use crate::media;
use crate::media::form::Picked;
use crate::media::images::{self, Use};
use crate::news::{self, News};
use crate::terms::service as terms;
use crate::values::{Country, CreatorId, Role};

/// The last step.
pub const LAST: u8 = 5;

/// What a step reads.
pub fn parts(step: u8) -> &'static [Part] {
    match step {
        1 => &[Part::Name, Part::Personal],
        2 => &[Part::Contact],
        3 => &[Part::Categories, Part::Bio, Part::Professional],
        4 => &[Part::Handles],
        _ => &[],
    }
}

/// Where somebody stands who opens the onboarding.
#[derive(Clone, Debug)]
pub enum Standing {
    /// They have a complete profile.
    Complete,
    /// They have one that lacks something.
    Incomplete(Vec<complete::Missing>),
    /// They were at this step.
    Begun(u8),
    /// They have nothing yet.
    New,
}

/// Where whoever asks stands.
pub async fn standing(ctx: &Ctx) -> Result<Standing, Failure> {
    let (db, user_id) = (&ctx.app.db, &ctx.person()?.user_id);
    let (creator, draft) =
        futures::future::try_join(store::find_by_user(db, user_id), draft::find(db, user_id)).await?;
    let missing = creator.as_ref().map(complete::missing);
    Ok(match (missing, draft) {
        (Some(missing), _) if missing.is_empty() => Standing::Complete,
        (_, Some(draft)) => Standing::Begun(first_open(ctx, &draft)),
        (Some(missing), None) => Standing::Incomplete(missing),
        (None, None) => Standing::New,
    })
}

/// Begins, or goes on: the step to open.
pub async fn begin(ctx: &Ctx, next: Option<&str>) -> Result<u8, Failure> {
    let (db, now, person) = (&ctx.app.db, ctx.now(), ctx.person()?);
    if is_mirroring(db).await? {
        return Err(AppError::Mirroring.into());
    }
    let creator = store::find_by_user(db, &person.user_id).await?;
    if creator.as_ref().is_some_and(|creator| complete::missing(creator).is_empty()) {
        return Err(has_profile());
    }
    let account = db.stored::<User>().find_one(doc! { "user_id": &person.user_id }).await?;
    let made = draft_of(ctx, creator.as_ref(), account.as_ref())?;
    draft::begin(db, &made).await?;
    if let Some(next) = next {
        draft::set_next(db, now, &person.user_id, next).await?;
    }
    let draft = draft::find(db, &person.user_id).await?.ok_or(AppError::NotFound)?;
    Ok(first_open(ctx, &draft))
}

/// A new draft: what is known already is filled in.
fn draft_of(ctx: &Ctx, creator: Option<&Creator>, account: Option<&User>) -> Result<Draft, Failure> {
    let (person, at) = (ctx.person()?, date(ctx.now()));
    let typed = match creator {
        Some(creator) => typed_of(creator),
        None => {
            let mut typed = Typed::default();
            typed.put("name", person.name.clone());
            typed.put("country", Country::Py.as_str());
            typed.put("phone_country_code", Country::Py.phone_code());
            let phone = account.and_then(|account| account.phone.as_deref());
            if let Some(national) = phone.and_then(|phone| phone.strip_prefix(Country::Py.phone_code())) {
                typed.put("phone", national);
            }
            typed.put_all("languages", [words::LANGUAGES[0].to_owned()]);
            typed
        }
    };
    Ok(Draft {
        user_id: person.user_id.clone(),
        creator_id: creator.map_or_else(CreatorId::new, |creator| creator.id.clone()),
        next: None,
        typed,
        picture: None,
        created_at: at,
        updated_at: at,
    })
}

/// The draft a step shows; or, when the person isn't there yet, the step that is open.
pub async fn open(ctx: &Ctx, step: u8) -> Result<Result<Draft, u8>, Failure> {
    let draft = draft::find(&ctx.app.db, &ctx.person()?.user_id).await?;
    let Some(draft) = draft else { return Ok(Err(0)) };
    let first = first_open(ctx, &draft);
    Ok(if step > first { Err(first) } else { Ok(draft) })
}

/// The first step with something missing; the last when nothing is.
fn first_open(ctx: &Ctx, draft: &Draft) -> u8 {
    let mut scratch = blank(draft, "", "", ctx);
    (1..LAST).find(|step| !fields::read(parts(*step), &draft.typed, ctx.now(), &mut scratch).is_empty()).unwrap_or(LAST)
}

/// Keeps what was typed in a step and judges it.
pub async fn save(ctx: &Ctx, step: u8, mut typed: Typed) -> Result<Vec<FieldProblem>, Failure> {
    let (db, now, user_id) = (&ctx.app.db, ctx.now(), &ctx.person()?.user_id);
    let draft = draft::find(db, user_id).await?.ok_or(AppError::NotFound)?;
    if parts(step).contains(&Part::Contact) {
        follow_country(&draft.typed, &mut typed);
    }
    draft::keep(db, now, user_id, &fields_of(parts(step)), &typed).await?;
    let mut scratch = blank(&draft, "", "", ctx);
    Ok(fields::read(parts(step), &typed, now, &mut scratch))
}

/// Stores a picture and keeps it in the draft, whatever becomes of the rest of the form.
pub async fn keep_picture(ctx: &Ctx, picked: Picked) -> Result<(), Failure> {
    let (db, user_id) = (&ctx.app.db, &ctx.person()?.user_id);
    let draft = draft::find(db, user_id).await?.ok_or(AppError::NotFound)?;
    let image = images::accept(picked.bytes?, Use::Picture).await?.named(picked.name.as_deref());
    let asset = images::store(ctx, image, "creator", draft.creator_id.as_str(), "picture").await?;
    draft::keep_picture(db, ctx.now(), user_id, &asset).await
}

/// A creator was made, or completed.
#[derive(Debug)]
pub struct Finished {
    /// The browser's new session, when the role was raised: sessions end with the role they were opened under.
    pub cookie: Option<HeaderValue>,
    /// Where the person was going.
    pub next: Option<String>,
}

/// Why it couldn't be finished.
#[derive(Debug)]
pub enum Unfinished {
    /// This step has problems.
    Step(u8, Vec<FieldProblem>),
    /// The documents changed since they were shown: what was ticked stood beside other texts.
    Terms(Vec<FieldProblem>),
}

/// Checks everything again and makes the profile: the profile itself, the role, the acceptances, the welcome, all or
/// nothing.
pub async fn finish(ctx: &Ctx, accepts: (bool, bool), mark: &str) -> Result<Result<Finished, Unfinished>, Failure> {
    let (app, db, now, person) = (&*ctx.app, &ctx.app.db, ctx.now(), ctx.person()?);
    let Some(draft) = draft::find(db, &person.user_id).await? else {
        let creator = store::find_by_user(db, &person.user_id).await?;
        return Err(creator.map_or_else(|| AppError::NotFound.into(), |_| has_profile()));
    };
    let mut read = blank(&draft, &person.user_id, &person.email, ctx);
    for step in 1..LAST {
        let problems = fields::read(parts(step), &draft.typed, now, &mut read);
        if !problems.is_empty() {
            return Ok(Err(Unfinished::Step(step, problems)));
        }
    }
    let shown = terms::in_force(db, now, &terms::FOR_CREATORS).await?;
    let mut problems = Vec::new();
    for (field, accepted) in [("terms", accepts.0), ("privacy", accepts.1)] {
        if !accepted {
            problems.push(FieldProblem::new(field, words::TERMS_MISSING));
        }
    }
    if problems.is_empty()
        && let Err(AppError::Rule(rule)) = terms::check_mark(&shown, mark)
    {
        return Ok(Err(Unfinished::Terms(vec![FieldProblem::new("terms", rule.message)])));
    }
    if !problems.is_empty() {
        return Ok(Err(Unfinished::Step(LAST, problems)));
    }
    read.terms_accepted = true;
    read.terms_accepted_at = Some(date(now));
    read.terms_version = shown.all.first().map(|one| one.version.version.clone());
    let (draft, read, shown, who) = (&draft, &read, &shown, &Who::of(ctx));
    let is_raised = with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            let there = store::find_by_user_in(&mut *session, db, &person.user_id).await?;
            let (creator_id, action) = match &there {
                Some(creator) if complete::missing(creator).is_empty() => return Err(has_profile()),
                Some(creator) => {
                    let completed = completed(creator, read, draft);
                    store::set_in(&mut *session, db, now, &completed, &every_field()).await?;
                    (creator.id.clone(), Action::UgcCreatorUpdated)
                }
                None => {
                    match db.stored::<Creator>().insert_one(read).session(&mut *session).await {
                        Err(error) if Db::is_duplicate(&error) => return Err(Failure::from(Lost)),
                        inserted => drop(inserted?),
                    }
                    let welcome = News::CreatorWelcome { creator: read.id.clone() };
                    news::tell_in(&mut *session, app, now, &[welcome]).await?;
                    (read.id.clone(), Action::UgcCreatorCreated)
                }
            };
            if let Some(asset) = &draft.picture {
                media::attach_in(&mut *session, db, now, asset).await?;
            }
            let acceptor =
                terms::Acceptor { user_id: &person.user_id, email: &person.email, action: "creator_onboarding" };
            terms::accept_in(&mut *session, ctx, now, &acceptor, shown).await?;
            // Only from the lowest: somebody who is staff or a brand stays that, and is a creator as well.
            let lowest = doc! { "user_id": &person.user_id, "role": Role::User.as_str() };
            let raise = doc! { "$set": { "role": Role::Creator.as_str(), "updated_at": date(now) } };
            let raised = db.stored::<User>().update_one(lowest, raise).session(&mut *session).await?;
            let is_raised = raised.matched_count == 1;
            if is_raised {
                sessions::close_all_in(&mut *session, db, &person.user_id).await?;
            }
            let details = doc! { "role_raised": is_raised, "terms_version": &read.terms_version };
            let entry = Entry::new(action).target("creator", creator_id.as_str()).details(details);
            audit::record_in(&mut *session, db, now, who.clone(), entry).await?;
            db.stored::<Draft>().delete_one(doc! { "_id": &person.user_id }).session(session).await?;
            Ok::<_, Failure>(is_raised)
        })
    })
    .await?;
    let cookie = if is_raised {
        Some(sessions::open(db, now, &ctx.client, &person.user_id, Role::Creator).await?.cookie)
    } else {
        None
    };
    Ok(Ok(Finished { cookie, next: draft.next.clone() }))
}

fn has_profile() -> Failure {
    AppError::rule(409, "creator_exists", words::HAS_PROFILE).into()
}

/// All fields the five steps decide.
fn every_field() -> Vec<&'static str> {
    let steps = (1..LAST).flat_map(parts).flat_map(|part| part.stored()).copied();
    let own = [
        "profile_picture",
        "picture_asset",
        "onboarding_completed",
        "terms_accepted",
        "terms_accepted_at",
        "terms_version",
    ];
    steps.chain(own).collect()
}

/// An existing profile with what was typed. Verifications of accounts that are still the same stay.
fn completed(creator: &Creator, read: &Creator, draft: &Draft) -> Creator {
    let mut accounts = creator.social_accounts.clone();
    accounts.retain(|platform, account| {
        read.network(*platform).is_some_and(|network| network.username.eq_ignore_ascii_case(&account.username))
    });
    let mut networks = read.social_networks.clone();
    for network in &mut networks {
        network.verified = accounts.contains_key(&network.platform);
        let before = creator.network(network.platform);
        let same = before.filter(|before| before.username.eq_ignore_ascii_case(&network.username));
        network.followers = same.and_then(|before| before.followers);
    }
    let picture = draft.picture.is_some();
    let mut whole = Creator {
        id: creator.id.clone(),
        social_networks: networks,
        social_accounts: accounts,
        profile_picture: if picture { read.profile_picture.clone() } else { creator.profile_picture.clone() },
        picture_asset: if picture { read.picture_asset.clone() } else { creator.picture_asset.clone() },
        ..read.clone()
    };
    derive(&mut whole);
    whole
}

/// A profile with nothing in it but whose it is.
fn blank(draft: &Draft, user_id: &str, email: &str, ctx: &Ctx) -> Creator {
    let at = date(ctx.now());
    Creator {
        id: draft.creator_id.clone(),
        user_id: user_id.to_owned(),
        email: email.to_owned(),
        name: String::new(),
        birth_date: None,
        gender: None,
        document_id: None,
        document_digits: None,
        country: None,
        city: None,
        phone_country_code: None,
        phone: None,
        phone_full: None,
        categories: Vec::new(),
        bio: None,
        occupation: None,
        portfolio_url: None,
        education_level: None,
        languages: Vec::new(),
        profile_picture: draft.picture.as_ref().map(|asset| asset.url.clone()),
        picture_asset: draft.picture.as_ref().map(|asset| asset.id.clone()),
        social_networks: Vec::new(),
        social_accounts: Default::default(),
        stats: Default::default(),
        level: Level::Rookie,
        level_progress: 0,
        level_override: None,
        is_verified: false,
        is_active: true,
        onboarding_completed: true,
        notify_new_campaigns: true,
        terms_accepted: false,
        terms_accepted_at: None,
        terms_version: None,
        search: String::new(),
        created_at: at,
        updated_at: Some(at),
        profile_updated_at: Some(at),
    }
}
