//! How what comes over the wire becomes words of the shop.
//!
//! The page reads some twenty kinds of things, and every byte of its code is paid by a shopper on
//! a slow phone. Derived readers are compiled once for each kind, each with its own loops; here a
//! text is read once into a [`Raw`] value, and every kind only says which fields it has. For the
//! shop's wasm that is a third of the code for reading, and an error knows its place exactly.
//!
//! Reading is tolerant where the contract says so: an unknown field is passed over, an absent or
//! `null` field with a default takes it, an unknown word of an enum becomes its `Unknown`.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value, before it is known what it should be.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number; nothing in the contract is one.
    Fraction,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Raw>),
    /// An object.
    Object(Object),
}

/// The fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object(Vec<(String, Raw)>);

/// What could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The place below the whole, for instance `.items[2].price`; empty for the whole itself.
    pub path: String,
    /// What was wrong there.
    pub detail: &'static str,
}

impl Unreadable {
    /// Something wrong right here.
    pub fn here(detail: &'static str) -> Self {
        Self {
            path: String::new(),
            detail,
        }
    }

    #[cold]
    #[inline(never)]
    fn at_field(self, name: &str) -> Self {
        let path = [".", name, &self.path].concat();
        Self { path, ..self }
    }

    #[cold]
    #[inline(never)]
    fn at_index(self, at: usize) -> Self {
        let path = ["[", &at.to_string(), "]", &self.path].concat();
        Self { path, ..self }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ${}", self.detail, self.path)
    }
}

/// Something that can be read.
pub trait Read: Sized {
    /// Reads it.
    fn read(raw: Raw) -> Result<Self, Unreadable>;

    /// What it is when its field is not there; `None` when it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl Raw {
    /// The fields, if it is an object.
    pub fn object(self) -> Result<Object, Unreadable> {
        match self {
            Self::Object(object) => Ok(object),
            _ => Err(Unreadable::here("an object was expected")),
        }
    }

    /// The text, if it is one.
    pub fn text(self) -> Result<String, Unreadable> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Unreadable::here("a text was expected")),
        }
    }
}

impl Object {
    #[inline(never)]
    fn take(&mut self, name: &str) -> Option<Raw> {
        let (_, raw) = self.0.iter_mut().find(|(field, _)| field == name)?;
        Some(std::mem::replace(raw, Raw::Null))
    }

    /// A field. Compiled once for each type of field, not for each field.
    #[inline(never)]
    pub fn field<T: Read>(&mut self, name: &str) -> Result<T, Unreadable> {
        let read = match self.take(name) {
            None => T::absent().ok_or(Unreadable::here("it is missing")),
            Some(raw) => T::read(raw),
        };
        read.map_err(|error| error.at_field(name))
    }

    /// A field that may be missing or `null`.
    #[inline(never)]
    pub fn field_or<T: Read>(&mut self, name: &str, default: T) -> Result<T, Unreadable> {
        match self.take(name) {
            None | Some(Raw::Null) => Ok(default),
            Some(raw) => T::read(raw).map_err(|error| error.at_field(name)),
        }
    }
}

impl Read for () {
    fn read(_: Raw) -> Result<Self, Unreadable> {
        Ok(())
    }
}

impl Read for String {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        raw.text()
    }
}

impl Read for bool {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        match raw {
            Raw::Flag(flag) => Ok(flag),
            _ => Err(Unreadable::here("true or false was expected")),
        }
    }
}

impl Read for i64 {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        match raw {
            Raw::Whole(number) => Ok(number),
            _ => Err(Unreadable::here("a whole number was expected")),
        }
    }
}

macro_rules! read_small_numbers {
    ($($number:ty),+) => {$(
        impl Read for $number {
            fn read(raw: Raw) -> Result<Self, Unreadable> {
                Self::try_from(i64::read(raw)?).map_err(|_| Unreadable::here("the number is out of its range"))
            }
        }
    )+};
}
read_small_numbers!(u8, u16, u32);

impl<T: Read> Read for Option<T> {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        match raw {
            Raw::Null => Ok(None),
            raw => T::read(raw).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(raw: Raw) -> Result<Self, Unreadable> {
        let Raw::List(items) = raw else {
            return Err(Unreadable::here("a list was expected"));
        };
        let mut read = Self::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            read.push(T::read(item).map_err(|error| error.at_index(at))?);
        }
        Ok(read)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Fraction, Raw::Whole))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Fraction)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Raw, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Raw::Object(Object(object)))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// What `Deserialize` is for everything that can be read.
