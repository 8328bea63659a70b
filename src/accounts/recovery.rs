//! A new password for somebody who lost theirs.

use std::time::Duration;

use bson::doc;
use sha2::{Digest as _, Sha256};

use super::limits;
use super::model::{Email, SignIn, User};
use super::registration::hash;
use super::secret::Sealed;
use super::tokens::{self, TokenKind};
use super::{policy, sessions};
use crate::adopt::state::{is_mirroring, refuse_while_mirroring};
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::sign_up as words;
use crate::mail::templates::{PasswordChanged, ResetPassword};
use crate::mail::{self, Letter};

/// Letters asked for from one address within an hour, and for one account.
const FROM: i32 = 10;
const FOR: i32 = 3;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Sends a link to an address that has an account. Whether it has one isn't told, and neither is whether too many were
/// asked for it.
pub async fn ask(ctx: &Ctx, typed: &str) -> Result<(), Failure> {
    let (app, db, now) = (&*ctx.app, &ctx.app.db, ctx.now());
    if is_mirroring(db).await? {
        return Err(AppError::Mirroring.into());
    }
    limits::allow(db, now, &format!("recover_from:{}", limits::network(ctx.client.ip)), FROM, HOUR).await?;
    let Some(email) = Email::parse(typed) else { return Ok(()) };
    let digest = hex::encode(Sha256::digest(email.as_str().as_bytes()));
    match limits::allow(db, now, &format!("recover_for:{digest}"), FOR, HOUR).await {
        Ok(()) => {}
        Err(Failure::Refused(AppError::TooMany { .. })) => return Ok(()),
        Err(failure) => return Err(failure),
    }
    let filter = doc! { "email": email.as_str(), "status": { "$nin": ["suspended", "deleted"] } };
    let Some(user) = db.stored::<User>().find_one(filter).await? else { return Ok(()) };
    let issued = tokens::issue(now, TokenKind::ResetPassword, &user.user_id, email.as_str(), None);
    let letter = Letter {
        template: &ResetPassword { name: user.name.clone(), token: issued.1.clone() },
        to: email.to_string(),
        dedupe_key: format!("reset_password/{}", issued.0.id),
        about: Some(("user", user.user_id.clone())),
    };
    let who = Who { user_id: Some(user.user_id.clone()), email: user.email.clone(), ..Who::of(ctx) };
    let (letter, token, who, user) = (&letter, &issued.0, &who, &user);
    with_transaction(db, |session| {
        Box::pin(async move {
            tokens::keep_in(&mut *session, db, token).await?;
            mail::queue_in(&mut *session, app, now, letter).await?;
            let entry = Entry::new(Action::PasswordResetRequested).target("user", &user.user_id);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok::<_, Failure>(())
        })
    })
    .await
}

/// Whether a link is good.
pub async fn is_good(ctx: &Ctx, text: &str) -> Result<bool, Failure> {
    Ok(tokens::find(&ctx.app.db, ctx.now(), TokenKind::ResetPassword, text).await?.is_some())
}

/// Uses a link: the account has this password, every session ends, its lock is gone, and a letter says so.
pub async fn reset(ctx: &Ctx, text: &str, password: Sealed) -> Result<(), Failure> {
    let (app, db, now) = (&*ctx.app, &ctx.app.db, ctx.now());
    let gone = || AppError::rule(410, "link_gone", words::RESET_GONE);
    let token = tokens::find(db, now, TokenKind::ResetPassword, text).await?.ok_or_else(gone)?;
    let weak = policy::problems(password.expose(), &token.email);
    if !weak.is_empty() {
        return Err(AppError::Invalid(vec![FieldProblem::new("password", weak.join(" "))]).into());
    }
    let password_hash = hash(ctx, password).await?;
    let email = Email::normalise(&token.email);
    let who = Who { user_id: Some(token.user_id.clone()), email: Some(token.email.clone()), ..Who::of(ctx) };
    let (token, password_hash, who) = (&token, &password_hash, &who);
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            if !tokens::use_in(&mut *session, db, now, TokenKind::ResetPassword, text).await? {
                return Err(gone().into());
            }
            let expected = doc! {
                "user_id": &token.user_id, "email": &token.email, "status": { "$nin": ["suspended", "deleted"] },
            };
            let users = db.stored::<User>();
            let user = users.find_one(expected.clone()).session(&mut *session).await?.ok_or_else(gone)?;
            let mut set = doc! { "password_hash": password_hash.expose(), "updated_at": date(now) };
            // Whoever has the link reads the address's mail.
            if user.email_verified_at.is_none() {
                set.insert("email_verified_at", date(now));
            }
            if users.update_one(expected, doc! { "$set": set }).session(&mut *session).await?.matched_count == 0 {
                return Err(gone().into());
            }
            let better = doc! { "$unset": { "password_hash": "", "rehash_of": "" } };
            db.stored::<SignIn>().update_one(doc! { "_id": &token.user_id }, better).session(&mut *session).await?;
            let ended = sessions::close_all_in(&mut *session, db, &token.user_id).await?;
            let letter = Letter {
                template: &PasswordChanged { name: user.name.clone(), at: now },
                to: token.email.clone(),
                dedupe_key: format!("password_changed/{}", token.id),
                about: Some(("user", token.user_id.clone())),
            };
            mail::queue_in(&mut *session, app, now, &letter).await?;
            let entry = Entry::new(Action::PasswordChanged)
                .target("user", &token.user_id)
                .details(doc! { "method": "reset", "sessions_ended": i64::try_from(ended).unwrap_or(i64::MAX) });
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok::<_, Failure>(())
        })
    })
    .await?;
    limits::unlock(db, &email).await
}
