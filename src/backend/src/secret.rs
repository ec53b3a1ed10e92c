//! What nobody may guess, and how it is kept.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The system has no randomness to give; nothing that must not be guessed is made then.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system has no randomness")]
pub struct NoRandomness;

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A token of 256 bits, for a cookie.
pub fn token() -> Result<String, NoRandomness> {
    Ok(hex(&random::<32>()?))
}

/// The key by which a show's picture is sent, of 128 bits: short enough to be typed.
pub fn publish_key() -> Result<String, NoRandomness> {
    Ok(hex(&random::<16>()?))
}

/// An id that says nothing, of 80 bits.
pub fn id() -> Result<String, NoRandomness> {
    Ok(hex(&random::<10>()?))
}

/// Six digits, every one of the million as likely as the next (the remainder of 64 bits is off by
/// less than one in 10^13).
pub fn digits() -> Result<String, NoRandomness> {
    let number = u64::from_le_bytes(random::<8>()?) % 1_000_000;
    Ok(format!("{number:06}"))
}

/// Eight digits, for tastings: so many that they are told from the six of a bag.
pub fn eight_digits() -> Result<String, NoRandomness> {
    let number = u64::from_le_bytes(random::<8>()?) % 100_000_000;
    Ok(format!("{number:08}"))
}

/// The seed of a key that signs, as 64 hexadecimal digits.
pub fn seed() -> Result<String, NoRandomness> {
    Ok(hex(&random::<32>()?))
}

/// A code that is easy to read out: eight letters and digits without look-alikes.
pub fn readable_code() -> Result<String, NoRandomness> {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letters = random::<8>()?.map(|byte| {
        LETTERS
            .get(usize::from(byte % 32))
            .map_or('2', |letter| char::from(*letter))
    });
    Ok(letters.into_iter().collect())
}

/// How a token or a code is kept: what was stolen from the file opens nothing.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// How a PIN is kept: slow to try out, because there are few of them.
pub fn hash_pin(pin: &str) -> Result<String, NoRandomness> {
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|_| NoRandomness)?;
    let hashed = hasher().hash_password(pin.as_bytes(), &salt);
    hashed
        .map(|hash| hash.to_string())
        .map_err(|_| NoRandomness)
}

/// Whether this is that PIN.
pub fn is_pin(pin: &str, kept: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| hasher().verify_password(pin.as_bytes(), &kept).is_ok())
}

/// OWASP's smallest parameters for Argon2id: a tablet's till is no data centre.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_known_again() {
        let kept = hash_pin("246810").unwrap();
        assert!(is_pin("246810", &kept));
        assert!(!is_pin("246811", &kept));
        assert!(!is_pin("246810", "rubbish"));
    }

    #[test]
    fn secrets_have_their_shape() {
        assert_eq!(token().unwrap().len(), 64);
        assert_ne!(token().unwrap(), token().unwrap());
        assert!(digits().unwrap().len() == 6);
        assert_eq!(readable_code().unwrap().len(), 8);
        // The SHA-256 of "abc" (FIPS 180-2, B.1).
        assert!(hash("abc").starts_with("ba7816bf8f01cfea"));
    }
}
