//! What neighbours put into the same basket, over the counter and in their orders.

use super::catalog::summaries_of;
use super::{Store, StoreError};
use crate::clock::Clock;
use crate::language::Language;
use domain::basket::{AtLeast, Rule, rules};
use domain::bundle::{Bundle, PriceRule};
use domain::catalog::Companion;
use domain::id::ProductId;
use domain::order::OrderState;
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long they are taken as they were: to look through all baskets takes a while, and a habit
/// does not change in an hour.
const GOOD_FOR: Duration = Duration::from_secs(10 * 60);
/// How far back orders are looked at, in milliseconds.
const LOOKED_BACK: i64 = 90 * 24 * 3_600_000;
/// How many baskets are looked at, of the counter and of orders each: the last ones.
const MOST_BASKETS: u32 = 5_000;
/// How many companions a product has at most.
const MOST_COMPANIONS: usize = 6;

/// What was bought together, and what that says.
#[derive(Debug)]
pub(super) struct Habits {
    baskets: Vec<Vec<ProductId>>,
    /// Of two products each, the surest first.
    rules: Vec<Rule>,
    known_since: Instant,
}

/// What must be seen before it is told, of so many baskets.
fn at_least(baskets: usize) -> AtLeast {
    AtLeast {
        // One in a hundred: what is rarer is chance, and would take long to look for.
        together: u32::try_from(baskets / 100).unwrap_or(u32::MAX).max(5),
        confidence: 150,
        lift: 120,
        products: 2,
    }
}

impl Habits {
    fn of(baskets: Vec<Vec<ProductId>>) -> Self {
        Self {
            rules: rules(&baskets, &at_least(baskets.len())),
            baskets,
            known_since: Instant::now(),
        }
    }

    /// Of a thousand baskets with the bundle's first part, how many have the others too, each as it
    /// is offered first. `None` when too few have, or when it has no others.
    pub(super) fn confidence(&self, bundle: &Bundle) -> Option<u32> {
        if matches!(bundle.rule, PriceRule::AnyOf { .. } | PriceRule::Unknown) {
            return None;
        }
        let firsts = bundle.parts.iter().filter_map(|part| part.options.first());
        let mut products = firsts.map(|option| option.product.clone());
        let (given, then) = (vec![products.next()?], products.collect::<Vec<_>>());
        if then.is_empty() {
            return None;
        }
        let has =
            |basket: &[ProductId], all: &[ProductId]| all.iter().all(|one| basket.contains(one));
        let count = |keeps: &dyn Fn(&[ProductId]) -> bool| {
            let kept = self.baskets.iter().filter(|basket| keeps(basket));
            u32::try_from(kept.count()).unwrap_or(u32::MAX)
        };
        let rule = Rule {
            together: count(&|basket| has(basket, &given) && has(basket, &then)),
            with_given: count(&|basket| has(basket, &given)),
            with_then: count(&|basket| has(basket, &then)),
            baskets: count(&|_| true),
            given,
            then,
        };
        let enough = at_least(self.baskets.len()).together;
        (rule.together >= enough).then(|| rule.confidence())
    }

    /// What goes well with a product and can be had, in this transaction; the surest first.
    pub(super) async fn companions(
        &self,
        reading: &mut SqliteConnection,
        product: &ProductId,
        language: Language,
    ) -> Result<Vec<Companion>, StoreError> {
        let rules = self
            .rules
            .iter()
            .filter(|rule| rule.given == [product.clone()]);
        let rules: Vec<_> = rules.collect();
        let ids: Vec<_> = rules.iter().flat_map(|rule| &rule.then).collect();
        let mut there = summaries_of(reading, &ids, language).await?;
        there.retain(|_, summary| summary.lead.stock.available());
        let companions = rules.into_iter().filter_map(|rule| {
            Some(Companion {
                product: there.remove(rule.then.first()?)?,
                support: rule.support(),
                confidence: rule.confidence(),
                lift: rule.lift(),
            })
        });
        Ok(companions.take(MOST_COMPANIONS).collect())
    }
}

impl Store {
    /// The neighbours' habits, at most some minutes old.
    pub(super) async fn habits(&self, clock: &Clock) -> Result<Arc<Habits>, StoreError> {
        // Whoever comes while they are looked for waits for the same answer.
        let mut kept = self.habits.lock().await;
        if let Some(habits) = kept.as_ref()
            && habits.known_since.elapsed() < GOOD_FOR
        {
            return Ok(Arc::clone(habits));
        }
        let baskets = self.baskets(clock.now().ms - LOOKED_BACK).await?;
        // Beside the answers that are under way: this is work, not waiting.
        let found = tokio::task::spawn_blocking(|| Habits::of(baskets)).await;
        let habits = Arc::new(found.map_err(|_| StoreError::BrokeOff)?);
        *kept = Some(Arc::clone(&habits));
        Ok(habits)
    }

    /// What was bought together: over the counter, and in orders since then that were not called
    /// off.
    async fn baskets(&self, since: i64) -> Result<Vec<Vec<ProductId>>, StoreError> {
        let baskets: Vec<String> = sqlx::query_scalar(
            "SELECT json_group_array(product) FROM baskets
             WHERE basket IN (SELECT DISTINCT basket FROM baskets ORDER BY basket DESC LIMIT ?1)
             GROUP BY basket
             UNION ALL
             SELECT json_group_array(product) FROM order_lines
             WHERE order_id IN (SELECT id FROM orders WHERE state <> ?2 AND placed_at >= ?3
                                ORDER BY placed_at DESC LIMIT ?1)
             GROUP BY order_id",
        )
        .bind(MOST_BASKETS)
        .bind(OrderState::Cancelled.as_str())
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        let read = |json: String| {
            serde_json::from_str(&json).map_err(|_| StoreError::Corrupt {
                what: "basket",
                value: json,
            })
        };
        baskets.into_iter().map(read).collect()
    }
}
