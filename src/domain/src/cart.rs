//! The cart as the shopper drafts it. The server prices it; until then the page shows its own
//! estimate, made by the same arithmetic and marked as one.

use crate::id::{BundleId, ProductId, VariantId};
use crate::member::MemberCart;
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

/// So many sets of one choice of a bundle, with what the shopper saw when it was put there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftBundle {
    /// What is bought.
    pub bundle: BundleId,
    /// What was chosen, as [`Bundle::choice`](crate::bundle::Bundle::choice) makes it.
    pub choice: Vec<VariantId>,
    /// In sets, 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// The bundle's name when it was put here.
    pub name: String,
    /// The names of what was chosen.
    #[serde(default)]
    pub parts: Vec<String>,
    /// The price of one set when it was put here.
    pub price: Money,
    /// Where its picture is, if it has one.
    #[serde(default)]
    pub picture: Option<crate::catalog::Picture>,
}

crate::readable!(DraftBundle { bundle, choice, quantity, name, parts or Default::default(), price, picture });

/// What lines and bundles have in common: something, and how many of it.
trait Row {
    fn is_same(&self, other: &Self) -> bool;
    fn quantity(&self) -> u32;
    fn set_quantity(&mut self, quantity: u32);
}

impl Row for DraftLine {
    fn is_same(&self, other: &Self) -> bool {
        self.variant == other.variant
    }

    fn quantity(&self) -> u32 {
        self.quantity
    }

    fn set_quantity(&mut self, quantity: u32) {
        self.quantity = quantity;
    }
}

impl Row for DraftBundle {
    fn is_same(&self, other: &Self) -> bool {
        self.bundle == other.bundle && self.choice == other.choice
    }

    fn quantity(&self) -> u32 {
        self.quantity
    }

    fn set_quantity(&mut self, quantity: u32) {
        self.quantity = quantity;
    }
}

/// More of what is there already joins its row, as the newer one says it.
fn add<T: Row>(rows: &mut Vec<T>, mut row: T) {
    let there = rows.iter_mut().find(|there| there.is_same(&row));
    let already = there.as_ref().map_or(0, |there| there.quantity());
    let quantity = row.quantity().saturating_add(already);
    row.set_quantity(quantity.clamp(1, MAX_QUANTITY));
    match there {
        Some(there) => *there = row,
        None => rows.push(row),
    }
}

/// Every row of both once, `before` saying how many of it both had when they met last.
fn meet<T: Row>(rows: &mut Vec<T>, other: Vec<T>, before: impl Fn(&T) -> u32) {
    let settled = |before: u32, here: u32, there: u32| match (here == before, there == before) {
        (true, _) => there,
        (_, true) => here,
        _ => here.max(there),
    };
    for row in rows.iter_mut() {
        let there = other.iter().find(|there| there.is_same(row));
        let there = there.map_or(0, Row::quantity);
        row.set_quantity(settled(before(row), row.quantity(), there));
    }
    for mut row in other {
        if !rows.iter().any(|here| here.is_same(&row)) {
            row.set_quantity(settled(before(&row), 0, row.quantity()));
            rows.push(row);
        }
    }
    rows.retain_mut(|row| {
        row.set_quantity(row.quantity().min(MAX_QUANTITY));
        row.quantity() > 0
    });
}

/// What the shopper means to buy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// One line a variant, in the order they were put here.
    pub lines: Vec<DraftLine>,
    /// One line a bundle and choice, in the order they were put here.
    #[serde(default)]
    pub bundles: Vec<DraftBundle>,
}

crate::readable!(Draft { lines, bundles or Default::default() });

impl Draft {
    /// Puts a line in; more of a variant that is there already joins its line, at the newer price.
    pub fn add(&mut self, line: DraftLine) {
        add(&mut self.lines, line);
    }

    /// Puts a bundle in; more sets of the same choice join their line, at the newer price.
    pub fn add_bundle(&mut self, bundle: DraftBundle) {
        add(&mut self.bundles, bundle);
    }

    /// Sets how many of a variant are wanted; 0 takes the line out.
    pub fn set(&mut self, variant: &VariantId, quantity: u32) {
        if quantity == 0 {
            self.lines.retain(|line| line.variant != *variant);
        } else if let Some(line) = self.lines.iter_mut().find(|line| line.variant == *variant) {
            line.quantity = quantity.min(MAX_QUANTITY);
        }
    }

