//! What carts cost, and the cart that a member has on every phone.

use super::{Store, StoreError, picture, text};
use crate::language::Language;
use crate::secret;
use domain::id::{MemberId, QuoteId};
use domain::member::MemberCart;
use domain::money::{Currency, Money};
use domain::pricing::{self, Item, Offer, Quote, QuoteLine, WantedLine};
use domain::time::Moment;
use sqlx::{FromRow, SqliteConnection};

/// How long a quote is good, in milliseconds.
const GOOD_FOR: i64 = 15 * 60_000;

/// A variant as a cart needs it.
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
    pub(super) fn price(&self) -> Result<Money, StoreError> {
        let currency = Currency::from_code(&self.currency).ok_or_else(|| StoreError::Corrupt {
            what: "currency",
            value: self.currency.clone(),
        })?;
        Ok(Money {
            amount: self.price,
            currency,
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

/// A quote with what it was made from.
pub(super) struct Priced {
    pub(super) quote: Quote,
    pub(super) variants: Vec<Option<VariantForSale>>,
}

/// Prices a cart as things are in this transaction. `expires` is when the quote ends; its id is
/// made from that and from every price, so that an order can be compared with what was quoted
/// without a quote being kept.
pub(super) async fn priced(
    reading: &mut SqliteConnection,
    wanted: &[WantedLine],
    language: Language,
    now: Moment,
    expires: i64,
) -> Result<Priced, StoreError> {
    let mut lines = Vec::with_capacity(wanted.len());
    let mut variants = Vec::with_capacity(wanted.len());
    let mut fingerprint = expires.to_string();
    for line in wanted {
        let variant: Option<VariantForSale> = sqlx::query_as(
            "SELECT v.id AS variant, v.product, p.merchant, p.name, v.name AS variant_name, p.picture, p.tint,
                    v.price, v.currency, v.stock
             FROM variants AS v JOIN products AS p ON p.id = v.product WHERE v.id = ?1",
        )
        .bind(line.variant.as_str())
        .fetch_optional(&mut *reading)
        .await?;
        let unit_price = variant.as_ref().map(VariantForSale::price).transpose()?;
        let offer = unit_price
            .zip(variant.as_ref())
            .map(|(price, variant)| Offer {
                price,
                stock: variant.stock,
            });
        let priced = pricing::price(line, offer)?;
        fingerprint.push_str(&format!(
            "|{}×{}@{}",
            line.variant,
            line.quantity,
            unit_price.map_or(-1, |price| price.amount)
        ));
        lines.push(QuoteLine {
            variant: line.variant.clone(),
            quantity: line.quantity,
            item: variant.as_ref().map(|variant| variant.item(language)),
            unit_price,
            total: priced.total,
            discount: None,
            problem: priced.problem,
        });
        variants.push(variant);
    }
    let total = pricing::sum(lines.iter().filter_map(|line| line.total), Currency::CNY)?;
    let digest = secret::hash(&fingerprint);
    let quote = Quote {
        id: QuoteId::from(format!(
            "{expires}-{}",
            digest.get(..24).unwrap_or_default()
        )),
        orderable: !lines.is_empty() && lines.iter().all(|line| line.problem.is_none()),
        lines,
        bundles: Vec::new(),
        merchants: Vec::new(),
        goods: None,
        coupons: Vec::new(),
        points: None,
        saved: None,
        total,
        now,
        expires_at: Moment { ms: expires, ..now },
    };
    Ok(Priced { quote, variants })
}

/// When a quote ends, by its id; `None` for an id that is none of ours.
pub(super) fn expiry(id: &QuoteId) -> Option<i64> {
    id.as_str().split_once('-')?.0.parse().ok()
}

impl Store {
    /// Prices a cart.
    pub async fn quote(
        &self,
        wanted: &[WantedLine],
        language: Language,
        now: Moment,
    ) -> Result<Quote, StoreError> {
        let mut reading = self.pool.begin().await?;
        // To the minute, so that the same cart has the same quote for a while.
        let expires = (now.ms + GOOD_FOR) / 60_000 * 60_000;
        Ok(priced(&mut reading, wanted, language, now, expires)
            .await?
            .quote)
    }

    /// The cart that a member has on every phone; empty when there is none.
    pub async fn member_cart(&self, member: &MemberId) -> Result<MemberCart, StoreError> {
        let lines: Option<String> =
            sqlx::query_scalar("SELECT lines FROM member_carts WHERE member = ?1")
                .bind(member.as_str())
                .fetch_optional(&self.pool)
                .await?;
        Ok(MemberCart {
            lines: lines
                .map(|json| read_lines(&json))
                .transpose()?
                .unwrap_or_default(),
            ..MemberCart::default()
        })
    }

    /// Puts a cart in the place of the one a member had.
    pub async fn keep_member_cart(
        &self,
        member: &MemberId,
        cart: &MemberCart,
    ) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        put_cart(&mut writing, member, &cart.lines).await?;
        writing.commit().await
    }
}

/// Takes what was ordered out of a member's cart.
pub(super) async fn take_out(
    writing: &mut SqliteConnection,
    member: &MemberId,
    ordered: &[WantedLine],
) -> Result<(), StoreError> {
    let lines: Option<String> =
        sqlx::query_scalar("SELECT lines FROM member_carts WHERE member = ?1")
            .bind(member.as_str())
            .fetch_optional(&mut *writing)
            .await?;
    let Some(lines) = lines else { return Ok(()) };
    let mut lines = read_lines(&lines)?;
    for line in &mut lines {
        let ordered = ordered.iter().find(|one| one.variant == line.variant);
        // What was put in since stays.
        line.quantity = line
            .quantity
            .saturating_sub(ordered.map_or(0, |ordered| ordered.quantity));
    }
    lines.retain(|line| line.quantity > 0);
    put_cart(writing, member, &lines).await
}

async fn put_cart(
    writing: &mut SqliteConnection,
    member: &MemberId,
    lines: &[WantedLine],
) -> Result<(), StoreError> {
    let lines = serde_json::to_string(lines).map_err(|_| StoreError::Corrupt {
        what: "cart",
        value: String::new(),
    })?;
    sqlx::query(
        "INSERT INTO member_carts (member, lines) VALUES (?1, ?2) ON CONFLICT (member) DO UPDATE SET lines = ?2",
    )
    .bind(member.as_str())
    .bind(lines)
    .execute(writing)
    .await?;
    Ok(())
}

fn read_lines(json: &str) -> Result<Vec<WantedLine>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Corrupt {
        what: "cart",
        value: json.to_owned(),
    })
}
