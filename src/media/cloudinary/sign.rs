//! Signatures as Cloudinary reckons them: plain hashes over sorted parameters and the secret, not an HMAC.

use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The hash of everything we sign. The service takes both kinds unless an account was restricted to SHA-256, so this one
/// is right for every account.
pub const HASH: Hash = Hash::Sha256;

/// Which hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// 40 hexadecimal digits.
    Sha1,
    /// 64 of them.
    Sha256,
}

impl Hash {
    fn of(self, text: &str, secret: &SecretString) -> String {
        let secret = secret.expose_secret().as_bytes();
        match self {
            Self::Sha1 => hex::encode(Sha1::new().chain_update(text).chain_update(secret).finalize()),
            Self::Sha256 => hex::encode(Sha256::new().chain_update(text).chain_update(secret).finalize()),
        }
    }
}

/// What is signed: parameters that have a value, sorted by name, with no value able to pass for another parameter.
pub fn string_to_sign(params: &[(&str, &str)]) -> String {
    let mut sent: Vec<_> = params.iter().filter(|(_, value)| !value.is_empty()).collect();
    sent.sort();
    let said = sent.iter().map(|(name, value)| format!("{name}={value}").replace('&', "%26"));
    said.collect::<Vec<_>>().join("&")
}

/// The signature of a request's parameters.
pub fn signature(hash: Hash, params: &[(&str, &str)], secret: &SecretString) -> String {
    hash.of(&string_to_sign(params), secret)
}

/// Whether the service made this answer about this file: it signs the name and the version, and nothing else. Which hash
/// it uses is the account's choice and shows in the length.
pub fn is_genuine(public_id: &str, version: u64, signature: &str, secret: &SecretString) -> bool {
    let hash = if signature.len() == 40 { Hash::Sha1 } else { Hash::Sha256 };
    let expected = hash.of(&format!("public_id={public_id}&version={version}"), secret);
    expected.as_bytes().ct_eq(signature.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A string to sign, both hashes of it with a secret.
    fn check(secret: &str, params: &[(&str, &str)], string: &str, sha1: &str, sha256: &str) {
        let secret = SecretString::from(secret);
        assert_eq!(string_to_sign(params), string);
        assert_eq!(signature(Hash::Sha1, params, &secret), sha1);
        if !sha256.is_empty() {
            assert_eq!(signature(Hash::Sha256, params, &secret), sha256);
        }
    }

    const SECRET: &str = "abcd-TEST-secret_0001";

    #[test]
    fn published_vectors() {
        check(
            "abcd",
            &[
                ("timestamp", "1315060510"),
                ("public_id", "sample_image"),
                ("eager", "w_400,h_300,c_pad|w_260,h_200,c_crop"),
            ],
            "eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=1315060510",
            "bfd09f95f331f558cbd1320e67aa8d488770583e",
            "cc927e1290f9e3ae4c1a741eda21a4630b4ce80f9ce0bc0296337d25cf40f91e",
        );
        check(
            "hdcixPpR2iKERPwqvH6sHdK9cyac",
            &[("cloud_name", "dn6ot3ged"), ("timestamp", "1568810420"), ("username", "user@cloudinary.com")],
            "cloud_name=dn6ot3ged&timestamp=1568810420&username=user@cloudinary.com",
            "14c00ba6d0dfdedbc86b316847d95b9e6cd46d94",
            "45ddaa4fa01f0c2826f32f669d2e4514faf275fe6df053f1a150e7beae58a3bd",
        );
    }

    #[test]
    fn destroying_and_renaming() {
        check(
            SECRET,
            &[
                ("public_id", "catalog/prod-7f3a/01"),
                ("type", "authenticated"),
                ("invalidate", "true"),
                ("timestamp", "1767225600"),
            ],
            "invalidate=true&public_id=catalog/prod-7f3a/01&timestamp=1767225600&type=authenticated",
            "eae031b54ed3c5aed5798771a1f7012eb723d12e",
            "",
        );
        check(
            SECRET,
            &[
                ("from_public_id", "tmp/a1"),
                ("to_public_id", "catalog/prod-7f3a/02"),
                ("type", "upload"),
                ("to_type", "authenticated"),
                ("overwrite", "false"),
                ("invalidate", "true"),
                ("timestamp", "1767225600"),
            ],
            "from_public_id=tmp/a1&invalidate=true&overwrite=false&timestamp=1767225600\
             &to_public_id=catalog/prod-7f3a/02&to_type=authenticated&type=upload",
            "42fe707747faa7786695aaea310cd3d9e8fd77b8",
            "",
        );
    }

    #[test]
    fn a_private_download_leaves_out_what_is_empty() {
        check(
            SECRET,
            &[
                ("timestamp", "1767225600"),
                ("public_id", "backups/2026-01-01.tar.zst.age"),
                ("format", ""),
                ("type", "authenticated"),
                ("attachment", "true"),
                ("expires_at", "1767226500"),
            ],
            "attachment=true&expires_at=1767226500&public_id=backups/2026-01-01.tar.zst.age&timestamp=1767225600\
             &type=authenticated",
            "f0a576536af516e0060ae9b60504eae6e6e1e129",
            "",
        );
    }

    #[test]
    fn no_value_passes_for_another_parameter() {
        let params = [
            ("allowed_formats", "jpg,png,webp"),
            ("asset_folder", "catalog"),
            ("context", "owner=u_42|purpose=catalog"),
            ("notification_url", "https://app.example.com/webhooks/cloudinary?k=1&v=2"),
            ("overwrite", "false"),
            ("public_id", "catalog/prod-7f3a/01"),
            ("tags", "catalog,prod-7f3a"),
            ("timestamp", "1767225600"),
            ("type", "authenticated"),
        ];
        let secret = SecretString::from(SECRET);
        assert_eq!(signature(Hash::Sha1, &params, &secret), "82bdeea8e2f452543d0fb7851374ed097a418562");
        assert_eq!(
            signature(Hash::Sha256, &params, &secret),
            "4084f2fb4723ed6a2f06e921d956a4fa7a3098dd60c3413841530803fc2beb74"
        );
    }

    #[test]
    fn answers_are_signed_with_either_hash() {
        let secret = SecretString::from(SECRET);
        for good in [
            "13d4bf8ce43b19b558fa6bc29744b4972d919b21",
            "981cc57fe1227295185b41112f3b805ad9cd2df21988620c0b78e41cfca30784",
        ] {
            assert!(is_genuine("catalog/prod-7f3a/01", 1_767_225_605, good, &secret));
            assert!(!is_genuine("catalog/prod-7f3a/01", 1_767_225_606, good, &secret), "another version");
            assert!(!is_genuine("catalog/prod-7f3a/02", 1_767_225_605, good, &secret), "another file");
            assert!(!is_genuine("catalog/prod-7f3a/01", 1_767_225_605, &good[1..], &secret));
        }
        assert!(!is_genuine("catalog/prod-7f3a/01", 1_767_225_605, "", &secret));
    }
}
