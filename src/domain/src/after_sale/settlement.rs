//! What can still come back of an order, and what comes back for it.

use super::{RETURNABLE_FOR, Return, ReturnLine, ReturnPieces, ReturnState, ReturnedCoupon};
use crate::allocation::refund;
use crate::id::CouponId;
use crate::money::Money;
use crate::order::{Order, OrderLine, OrderState};
use crate::points::{EntryKind, earned};
use crate::time::Moment;

/// Until when a return of an order can be asked for now; `None` when none can be: it is not handed
/// over, that was too long ago, one waits already, or everything came back.
pub fn open_until(order: &Order, now: Moment) -> Option<Moment> {
    // The first of them: what happens to its payment later is told with the same state.
    let mut history = order.history.iter();
    let handed_over = history.find(|change| change.state == OrderState::HandedOver)?;
    let until = Moment {
        ms: handed_over.at.ms.checked_add(RETURNABLE_FOR)?,
        ..handed_over.at
    };
    let waits = |asked: &Return| asked.state == ReturnState::Requested;
    let open = order.state == OrderState::HandedOver
        && now.ms < until.ms
        && !order.returns.iter().any(waits)
        && order.bag().any(|line| left(line) > 0);
    open.then_some(until)
}

/// How many pieces of a line can still come back.
pub fn left(line: &OrderLine) -> u32 {
    line.quantity.saturating_sub(line.returned)
}

/// What comes back for some pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// In money.
    pub amount: Money,
    /// Of the points that paid.
    pub points: u32,
    /// How many of the points that were earned were earned with these pieces.
    pub revoked: u32,
    /// The coupons that have nothing left to take something off.
    pub coupons: Vec<ReturnedCoupon>,
}

impl Settlement {
    /// What it does to the points of a member who has so many: what paid comes back first, then
    /// what was earned is lost, as far as it is still there.
    pub fn entries(&self, balance: u32) -> Vec<(EntryKind, u32)> {
        let there = balance.saturating_add(self.points);
        let entries = [
            (EntryKind::Refund, self.points),
            (EntryKind::Revoke, self.revoked.min(there)),
        ];
        entries
            .into_iter()
            .filter(|(_, points)| *points > 0)
            .collect()
    }
}

/// Why pieces cannot come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Nothing is to come back.
    Nothing,
    /// The order has no such line, or it was named before: which one of those asked for.
    NoSuchLine(usize),
    /// None, or more than are left: which one of those asked for.
    Quantity(usize),
}

/// What comes back for some pieces of an order as it stands.
pub fn settle(order: &Order, pieces: &[ReturnPieces]) -> Result<Settlement, Misfit> {
    if pieces.is_empty() {
        return Err(Misfit::Nothing);
    }
    let (mut amount, mut points) = (0_i64, 0_i64);
    for (at, wanted) in pieces.iter().enumerate() {
        let before = pieces.iter().take(at);
        let line = order.bag().find(|line| line.place == wanted.line);
        let line = line
            .filter(|_| before.clone().all(|one| one.line != wanted.line))
            .ok_or(Misfit::NoSuchLine(at))?;
        if wanted.quantity == 0 || wanted.quantity > left(line) {
            return Err(Misfit::Quantity(at));
        }
        let share = |whole: i64| refund(whole, line.quantity, line.returned, wanted.quantity);
        amount = amount.saturating_add(share(line.paid.unwrap_or(line.total).amount));
        points = points.saturating_add(share(line.points.into()));
    }
    let money = |amount| Money {
        amount,
        ..order.total
    };
    let before = order.refunded.map_or(0, |refunded| refunded.amount);
    let kept = money(
        order
            .total
            .amount
            .saturating_sub(before)
            .saturating_sub(amount),
    );
    let approved = || {
        let returns = order.returns.iter();
        returns.filter(|asked| asked.state == ReturnState::Approved)
    };
    let lost = approved().fold(0_u32, |sum, asked| sum.saturating_add(asked.revoked));
    let comes_back = |line: &OrderLine| {
        let asked = pieces.iter().find(|asked| asked.line == line.place);
        asked.map_or(0, |asked| asked.quantity) == left(line)
    };
    let is_done = |coupon: &CouponId| {
        let mut given = approved().flat_map(|asked| &asked.coupons);
        given.any(|given| given.coupon == *coupon)
    };
    let coupons = order.coupons.iter().filter(|used| {
        let took_from = |place: &u32| {
            let line = order.bag().find(|line| line.place == *place);
            line.is_none_or(comes_back)
        };
        !used.lines.is_empty() && used.lines.iter().all(took_from) && !is_done(&used.coupon)
    });
    Ok(Settlement {
        amount: money(amount),
        points: u32::try_from(points).unwrap_or(u32::MAX),
        // As if only what is kept had been paid, whatever the steps.
        revoked: earned(order.total)
            .saturating_sub(lost)
            .saturating_sub(earned(kept)),
        coupons: coupons
            .map(|used| ReturnedCoupon {
                coupon: used.coupon.clone(),
                name: used.name.clone(),
            })
            .collect(),
    })
}

/// What comes back, as it was bought.
pub fn lines(order: &Order, pieces: &[ReturnPieces]) -> Vec<ReturnLine> {
    let told = pieces.iter().filter_map(|asked| {
        let line = order.bag().find(|line| line.place == asked.line)?;
        Some(ReturnLine {
            place: line.place,
            name: line.name.clone(),
            variant_name: line.variant_name.clone(),
            picture: line.picture.clone(),
            quantity: asked.quantity,
        })
    });
    told.collect()
}
