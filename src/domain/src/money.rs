//! Money in integer minor units (fen for CNY) with its ISO 4217 currency. No floats anywhere.

use crate::read::{Raw, Read, Unreadable};
use serde::{Serialize, Serializer};
use std::fmt;

/// An ISO 4217 alphabetic code, for instance `CNY`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi; its minor unit is the fen.
    pub const CNY: Self = Self(*b"CNY");

    /// Reads a code of three capital letters; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(bytes))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The sign that stands before an amount: `¥` for CNY, else the code itself.
    pub fn sign(&self) -> &str {
        match &self.0 {
            b"CNY" | b"JPY" => "¥",
            b"EUR" => "€",
            b"USD" => "$",
            b"GBP" => "£",
            _ => self.code(),
        }
    }

    /// How many decimals the currency has (ISO 4217, exponent column).
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" => 0,
            b"KWD" | b"BHD" | b"OMR" | b"JOD" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Read for Currency {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        Self::from_code(&raw.text()?).ok_or(Unreadable::here(
            "a currency is three capital letters (ISO 4217)",
        ))
    }
}

crate::deserialize_by_reading!(Currency);

/// Why a sum could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Two currencies met in one sum.
    CurrencyMismatch,
    /// The result does not fit 64 bits.
    Overflow,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CurrencyMismatch => "two currencies in one sum",
            Self::Overflow => "the amount is too large",
        })
    }
}

impl std::error::Error for MoneyError {}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units: 1280 is ¥12.80.
    pub amount: i64,
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Z]{3}$", example = "CNY"))]
    pub currency: Currency,
}

crate::readable!(Money { amount, currency });

impl Money {
    /// So many fen.
    pub const fn fen(amount: i64) -> Self {
        Self {
            amount,
            currency: Currency::CNY,
        }
    }

    /// Yuan as they are typed: `68`, `68.5`, `¥68.50`, also by a Chinese keyboard. `None` for
    /// whatever is no amount, has more than two decimals or is not more than nothing.
    pub fn typed_yuan(text: &str) -> Option<Self> {
        let plain = |c: char| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '．' | '。' => '.',
            c => c,
        };
        let text: String = text.trim().chars().map(plain).collect();
        let text = text.trim_start_matches(['¥', '￥']).trim_end_matches('元');
        let text = text.trim();
        let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || !digits(yuan) || !digits(fen) {
            return None;
        }
        let fen: i64 = match fen.len() {
            1 => fen.parse::<i64>().ok()? * 10,
            2 => fen.parse().ok()?,
            _ => return None,
        };
        let amount = yuan.parse::<i64>().ok()?.checked_mul(100)?;
        let amount = amount.checked_add(fen)?;
        (amount > 0).then(|| Self::fen(amount))
    }

    /// Nothing, in the given currency.
    pub const fn zero(currency: Currency) -> Self {
        Self {
            amount: 0,
            currency,
        }
    }

    /// The sum of two amounts of one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference of two amounts of one currency; may be negative.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// The amount taken `quantity` times.
    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let amount = self
            .amount
            .checked_mul(i64::from(quantity))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// `self × numerator ÷ denominator`, rounded half away from zero; `None` when the denominator
    /// is zero or the result does not fit.
    pub fn ratio(self, numerator: u32, denominator: u32) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let (product, divisor) = (
            i128::from(self.amount) * i128::from(numerator),
            i128::from(denominator),
        );
        let rounded = (product.abs() * 2 + divisor) / (divisor * 2) * product.signum();
        Some(Self {
            amount: i64::try_from(rounded).ok()?,
            ..self
        })
    }

    /// The parts in which a price is drawn: `("¥", "12", ".8")`. Trailing zeros of the decimals are
    /// left out, as on a price tag; the decimals keep their dot or are empty.
    pub fn parts(&self) -> (String, String, String) {
        let (sign, whole, decimals) = self.digits();
        let decimals = decimals.trim_end_matches('0');
        let decimals = if decimals.is_empty() {
            String::new()
        } else {
            [".", decimals].concat()
        };
        ([sign, self.currency.sign()].concat(), whole, decimals)
    }

    fn digits(&self) -> (&'static str, String, String) {
        let width = self.currency.decimals();
        let unit = 10_u64.pow(width);
        let amount = self.amount.unsigned_abs();
        let mut decimals = (amount % unit).to_string();
        while decimals.len() < width as usize {
            decimals.insert(0, '0');
        }
        if width == 0 {
            decimals.clear();
        }
        (
            if self.amount < 0 { "−" } else { "" },
            (amount / unit).to_string(),
            decimals,
        )
    }

    fn combine(self, other: Self, op: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let amount = op(self.amount, other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }
}

