//! `canje users`.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::model::Email;
use super::roster::{self, NAME_CHARACTERS, NewAccount, RoleChange};
use super::secret::Sealed;
use super::store::{self, Listed};
use super::{passwords, policy};
use crate::audit::{self, Who};
use crate::db::Db;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::accounts as words;
use crate::values::Role;

/// `canje users …`
#[derive(Debug, clap::Args)]
pub struct UsersArgs {
    #[command(subcommand)]
    command: UsersCommand,
}

#[derive(Debug, clap::Subcommand)]
enum UsersCommand {
    #[command(about = words::USERS_CREATE)]
    Create {
        #[arg(long, help = words::ARG_EMAIL)]
        email: String,
        #[arg(long, help = words::ARG_ROLE, value_parser = role)]
        role: Role,
        #[arg(long, help = words::ARG_NAME)]
        name: Option<String>,
    },
    #[command(about = words::USERS_LIST)]
    List {
        #[arg(long, help = words::ARG_FILTER_ROLE, value_parser = role)]
        role: Option<Role>,
        #[arg(long, help = words::ARG_LIMIT, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
        #[arg(long, help = words::ARG_AFTER)]
        after: Option<String>,
        #[arg(long, help = words::ARG_JSON)]
        json: bool,
    },
    #[command(about = words::USERS_SET_ROLE)]
    SetRole {
        #[arg(long, help = words::ARG_EMAIL)]
        email: String,
        #[arg(long, help = words::ARG_ROLE, value_parser = role)]
        role: Role,
    },
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| words::role_unknown(name))
}

/// Runs `canje users …`: answers on stdout, refusals as errors.
pub async fn run_command(args: UsersArgs, db: &Db) -> anyhow::Result<ExitCode> {
    // The first account is made before anything was served: what keeps addresses unique must be there already.
    db.prepare(&[&super::COLLECTIONS[..], &audit::COLLECTIONS].concat()).await?;
    let answer = match args.command {
        UsersCommand::Create { email, role, name } => {
            // Told before anybody thinks up a password.
            if crate::adopt::state::is_mirroring(db).await? {
                bail!(words::MIRRORING);
            }
            create(db, &email, role, name, password_of_somebody()?).await?
        }
        UsersCommand::List { role, limit, after, json } => list(db, role, limit, after.as_deref(), json).await?,
        UsersCommand::SetRole { email, role } => set_role(db, &email, role).await?,
    };
    println!("{answer}");
    Ok(ExitCode::SUCCESS)
}

/// Makes an account; the sentence says what was made.
pub async fn create(
    db: &Db,
    email: &str,
    role: Role,
    name: Option<String>,
    password: Sealed,
) -> anyhow::Result<String> {
    let email = Email::parse(email).context(words::EMAIL_INVALID)?;
    let own_part = email.as_str().split('@').next().unwrap_or_default();
    let name = name.map_or_else(|| own_part.to_owned(), |name| name.trim().to_owned());
    if !(1..=NAME_CHARACTERS).contains(&name.chars().count()) {
        bail!(words::NAME_INVALID);
    }
    let problems = policy::problems(password.expose(), email.as_str());
    if !problems.is_empty() {
        bail!(words::password_refused(&problems));
    }
    let password_hash = tokio::task::spawn_blocking(move || passwords::hash(password.expose())).await??;
    let new = NewAccount { email: email.clone(), name, role, password_hash };
    match roster::create(db, Timestamp::now(), Who::command_line(), new).await {
        Ok(user_id) => Ok(words::account_created(email.as_str(), role.as_str(), &user_id)),
        Err(Failure::Refused(AppError::Conflict)) => bail!(words::EMAIL_TAKEN),
        Err(failure) => Err(told(failure)),
    }
}

/// Changes a role; the sentence says what was changed.
pub async fn set_role(db: &Db, email: &str, role: Role) -> anyhow::Result<String> {
    let email = Email::normalise(email);
    match roster::set_role(db, Timestamp::now(), Who::command_line(), &email, role).await {
        Ok(RoleChange::Unchanged) => Ok(words::role_unchanged(email.as_str(), role.as_str())),
        Ok(RoleChange::Changed { before, sessions }) => {
            Ok(words::role_changed(email.as_str(), before.as_str(), role.as_str(), sessions))
        }
        Ok(RoleChange::LastSuperadmin) => bail!(words::LAST_SUPERADMIN),
        Err(Failure::Refused(AppError::NotFound)) => bail!(words::account_unknown(email.as_str())),
        Err(failure) => Err(told(failure)),
    }
}

/// A page of accounts, as a table or as JSON.
pub async fn list(db: &Db, role: Option<Role>, limit: i64, after: Option<&str>, json: bool) -> anyhow::Result<String> {
    let total = store::count(db, role).await.map_err(told)?;
    let mut users = store::list(db, role, after, limit + 1).await.map_err(told)?;
    let has_more = users.len() as i64 > limit;
    users.truncate(limit as usize);
    let next = users.last().filter(|_| has_more).map(|user| user.user_id.clone());
    if json {
        let printed = serde_json::json!({ "total": total, "users": users, "next": next });
        return Ok(serde_json::to_string_pretty(&printed)?);
    }
    let mut lines: Vec<_> = users.iter().map(line).collect();
    lines.push(words::listed(users.len() as u64, total, next.as_deref()));
    Ok(lines.join("\n"))
}

fn line(user: &Listed) -> String {
    let status = serde_json::to_value(user.status).ok().and_then(|value| value.as_str().map(str::to_owned));
    let email = user.email.as_deref().unwrap_or("—");
    format!("{:<18} {:<10} {:<9} {email}  {}", user.user_id, user.role.as_str(), status.unwrap_or_default(), user.name)
}

fn told(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(AppError::Mirroring) => anyhow::anyhow!(words::MIRRORING),
        Failure::Refused(refusal) => anyhow::anyhow!(crate::i18n::errors::sentence(&refusal)),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}

/// The new password, from whoever sits at the terminal or from what is piped in. Never from an argument: those are seen by
/// everybody on the machine and kept by the shell.
fn password_of_somebody() -> anyhow::Result<Sealed> {
    if !std::io::stdin().is_terminal() {
        return first_line(std::io::stdin().lock());
    }
    let password = rpassword::prompt_password(words::PASSWORD_PROMPT)?;
    if rpassword::prompt_password(words::PASSWORD_AGAIN)? != password {
        bail!(words::PASSWORDS_DIFFER);
    }
    Ok(Sealed::new(password))
}

fn first_line(mut input: impl BufRead) -> anyhow::Result<Sealed> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(Sealed::new(line.trim_end_matches(['\r', '\n'])))
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_piped_password_is_its_first_line_with_its_spaces() {
        let read = |input: &str| first_line(input.as_bytes()).unwrap().expose().to_owned();
        assert_eq!(read(" con espacios \r\notra\n"), " con espacios ");
        assert_eq!(read("sin fin de línea"), "sin fin de línea");
        assert_eq!(read(""), "");
    }
}
