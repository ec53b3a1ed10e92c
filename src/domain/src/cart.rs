//! The cart as the shopper drafts it. The server prices it; until then the page shows its own
//! estimate, made by the same arithmetic and marked as one.

use crate::id::{ProductId, VariantId};
use crate::money::{Money, MoneyError};
use serde::Serialize;

/// The most of one variant in one cart.
pub const MAX_QUANTITY: u32 = 99;

/// So many of one variant, with what the shopper saw when it was put there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftLine {
    /// The product, for its page.
    pub product: ProductId,
    /// What is bought.
    pub variant: VariantId,
    /// 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// The product's name when it was put here.
    pub name: String,
    /// The variant's name when it was put here.
    pub variant_name: String,
    /// The price when it was put here.
    pub price: Money,
    /// Where its picture is, if it has one.
    #[serde(default)]
    pub picture: Option<crate::catalog::Picture>,
}

crate::readable!(DraftLine {
    product,
    variant,
    quantity,
    name,
    variant_name,
    price,
    picture
});

/// What the shopper means to buy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// One line a variant, in the order they were put here.
    pub lines: Vec<DraftLine>,
}

crate::readable!(Draft { lines });

impl Draft {
    /// Puts a line in; more of a variant that is there already joins its line, at the newer price.
    pub fn add(&mut self, line: DraftLine) {
        match self
            .lines
            .iter_mut()
            .find(|there| there.variant == line.variant)
        {
            Some(there) => {
                let quantity = there
                    .quantity
                    .saturating_add(line.quantity)
                    .clamp(1, MAX_QUANTITY);
                *there = DraftLine { quantity, ..line };
            }
            None => {
                let quantity = line.quantity.clamp(1, MAX_QUANTITY);
                self.lines.push(DraftLine { quantity, ..line });
            }
        }
    }

    /// Sets how many of a variant are wanted; 0 takes the line out.
    pub fn set(&mut self, variant: &VariantId, quantity: u32) {
        if quantity == 0 {
            self.lines.retain(|line| line.variant != *variant);
        } else if let Some(line) = self.lines.iter_mut().find(|line| line.variant == *variant) {
            line.quantity = quantity.min(MAX_QUANTITY);
        }
    }

    /// Takes over what another cart of the same shopper has: every variant once, with the larger
    /// number of the two, so that nothing is lost and nothing counted twice however often the two
    /// meet.
    pub fn merge(&mut self, other: Self) {
        for line in other.lines {
            match self
                .lines
                .iter_mut()
                .find(|there| there.variant == line.variant)
            {
                Some(there) => {
                    there.quantity = there.quantity.max(line.quantity).clamp(1, MAX_QUANTITY)
                }
                None => self.add(line),
            }
        }
    }

    /// How many pieces there are in all.
    pub fn pieces(&self) -> u32 {
        self.lines
            .iter()
            .fold(0, |sum, line| sum.saturating_add(line.quantity))
    }

    /// The sum at the prices that were seen; `None` when the cart is empty.
    pub fn estimate(&self) -> Result<Option<Money>, MoneyError> {
        self.lines
            .iter()
            .try_fold(None, |sum: Option<Money>, line| {
                let line = line.price.times(line.quantity)?;
                sum.map_or(Ok(line), |sum| sum.plus(line)).map(Some)
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(variant: u8, quantity: u32, fen: i64) -> DraftLine {
        DraftLine {
            product: "p".into(),
            variant: format!("v{variant}").into(),
            quantity,
            name: String::new(),
            variant_name: String::new(),
            price: Money::fen(fen),
            picture: None,
        }
    }

    #[test]
    fn a_variant_has_one_line() {
        let mut draft = Draft::default();
        draft.add(line(1, 2, 500));
        draft.add(line(1, 1, 600));
        assert_eq!(draft.lines, [line(1, 3, 600)]);
        assert_eq!(draft.estimate(), Ok(Some(Money::fen(1_800))));
        draft.set(&"v1".into(), 0);
        assert_eq!(draft.estimate(), Ok(None));
    }

    proptest! {
        #[test]
        fn two_carts_become_one(
            mine in proptest::collection::vec((0_u8..6, 1_u32..99), 0..8),
            other in proptest::collection::vec((0_u8..6, 1_u32..99), 0..8),
        ) {
            let cart = |lines: Vec<(u8, u32)>| {
                let mut draft = Draft::default();
                for (variant, quantity) in lines {
                    draft.add(line(variant, quantity, 100));
                }
                draft
            };
            let (mine, other) = (cart(mine), cart(other));
            let quantity = |draft: &Draft, id: &VariantId| draft.lines.iter().find(|line| line.variant == *id).map_or(0, |line| line.quantity);
            let mut merged = mine.clone();
            merged.merge(other.clone());
            for line in mine.lines.iter().chain(&other.lines) {
                let id = &line.variant;
                prop_assert_eq!(quantity(&merged, id), quantity(&mine, id).max(quantity(&other, id)));
                prop_assert_eq!(merged.lines.iter().filter(|there| there.variant == *id).count(), 1);
            }
            let mut again = merged.clone();
            again.merge(other);
            prop_assert_eq!(again, merged);
        }

        #[test]
        fn quantities_stay_in_their_bounds(steps in proptest::collection::vec((0_u8..4, any::<u32>(), any::<bool>()), 0..40)) {
            let mut draft = Draft::default();
            for (variant, quantity, add) in steps {
                if add {
                    draft.add(line(variant, quantity, 100));
                } else {
                    draft.set(&format!("v{variant}").as_str().into(), quantity);
                }
            }
            for line in &draft.lines {
                prop_assert!((1..=MAX_QUANTITY).contains(&line.quantity));
                prop_assert_eq!(draft.lines.iter().filter(|other| other.variant == line.variant).count(), 1);
            }
            let total: i64 = draft.lines.iter().map(|line| i64::from(line.quantity) * 100).sum();
            prop_assert_eq!(draft.estimate().unwrap().map_or(0, |sum| sum.amount), total);
        }
    }
}
