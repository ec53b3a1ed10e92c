//! The text of a tasting's QR code: signed by the shop, bound to a booking, its time and its member.
//!
//! `linli:taste:<booking>.<start in ms>.<member>.<signature>`. The signature (Ed25519, RFC 8032, as
//! base64url) is over everything before its dot, so a tablet with the shop's public key can tell a
//! real code from a false one without asking anybody. Whether the booking still stands, only the
//! backend knows.

use crate::check_in::PublicKey;
use crate::id::{BookingId, MemberId};
use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signature, VerifyingKey};

/// What the text begins with.
pub const PREFIX: &str = "linli:taste:";
/// What the key is called on the wire.
pub const ALGORITHM: &str = "ed25519";

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCode {
    /// The booking.
    pub booking: BookingId,
    /// When it begins, in milliseconds.
    pub from: i64,
    /// Whose it is.
    pub member: MemberId,
}

impl SignedCode {
    /// What is signed.
    pub fn words(&self) -> String {
        format!("{PREFIX}{}.{}.{}", self.booking, self.from, self.member)
    }

    /// The whole text, with a signature over [`Self::words`].
    pub fn text(&self, signature: &[u8; 64]) -> String {
        let signature = Base64UrlUnpadded::encode_string(signature);
        [&self.words(), ".", &signature].concat()
    }

    /// What a text says, if one of the keys has signed it.
    pub fn verified(text: &str, keys: &[VerifyingKey]) -> Option<Self> {
        let (words, signature) = text.rsplit_once('.')?;
        let mut parts = words.strip_prefix(PREFIX)?.splitn(3, '.');
        let code = Self {
            booking: parts.next()?.into(),
            from: parts.next()?.parse().ok()?,
            member: parts.next()?.into(),
        };
        let mut bytes = [0; 64];
        let read = Base64UrlUnpadded::decode(signature, &mut bytes).ok()?;
        let signature = Signature::from_bytes(read.try_into().ok()?);
        // One spelling only: `007` is not `7`.
        let same = code.words() == words;
        let signed = keys
            .iter()
            .any(|key| key.verify_strict(words.as_bytes(), &signature).is_ok());
        (same && signed).then_some(code)
    }
}

/// A key as it is told to the desk.
pub fn told(key: &VerifyingKey) -> PublicKey {
    PublicKey {
        algorithm: ALGORITHM.to_owned(),
        key: Base64UrlUnpadded::encode_string(key.as_bytes()),
    }
}

/// A key that the desk was told; `None` for one that is none, or of another kind.
pub fn read_key(told: &PublicKey) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    let read = Base64UrlUnpadded::decode(&told.key, &mut bytes).ok()?;
    let bytes: &[u8; 32] = read.try_into().ok()?;
    (told.algorithm == ALGORITHM)
        .then(|| VerifyingKey::from_bytes(bytes).ok())
        .flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    fn code() -> SignedCode {
        SignedCode {
            booking: "afcb0acddaabfbe4c734".into(),
            from: 1_795_658_400_000,
            member: "0011223344556677aabb".into(),
        }
    }

    fn signed(code: &SignedCode, key: &SigningKey) -> String {
        code.text(&key.sign(code.words().as_bytes()).to_bytes())
    }

    #[test]
    fn a_code_is_known_by_its_key_alone() {
        let (key, other) = (
            SigningKey::from_bytes(&[7; 32]),
            SigningKey::from_bytes(&[8; 32]),
        );
        let text = signed(&code(), &key);
        let told = told(&key.verifying_key());
        let keys = [read_key(&told).unwrap()];
        assert_eq!(SignedCode::verified(&text, &keys), Some(code()));
        assert_eq!(
            SignedCode::verified(&text, &[other.verifying_key(), key.verifying_key()]),
            Some(code()),
            "an older key is good as long as it is told"
        );
        assert_eq!(SignedCode::verified(&text, &[other.verifying_key()]), None);
        assert_eq!(SignedCode::verified(&text, &[]), None);
    }

    proptest! {
        #[test]
        fn a_changed_code_is_false(at in any::<prop::sample::Index>(), to in "[ -~]") {
            let key = SigningKey::from_bytes(&[7; 32]);
            let text = signed(&code(), &key);
            let at = at.index(text.len());
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            let verified = SignedCode::verified(&changed, &[key.verifying_key()]);
            prop_assert_eq!(verified.is_some(), changed == text, "{}", changed);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "(linli:taste:)?\\PC{0,120}") {
            prop_assert_eq!(SignedCode::verified(&text, &[SigningKey::from_bytes(&[7; 32]).verifying_key()]), None);
        }
    }
}
