//! How much is left, as far as the shop tells.

use serde::Serialize;

/// How much of a variant is left, as far as the shop tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stock {
    /// In plain words.
    pub level: StockLevel,
    /// The exact number, said only when it is small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

crate::readable!(Stock { level, left });

/// Stock in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    /// Sold out.
    None,
    /// The last ones.
    Few,
    /// Enough for everybody.
    Plenty,
    /// Newer than this code: may be ordered, the server decides.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(StockLevel { "none" => None, "few" => Few, "plenty" => Plenty } else Unknown);

impl Stock {
    /// From here down the number is told.
    pub const FEW: u32 = 10;

    /// What is told about so many pieces.
    pub fn of(pieces: u32) -> Self {
        match pieces {
            0 => Self {
                level: StockLevel::None,
                left: Some(0),
            },
            1..=Self::FEW => Self {
                level: StockLevel::Few,
                left: Some(pieces),
            },
            _ => Self {
                level: StockLevel::Plenty,
                left: None,
            },
        }
    }

    /// Whether one can be put into a cart.
    pub fn available(&self) -> bool {
        self.level != StockLevel::None
    }

    /// The most that can be put into a cart at once.
    pub fn most(&self) -> u32 {
        self.left
            .unwrap_or(crate::cart::MAX_QUANTITY)
            .min(crate::cart::MAX_QUANTITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_is_told_in_words() {
        assert_eq!(Stock::of(0).level, StockLevel::None);
        assert_eq!(
            Stock::of(10),
            Stock {
                level: StockLevel::Few,
                left: Some(10)
            }
        );
        assert_eq!(
            Stock::of(11),
            Stock {
                level: StockLevel::Plenty,
                left: None
            }
        );
    }
}