    /// Sets how many sets of a choice are wanted; 0 takes the line out.
    pub fn set_bundle(&mut self, bundle: &BundleId, choice: &[VariantId], quantity: u32) {
        let is_it = |row: &DraftBundle| row.bundle == *bundle && row.choice == choice;
        if quantity == 0 {
            self.bundles.retain(|row| !is_it(row));
        } else if let Some(row) = self.bundles.iter_mut().find(|row| is_it(row)) {
            row.quantity = quantity.min(MAX_QUANTITY);
        }
    }

    /// Puts another choice of a bundle in the place of one; where that other is there already, the
    /// two become one line.
    pub fn swap(&mut self, choice: &[VariantId], with: DraftBundle) {
        let place = self
            .bundles
            .iter()
            .position(|row| row.bundle == with.bundle && row.choice == choice);
        let Some(place) = place else { return };
        let is_elsewhere =
            with.choice != choice && self.bundles.iter().any(|row| row.is_same(&with));
        if is_elsewhere {
            self.bundles.remove(place);
            self.add_bundle(with);
        } else if let Some(row) = self.bundles.get_mut(place) {
            let quantity = with.quantity.clamp(1, MAX_QUANTITY);
            *row = DraftBundle { quantity, ..with };
        }
    }

    /// Meets the cart that the same shopper has elsewhere. `before` is what both had when they met
    /// last: whatever only one of them has changed since is as that one has it. Of what both have
    /// changed, or never met over, the larger number counts, so that nothing is lost and nothing
    /// counted twice however often the two meet.
    pub fn meet(&mut self, other: Self, before: &MemberCart) {
        meet(&mut self.lines, other.lines, |line| {
            let mut lines = before.lines.iter();
            let before = lines.find(|one| one.variant == line.variant);
            before.map_or(0, |one| one.quantity)
        });
        meet(&mut self.bundles, other.bundles, |row| {
            let mut bundles = before.bundles.iter();
            let before = bundles.find(|one| one.bundle == row.bundle && one.choice == row.choice);
            before.map_or(0, |one| one.quantity)
        });
    }

    /// How many of a variant there are, in lines of its own.
    pub fn quantity(&self, variant: &VariantId) -> u32 {
        let line = self.lines.iter().find(|line| line.variant == *variant);
        line.map_or(0, |line| line.quantity)
    }

    /// How many sets of a choice there are.
    pub fn sets(&self, bundle: &BundleId, choice: &[VariantId]) -> u32 {
        let mut rows = self.bundles.iter();
        let row = rows.find(|row| row.bundle == *bundle && row.choice == choice);
        row.map_or(0, |row| row.quantity)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.bundles.is_empty()
    }

    /// How many pieces there are in all; a set is one.
    pub fn pieces(&self) -> u32 {
        self.priced()
            .fold(0, |sum, (quantity, _)| sum.saturating_add(quantity))
    }

    /// The sum at the prices that were seen; `None` when the cart is empty.
    pub fn estimate(&self) -> Result<Option<Money>, MoneyError> {
        self.priced()
            .try_fold(None, |sum: Option<Money>, (quantity, price)| {
                let row = price.times(quantity)?;
                sum.map_or(Ok(row), |sum| sum.plus(row)).map(Some)
            })
    }

