//! How an amount is shared out in whole minor units, and what of it goes back.
//!
//! A bundle's saving and a coupon's discount belong to the goods they were given for: when one of
//! them comes back, exactly what was paid for it goes back.

/// Somebody who gets a part of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    /// Decides who gets the odd fen, so that the order of the shares does not.
    pub key: &'a str,
    /// In proportion to what; negative counts as nothing.
    pub weight: i64,
}

/// Shares an amount out in proportion to the weights, by largest remainder (Hamilton's method):
/// everybody gets the whole part of the exact share, and the odd units go to the largest fractions.
///
/// The parts stand in the order of the shares. Their sum is the amount, or nothing when nobody has a
/// weight; none is negative, and none is more than its weight while the amount is not more than all
/// weights together. A negative amount is shared as nothing.
pub fn allocate(amount: i64, shares: &[Share<'_>]) -> Vec<i64> {
    let amount = i128::from(amount.max(0));
    let weight = |share: &Share<'_>| i128::from(share.weight.max(0));
    let all: i128 = shares.iter().map(weight).sum();
    if all == 0 {
        return vec![0; shares.len()];
    }
    let mut parts: Vec<i128> = Vec::with_capacity(shares.len());
    let mut fractions = Vec::with_capacity(shares.len());
    for (at, share) in shares.iter().enumerate() {
        let exact = amount * weight(share);
        parts.push(exact / all);
        fractions.push((all - exact % all, share.key, share.weight, at));
    }
    fractions.sort_unstable();
    let odd = amount - parts.iter().sum::<i128>();
    // There are fewer odd units than fractions that are not zero.
    for (_, (.., at)) in (0..odd).zip(fractions) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    let fits = |part| i64::try_from(part).unwrap_or(i64::MAX);
    parts.into_iter().map(fits).collect()
}

/// What of `paid` for so many pieces belongs to `returned` more of them, when `before` came back
/// already. Whatever the steps in which all come back, they get back what was paid: no more, no less.
pub fn refund(paid: i64, pieces: u32, before: u32, returned: u32) -> i64 {
    let until = |count: u32| {
        let share = i128::from(paid.max(0)) * i128::from(count.min(pieces));
        share.checked_div(i128::from(pieces)).unwrap_or(0)
    };
    let due = until(before.saturating_add(returned)) - until(before);
    i64::try_from(due).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shared(amount: i64, weights: &[(&str, i64)]) -> Vec<i64> {
        let shares: Vec<_> = weights
            .iter()
            .map(|(key, weight)| Share {
                key,
                weight: *weight,
            })
            .collect();
        allocate(amount, &shares)
    }

    #[test]
    fn a_saving_is_shared_to_the_fen() {
        // 1260 × 4590/7240 = 798.81, × 1960/7240 = 341.10, × 690/7240 = 120.08.
        let parts = [("salmon", 4_590), ("quinoa", 1_960), ("lemon", 690)];
        assert_eq!(shared(1_260, &parts), [799, 341, 120]);
        // Of equals the first name gets the odd fen, wherever it stands.
        assert_eq!(shared(1, &[("b", 5), ("a", 5)]), [0, 1]);
        assert_eq!(shared(7, &[("a", 0), ("b", -3)]), [0, 0]);
        assert_eq!(shared(-7, &[("a", 1)]), [0]);
        assert_eq!(shared(i64::MAX, &[("a", i64::MAX)]), [i64::MAX]);
    }

    #[test]
    fn a_refund_piece_by_piece() {
        let back = |before| refund(1_000, 3, before, 1);
        assert_eq!([back(0), back(1), back(2), back(3)], [333, 333, 334, 0]);
        assert_eq!(refund(1_000, 0, 0, 1), 0);
    }

    fn any_weights() -> impl Strategy<Value = Vec<(String, i64)>> {
        proptest::collection::vec(("[a-d]{1,2}", 0_i64..100_000), 0..12)
    }

    fn borrowed(weights: &[(String, i64)]) -> Vec<Share<'_>> {
        weights
            .iter()
            .map(|(key, weight)| Share {
                key,
                weight: *weight,
            })
            .collect()
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nobody_pays(weights in any_weights(), amount in 0_i64..2_000_000) {
            let parts = allocate(amount, &borrowed(&weights));
            let all: i64 = weights.iter().map(|(_, weight)| weight).sum();
            prop_assert_eq!(parts.iter().sum::<i64>(), if all == 0 { 0 } else { amount });
            for (part, (_, weight)) in parts.iter().zip(&weights) {
                prop_assert!(*part >= 0);
                prop_assert!(amount > all || part <= weight);
                // Never a whole unit away from the exact share.
                let off = i128::from(*part) * i128::from(all) - i128::from(amount) * i128::from(*weight);
                prop_assert!(all == 0 || off.abs() < i128::from(all));
            }
        }

        #[test]
        fn the_order_of_the_shares_does_not_matter(
            weights in any_weights(), amount in 0_i64..2_000_000, turn in 0_usize..12,
        ) {
            let mut turned = weights.clone();
            turned.reverse();
            let by = turn % turned.len().max(1);
            turned.rotate_left(by);
            let of = |weights: &[(String, i64)]| {
                let parts = allocate(amount, &borrowed(weights));
                let mut named: Vec<_> = weights.iter().cloned().zip(parts).collect();
                named.sort();
                named
            };
            prop_assert_eq!(of(&weights), of(&turned));
        }

        #[test]
        fn everything_goes_back_once(
            paid in 0_i64..1_000_000, pieces in 1_u32..100, steps in proptest::collection::vec(0_u32..40, 0..20),
        ) {
            let (mut before, mut back) = (0, 0);
            for step in steps.into_iter().chain([pieces]) {
                let due = refund(paid, pieces, before, step);
                prop_assert!(due >= 0);
                back += due;
                before = (before + step).min(pieces);
            }
            prop_assert_eq!(back, paid);
            prop_assert_eq!(refund(paid, pieces, before, 1), 0);
        }
    }
}
