//! Who may do what: the seven roles and the one table of capabilities.
//!
//! Creator and brand areas are granted by having the profile, not by the role value, so they don't appear here.
//! A capability nobody holds yet still stands in the table: the table is the policy, screens come to it.

use serde::{Deserialize, Serialize};

/// A stored role. The order is the rank: a later role outranks an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person with an account and nothing else.
    User,
    /// Makes content.
    Creator,
    /// Acts for a brand.
    Brand,
    /// Keeps products, images and the website.
    Designer,
    /// Runs the daily business.
    Staff,
    /// Runs the platform.
    Admin,
    /// Owns the platform; made only from the command line.
    Superadmin,
}

impl Role {
    /// Every role, lowest rank first.
    pub const ALL: [Self; 7] =
        [Self::User, Self::Creator, Self::Brand, Self::Designer, Self::Staff, Self::Admin, Self::Superadmin];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Creator => "creator",
            Self::Brand => "brand",
            Self::Designer => "designer",
            Self::Staff => "staff",
            Self::Admin => "admin",
            Self::Superadmin => "superadmin",
        }
    }

    /// The role with this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Back-office roles live under shorter sessions.
    pub fn is_back_office(self) -> bool {
        self >= Self::Designer
    }

    /// Whether the role holds the capability.
    pub fn may(self, capability: Capability) -> bool {
        self.is_back_office() && capability.holders().contains(&self)
    }

    /// Whether the role holds any capability at all.
    pub fn may_anything(self) -> bool {
        Capability::ALL.into_iter().any(|capability| self.may(capability))
    }
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal => [$($role:ident),+];)+) => {
        /// One right, as named in the permission table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Capability { $($(#[$doc])* $variant,)+ }

        impl Capability {
            /// Every capability of the table.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The dotted name used in the permission table and in logs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The roles that hold it.
            fn holders(self) -> &'static [Role] {
                match self { $(Self::$variant => &[$(Role::$role),+],)+ }
            }
        }
    };
}

capabilities! {
    /// See accounts.
    UsersRead = "users.read" => [Superadmin, Admin, Staff];
    /// Change a role.
    UsersRole = "users.role" => [Superadmin];
    /// Suspend an account of lower rank.
    UsersSuspend = "users.suspend" => [Superadmin, Admin];
    /// See settings.
    SettingsRead = "settings.read" => [Superadmin, Admin, Staff];
    /// Change settings.
    SettingsWrite = "settings.write" => [Superadmin, Admin];
    /// Work with orders.
    Orders = "orders" => [Superadmin, Admin, Staff];
    /// Work with coupons.
    Coupons = "coupons" => [Superadmin, Admin, Staff];
    /// See payments.
    PaymentsRead = "payments.read" => [Superadmin, Admin, Staff];
    /// Refund a payment.
    PaymentsRefund = "payments.refund" => [Superadmin, Admin];
    /// Edit products.
    ProductsEdit = "products.edit" => [Superadmin, Admin, Designer];
    /// Manage product images.
    Images = "images" => [Superadmin, Admin, Designer];
    /// Manage the media library.
    Media = "media" => [Superadmin, Admin, Designer];
    /// Edit the website.
    WebsiteEdit = "website.edit" => [Superadmin, Admin, Designer];
    /// Publish the website.
    WebsitePublish = "website.publish" => [Superadmin, Admin, Designer];
    /// Work with studio reservations.
    Reservations = "reservations" => [Superadmin, Admin, Staff];
    /// Work with content production.
    Services = "services" => [Superadmin, Admin, Staff];
    /// Work with leads.
    Inquiries = "inquiries" => [Superadmin, Admin, Staff];
    /// Run UGC campaigns.
    UgcManage = "ugc.manage" => [Superadmin, Admin, Staff];
    /// Cancel UGC campaigns, take slots back, and what touches their contracts.
    UgcAdmin = "ugc.admin" => [Superadmin, Admin];
    /// See platform figures.
    Analytics = "analytics" => [Superadmin, Admin, Staff];
    /// Publish terms.
    TermsManage = "terms.manage" => [Superadmin, Admin];
    /// Export acceptances.
    TermsExport = "terms.export" => [Superadmin, Admin];
    /// Read the audit log.
    AuditRead = "audit.read" => [Superadmin, Admin];
    /// Integration status, test events, MFA status of staff.
    Security = "security" => [Superadmin, Admin];
    /// Read system notices.
    SystemNotificationsRead = "system_notifications.read" => [Superadmin, Admin, Staff];
    /// Delete system notices.
    SystemNotificationsDelete = "system_notifications.delete" => [Superadmin];
    /// See backups, their history and comparison.
    BackupsRead = "backups.read" => [Superadmin, Admin];
    /// Inspect any collection.
    DataInspect = "data.inspect" => [Superadmin, Admin];
    /// Take a backup.
    BackupsRun = "backups.run" => [Superadmin];
    /// Download a backup.
    BackupsDownload = "backups.download" => [Superadmin];
    /// Restore a backup.
    BackupsRestore = "backups.restore" => [Superadmin];
    /// Delete a backup.
    BackupsDelete = "backups.delete" => [Superadmin];
    /// Export any collection.
    ExportsRaw = "exports.raw" => [Superadmin];
    /// Run a job now.
    JobsRun = "jobs.run" => [Superadmin];
    /// Execute a migration step.
    MigrationExecute = "migration.execute" => [Superadmin];
}

/// What a route asks of whoever calls it. Every route declares one; there is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Another service; the handler verifies its signature or token before anything else, and says 401 without one.
    Signed,
    /// Anyone, and only in demo mode; 404 elsewhere.
    Demo,
    /// Any signed-in person; the handler limits what they see to what is theirs.
    SignedIn,
    /// A role holding at least one capability.
    BackOffice,
    /// A role holding this capability.
    Can(Capability),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_gives_each_role_what_the_policy_says() {
        assert!(Role::Superadmin.may(Capability::ExportsRaw));
        assert!(!Role::Admin.may(Capability::ExportsRaw));
        assert!(Role::Admin.may(Capability::DataInspect));
        assert!(!Role::Staff.may(Capability::DataInspect));
        assert!(Role::Designer.may(Capability::WebsitePublish));
        assert!(!Role::Designer.may(Capability::UsersRead));
        for role in [Role::User, Role::Creator, Role::Brand] {
            assert!(!role.may_anything(), "{role:?} holds no capability: its areas come from profiles");
        }
        assert!(Capability::ALL.into_iter().all(|capability| Role::Superadmin.may(capability)));
    }

    #[test]
    fn rank_and_stored_names_round_trip() {
        assert!(Role::Superadmin > Role::Admin && Role::Admin > Role::Staff && Role::Staff > Role::Designer);
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("owner"), None);
    }
}
