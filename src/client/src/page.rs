//! What is stamped into the page, so that nothing waits for it: where the API is, whose shop this
//! is, and which answers to ask for while the wasm is still on its way.
//!
//! The page has one JSON block, `<script type="application/json" id="config">`, which no browser
//! executes and every content security policy allows. Whoever builds or serves the page writes it
//! anew with [`stamp`]; an unstamped page works too, it only asks later.

use crate::{endpoint, json};
use domain::catalog::ProductQuery;
use domain::contract::Capability;
use serde::Serialize;
use std::fmt;

/// What the page is told before it asks anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageConfig {
    /// The API's base: `/api/v1`, or absolute.
    pub api: String,
    /// The shop's name.
    pub brand: String,
    /// What the backend can do; absent when only the backend itself can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<Capability>>,
    /// What each page asks first.
    #[serde(default)]
    pub first: Vec<First>,
    /// The player of HLS, which sets `Hls` on the window; to be loaded when somebody watches and the browser
    /// has none. Only whoever builds the page knows it, so stamping anew keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hls: Option<Script>,
}

domain::readable!(PageConfig { api, brand, capabilities, first or Vec::new(), hls });

/// A script that a page may load later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// Its address on the page's own host.
    pub src: String,
    /// Its integrity: `sha384-…`.
    pub integrity: String,
}

domain::readable!(Script { src, integrity });

/// What a page asks first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct First {
    /// The page's path; a final `*` stands for one more part.
    pub route: String,
    /// The paths below the API's base; `*` is that part, a final `?` the page's own query.
    pub ask: Vec<String>,
}

domain::readable!(First { route, ask });

impl PageConfig {
    /// The configuration of a page whose backend is at `api`.
    pub fn new(api: &str, brand: &str) -> Self {
        Self {
            api: api.trim_end_matches('/').to_owned(),
            brand: brand.to_owned(),
            capabilities: None,
            first: first_requests(),
            hls: None,
        }
    }

    /// Reads the block's text. A block that is not understood gives the default: same origin.
    pub fn parse(text: &str) -> Self {
        json::decode(text).unwrap_or_else(|_| Self {
            first: Vec::new(),
            ..Self::new("/api/v1", "")
        })
    }
}

/// Which endpoints each page reads before it can show anything.
fn first_requests() -> Vec<First> {
    let path = |endpoint: endpoint::Endpoint| endpoint.as_str().to_owned();
    // `*` is percent-encoded in a path, so the wildcard is put where a harmless id stood.
    let product = path(endpoint::product(&"ID".into())).replace("ID", "*");
    let bundle = path(endpoint::bundle(&"ID".into())).replace("ID", "*");
    let products = path(endpoint::products(&ProductQuery::default())) + "?";
    vec![
        First {
            route: "/".into(),
            ask: vec![path(endpoint::storefront())],
        },
        First {
            route: "/products".into(),
            ask: vec![path(endpoint::categories()), products],
        },
        First {
            route: "/products/*".into(),
            ask: vec![product],
        },
        First {
            route: "/bundles".into(),
            ask: vec![path(endpoint::bundles())],
        },
        First {
            route: "/bundles/*".into(),
            ask: vec![bundle],
        },
    ]
}

/// Why a page could not be stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampError {
    /// It has no `<script … id="config">`.
    NoBlock,
}

impl fmt::Display for StampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the page has no <script type=\"application/json\" id=\"config\"> block")
    }
}

impl std::error::Error for StampError {}

/// Writes the configuration into the page's block, and the shop's name where the page carries it
/// for the time before the script runs: its `<title>` and the elements marked `data-brand`.
pub fn stamp(html: &str, config: &PageConfig) -> Result<String, StampError> {
    // A minifier may drop the quotes.
    let marker = ["id=\"config\"", "id=config"]
        .into_iter()
        .find_map(|marker| html.find(marker));
    let marker = marker.ok_or(StampError::NoBlock)?;
    let mut config = config.clone();
    if config.hls.is_none() {
        let there = text_at(html, marker).and_then(|text| json::decode::<PageConfig>(text).ok());
        config.hls = there.and_then(|there| there.hls);
    }
    let json = serde_json::to_string(&config)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let stamped = replace_text(html, marker, &json).ok_or(StampError::NoBlock)?;
    if config.brand.is_empty() {
        return Ok(stamped);
    }
    let name = escape(&config.brand);
    let mut stamped = match stamped.find("<title") {
        Some(title) => replace_text(&stamped, title, &name).unwrap_or(stamped),
        None => stamped,
    };
    let mut from = 0;
    while let Some(at) = stamped.get(from..).and_then(|rest| rest.find("data-brand")) {
        stamped = replace_text(&stamped, from + at, &name).unwrap_or(stamped);
        from += at + "data-brand".len();
    }
    Ok(stamped)
}

/// The text of the element whose opening tag is open at byte `at`.
fn text_at(html: &str, at: usize) -> Option<&str> {
    let start = at + html.get(at..)?.find('>')? + 1;
    let text = html.get(start..)?;
    text.get(..text.find("</")?)
}

/// Replaces the text of the element whose opening tag is open at byte `at`.
fn replace_text(html: &str, at: usize, text: &str) -> Option<String> {
    let start = at + html.get(at..)?.find('>')? + 1;
    let end = start + html.get(start..)?.find("</")?;
    Some([html.get(..start)?, text, html.get(end..)?].concat())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<title>店</title><script type="application/json" id="config">{}</script><h1 data-brand>店</h1><b>店</b>"#;

    #[test]
    fn a_stamped_page_is_read_back() {
        let config = PageConfig::new("https://api.example.com/api/v1/", "A<b>&店");
        let page = stamp(PAGE, &config).unwrap();
        assert!(
            page.contains("<title>A&lt;b&gt;&amp;店</title>") && page.ends_with("<b>店</b>"),
            "{page}"
        );
        assert!(
            page.contains("<h1 data-brand>A&lt;b&gt;&amp;店</h1>"),
            "{page}"
        );
        let block = page
            .split("id=\"config\">")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        assert!(!block.contains('<'));
        assert_eq!(PageConfig::parse(block), config);
        assert_eq!(stamp(&page, &config).unwrap(), page, "twice is once");
    }

    #[test]
    fn a_page_without_a_block_is_refused() {
        assert_eq!(
            stamp("<title>x</title>", &PageConfig::new("/api/v1", "x")),
            Err(StampError::NoBlock)
        );
    }

    #[test]
    fn pages_ask_by_the_endpoints() {
        let asks: Vec<_> = first_requests()
            .into_iter()
            .flat_map(|first| first.ask)
            .collect();
        assert_eq!(
            asks,
            [
                "/storefront",
                "/categories",
                "/products?",
                "/products/*",
                "/bundles",
                "/bundles/*"
            ]
        );
    }
}
