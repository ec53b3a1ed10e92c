#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use super::*;
use crate::order::{Change, Order, OrderCoupon, OrderLine, OrderState, Pickup};
use crate::points::{EntryKind, Standing, earned};
use proptest::prelude::*;

const NOW: Moment = Moment {
    ms: 1_795_315_351_000,
    offset_minutes: 480,
};

/// What was bought of one thing: pieces, what was paid in money, what in points.
fn line(place: u32, quantity: u32, paid: i64, points: u32) -> OrderLine {
    let total = paid + i64::from(points);
    OrderLine {
        place,
        product: "p".into(),
        variant: place.to_string().as_str().into(),
        name: "牛油果".into(),
        variant_name: "2 个".into(),
        picture: None,
        quantity,
        unit_price: Money::fen(total / i64::from(quantity)),
        total: Money::fen(total),
        paid: Some(Money::fen(paid)),
        points,
        returned: 0,
    }
}

fn order(lines: Vec<OrderLine>) -> Order {
    let paid = lines.iter().map(|line| line.paid.unwrap().amount).sum();
    Order {
        id: "o".into(),
        number: "261122-007".into(),
        state: OrderState::HandedOver,
        points: lines.iter().map(|line| line.points).sum(),
        lines,
        bundles: vec![],
        merchants: vec![],
        goods: None,
        coupons: vec![],
        total: Money::fen(paid),
        refunded: None,
        payment: Payment::AtStore,
        payment_state: None,
        pay_until: None,
        pickup: Pickup {
            from: NOW,
            to: NOW,
            place: String::new(),
        },
        contact: Contact::default(),
        note: String::new(),
        code: None,
        history: vec![Change {
            state: OrderState::HandedOver,
            at: NOW,
            by: Actor::Staff,
            event: None,
        }],
        returns: vec![],
        returnable_until: None,
    }
}

fn used(coupon: &str, lines: &[u32]) -> OrderCoupon {
    OrderCoupon {
        coupon: coupon.into(),
        name: coupon.to_owned(),
        off: Money::fen(100),
        lines: lines.to_vec(),
    }
}

fn pieces(wanted: &[(u32, u32)]) -> Vec<ReturnPieces> {
    let wanted = wanted.iter();
    wanted
        .map(|(line, quantity)| ReturnPieces {
            line: *line,
            quantity: *quantity,
        })
        .collect()
}

fn asked(state: ReturnState, settled: &Settlement) -> Return {
    Return {
        id: "r".into(),
        state,
        lines: vec![],
        reason: ReturnReason::Spoiled,
        note: String::new(),
        picture: None,
        amount: settled.amount,
        points: settled.points,
        revoked: settled.revoked,
        coupons: settled.coupons.clone(),
        answer: String::new(),
        asked_at: NOW,
        answered_at: None,
    }
}

/// Gives the pieces back, as a backend does. Returns what the member's points are then.
fn give_back(order: &mut Order, wanted: &[ReturnPieces], standing: Standing) -> Standing {
    let settled = settle(order, wanted).unwrap();
    for wanted in wanted {
        let line = order
            .lines
            .iter_mut()
            .find(|line| line.place == wanted.line);
        line.unwrap().returned += wanted.quantity;
    }
    let before = order.refunded.map_or(0, |refunded| refunded.amount);
    order.refunded = Some(Money::fen(before + settled.amount.amount));
    let mut standing = standing;
    let mut revoked = 0;
    for (kind, points) in settled.entries(standing.balance) {
        standing = standing.after(kind, points).unwrap();
        if kind == EntryKind::Revoke {
            revoked = points;
        }
    }
    order.returns.push(Return {
        revoked,
        ..asked(ReturnState::Approved, &settled)
    });
    standing
}

#[test]
fn a_part_comes_back_for_what_was_paid() {
    // Ten yuan for three, of which a coupon took something: 3.33, 3.33, 3.34.
    let mut order = order(vec![line(1, 3, 1_000, 50), line(2, 1, 500, 0)]);
    order.coupons = vec![used("wide", &[1, 2]), used("narrow", &[1])];
    let one = settle(&order, &pieces(&[(1, 1)])).unwrap();
    assert_eq!((one.amount, one.points), (Money::fen(333), 16));
    // Fifteen yuan earned 15 points, 11.67 yuan earn 11.
    assert_eq!(one.revoked, 4);
    assert_eq!(one.coupons, []);
    let standing = Standing {
        balance: 15,
        spent: 50,
        earned: 15,
        ..Standing::default()
    };
    let standing = give_back(&mut order, &pieces(&[(1, 1)]), standing);
    assert_eq!(standing.balance, 15 + 16 - 4);
    let rest = settle(&order, &pieces(&[(1, 2)])).unwrap();
    assert_eq!((rest.amount, rest.points), (Money::fen(667), 34));
    assert_eq!(
        rest.coupons.len(),
        1,
        "only the one that took from nothing else"
    );
    assert_eq!(rest.coupons[0].name, "narrow");
    let standing = give_back(&mut order, &pieces(&[(1, 2)]), standing);
    let last = settle(&order, &pieces(&[(2, 1)])).unwrap();
    assert_eq!(last.coupons.len(), 1, "a coupon comes back once");
    assert_eq!(last.coupons[0].name, "wide");
    let standing = give_back(&mut order, &pieces(&[(2, 1)]), standing);
    assert_eq!(
        (standing.balance, standing.spent, standing.earned),
        (50, 0, 0)
    );
    assert_eq!(order.refunded, Some(order.total));
}

