//! Changing one's own profile, a section at a time.
//!
//! Each change reads the profile, applies what was typed and writes the section's fields in one transaction, so that two
//! changes at the same moment don't undo each other.

use bson::doc;

use super::fields::{self, Part, derive, set_network};
use super::model::Creator;
use super::store;
use super::typed::Typed;
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::with_transaction;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::creators as words;
use crate::media;
use crate::media::form::Picked;
use crate::media::images::{self, Asset, Use};
use crate::values::Platform;
use crate::values::names::names;

names! {
    /// A part of the profile with a form of its own, by its name in addresses.
    Section {
        /// Name and bio.
        Basic = "basica",
        /// Birth date, gender, identity card.
        Personal = "personal",
        /// City, telephone, mailings.
        Contact = "contacto",
        /// Education, occupation, languages, portfolio.
        Professional = "profesional",
        /// Categories.
        Categories = "categorias",
    }
}

impl Section {
    /// What it reads.
    pub fn parts(self) -> &'static [Part] {
        match self {
            Self::Basic => &[Part::Name, Part::Bio],
            Self::Personal => &[Part::Personal],
            Self::Contact => &[Part::Contact, Part::Mailings],
            Self::Professional => &[Part::Professional],
            Self::Categories => &[Part::Categories],
        }
    }
}

/// The stored fields of social accounts.
const NETWORKS: [&str; 2] = ["social_networks", "social_accounts"];
/// The stored fields of the picture.
const PICTURE: [&str; 2] = ["profile_picture", "picture_asset"];

/// Saves a section; what is wrong with it when it can't be.
pub async fn save(ctx: &Ctx, section: Section, typed: &Typed) -> Result<(), Failure> {
    let now = ctx.now();
    let stored: Vec<&str> = section.parts().iter().flat_map(|part| part.stored()).copied().collect();
    change(ctx, &stored, &|creator| {
        let mut typed = typed.clone();
        if section == Section::Contact {
            fields::follow_country(&fields::typed_of(creator), &mut typed);
        }
        let problems = fields::read(section.parts(), &typed, now, creator);
        if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
    })
    .await
}

/// An account somebody declares.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Where.
    pub platform: Platform,
    /// As typed or pasted.
    pub username: String,
    /// As typed; may be empty.
    pub followers: String,
}

impl Declared {
    fn read(&self) -> Result<(String, Option<i64>), AppError> {
        let mut problems = Vec::new();
        let username = fields::handle(self.platform, &self.username);
        if username.is_none() {
            problems.push(FieldProblem::new("username", words::handle_wrong(self.platform)));
        }
        let digits: String = self.followers.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        let followers = if digits.is_empty() { Some(None) } else { digits.parse().ok().map(Some) };
        let followers =
            followers.filter(|count: &Option<i64>| count.is_none_or(|count| (0..=2_000_000_000).contains(&count)));
        if followers.is_none() {
            problems.push(FieldProblem::new("followers", words::FOLLOWERS_WRONG));
        }
        match (username, followers) {
            (Some(username), Some(followers)) => Ok((username, followers)),
            _ => Err(AppError::Invalid(problems)),
        }
    }
}

/// Adds an account on a platform that has none yet.
pub async fn add_network(ctx: &Ctx, declared: &Declared) -> Result<(), Failure> {
    let (username, followers) = declared.read()?;
    let (platform, now) = (declared.platform, ctx.now());
    change(ctx, &NETWORKS, &|creator| {
        if creator.network(platform).is_some() {
            return Err(AppError::rule(409, "network_exists", words::NETWORK_TWICE));
        }
        set_network(creator, platform, username.clone(), followers, now);
        Ok(())
    })
    .await
}

/// Changes an account. Another name drops its verification; that it did is the answer.
pub async fn change_network(ctx: &Ctx, declared: &Declared) -> Result<bool, Failure> {
    let (username, followers) = declared.read()?;
    let (platform, now) = (declared.platform, ctx.now());
    let was_verified = super::service::own(ctx).await?.is_some_and(|creator| creator.is_verified_on(platform));
    change(ctx, &NETWORKS, &|creator| {
        if creator.network(platform).is_none() {
            return Err(AppError::NotFound);
        }
        set_network(creator, platform, username.clone(), followers, now);
        Ok(())
    })
    .await?;
    let is_verified = super::service::own(ctx).await?.is_some_and(|creator| creator.is_verified_on(platform));
    Ok(was_verified && !is_verified)
}

/// Takes an account out; the last one stays.
pub async fn remove_network(ctx: &Ctx, platform: Platform) -> Result<(), Failure> {
    change(ctx, &NETWORKS, &|creator| {
        if creator.network(platform).is_none() {
            return Err(AppError::NotFound);
        }
        if creator.social_networks.len() == 1 {
            return Err(AppError::rule(422, "last_network", words::LAST_NETWORK));
        }
        creator.social_networks.retain(|network| network.platform != platform);
        creator.social_accounts.remove(&platform);
        Ok(())
    })
    .await
}

/// Another picture; the one before is retired in the same step.
pub async fn set_picture(ctx: &Ctx, picked: Picked) -> Result<(), Failure> {
    let creator = super::service::own(ctx).await?.ok_or(AppError::NotFound)?;
    let image = images::accept(picked.bytes?, Use::Picture).await?.named(picked.name.as_deref());
    let asset = images::store(ctx, image, "creator", creator.id.as_str(), "picture").await?;
    write(ctx, &PICTURE, Some(Picture::New(&asset)), &|creator| {
        creator.profile_picture = Some(asset.url.clone());
        creator.picture_asset = Some(asset.id.clone());
        Ok(())
    })
    .await
}

/// No picture any more.
pub async fn remove_picture(ctx: &Ctx) -> Result<(), Failure> {
    write(ctx, &PICTURE, Some(Picture::None), &|creator| {
        creator.profile_picture = None;
        creator.picture_asset = None;
        Ok(())
    })
    .await
}

/// What becomes of the stored picture.
enum Picture<'a> {
    New(&'a Asset),
    None,
}

type Change<'a> = &'a (dyn Fn(&mut Creator) -> Result<(), AppError> + Sync);

async fn change(ctx: &Ctx, stored: &[&str], change: Change<'_>) -> Result<(), Failure> {
    write(ctx, stored, None, change).await
}

async fn write(ctx: &Ctx, stored: &[&str], picture: Option<Picture<'_>>, change: Change<'_>) -> Result<(), Failure> {
    let (db, now, user_id, who) = (&ctx.app.db, ctx.now(), &ctx.person()?.user_id, &Who::of(ctx));
    let picture = &picture;
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            let creator = store::find_by_user_in(&mut *session, db, user_id).await?;
            let mut creator = creator.ok_or(AppError::NotFound)?;
            change(&mut creator)?;
            derive(&mut creator);
            store::set_in(&mut *session, db, now, &creator, stored).await?;
            match picture {
                Some(Picture::New(asset)) => media::attach_in(&mut *session, db, now, asset).await?,
                Some(Picture::None) => {
                    media::detach_in(&mut *session, db, now, ("creator", creator.id.as_str(), "picture")).await?;
                }
                None => {}
            }
            let entry = Entry::new(Action::UgcCreatorUpdated)
                .target("creator", creator.id.as_str())
                .details(doc! { "fields": stored });
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok::<_, Failure>(())
        })
    })
    .await
}
