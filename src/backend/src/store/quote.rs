//! What carts cost: the shelf and the buyer's purse as they are at one moment, priced at the till.

use super::storefront::MerchantRow;
use super::{Store, StoreError, bundles, currency, picture, purse, text};
use crate::clock::Clock;
use crate::language::Language;
use crate::{pickup, secret};
use domain::id::{BundleId, MemberId, MerchantId, QuoteId, VariantId};
use domain::money::{Currency, Money};
use domain::pricing::{
    Item, MerchantPart, Offer, Quote, QuoteBundle, QuoteLine, QuotePart, QuoteRequest,
    WantedBundle, WantedLine,
};
use domain::till::{Goods, PricedBundle, PricedLine, Receipt, Shelf, ring_up};
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How long a quote is good, in milliseconds.
const GOOD_FOR: i64 = 15 * 60_000;

/// A variant as a cart needs it; of its stock, what others hold is not there.
#[derive(Clone, Debug, FromRow)]
pub(super) struct VariantForSale {
    pub(super) variant: String,
    pub(super) product: String,
    pub(super) merchant: String,
    pub(super) name: String,
    pub(super) variant_name: String,
    pub(super) picture: Option<String>,
    pub(super) tint: String,
    pub(super) price: i64,
    pub(super) currency: String,
    pub(super) stock: u32,
}

impl VariantForSale {
    fn goods(&self) -> Result<Goods, StoreError> {
        let price = Money {
            amount: self.price,
            currency: currency(&self.currency)?,
        };
        Ok(Goods {
            merchant: self.merchant.as_str().into(),
            offer: Offer {
                price,
                stock: self.stock,
            },
            minimum: 1,
        })
    }

    fn item(&self, language: Language) -> Item {
        Item {
            product: self.product.as_str().into(),
            merchant: self.merchant.as_str().into(),
            name: text(&self.name, language),
            variant_name: text(&self.variant_name, language),
            picture: picture(self.picture.clone(), &self.tint),
        }
    }
}

/// Who asks for a price, and how the answer is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    /// `None` when nobody is signed in.
    pub(super) member: Option<&'a MemberId>,
    pub(super) language: Language,
    pub(super) clock: &'a Clock,
    pub(super) now: Moment,
}

/// A quote with what it was made from.
pub(super) struct Priced {
    pub(super) quote: Quote,
    pub(super) receipt: Receipt,
    pub(super) variants: BTreeMap<VariantId, VariantForSale>,
}

/// Prices a cart as things are in this transaction. `expires` is when the quote ends; its id is
/// made from that and from everything that makes the price, so that an order can be compared with
/// what was quoted without a quote being kept.
pub(super) async fn priced(
    reading: &mut SqliteConnection,
    cart: &QuoteRequest,
    asking: Asking<'_>,
    expires: i64,
) -> Result<Priced, StoreError> {
    let (shelf, variants) = shelf(reading, cart, asking).await?;
    let purse = purse::purse(reading, asking).await?;
    let receipt = ring_up(cart, &shelf, &purse)?;
    let item = |variant: &VariantId| Some(variants.get(variant)?.item(asking.language));
    let digest = secret::hash(&fingerprint(cart, &receipt, expires));
    let lines = cart.lines.iter().zip(&receipt.lines);
    let bundles = cart.bundles.iter().zip(&receipt.bundles);
    let quote = Quote {
        id: QuoteId::from(format!(
            "{expires}-{}",
            digest.get(..24).unwrap_or_default()
        )),
        lines: lines
            .map(|(wanted, line)| told_line(wanted, line, &item))
            .collect(),
        bundles: bundles
            .map(|(wanted, priced)| told_bundle(wanted, priced, &shelf, &item))
            .collect(),
        merchants: merchants(reading, &receipt.merchants, asking).await?,
        goods: (receipt.goods != receipt.total).then_some(receipt.goods),
        coupons: receipt.coupons.clone(),
        points: receipt.points,
        saved: some(receipt.saved),
        total: receipt.total,
        orderable: receipt.orderable,
        now: asking.now,
        expires_at: Moment {
            ms: expires,
            ..asking.now
        },
    };
    Ok(Priced {
        quote,
        receipt,
        variants,
    })
}

/// Everything that a cart is about and that its bundles may be made of.
async fn shelf(
    reading: &mut SqliteConnection,
    cart: &QuoteRequest,
    asking: Asking<'_>,
) -> Result<(Shelf, BTreeMap<VariantId, VariantForSale>), StoreError> {
    let wanted: BTreeSet<&BundleId> = cart.bundles.iter().map(|wanted| &wanted.bundle).collect();
    let mut bundles = BTreeMap::new();
    for id in wanted {
        let offered = bundles::offered(reading, Some(id), asking.language, asking.clock).await?;
        bundles.extend(offered.into_iter().map(|one| (id.clone(), one.bundle)));
    }
    let parts = bundles.values().flat_map(|bundle| &bundle.parts);
    let options = parts.flat_map(|part| &part.options);
    let lines = cart.lines.iter().map(|line| &line.variant);
    let ids: Vec<&str> = lines
        .chain(options.map(|option| &option.variant))
        .map(VariantId::as_str)
        .collect();
    let rows: Vec<VariantForSale> = sqlx::query_as(
        "SELECT v.id AS variant, v.product, p.merchant, p.name, v.name AS variant_name, p.picture, p.tint,
                v.price, v.currency,
                max(0, v.stock - coalesce((SELECT sum(h.quantity) FROM holds AS h
                                           WHERE h.variant = v.id AND h.member IS NOT ?2 AND h.expires_at > ?3), 0)) AS stock
         FROM variants AS v JOIN products AS p ON p.id = v.product
         WHERE v.id IN (SELECT value FROM json_each(?1))",
    )
    .bind(serde_json::Value::from(ids).to_string())
    .bind(asking.member.map(MemberId::as_str))
    .bind(asking.now.ms)
    .fetch_all(reading)
    .await?;
    let mut goods = BTreeMap::new();
    let mut variants = BTreeMap::new();
    for row in rows {
        let id = VariantId::from(row.variant.as_str());
        goods.insert(id.clone(), row.goods()?);
        variants.insert(id, row);
    }
    let shelf = Shelf {
        currency: Currency::CNY,
        goods,
        bundles,
    };
    Ok((shelf, variants))
}