#[test]
fn what_was_earned_and_spent_again_is_not_owed() {
    let mut order = order(vec![line(1, 2, 3_000, 0)]);
    let spent_elsewhere = Standing {
        balance: 5,
        earned: 30,
        ..Standing::default()
    };
    let standing = give_back(&mut order, &pieces(&[(1, 1)]), spent_elsewhere);
    assert_eq!((standing.balance, standing.earned), (0, 25));
    // New points are there when the next piece comes back: what is owed is taken then.
    let richer = Standing {
        balance: 100,
        ..standing
    };
    let standing = give_back(&mut order, &pieces(&[(1, 1)]), richer);
    assert_eq!((standing.balance, standing.earned), (75, 0));
}

#[test]
fn what_does_not_fit_is_named() {
    let mut order = order(vec![line(1, 3, 1_000, 0), line(2, 1, 500, 0)]);
    order.lines[0].returned = 2;
    let misfit = |wanted: &[(u32, u32)]| settle(&order, &pieces(wanted)).unwrap_err();
    assert_eq!(misfit(&[]), Misfit::Nothing);
    assert_eq!(misfit(&[(2, 1), (3, 1)]), Misfit::NoSuchLine(1));
    assert_eq!(misfit(&[(2, 1), (2, 1)]), Misfit::NoSuchLine(1));
    assert_eq!(misfit(&[(1, 0)]), Misfit::Quantity(0));
    assert_eq!(misfit(&[(2, 1), (1, 2)]), Misfit::Quantity(1));
    assert_eq!(misfit(&[(1, u32::MAX)]), Misfit::Quantity(0));
}

#[test]
fn a_return_has_its_time() {
    let order = order(vec![line(1, 1, 100, 0)]);
    let later = |ms| Moment {
        ms: NOW.ms + ms,
        ..NOW
    };
    let end = later(RETURNABLE_FOR);
    assert_eq!(open_until(&order, NOW), Some(end));
    assert_eq!(open_until(&order, later(RETURNABLE_FOR - 1)), Some(end));
    assert_eq!(open_until(&order, end), None);
    for state in OrderState::ALL {
        let there = Order {
            state,
            ..order.clone()
        };
        let open = open_until(&there, NOW).is_some();
        assert_eq!(open, state == OrderState::HandedOver, "{state:?}");
    }
    let settled = settle(&order, &pieces(&[(1, 1)])).unwrap();
    for state in ReturnState::ALL {
        let there = Order {
            returns: vec![asked(state, &settled)],
            ..order.clone()
        };
        let open = open_until(&there, NOW).is_some();
        assert_eq!(open, state != ReturnState::Requested, "{state:?}");
    }
    let mut back = order;
    back.lines[0].returned = 1;
    assert_eq!(open_until(&back, NOW), None);
}

const STEPS: [ReturnStep; 3] = [
    ReturnStep::Approve,
    ReturnStep::Decline,
    ReturnStep::Withdraw,
];
const ACTORS: [Actor; 4] = [Actor::Shopper, Actor::Staff, Actor::System, Actor::Unknown];

#[test]
fn the_shop_decides_and_the_shopper_withdraws() {
    for (step, by) in STEPS
        .into_iter()
        .flat_map(|step| ACTORS.map(|by| (step, by)))
    {
        let may = match step {
            ReturnStep::Approve | ReturnStep::Decline => by == Actor::Staff,
            ReturnStep::Withdraw => by == Actor::Shopper,
        };
        let next = ReturnState::Requested.after(step, by);
        assert_eq!(next, may.then(|| step.goal()), "{step:?} {by:?}");
        for state in [
            ReturnState::Approved,
            ReturnState::Declined,
            ReturnState::Withdrawn,
            ReturnState::Unknown,
        ] {
            assert_eq!(state.after(step, by), None, "{state:?}");
        }
    }
}

#[test]
fn words_are_read_as_they_are_written() {
    for reason in ReturnReason::ALL {
        let json = serde_json::to_string(&reason).unwrap();
        assert_eq!(json, format!("\"{}\"", reason.as_str()));
        assert_eq!(serde_json::from_str::<ReturnReason>(&json).unwrap(), reason);
    }
    for state in ReturnState::ALL {
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(json, format!("\"{}\"", state.as_str()));
        assert_eq!(serde_json::from_str::<ReturnState>(&json).unwrap(), state);
    }
}