pub fn deserialize<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(Raw::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Makes a type `Deserialize` by its [`Read`].
#[macro_export]
macro_rules! deserialize_by_reading {
    ($name:ident $(<$inner:ident>)?) => {
        impl<'de $(, $inner: $crate::read::Read)?> serde::Deserialize<'de> for $name $(<$inner>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read::deserialize(deserializer)
            }
        }
    };
}

/// Says which fields a struct has on the wire: `field` that must be there (an `Option` need not),
/// `field or default` that need not, `field as "name"` for one that is called otherwise.
#[macro_export]
macro_rules! readable {
    (@take $object:ident $field:ident) => { $object.field(stringify!($field))? };
    (@take $object:ident $field:ident or $default:expr) => { $object.field_or(stringify!($field), $default)? };
    (@take $object:ident $field:ident as $name:literal or $default:expr) => { $object.field_or($name, $default)? };
    ($name:ident $(<$inner:ident>)? { $($field:ident $(as $wire:literal)? $(or $default:expr)?),+ $(,)? }) => {
        impl $(<$inner: $crate::read::Read>)? $crate::read::Read for $name $(<$inner>)? {
            fn read(raw: $crate::read::Raw) -> Result<Self, $crate::read::Unreadable> {
                let mut object = raw.object()?;
                Ok(Self { $($field: $crate::readable!(@take object $field $(as $wire)? $(or $default)?)),+ })
            }
        }
        $crate::deserialize_by_reading!($name $(<$inner>)?);
    };
}

/// Says how the words of an enum are called on the wire, and what an unknown word is.
#[macro_export]
macro_rules! readable_words {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? } else $unknown:ident) => {
        impl $crate::read::Read for $name {
            fn read(raw: $crate::read::Raw) -> Result<Self, $crate::read::Unreadable> {
                Ok(match raw.text()?.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::$unknown,
                })
            }
        }
        $crate::deserialize_by_reading!($name);
    };
}

/// Says how the kinds of an enum are called on the wire in the field `kind`, which other fields stand beside
/// it there, and what an unknown kind is.
#[macro_export]
macro_rules! readable_kinds {
    ($name:ident { $($kind:literal => $variant:ident $({ $($field:ident),+ $(,)? })?),+ $(,)? } else $unknown:ident) => {
        impl $crate::read::Read for $name {
            fn read(raw: $crate::read::Raw) -> Result<Self, $crate::read::Unreadable> {
                let mut object = raw.object()?;
                Ok(match object.field::<String>("kind")?.as_str() {
                    $($kind => Self::$variant $({ $($field: object.field(stringify!($field))?),+ })?,)+
                    _ => Self::$unknown,
                })
            }
        }
        $crate::deserialize_by_reading!($name);
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Variant;
    use crate::page::Page;
    use proptest::prelude::*;

    fn variant(text: &str) -> Result<Variant, Unreadable> {
        Variant::read(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn names_the_place_of_what_is_wrong() {
        let wrong = |text: &str| variant(text).unwrap_err().to_string();
        assert_eq!(wrong("[]"), "an object was expected at $");
        assert_eq!(wrong("{}"), "it is missing at $.id");
        assert_eq!(
            wrong(r#"{"id":"v","name":"n","price":{"amount":1.5}}"#),
            "a whole number was expected at $.price.amount"
        );
        assert_eq!(
            wrong(r#"{"id":"v","name":"n","price":{"amount":1,"currency":"RMB¥"}}"#),
            "a currency is three capital letters (ISO 4217) at $.price.currency"
        );
        let page: Result<Page<Variant>, _> =
            Page::read(serde_json::from_str(r#"{"items":[7]}"#).unwrap());
        assert_eq!(
            page.unwrap_err().to_string(),
            "an object was expected at $.items[0]"
        );
    }

    #[test]
    fn takes_null_for_absent() {
        let text = r#"{"id":"v","name":"n","price":{"amount":1,"currency":"CNY"},"former_price":null,"content":null,"stock":{"level":"few","left":null}}"#;
        assert_eq!(variant(text).unwrap().former_price, None);
    }

    proptest! {
        #[test]
        fn no_value_breaks_a_reader(text in "[\\[\\]{}\":,a-z0-9.\\- ]{0,80}") {
            if let Ok(raw) = serde_json::from_str::<Raw>(&text) {
                let _ = Variant::read(raw.clone());
                let _ = crate::shop::Storefront::read(raw.clone());
                let _ = crate::problem::Problem::read(raw);
            }
        }
    }
}