/// `¥12.80`: all decimals, as in a sum.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, decimals) = self.digits();
        f.write_str(sign)?;
        f.write_str(self.currency.sign())?;
        f.write_str(&whole)?;
        if !decimals.is_empty() {
            f.write_str(".")?;
            f.write_str(&decimals)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn is_shown_as_on_a_price_tag() {
        let parts = |fen| {
            let (sign, whole, decimals) = Money::fen(fen).parts();
            format!("{sign}|{whole}|{decimals}")
        };
        assert_eq!(parts(1280), "¥|12|.8");
        assert_eq!(parts(2900), "¥|29|");
        assert_eq!(parts(5), "¥|0|.05");
        assert_eq!(parts(-1260), "−¥|12|.6");
        assert_eq!(Money::fen(7240).to_string(), "¥72.40");
        let yen = Money {
            amount: 980,
            currency: Currency::from_code("JPY").unwrap(),
        };
        assert_eq!(yen.to_string(), "¥980");
    }

    #[test]
    fn is_read_as_it_is_typed() {
        let fen = |text| Money::typed_yuan(text).map(|money| money.amount);
        for (text, amount) in [
            ("68", 6_800),
            (" 68.5 ", 6_850),
            ("¥68.05", 6_805),
            ("６８。５０元", 6_850),
            ("0.01", 1),
        ] {
            assert_eq!(fen(text), Some(amount), "{text}");
        }
        for text in [
            "",
            ".",
            "0",
            "0.00",
            "68.",
            ".5",
            "-1",
            "1,5",
            "1e3",
            "6.805",
            "六十八",
            "1.2.3",
            "92233720368547758.08",
        ] {
            assert_eq!(fen(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_to_mix_currencies_or_overflow() {
        let euro = Money {
            amount: 1,
            currency: Currency::from_code("EUR").unwrap(),
        };
        assert_eq!(Money::fen(1).plus(euro), Err(MoneyError::CurrencyMismatch));
        assert_eq!(
            Money::fen(i64::MAX).plus(Money::fen(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(Money::fen(i64::MAX).times(2), Err(MoneyError::Overflow));
        assert_eq!(Currency::from_code("cny"), None);
        assert_eq!(Currency::from_code("RMB¥"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(amount in 1_i64..1_000_000_000) {
            let money = Money::fen(amount);
            prop_assert_eq!(Money::typed_yuan(&money.to_string()), Some(money));
        }

        #[test]
        fn adding_and_taking_away_is_nothing(a in any::<i32>(), b in any::<i32>()) {
            let (a, b) = (Money::fen(a.into()), Money::fen(b.into()));
            prop_assert_eq!(a.plus(b).unwrap().minus(b).unwrap(), a);
            prop_assert_eq!(a.plus(b), b.plus(a));
        }

        #[test]
        fn times_is_repeated_addition(a in -1_000_000_i64..1_000_000, n in 0_u32..40) {
            let mut sum = Money::zero(Currency::CNY);
            for _ in 0..n {
                sum = sum.plus(Money::fen(a)).unwrap();
            }
            prop_assert_eq!(Money::fen(a).times(n).unwrap(), sum);
        }

        #[test]
        fn a_ratio_is_within_half_a_fen(a in any::<i32>(), n in 0_u32..5_000, d in 1_u32..5_000) {
            let got = i128::from(Money::fen(a.into()).ratio(n, d).unwrap().amount);
            let off = (got * i128::from(d) - i128::from(a) * i128::from(n)).abs();
            prop_assert!(off * 2 <= i128::from(d));
        }

        #[test]
        fn the_wire_keeps_every_amount(a in any::<i64>()) {
            let text = serde_json::to_string(&Money::fen(a)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), Money::fen(a));
        }

        #[test]
        fn display_has_the_digits_of_the_amount(a in any::<i64>()) {
            let digits: String = Money::fen(a).to_string().chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits.parse::<u64>().unwrap(), a.unsigned_abs());
        }
    }
}