/// Lines, and coupons that took something off some of them.
fn any_order() -> impl Strategy<Value = Order> {
    let lines = proptest::collection::vec((1_u32..12, 0_i64..100_000, 0_u32..3_000), 1..6);
    let coupons = proptest::collection::vec(proptest::collection::vec(any::<bool>(), 6), 0..4);
    (lines, coupons).prop_map(|(lines, coupons)| {
        let lines = (1_u32..).zip(lines);
        let mut order = order(
            lines
                .map(|(place, (quantity, paid, points))| line(place, quantity, paid, points))
                .collect(),
        );
        let count = u32::try_from(order.lines.len()).unwrap();
        for (at, covers) in coupons.into_iter().enumerate() {
            let places = (1..=count).zip(covers).filter(|(_, covers)| *covers);
            let places: Vec<u32> = places.map(|(place, _)| place).collect();
            if !places.is_empty() {
                order.coupons.push(used(&format!("c{at}"), &places));
            }
        }
        order
    })
}

/// Some of what is left, by what was drawn; nothing when that is none.
fn some_of(order: &Order, drawn: &[u32]) -> Vec<ReturnPieces> {
    let lines = order.lines.iter().zip(drawn);
    let wanted = lines.map(|(line, drawn)| ReturnPieces {
        line: line.place,
        quantity: (*drawn).min(left(line)),
    });
    wanted.filter(|wanted| wanted.quantity > 0).collect()
}

proptest! {
    #[test]
    fn whatever_the_steps_exactly_what_was_paid_comes_back(
        order in any_order(),
        steps in proptest::collection::vec(proptest::collection::vec(0_u32..5, 6), 0..12),
        others in 0_u32..10_000,
        spends in proptest::collection::vec(0_u32..200, 13),
    ) {
        let mut order = order;
        let paid = order.total.amount;
        let gains = earned(order.total);
        // Paid with points, and earned some; what others gave is there too.
        let mut standing = Standing { balance: others + gains, frozen: 0, spent: order.points, earned: gains };
        let mut elsewhere = 0;
        let all = vec![99; 6];
        for (drawn, spend) in steps.iter().chain([&all]).zip(spends) {
            // Meanwhile points are spent on something else.
            let spend = spend.min(standing.balance);
            standing.balance -= spend;
            elsewhere += spend;
            let wanted = some_of(&order, drawn);
            if wanted.is_empty() {
                continue;
            }
            let settled = settle(&order, &wanted).unwrap();
            prop_assert!(settled.amount.amount >= 0);
            let before = standing;
            standing = give_back(&mut order, &wanted, standing);
            // No point comes from nowhere: what paid came back, what was earned is lost.
            prop_assert_eq!(i64::from(standing.balance) - i64::from(before.balance),
                i64::from(before.spent - standing.spent) - i64::from(before.earned - standing.earned));
            let refunded = order.refunded.unwrap().amount;
            prop_assert!(refunded <= paid);
            // Nothing more is left of what was earned than the money that was kept earns, unless it is spent.
            let kept = earned(Money::fen(paid - refunded));
            prop_assert!(standing.earned >= kept);
            prop_assert!(standing.earned == kept || standing.balance == 0);
        }
        prop_assert_eq!(order.refunded.unwrap_or(Money::fen(0)).amount, paid);
        prop_assert_eq!(standing.spent, 0);
        prop_assert_eq!(i64::from(standing.balance) + i64::from(elsewhere),
            i64::from(others) + i64::from(order.points) + i64::from(standing.earned));
        let mut given: Vec<_> = order.returns.iter().flat_map(|one| &one.coupons).map(|one| one.coupon.clone()).collect();
        given.sort();
        let mut held: Vec<_> = order.coupons.iter().map(|one| one.coupon.clone()).collect();
        held.sort();
        prop_assert_eq!(given, held);
        prop_assert_eq!(open_until(&order, NOW), None);
    }

    #[test]
    fn all_at_once_is_the_whole_order(order in any_order(), balance in 0_u32..100_000) {
        let wanted = some_of(&order, &[99; 6]);
        let settled = settle(&order, &wanted).unwrap();
        prop_assert_eq!(settled.amount, order.total);
        prop_assert_eq!(settled.points, order.points);
        prop_assert_eq!(settled.revoked, earned(order.total));
        prop_assert_eq!(settled.coupons.len(), order.coupons.len());
        let entries = settled.entries(balance);
        let start = Standing { balance, frozen: 0, spent: order.points, earned: earned(order.total) };
        let end = entries.iter().try_fold(start, |standing, (kind, points)| standing.after(*kind, *points));
        prop_assert!(end.is_some());
    }
}
