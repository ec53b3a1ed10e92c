//! What a backend says about itself.

use crate::common::same_document;
use domain::contract::{About, Capability};

#[tokio::test]
async fn about_the_backend() {
    let (about, path) = read!(golden!("about"), client => client.about());
    assert_eq!(path, "");
    assert_eq!(
        about,
        About {
            backend: "linli 0.1.0".into(),
            contract: "1.0".into(),
            capabilities: vec![
                Capability::Catalogue,
                Capability::Storefront,
                Capability::Orders,
                Capability::Bundles,
                Capability::Booking,
                Capability::Live,
                Capability::Members,
                Capability::Desk,
            ],
        }
    );
    same_document(&about, golden!("about"));
}

#[tokio::test]
async fn about_a_backend_that_says_little() {
    let (about, _) = read!(golden!("about_sparse"), client => client.about());
    let expected = About {
        backend: "a bakery's own".into(),
        contract: "1.7".into(),
        capabilities: vec![],
    };
    assert_eq!(about, expected);
}

#[tokio::test]
async fn about_a_newer_backend() {
    let (about, _) = read!(golden!("about_newer"), client => client.about());
    let expected = About {
        backend: "linli 9.4.1".into(),
        contract: "1.12".into(),
        capabilities: vec![
            Capability::Catalogue,
            Capability::Unknown,
            Capability::Storefront,
        ],
    };
    assert_eq!(about, expected);
}
