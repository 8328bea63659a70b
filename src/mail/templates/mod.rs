//! The letters there are: a struct each, with a folder of its name here for its three parts. What campaigns tell is one
//! struct and one folder, `campaign_news`, for all its codes.
//!
//! What a template shows is a field or a method of its struct, so a name that doesn't exist doesn't compile. Every value
//! is escaped in HTML by the engine; nobody assembles HTML in Rust.

mod account;
mod alert;
mod campaign;
mod test_message;

pub use account::{NewLoginBackoffice, PasswordChanged, ResetPassword, RoleChanged, VerifyEmail};
pub use alert::{AlertCritical, Incident, Wording};
pub use campaign::{CampaignCode, CampaignNews, LetterLink, LetterRow, LetterSection};
pub use test_message::TestMessage;

/// Implements [`Template`](super::Template) for a struct from the three parts in its folder.
macro_rules! letter {
    ($letter:ident, $name:literal, $subject:literal, $text:literal, $html:literal, $sender:ident $(, $more:item)*) => {
        const _: () = {
            #[derive(askama::Template)]
            #[template(path = $subject, config = "src/mail/askama.toml", escape = "none")]
            struct Subject<'a> {
                #[allow(dead_code, reason = "a subject may be the same for everybody")]
                it: &'a $letter,
            }
            #[derive(askama::Template)]
            #[template(path = $text, config = "src/mail/askama.toml", escape = "none")]
            struct Plain<'a> {
                it: &'a $letter,
                base_url: &'a str,
            }
            #[derive(askama::Template)]
            #[template(path = $html, config = "src/mail/askama.toml")]
            struct Body<'a> {
                it: &'a $letter,
                base_url: &'a str,
            }

            impl $crate::mail::Template for $letter {
                fn name(&self) -> &'static str {
                    $name
                }
                fn sender(&self) -> $crate::mail::SenderType {
                    $crate::mail::SenderType::$sender
                }
                fn render(&self, base_url: &str) -> anyhow::Result<$crate::mail::Parts> {
                    use askama::Template;
                    Ok($crate::mail::Parts {
                        subject: $crate::mail::template::one_line(&Subject { it: self }.render()?),
                        text: Plain { it: self, base_url }.render()?,
                        html: Body { it: self, base_url }.render()?,
                    })
                }
                $($more)*
            }
        };
    };
}
pub(in crate::mail::templates) use letter;

/// Gives a letter its fourth part, for WhatsApp.
macro_rules! whatsapp {
    ($letter:ident, $text:literal) => {
        const _: () = {
            #[derive(askama::Template)]
            #[template(path = $text, config = "src/mail/askama.toml", escape = "none")]
            struct Plain<'a> {
                it: &'a $letter,
                #[allow(dead_code, reason = "a message may have no link")]
                base_url: &'a str,
            }

            impl $crate::mail::whatsapp::WhatsAppTemplate for $letter {
                fn whatsapp(&self, base_url: &str) -> anyhow::Result<String> {
                    use askama::Template;
                    Ok(Plain { it: self, base_url }.render()?)
                }
            }
        };
    };
}
pub(in crate::mail::templates) use whatsapp;
