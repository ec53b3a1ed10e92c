//! Searches: by characters, pinyin, initials and English, and by signs that mean nothing.

use crate::common::OpenShop;
use crate::search;

#[tokio::test]
async fn a_search_finds_by_characters_pinyin_initials_and_english() {
    let shop = OpenShop::demo().await;
    let salmon = ["salmon-sashimi", "salmon-onigiri"];
    for q in [
        "三文鱼",
        "swy",
        "SWY",
        "ＳＷＹ",
        "ｓｗｙ",
        "sanwenyu",
        "SanWenYu",
        "salmon",
        "Salmon",
        " salmon ",
        "\u{3000}三文鱼\u{3000}",
        "salmon!",
        "“三文鱼”",
    ] {
        assert_eq!(search(&shop, q).await, salmon, "{q}");
    }
    for q in [
        "三文鱼 饭团",
        "饭团 三文鱼",
        "salmon rice",
        "三文鱼　饭",
        "swy rice",
        "kswyft",
        "salmon salmon rice",
    ] {
        assert_eq!(search(&shop, q).await, ["salmon-onigiri"], "{q}");
    }
    assert_eq!(search(&shop, "salmon bread").await, [""; 0]);
    assert_eq!(search(&shop, "").await.len(), 64);
    assert_eq!(search(&shop, "   ").await.len(), 64);
    // The shelf is a word for what stands on it.
    assert!(
        search(&shop, "seafood")
            .await
            .contains(&"hairtail".to_owned())
    );
}

#[tokio::test]
async fn signs_are_no_wildcards() {
    let shop = OpenShop::demo().await;
    let nothing = [""; 0];
    for q in [
        "%",
        "_",
        "%%",
        "__",
        "*",
        "?",
        "'",
        "\"",
        "''",
        "\\",
        "\\%",
        "`",
        ";",
        "--",
        "' OR '1'='1",
        "'; DROP TABLE products; --",
        "\u{0}",
        "，",
        "！？",
        "🐟",
        "%salmon_sashimi_nothing",
    ] {
        assert_eq!(search(&shop, q).await, nothing, "{q:?}");
    }
    assert_eq!(
        search(&shop, "swy %").await.len(),
        2,
        "a sign among words is no word"
    );
    assert_eq!(
        search(&shop, "").await.len(),
        64,
        "and everything is still there"
    );
}