/// Everything that makes the price: what is bought and at which prices, which coupons take off how
/// much, how many points pay.
fn fingerprint(cart: &QuoteRequest, receipt: &Receipt, expires: i64) -> String {
    let amount = |price: Option<Money>| price.map_or(-1, |price| price.amount);
    let mut text = expires.to_string();
    // Writing into a string does not fail.
    for (wanted, line) in cart.lines.iter().zip(&receipt.lines) {
        let price = amount(line.unit_price);
        let _ = write!(text, "|{}×{}@{price}", wanted.variant, wanted.quantity);
    }
    for (wanted, priced) in cart.bundles.iter().zip(&receipt.bundles) {
        let _ = write!(text, "|{}", wanted.bundle);
        for part in &priced.parts {
            let (pieces, alone) = (part.quantity, part.alone.amount);
            let _ = write!(text, "+{}×{pieces}@{alone}", part.variant);
        }
        let price = amount(priced.price.map(|price| price.price));
        let _ = write!(text, "×{}@{price}", wanted.quantity);
    }
    for used in receipt.coupons.iter().filter(|coupon| coupon.chosen) {
        let _ = write!(text, "|{}-{}", used.coupon.id, used.off.amount);
    }
    if let Some(points) = receipt.points.filter(|points| points.used > 0) {
        let _ = write!(text, "|-{}", points.used);
    }
    text
}

/// An amount that is not nothing.
fn some(amount: Money) -> Option<Money> {
    (amount.amount != 0).then_some(amount)
}

fn told_line(
    wanted: &WantedLine,
    line: &PricedLine,
    item: &dyn Fn(&VariantId) -> Option<Item>,
) -> QuoteLine {
    QuoteLine {
        variant: wanted.variant.clone(),
        quantity: wanted.quantity,
        item: item(&wanted.variant),
        unit_price: line.unit_price,
        total: line.settled.map(|settled| settled.total),
        discount: line.settled.and_then(|settled| some(settled.coupons)),
        problem: line.problem,
    }
}

fn told_bundle(
    wanted: &WantedBundle,
    priced: &PricedBundle,
    shelf: &Shelf,
    item: &dyn Fn(&VariantId) -> Option<Item>,
) -> QuoteBundle {
    let bundle = shelf.bundles.get(&wanted.bundle);
    let parts = priced.parts.iter().map(|part| QuotePart {
        variant: part.variant.clone(),
        quantity: part.quantity,
        item: item(&part.variant),
        alone: part.alone,
        price: part.price,
        short: priced.short.as_ref() == Some(&part.variant),
    });
    QuoteBundle {
        bundle: wanted.bundle.clone(),
        choice: wanted.choice.clone(),
        quantity: wanted.quantity,
        name: bundle.map(|bundle| bundle.name.clone()),
        picture: bundle.and_then(|bundle| bundle.picture.clone()),
        merchant: bundle.map(|bundle| bundle.merchant.id.clone()),
        parts: parts.collect(),
        unit_price: priced.price.map(|price| price.price),
        alone: priced.price.map(|price| price.alone),
        total: priced.total,
        problem: priced.problem,
        swap: priced.swap.clone(),
        conflict: priced.conflict.clone(),
    }
}

/// Who sells what, and from when on it can be picked up.
async fn merchants(
    reading: &mut SqliteConnection,
    subtotals: &[(MerchantId, Money)],
    asking: Asking<'_>,
) -> Result<Vec<MerchantPart>, StoreError> {
    let hours = Store::hours(reading).await?;
    let times = pickup::times(asking.clock, &hours, asking.now);
    let first = times.first().map(|(from, _)| *from);
    let mut merchants = Vec::with_capacity(subtotals.len());
    for (id, subtotal) in subtotals {
        let merchant = MerchantRow::of(reading, id.as_str()).await?;
        let merchant = merchant.read(asking.language);
        merchants.push(MerchantPart {
            merchant: merchant.id,
            name: merchant.name,
            pickup: merchant.pickup,
            pickup_from: first,
            subtotal: *subtotal,
        });
    }
    Ok(merchants)
}

/// When a quote ends, by its id; `None` for an id that is none of ours.
pub(super) fn expiry(id: &QuoteId) -> Option<i64> {
    id.as_str().split_once('-')?.0.parse().ok()
}

impl Store {
    /// Prices a cart, for a member with their coupons and points.
    pub async fn quote(
        &self,
        cart: &QuoteRequest,
        member: Option<&MemberId>,
        language: Language,
        clock: &Clock,
    ) -> Result<Quote, StoreError> {
        let mut reading = self.pool.begin().await?;
        let now = clock.now();
        // To the minute, so that the same cart has the same quote for a while.
        let expires = (now.ms + GOOD_FOR) / 60_000 * 60_000;
        let asking = Asking {
            member,
            language,
            clock,
            now,
        };
        Ok(priced(&mut reading, cart, asking, expires).await?.quote)
    }
}
