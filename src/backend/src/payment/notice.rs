//! How a notice is signed: `t=<ms>,v1=<hex>`, where the hex is the HMAC-SHA256 of `<ms>.<body>`. The
//! time is in what is signed, so that an old notice cannot be sent again for ever.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// The header of the signature.
pub const SIGNATURE: &str = "x-notice-signature";
/// How old a signature may be, and how far ahead another clock may go, in milliseconds.
pub const GOOD_FOR: i64 = 5 * 60_000;

/// The value of the header for a body that is sent now.
pub fn sign(secret: &str, body: &[u8], now: i64) -> String {
    let mut text = format!("t={now},v1=");
    for byte in mac(secret, body, now)
        .into_iter()
        .flat_map(|mac| mac.finalize().into_bytes())
    {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether a body was signed by whoever knows the secret, not long ago.
pub fn is_signed(secret: &str, body: &[u8], header: &str, now: i64) -> bool {
    let read = || {
        let (at, signature) = header.split_once(',')?;
        let at: i64 = at.strip_prefix("t=")?.parse().ok()?;
        let signature = bytes(signature.strip_prefix("v1=")?)?;
        Some((at, signature))
    };
    let Some((at, signature)) = read() else {
        return false;
    };
    let is_of_now = now.abs_diff(at) <= GOOD_FOR.unsigned_abs();
    // Compared in constant time.
    is_of_now && mac(secret, body, at).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
}

/// A key of any length is taken, so there always is one.
fn mac(secret: &str, body: &[u8], at: i64) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"n"}"#;

    #[test]
    fn what_was_signed_is_believed_for_a_while() {
        let header = sign("secret", BODY, 1_000_000);
        for (now, believed) in [
            (1_000_000, true),
            (1_000_000 + GOOD_FOR, true),
            (1_000_000 - GOOD_FOR, true),
            (1_000_001 + GOOD_FOR, false),
            (999_999 - GOOD_FOR, false),
            (i64::MIN, false),
        ] {
            assert_eq!(is_signed("secret", BODY, &header, now), believed, "{now}");
        }
    }

    #[test]
    fn nothing_else_is_believed() {
        let header = sign("secret", BODY, 1_000_000);
        let believed =
            |secret: &str, body: &[u8], header: &str| is_signed(secret, body, header, 1_000_000);
        assert!(believed("secret", BODY, &header));
        assert!(!believed("Secret", BODY, &header));
        assert!(!believed("secret", br#"{"id":"m"}"#, &header));
        assert!(!believed(
            "secret",
            BODY,
            &header.replace("t=1000000", "t=1000001")
        ));
        let short = header.get(..header.len() - 2).unwrap();
        for header in [
            "",
            "t=1000000",
            "t=1000000,v1=",
            "v1=00,t=1000000",
            "t=1000000,v1=xyz",
            "t=x,v1=00",
            short,
        ] {
            assert!(!believed("secret", BODY, header), "{header}");
        }
    }

    #[test]
    fn the_signature_is_an_hmac() {
        // printf '1.x' | openssl dgst -sha256 -hmac Jefe
        let expected = "2f7ccbd0f043456ad29514b2d24a8aa345ec6673a5db1b44e91c8ac99d1841e3";
        assert_eq!(sign("Jefe", b"x", 1), format!("t=1,v1={expected}"));
    }
}
