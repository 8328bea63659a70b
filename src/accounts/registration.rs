//! Making one's own account.

use std::time::Duration;

use bson::doc;
use http::HeaderValue;

use super::limits;
use super::model::{Email, User, UserStatus};
use super::policy;
use super::roster::NAME_CHARACTERS;
use super::secret::Sealed;
use super::tokens::{self, TokenKind};
use super::{sessions, store, verification};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::sign_up as words;
use crate::terms::service as terms;
use crate::values::{Phone, Role};

/// Accounts from one address within an hour.
const ACCOUNTS: i32 = 5;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What somebody typed.
#[derive(Debug)]
pub struct Wanted {
    /// Full name.
    pub name: String,
    /// Where mail reaches them.
    pub email: String,
    /// As typed.
    pub password: Sealed,
    /// May be empty.
    pub phone: String,
    /// Whether the box was ticked.
    pub accepts: bool,
    /// Of the terms that were on the page.
    pub mark: String,
    /// Where they were going, a path of ours.
    pub next: Option<String>,
}

/// A made account; the browser is signed in with it.
#[derive(Debug)]
pub struct Registered {
    /// The `Set-Cookie` of the session.
    pub cookie: HeaderValue,
    /// Where the letter went.
    pub email: String,
}

/// What can be said of a form without asking anybody.
struct Checked {
    name: String,
    email: Email,
    phone: Option<String>,
}

fn check(wanted: &Wanted) -> Result<Checked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let name = wanted.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        problems.push(FieldProblem::new("name", words::NAME_MISSING));
    } else if name.chars().count() > NAME_CHARACTERS {
        problems.push(FieldProblem::new("name", words::NAME_LONG));
    }
    let email = Email::parse(&wanted.email);
    if email.is_none() {
        problems.push(FieldProblem::new("email", words::EMAIL_WRONG));
    }
    let phone = Some(wanted.phone.trim()).filter(|typed| !typed.is_empty());
    let parsed = phone.and_then(Phone::parse);
    if phone.is_some() && parsed.is_none() {
        problems.push(FieldProblem::new("phone", words::PHONE_WRONG));
    }
    let weak = policy::problems(wanted.password.expose(), &wanted.email);
    if !weak.is_empty() {
        problems.push(FieldProblem::new("password", weak.join(" ")));
    }
    if !wanted.accepts {
        problems.push(FieldProblem::new("terms", words::TERMS_MISSING));
    }
    match email {
        Some(email) if problems.is_empty() => {
            Ok(Checked { name, email, phone: parsed.map(|phone| phone.e164().to_owned()) })
        }
        _ => Err(problems),
    }
}

/// Makes an account with what was typed, accepts the terms that were shown, sends the letter that proves the address, and
/// signs in. A known address is a conflict.
pub async fn register(ctx: &Ctx, wanted: Wanted) -> Result<Registered, Failure> {
    let (app, db, now) = (&*ctx.app, &ctx.app.db, ctx.now());
    let Checked { name, email, phone } = check(&wanted).map_err(AppError::Invalid)?;
    let shown = terms::in_force(db, now, &terms::FOR_ACCOUNTS).await?;
    terms::check_mark(&shown, &wanted.mark)?;
    limits::allow(db, now, &format!("register_from:{}", limits::network(ctx.client.ip)), ACCOUNTS, HOUR).await?;
    let taken = || AppError::rule(409, "email_taken", words::EMAIL_TAKEN);
    if store::find_by_email(db, &email).await?.is_some() {
        return Err(taken().into());
    }
    let password_hash = hash(ctx, wanted.password).await?;
    let user = new_user(ctx, name, &email, phone, password_hash)?;
    let issued = tokens::issue(now, TokenKind::VerifyEmail, &user.user_id, email.as_str(), wanted.next.as_deref());
    let who = Who { user_id: Some(user.user_id.clone()), email: user.email.clone(), ..Who::of(ctx) };
    let (user, issued, who, shown) = (&user, &issued, &who, &shown);
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            if !store::insert_in(&mut *session, db, user).await? {
                return Err(taken().into());
            }
            let acceptor =
                terms::Acceptor { user_id: &user.user_id, email: issued.0.email.as_str(), action: "register" };
            terms::accept_in(&mut *session, ctx, now, &acceptor, shown).await?;
            verification::ask_in(&mut *session, app, now, &user.name, issued).await?;
            let entry = Entry::new(Action::UserCreated)
                .target("user", &user.user_id)
                .details(doc! { "email": &user.email, "role": user.role.as_str(), "method": "register" });
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok::<_, Failure>(())
        })
    })
    .await?;
    let opened = sessions::open(db, now, &ctx.client, &user.user_id, user.role).await?;
    Ok(Registered { cookie: opened.cookie, email: email.to_string() })
}

fn new_user(
    ctx: &Ctx,
    name: String,
    email: &Email,
    phone: Option<String>,
    password_hash: Sealed,
) -> Result<User, Failure> {
    let mut random = [0; 6];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random bytes: {error}"))?;
    let at = date(ctx.now());
    Ok(User {
        user_id: format!("user_{}", hex::encode(random)),
        email: Some(email.to_string()),
        email_conflict: None,
        email_verified_at: None,
        name,
        phone,
        city: None,
        company: None,
        razon_social: None,
        ruc: None,
        password_hash: Some(password_hash),
        google_sub: None,
        picture: None,
        role: Role::User,
        billing_info: Default::default(),
        shipping_addresses: Vec::new(),
        mfa_enabled: false,
        mfa_enabled_at: None,
        mfa_secret: None,
        mfa_recovery_codes: Vec::new(),
        status: UserStatus::Active,
        created_at: at,
        updated_at: Some(at),
    })
}

/// Hashes a new password in the queue everybody's waits in.
pub(super) async fn hash(ctx: &Ctx, password: Sealed) -> Result<Sealed, Failure> {
    ctx.app.passwords.enter()?.hash(password).await
}
