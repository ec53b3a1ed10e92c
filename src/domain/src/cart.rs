//! The cart as the shopper drafts it. The server prices it; until then the page shows its own
//! estimate, made by the same arithmetic and marked as one.

use crate::id::{ProductId, VariantId};
use crate::money::{Money, MoneyError};
use crate::pricing::WantedLine;
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

    /// Meets the cart that the same shopper has elsewhere. `before` is what both had when they met
    /// last: whatever only one of them has changed since is as that one has it. Of what both have
    /// changed, or never met over, the larger number counts, so that nothing is lost and nothing
    /// counted twice however often the two meet.
    pub fn meet(&mut self, other: Self, before: &[WantedLine]) {
        let settled = |variant: &VariantId, here: u32, there: u32| {
            let before = before
                .iter()
                .find(|line| line.variant == *variant)
                .map_or(0, |line| line.quantity);
            match (here == before, there == before) {
                (true, _) => there,
                (_, true) => here,
                _ => here.max(there),
            }
        };
        for line in &mut self.lines {
            line.quantity = settled(&line.variant, line.quantity, other.quantity(&line.variant));
        }
        for line in other.lines {
            if self.lines.iter().all(|here| here.variant != line.variant) {
                let quantity = settled(&line.variant, 0, line.quantity);
                self.lines.push(DraftLine { quantity, ..line });
            }
        }
        self.lines.retain_mut(|line| {
            line.quantity = line.quantity.min(MAX_QUANTITY);
            line.quantity > 0
        });
    }

    /// How many of a variant there are.
    pub fn quantity(&self, variant: &VariantId) -> u32 {
        let line = self.lines.iter().find(|line| line.variant == *variant);
        line.map_or(0, |line| line.quantity)
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
            let mut both = mine.clone();
            both.meet(other.clone(), &[]);
            for line in mine.lines.iter().chain(&other.lines) {
                let id = &line.variant;
                prop_assert_eq!(both.quantity(id), mine.quantity(id).max(other.quantity(id)));
                prop_assert_eq!(both.lines.iter().filter(|there| there.variant == *id).count(), 1);
            }
            let mut again = both.clone();
            again.meet(other, &[]);
            prop_assert_eq!(again, both);
        }

        #[test]
        fn what_one_phone_changed_is_so_on_the_other(
            before in proptest::collection::vec(0_u32..4, 4),
            mine in proptest::collection::vec(0_u32..4, 4),
            other in proptest::collection::vec(0_u32..4, 4),
        ) {
            let cart = |numbers: &[u32]| {
                let mut draft = Draft::default();
                for (variant, quantity) in (0_u8..).zip(numbers).filter(|(_, quantity)| **quantity > 0) {
                    draft.add(line(variant, *quantity, 100));
                }
                draft
            };
            let wanted = |draft: &Draft| -> Vec<WantedLine> {
                draft.lines.iter().map(|line| WantedLine { variant: line.variant.clone(), quantity: line.quantity, seen: None }).collect()
            };
            let (before, mine, other) = (cart(&before), cart(&mine), cart(&other));
            let base = wanted(&before);
            let (mut here, mut there) = (mine.clone(), other.clone());
            here.meet(other.clone(), &base);
            there.meet(mine.clone(), &base);
            for variant in 0_u8..4 {
                let id = VariantId::from(format!("v{variant}"));
                let (was, mine, other) = (before.quantity(&id), mine.quantity(&id), other.quantity(&id));
                // Both phones come to the same.
                prop_assert_eq!(here.quantity(&id), there.quantity(&id));
                let settled = here.quantity(&id);
                if mine == was { prop_assert_eq!(settled, other) }
                else if other == was { prop_assert_eq!(settled, mine) }
                else { prop_assert_eq!(settled, mine.max(other)) }
            }
            // And stay with it.
            let met = here.clone();
            here.meet(met.clone(), &wanted(&met));
            prop_assert_eq!(here, met);
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
