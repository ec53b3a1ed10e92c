//! Decoding, with the place of what could not be decoded.

use crate::Error;
use domain::read::{Raw, Read, Unreadable};

/// A wrong value may stand in a parser's message: never more of it than this.
const LONGEST: usize = 200;

/// Decodes a body.
pub fn decode<T: Read>(body: &str) -> Result<T, Error> {
    T::read(parse(body)?).map_err(misplaced)
}

/// Reads a body as JSON, whatever it says. Text that is no JSON has no places in it but line and
/// column, which are in the message; one that broke off is marked `$…`.
fn parse(body: &str) -> Result<Raw, Error> {
    serde_json::from_str(body).map_err(|error| Error::Undecodable {
        path: (if error.is_eof() { "$…" } else { "$" }).to_owned(),
        detail: error.to_string().chars().take(LONGEST).collect(),
    })
}

fn misplaced(Unreadable { path, detail }: Unreadable) -> Error {
    Error::Undecodable {
        path: ["$", &path].concat(),
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalog::ProductSummary;
    use domain::page::Page;
    use proptest::prelude::*;

    fn place(body: &str) -> String {
        match decode::<Page<ProductSummary>>(body) {
            Err(Error::Undecodable { path, .. }) => path,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn names_the_place() {
        assert_eq!(place(""), "$…");
        assert_eq!(place("<html>"), "$");
        assert_eq!(place("[]"), "$");
        assert_eq!(place(r#"{"items":5}"#), "$.items");
        assert_eq!(
            place(r#"{"items":[{"id":"a,b:{\"x"},{"id":7}]}"#),
            "$.items[0].name"
        );
        assert_eq!(place("{\n \"items\": [\n {\"id\": 7}\n]}"), "$.items[0].id");
        assert_eq!(place(r#"{"items":[],"next_cursor":{}}"#), "$.next_cursor");
        assert_eq!(
            place(
                r#"{"items":[{"id":"a","name":"b","merchant":"m","category":"c","lead":{"id":"v","name":"n","price":{"amount":1.5,"currency":"CNY"},"stock":{"level":"few"}}}]}"#
            ),
            "$.items[0].lead.price.amount"
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_decoder(text in "\\PC{0,200}") {
            let _ = decode::<Page<ProductSummary>>(&text);
        }
    }
}
