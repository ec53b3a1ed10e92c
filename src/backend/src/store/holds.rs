//! What is held for members at the checkout.

use super::quote::{Asking, priced};
use super::{Store, StoreError};
use crate::clock::Clock;
use crate::language::Language;
use domain::hold::{HELD_FOR, HeldLine, Hold, PAUSE, Previous, Wanted, grant};
use domain::id::{MemberId, VariantId};
use domain::pricing::QuoteRequest;
use domain::time::Moment;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

impl Store {
    /// Has the goods of a cart held for a member, in the place of what was held before.
    pub async fn hold(
        &self,
        member: &MemberId,
        cart: &QuoteRequest,
        language: Language,
        clock: &Clock,
    ) -> Result<Hold, StoreError> {
        let mut writing = self.write().await?;
        let now = clock.now();
        sqlx::query("DELETE FROM holds WHERE since <= ?1")
            .bind(now.ms.saturating_sub(HELD_FOR + PAUSE))
            .execute(&mut *writing)
            .await?;
        let asking = Asking {
            member: Some(member),
            language,
            clock,
            now,
        };
        let goods = goods(&mut writing, cart, asking).await?;
        release(&mut writing, member).await?;
        let mut lines = Vec::with_capacity(goods.len());
        let mut expires_at: Option<Moment> = None;
        for (product, wanted) in by_product(goods) {
            let Some(product) = product else {
                // Not sold any more: there is nothing to hold.
                lines.extend(wanted.into_iter().map(|one| one.told(0)));
                continue;
            };
            let since: Option<i64> = sqlx::query_scalar(
                "SELECT min(since) FROM holds WHERE member = ?1 AND product = ?2",
            )
            .bind(member.as_str())
            .bind(&product)
            .fetch_one(&mut *writing)
            .await?;
            let previous = since.map(|ms| Previous {
                since: clock.moment(ms),
            });
            let asked: Vec<Wanted> = wanted.iter().map(Goods::wanted).collect();
            let granted = grant(previous, &asked, now);
            let held: u32 = granted.pieces.iter().sum();
            if held > 0 {
                expires_at = expires_at
                    .filter(|first| first.ms <= granted.until.ms)
                    .or(Some(granted.until));
            }
            for (one, pieces) in wanted.into_iter().zip(granted.pieces) {
                // Also when nothing was left: whoever asks has begun, so that a crowd that asks over
                // and over cannot take turns.
                put(
                    &mut writing,
                    member,
                    &product,
                    &one.variant,
                    pieces,
                    granted.since,
                    granted.until,
                )
                .await?;
                lines.push(one.told(pieces));
            }
        }
        writing.commit().await?;
        lines.sort_by(|one, other| one.variant.cmp(&other.variant));
        Ok(Hold {
            now,
            expires_at,
            lines,
        })
    }

    /// Puts back what is held for a member. Its time goes on, so that nobody begins anew by it.
    pub async fn release_hold(&self, member: &MemberId) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        release(&mut writing, member).await?;
        writing.commit().await
    }
}

/// Pieces of a variant that somebody wants held.
struct Goods {
    variant: VariantId,
    quantity: u32,
    left: u32,
}

impl Goods {
    fn wanted(&self) -> Wanted {
        Wanted {
            quantity: self.quantity,
            left: self.left,
        }
    }

    fn told(self, held: u32) -> HeldLine {
        HeldLine {
            variant: self.variant,
            quantity: self.quantity,
            held,
        }
    }
}

/// Everything that is in a cart, the parts of its bundles too, with the product of each.
async fn goods(
    reading: &mut SqliteConnection,
    cart: &QuoteRequest,
    asking: Asking<'_>,
) -> Result<Vec<(Option<String>, Goods)>, StoreError> {
    let priced = priced(reading, cart, asking, asking.now.ms).await?;
    let mut pieces: BTreeMap<&VariantId, u32> = BTreeMap::new();
    let mut add = |variant, more| {
        let sum = pieces.entry(variant).or_insert(0_u32);
        *sum = sum.saturating_add(more);
    };
    for line in &cart.lines {
        add(&line.variant, line.quantity);
    }
    for (wanted, bundle) in cart.bundles.iter().zip(&priced.receipt.bundles) {
        for part in &bundle.parts {
            add(&part.variant, part.quantity.saturating_mul(wanted.quantity));
        }
    }
    let goods = pieces.into_iter().map(|(variant, quantity)| {
        let sold = priced.variants.get(variant);
        let goods = Goods {
            variant: variant.clone(),
            quantity,
            left: sold.map_or(0, |sold| sold.stock),
        };
        (sold.map(|sold| sold.product.clone()), goods)
    });
    Ok(goods.collect())
}

fn by_product(goods: Vec<(Option<String>, Goods)>) -> BTreeMap<Option<String>, Vec<Goods>> {
    let mut products: BTreeMap<_, Vec<Goods>> = BTreeMap::new();
    for (product, one) in goods {
        products.entry(product).or_default().push(one);
    }
    products
}

async fn release(writing: &mut SqliteConnection, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("UPDATE holds SET quantity = 0 WHERE member = ?1")
        .bind(member.as_str())
        .execute(writing)
        .await?;
    Ok(())
}

async fn put(
    writing: &mut SqliteConnection,
    member: &MemberId,
    product: &str,
    variant: &VariantId,
    pieces: u32,
    since: Moment,
    until: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO holds (member, product, variant, quantity, since, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (member, variant) DO UPDATE SET quantity = ?4, since = ?5, expires_at = ?6",
    )
    .bind(member.as_str())
    .bind(product)
    .bind(variant.as_str())
    .bind(pieces)
    .bind(since.ms)
    .bind(until.ms)
    .execute(writing)
    .await?;
    Ok(())
}

/// What was held of an order's goods for whoever ordered them is theirs now.
pub(super) async fn consume(
    writing: &mut SqliteConnection,
    member: &MemberId,
    order: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE holds SET quantity = 0
         WHERE member = ?1 AND variant IN (SELECT variant FROM order_lines WHERE order_id = ?2)",
    )
    .bind(member.as_str())
    .bind(order)
    .execute(writing)
    .await?;
    Ok(())
}
