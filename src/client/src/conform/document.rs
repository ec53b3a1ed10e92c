//! What holds for every document: how money and times are spelled, how copies are confirmed.

use super::asking::{Answer, Caller};
use super::rule::{Outcome, broken, ensure};
use domain::money::Currency;
use domain::time::Moment;
use reqwest::Method;
use serde_json::Value;

/// Money is integers with a currency, times have an offset, wherever they stand in the answer.
pub(super) fn is_well_spelled(answer: &Answer) -> Outcome {
    answer.has_status(200)?;
    match serde_json::from_str(&answer.body) {
        Ok(document) => walk(&document, &mut format!("{} $", answer.asked)),
        Err(error) => broken(format!("{} is no JSON: {error}", answer.asked)),
    }
}

fn walk(value: &Value, place: &mut String) -> Outcome {
    let start = place.len();
    match value {
        Value::Object(fields) => {
            if let (Some(amount), Some(currency)) = (fields.get("amount"), fields.get("currency")) {
                let code = currency.as_str().and_then(Currency::from_code);
                ensure(amount.is_i64() && code.is_some(), || {
                    format!("{place} is no money: {value}")
                })?;
            }
            for (name, value) in fields {
                place.push('.');
                place.push_str(name);
                let time = value.as_str().filter(|_| is_time(name));
                ensure(
                    time.is_none_or(|text| Moment::parse(text).is_some()),
                    || format!("{place} is no time with an offset: {value}"),
                )?;
                walk(value, place)?;
                place.truncate(start);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                place.push_str(&format!("[{at}]"));
                walk(value, place)?;
                place.truncate(start);
            }
        }
        _ => {}
    }
    Ok(())
}

fn is_time(name: &str) -> bool {
    matches!(name, "now" | "from" | "to" | "at") || name.ends_with("_at")
}

/// A read has an ETag, is confirmed by 304, and may be kept as long as it is asked for anew.
pub(super) async fn is_confirmed(caller: &Caller, path: &str) -> Outcome {
    let first = caller.get(path).await?;
    first.has_status(200)?;
    let tag = first.header("etag");
    let opaque = tag.strip_prefix("W/").unwrap_or(&tag);
    ensure(
        opaque.len() > 2 && opaque.starts_with('"') && opaque.ends_with('"'),
        || format!("{} has no ETag (`{tag}`)", first.asked),
    )?;
    for known in [
        tag.clone(),
        opaque.to_owned(),
        format!("W/{opaque}"),
        format!("\"another\", {tag}"),
    ] {
        let again = with_copy(caller, path, &known).await?;
        ensure(again.status == 304 && again.body.is_empty(), || {
            format!(
                "{} with If-None-Match: {known} is answered {} with {} bytes, not 304 without any",
                again.asked,
                again.status,
                again.body.len()
            )
        })?;
    }
    with_copy(caller, path, "\"another\"")
        .await?
        .has_status(200)
}

async fn with_copy(caller: &Caller, path: &str, known: &str) -> Outcome<Answer> {
    let ask = caller.ask(Method::GET, path);
    ask.header("if-none-match", known).send().await
}

/// A read says what a browser needs to keep the right copy.
pub(super) async fn is_kept_right(caller: &Caller, path: &str) -> Outcome {
    let answer = caller.get(path).await?;
    answer.has_status(200)?;
    let asked = &answer.asked;
    ensure(answer.lists("cache-control", "no-cache"), || {
        format!("{asked} says no Cache-Control: no-cache")
    })?;
    ensure(!answer.lists("cache-control", "no-store"), || {
        format!("{asked} says Cache-Control: no-store, so that there is no last copy")
    })?;
    ensure(answer.lists("vary", "accept-language"), || {
        format!("{asked} says no Vary: Accept-Language")
    })?;
    ensure(!answer.header("date").is_empty(), || {
        format!("{asked} has no Date")
    })
}

/// A body that is no JSON, of another shape or of another type is refused as what it is.
pub(super) async fn bodies_are_checked(caller: &Caller, path: &str) -> Outcome {
    use domain::problem::ProblemKind as Kind;
    for body in ["", "{", "<a/>", "[]", "{\"other\":1}"] {
        let ask = caller.ask(Method::POST, path);
        let answer = ask.body("application/json", body).send().await?;
        answer.is_problem(Kind::InvalidBody)?;
    }
    let ask = caller.ask(Method::POST, path);
    let answer = ask.body("text/plain", "{}").send().await?;
    answer.is_problem(Kind::UnsupportedMediaType)?;
    Ok(())
}
