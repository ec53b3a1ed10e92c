//! The home page: the shop's card, a show, posts, specials, bundles, partners.

use super::catalog::SummaryRow;
use super::{Store, StoreError, bundles, live, picture, tastings, text, word};
use crate::clock::Clock;
use crate::language::Language;
use domain::shop::{Group, Hours, Merchant, Opening, Post, Shop, Storefront};
use domain::time::ClockTime;
use sqlx::{FromRow, SqliteConnection};

/// How many posts the home page has.
const POSTS: u32 = 6;

#[derive(FromRow)]
struct ShopRow {
    name: String,
    tagline: String,
    neighbourhood: String,
    distance: String,
    address: String,
    phone: String,
    group_title: Option<String>,
    group_note: Option<String>,
    group_url: Option<String>,
    zone: String,
}

#[derive(FromRow)]
pub(super) struct MerchantRow {
    id: String,
    kind: String,
    name: String,
    story: String,
    picture: Option<String>,
    tint: String,
    distance: String,
    pickup: String,
}

impl MerchantRow {
    pub(super) async fn of(reading: &mut SqliteConnection, id: &str) -> Result<Self, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM merchants WHERE id = ?1")
            .bind(id)
            .fetch_one(reading)
            .await?)
    }

    pub(super) fn read(self, language: Language) -> Merchant {
        Merchant {
            id: self.id.into(),
            kind: word(&self.kind).unwrap_or_default(),
            name: text(&self.name, language),
            story: text(&self.story, language),
            picture: picture(self.picture, &self.tint),
            distance: text(&self.distance, language),
            pickup: text(&self.pickup, language),
        }
    }
}

#[derive(FromRow)]
struct PostRow {
    id: String,
    kind: String,
    title: String,
    body: String,
    picture: Option<String>,
    tint: String,
    product: Option<String>,
    published_at: i64,
}

impl Store {
    /// The shop's name in the first language, and its IANA zone.
    pub async fn name_and_zone(&self) -> Result<(String, String), StoreError> {
        let row: Option<(String, String)> = sqlx::query_as("SELECT name, zone FROM shop")
            .fetch_optional(&self.pool)
            .await?;
        let (name, zone) = row.ok_or(StoreError::NoShop)?;
        Ok((text(&name, Language::Zh), zone))
    }

    /// Everything the home page shows, of one moment; but for how many watch the show.
    pub async fn storefront(
        &self,
        language: Language,
        clock: &Clock,
    ) -> Result<Storefront, StoreError> {
        let mut reading = self.pool.begin().await?;
        let shop: Option<ShopRow> = sqlx::query_as("SELECT * FROM shop")
            .fetch_optional(&mut *reading)
            .await?;
        let hours = Self::hours(&mut reading).await?;
        let show = live::on_home(&mut reading, language, clock).await?;
        let posts: Vec<PostRow> =
            sqlx::query_as("SELECT * FROM posts ORDER BY published_at DESC, id LIMIT ?1")
                .bind(POSTS)
                .fetch_all(&mut *reading)
                .await?;
        let specials: Vec<SummaryRow> = sqlx::query_as(
            "SELECT p.id AS product, p.merchant, p.category, p.name AS product_name, p.subtitle, p.picture, p.tint,
                    p.search_keys, p.special AS sort_key, lead.*
             FROM products AS p JOIN leads AS lead ON lead.product = p.id
             WHERE p.special IS NOT NULL AND lead.former_price IS NOT NULL ORDER BY p.special",
        )
        .fetch_all(&mut *reading)
        .await?;
        let bundles = bundles::summaries(&mut reading, language, clock).await?;
        let tastings = tastings::summaries(&mut reading, language, clock).await?;
        let partners: Vec<MerchantRow> =
            sqlx::query_as("SELECT * FROM merchants WHERE kind <> 'shop' ORDER BY position")
                .fetch_all(&mut *reading)
                .await?;
        drop(reading);

        let shop = shop.ok_or(StoreError::NoShop)?;
        let opening = Opening::at(&hours, clock.now());
        let group = shop
            .group_url
            .zip(shop.group_title)
            .map(|(url, title)| Group {
                title: text(&title, language),
                note: shop
                    .group_note
                    .map(|note| text(&note, language))
                    .unwrap_or_default(),
                url,
            });
        let post = |row: PostRow| Post {
            id: row.id.into(),
            kind: word(&row.kind).unwrap_or_default(),
            title: text(&row.title, language),
            body: text(&row.body, language),
            picture: picture(row.picture, &row.tint),
            published_at: clock.moment(row.published_at),
            product: row.product.map(Into::into),
        };
        Ok(Storefront {
            shop: Shop {
                name: text(&shop.name, language),
                tagline: text(&shop.tagline, language),
                neighbourhood: text(&shop.neighbourhood, language),
                distance: text(&shop.distance, language),
                address: text(&shop.address, language),
                phone: shop.phone,
                group,
                zone: shop.zone,
                hours,
                opening,
            },
            show,
            posts: posts.into_iter().map(post).collect(),
            specials: specials
                .into_iter()
                .map(|row| row.read(language))
                .collect::<Result<_, _>>()?,
            bundles,
            tastings,
            partners: partners.into_iter().map(|row| row.read(language)).collect(),
        })
    }

    /// The opening hours, by weekday.
    pub(super) async fn hours(reading: &mut SqliteConnection) -> Result<Vec<Hours>, StoreError> {
        let hours: Vec<(u8, String, String)> =
            sqlx::query_as("SELECT weekday, opens, closes FROM hours ORDER BY weekday, opens")
                .fetch_all(reading)
                .await?;
        hours.into_iter().map(opening_hours).collect()
    }

    pub(super) async fn merchant(
        reading: &mut SqliteConnection,
        id: &str,
        language: Language,
    ) -> Result<Merchant, StoreError> {
        Ok(MerchantRow::of(reading, id).await?.read(language))
    }
}

fn opening_hours((weekday, opens, closes): (u8, String, String)) -> Result<Hours, StoreError> {
    let clock = |text: &str| {
        ClockTime::parse(text).ok_or_else(|| StoreError::Corrupt {
            what: "time of day",
            value: text.to_owned(),
        })
    };
    Ok(Hours {
        weekday,
        opens: clock(&opens)?,
        closes: clock(&closes)?,
    })
}
