//! Which texts the caller wants.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use std::convert::Infallible;

/// The languages the shop speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese, the first language of the shop.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Its key in the database and the start of its BCP 47 tags.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The best language for an `Accept-Language` (RFC 9110, 12.5.4); Chinese when none fits.
    pub fn negotiate(accept: &str) -> Self {
        let wish = |item: &str| {
            let mut parts = item.split(';');
            let tag = parts.next()?.trim().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            let language = [Self::Zh, Self::En]
                .into_iter()
                .find(|language| tag.split('-').next() == Some(language.code()))?;
            (weight > 0.0).then_some((language, weight))
        };
        // The first of the heaviest.
        let best = accept
            .split(',')
            .filter_map(wish)
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accept = parts
            .headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Ok(Self::negotiate(accept.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_wish_that_can_be_met_wins() {
        assert_eq!(Language::negotiate(""), Language::Zh);
        assert_eq!(Language::negotiate("en-GB,zh;q=0.5"), Language::En);
        assert_eq!(
            Language::negotiate("fr, en;q=0.3, zh-CN;q=0.8"),
            Language::Zh
        );
        assert_eq!(Language::negotiate("en;q=0, *"), Language::Zh);
        assert_eq!(Language::negotiate(";;;q=x,,"), Language::Zh);
    }
}