    fn priced(&self) -> impl Iterator<Item = (u32, Money)> {
        let lines = self.lines.iter().map(|line| (line.quantity, line.price));
        let bundles = self.bundles.iter().map(|row| (row.quantity, row.price));
        lines.chain(bundles)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pricing::{WantedBundle, WantedLine};
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

    fn bundle(choice: u8, quantity: u32, fen: i64) -> DraftBundle {
        DraftBundle {
            bundle: "light".into(),
            choice: vec![format!("c{choice}").into()],
            quantity,
            name: String::new(),
            parts: Vec::new(),
            price: Money::fen(fen),
            picture: None,
        }
    }

    #[test]
    fn a_choice_of_a_bundle_has_one_line() {
        let mut draft = Draft::default();
        draft.add_bundle(bundle(1, 2, 500));
        draft.add_bundle(bundle(2, 1, 700));
        draft.add_bundle(bundle(1, 1, 600));
        assert_eq!(draft.bundles, [bundle(1, 3, 600), bundle(2, 1, 700)]);
        assert_eq!(draft.pieces(), 4);
        assert_eq!(draft.estimate(), Ok(Some(Money::fen(2_500))));
    }

    #[test]
    fn a_swap_stays_in_its_place_or_joins() {
        let mut draft = Draft::default();
        draft.add_bundle(bundle(1, 2, 500));
        draft.add_bundle(bundle(2, 1, 700));
        draft.swap(&["c1".into()], bundle(3, 2, 400));
        assert_eq!(draft.bundles, [bundle(3, 2, 400), bundle(2, 1, 700)]);
        draft.swap(&["c3".into()], bundle(2, 2, 750));
        assert_eq!(draft.bundles, [bundle(2, 3, 750)]);
        draft.swap(&["c9".into()], bundle(1, 1, 500));
        assert_eq!(draft.bundles, [bundle(2, 3, 750)]);
    }

    #[test]
    fn a_draft_from_before_bundles_is_read() {
        let draft: Draft = serde_json::from_str(r#"{"lines":[]}"#).unwrap();
        assert!(draft.is_empty());
    }

    /// How many of each of four variants and four choices a cart has.
    fn numbers() -> impl Strategy<Value = Vec<u32>> {
        proptest::collection::vec(prop_oneof![0_u32..4, 90_u32..=MAX_QUANTITY], 8)
    }

    fn cart(numbers: &[u32]) -> Draft {
        let mut draft = Draft::default();
        for (at, quantity) in (0_u8..).zip(numbers).filter(|(_, quantity)| **quantity > 0) {
            if at < 4 {
                draft.add(line(at, *quantity, 100));
            } else {
                draft.add_bundle(bundle(at, *quantity, 100));
            }
        }
        draft
    }

    /// The numbers of a cart again.
    fn counted(draft: &Draft) -> Vec<u32> {
        let lines = (0_u8..4).map(|at| draft.quantity(&format!("v{at}").into()));
        let sets = (4_u8..8).map(|at| draft.sets(&"light".into(), &[format!("c{at}").into()]));
        lines.chain(sets).collect()
    }

    /// A cart as it is kept for a member.
    fn kept(draft: &Draft) -> MemberCart {
        let line = |line: &DraftLine| WantedLine {
            variant: line.variant.clone(),
            quantity: line.quantity,
            seen: None,
        };
        let set = |row: &DraftBundle| WantedBundle {
            bundle: row.bundle.clone(),
            choice: row.choice.clone(),
            quantity: row.quantity,
            seen: None,
        };
        MemberCart {
            lines: draft.lines.iter().map(line).collect(),
            bundles: draft.bundles.iter().map(set).collect(),
        }
    }

    fn has_each_once(draft: &Draft) -> Result<(), TestCaseError> {
        for line in &draft.lines {
            let same = draft.lines.iter().filter(|other| other.is_same(line));
            prop_assert_eq!(same.count(), 1);
        }
        for row in &draft.bundles {
            let same = draft.bundles.iter().filter(|other| other.is_same(row));
            prop_assert_eq!(same.count(), 1);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn sets_stay_in_their_bounds(steps in proptest::collection::vec((0_u8..4, any::<u32>(), any::<bool>()), 0..40)) {
            let mut draft = Draft::default();
            for (choice, quantity, add) in steps {
                if add {
                    draft.add_bundle(bundle(choice, quantity, 100));
                } else {
                    draft.set_bundle(&"light".into(), &[format!("c{choice}").into()], quantity);
                }
            }
            for row in &draft.bundles {
                prop_assert!((1..=MAX_QUANTITY).contains(&row.quantity));
                prop_assert_eq!(draft.bundles.iter().filter(|other| other.choice == row.choice).count(), 1);
            }
        }

        #[test]
        fn two_carts_become_one(mine in numbers(), other in numbers()) {
            let (mine, other) = (cart(&mine), cart(&other));
            let mut both = mine.clone();
            both.meet(other.clone(), &MemberCart::default());
            for ((both, mine), other) in counted(&both).into_iter().zip(counted(&mine)).zip(counted(&other)) {
                prop_assert_eq!(both, mine.max(other));
            }
            has_each_once(&both)?;
            let mut again = both.clone();
            again.meet(other, &MemberCart::default());
            prop_assert_eq!(again, both);
        }

        #[test]
        fn what_one_phone_changed_is_so_on_the_other(before in numbers(), mine in numbers(), other in numbers()) {
            let (before, mine, other) = (cart(&before), cart(&mine), cart(&other));
            let (mut here, mut there) = (mine.clone(), other.clone());
            here.meet(other.clone(), &kept(&before));
            there.meet(mine.clone(), &kept(&before));
            // Both phones come to the same.
            prop_assert_eq!(counted(&here), counted(&there));
            has_each_once(&here)?;
            for (at, settled) in counted(&here).into_iter().enumerate() {
                let at = |draft: &Draft| counted(draft).into_iter().nth(at);
                let (was, mine, other) = (at(&before), at(&mine), at(&other));
                let expected = if mine == was { other } else if other == was { mine } else { mine.max(other) };
                prop_assert_eq!(Some(settled), expected);
            }
            // And stay with it.
            let met = here.clone();
            here.meet(met.clone(), &kept(&met));
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
