//! What happened to somebody's account. These letters go even to an address that bounced: they keep the account safe.

use jiff::Timestamp;

use super::letter;
use crate::i18n::{format, web};
use crate::values::Role;

/// `new_login_backoffice`: a sign-in to the back office from a device not seen before.
#[derive(Clone, Debug)]
pub struct NewLoginBackoffice {
    /// Whose account.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The device in words, as `accounts::device::name` says it.
    pub device: String,
    /// Where from.
    pub ip: String,
}

impl NewLoginBackoffice {
    fn at_words(&self) -> String {
        format::exact(self.at)
    }
}

/// `password_changed`.
#[derive(Clone, Debug)]
pub struct PasswordChanged {
    /// Whose account.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

impl PasswordChanged {
    fn at_words(&self) -> String {
        format::exact(self.at)
    }
}

/// `role_changed`.
#[derive(Clone, Debug)]
pub struct RoleChanged {
    /// Whose account.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The role until now.
    pub before: Role,
    /// The role from now on.
    pub role: Role,
}

impl RoleChanged {
    fn at_words(&self) -> String {
        format::exact(self.at)
    }

    fn role_words(&self) -> &'static str {
        web::role(self.role)
    }

    fn before_words(&self) -> &'static str {
        web::role(self.before)
    }
}

letter!(
    NewLoginBackoffice,
    "new_login_backoffice",
    "new_login_backoffice/subject.txt",
    "new_login_backoffice/text.txt",
    "new_login_backoffice/body.html",
    System,
    fn is_essential(&self) -> bool {
        true
    }
);
letter!(
    PasswordChanged,
    "password_changed",
    "password_changed/subject.txt",
    "password_changed/text.txt",
    "password_changed/body.html",
    System,
    fn is_essential(&self) -> bool {
        true
    }
);
letter!(
    RoleChanged,
    "role_changed",
    "role_changed/subject.txt",
    "role_changed/text.txt",
    "role_changed/body.html",
    System,
    fn is_essential(&self) -> bool {
        true
    }
);

/// `verify_email`: proves that an address is whose account it is.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// Whose account.
    pub name: String,
    /// What makes the link good; nobody but the recipient may read it.
    pub token: String,
}

/// `reset_password`: the link to a new password.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// Whose account.
    pub name: String,
    /// What makes the link good; nobody but the recipient may read it.
    pub token: String,
}

letter!(
    VerifyEmail,
    "verify_email",
    "verify_email/subject.txt",
    "verify_email/text.txt",
    "verify_email/body.html",
    System,
    fn is_essential(&self) -> bool {
        true
    },
    fn secrets(&self) -> Vec<String> {
        vec![self.token.clone()]
    }
);
letter!(
    ResetPassword,
    "reset_password",
    "reset_password/subject.txt",
    "reset_password/text.txt",
    "reset_password/body.html",
    System,
    fn is_essential(&self) -> bool {
        true
    },
    fn secrets(&self) -> Vec<String> {
        vec![self.token.clone()]
    }
);
