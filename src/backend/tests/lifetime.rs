//! From the first start to the last: what is written stays, nothing is lost, and the programme
//! starts and stops as it says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::{Folders, Settings, Store, demo, put_aside};
use client::native::Native;
use client::{Client, Error};
use common::running::Running;
use common::{BORN, OpenShop, now};
use domain::catalog::ProductQuery;
use domain::money::Money;
use sqlx::{Connection, SqliteConnection};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

#[tokio::test]
async fn a_restart_keeps_everything() {
    let shop = OpenShop::demo().await;
    sqlx::query("UPDATE variants SET price = 1111, former_price = 2222 WHERE product = 'avocado' AND position = 1")
        .execute(&mut shop.file().await)
        .await
        .unwrap();
    let query = ProductQuery {
        limit: Some(100),
        ..ProductQuery::default()
    };
    let all = async |shop: &OpenShop| {
        let client = shop.client("zh-CN");
        let page = now(client.catalog().products(&query).await.unwrap());
        let avocado = client.catalog().product(&"avocado".into()).await;
        (page, now(avocado.unwrap()))
    };
    let before = all(&shop).await;
    assert_eq!(before.1.variants[0].price, Money::fen(1_111));

    let folder = shop.close().await;
    let shop = OpenShop::again(folder).await;
    assert_eq!(all(&shop).await, before);
}

#[tokio::test]
async fn orders_from_before_bundles_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let mut old = SqliteConnection::connect_with(&options).await.unwrap();
    let mut migrator = sqlx::migrate!("src/store/migrations");
    migrator.migrations.to_mut().retain(|one| one.version <= 2);
    migrator.run(&mut old).await.unwrap();
    sqlx::raw_sql(
        r#"INSERT INTO shop VALUES (1, '{"zh":"店"}', '{}', '{}', '{}', '{}', '', NULL, NULL, NULL, 'Asia/Shanghai');
           INSERT INTO members VALUES ('m', '13800138000', '', 0);
           INSERT INTO member_carts VALUES ('m', '[{"variant":"leek","quantity":2}]');
           INSERT INTO orders VALUES ('o', 'm', '261122-001', 'placed', 700, 'CNY', 'at_store', 0, 1, '{}', '', '', '', '123456', 's', 0, 0);
           INSERT INTO order_lines VALUES ('o', 1, 'leek', 'leek-500g', '{"zh":"大葱"}', '{}', NULL, 'leaf', 2, 350);"#,
    )
    .execute(&mut old)
    .await
    .unwrap();
    old.close().await.unwrap();

    let shop = OpenShop::again(folder).await;
    let member = shop.member("13800138000").await;
    let order = member.client.orders().order(&"o".into()).await.unwrap();
    let order = now(order);
    assert_eq!(order.total, Money::fen(700));
    assert_eq!(
        (order.goods, order.points, order.bundles.len()),
        (None, 0, 0)
    );
    let line = &order.lines[0];
    assert_eq!(
        (line.name.as_str(), line.total, line.paid),
        ("大葱", Money::fen(700), None)
    );
    let cart = now(member.client.members().cart().await.unwrap());
    assert_eq!((cart.lines[0].quantity, cart.bundles.len()), (2, 0));
    // Who was a member before is no newcomer.
    let points = now(member.client.members().points().await.unwrap());
    assert_eq!(points.balance, 0);
}

#[tokio::test]
async fn a_shop_is_founded_once() {
    let shop = OpenShop::demo().await;
    let again = demo::found(&shop.store, None, &shop.folders.pictures(), BORN).await;
    assert!(again.unwrap_err().to_string().contains("already"));
    assert!(demo::found_empty(&shop.store, BORN).await.is_err());
    assert_eq!(shop.store.product_count().await.unwrap(), 64);
}

#[tokio::test]
async fn a_file_without_a_shop_is_not_opened_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders {
        data: folder.path().to_owned(),
        site: None,
    };
    let store = Store::open(&folders.database()).await.unwrap();
    assert!(!store.has_shop().await.unwrap());
    assert!(
        backend::shop(store, &folders, Settings::default())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.sqlite");
    let diary = "dear diary, today the shop was full of people".repeat(100);
    fs::write(&file, &diary).unwrap();
    assert!(Store::open(&file).await.is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), diary);
}

#[tokio::test]
async fn pictures_are_kept_under_names_of_their_content() {
    let drawn = tempfile::tempdir().unwrap();
    // Avocado and tomato; the others have none.
    fs::write(drawn.path().join("1f951.webp"), b"RIFF avocado").unwrap();
    fs::write(drawn.path().join("1f345.webp"), b"RIFF tomato").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("pictures");
    let store = Store::open(&folder.path().join("shop.sqlite"))
        .await
        .unwrap();
    demo::found(&store, Some(drawn.path()), &pictures, BORN)
        .await
        .unwrap();
    store.close().await;
    let shop = OpenShop::again(folder).await;
    let avocado = shop.client("en").catalog().product(&"avocado".into()).await;
    let url = now(avocado.unwrap()).pictures[0].url.clone();
    assert!(
        url.starts_with("/media/") && url.ends_with(".webp"),
        "{url}"
    );
    let answer = common::ok(shop.served.get(&url)).await;
    assert_eq!(answer.text().await.unwrap(), "RIFF avocado");
    assert_eq!(fs::read_dir(&pictures).unwrap().count(), 2);
}

/// Every file below a folder with its bytes, by its name there.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    fn collect(top: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(top, &path, files);
            } else {
                let name = path.strip_prefix(top).unwrap().to_owned();
                files.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    let mut all = Vec::new();
    collect(folder, folder, &mut all);
    all.sort();
    all
}

/// A data folder as an interrupted shop leaves it, with all its files.
fn left_behind(words: &str) -> (tempfile::TempDir, Folders) {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders {
        data: folder.path().to_owned(),
        site: None,
    };
    fill(&folders, words);
    (folder, folders)
}

fn fill(folders: &Folders, words: &str) {
    fs::create_dir_all(folders.pictures()).unwrap();
    for name in [
        "shop.sqlite",
        "shop.sqlite-wal",
        "shop.sqlite-shm",
        "pictures/a.webp",
        "pictures/b.webp",
    ] {
        fs::write(folders.data.join(name), format!("{words} {name}")).unwrap();
    }
}

#[test]
fn putting_aside_loses_nothing() {
    let (_folder, folders) = left_behind("first");
    fs::write(folders.data.join("notes.txt"), "the owner's own").unwrap();
    let mut before = files(&folders.data);
    before.retain(|(name, _)| name != Path::new("notes.txt"));
    let aside = put_aside(&folders, BORN).unwrap().unwrap();
    assert_eq!(files(&aside), before);
    let left: Vec<_> = fs::read_dir(&folders.data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| *name != aside.file_name().unwrap())
        .collect();
    assert_eq!(left, ["notes.txt"]);
    assert!(
        put_aside(&folders, BORN + 1).unwrap().is_none(),
        "there is nothing left to put aside"
    );
}

#[test]
fn what_was_put_aside_stays_when_more_comes() {
    let (_folder, folders) = left_behind("first");
    let first = put_aside(&folders, BORN).unwrap().unwrap();
    let kept = files(&first);
    fill(&folders, "second");
    let second = put_aside(&folders, BORN + 1).unwrap().unwrap();
    assert_ne!(first, second);
    assert_eq!(files(&first), kept);

    // Even at the very same moment: better refused than written over.
    fill(&folders, "third");
    let third = put_aside(&folders, BORN);
    assert_eq!(files(&first), kept, "{third:?}");
    let everything = files(&folders.data);
    for words in ["first", "second", "third"] {
        let of_these = everything
            .iter()
            .filter(|(_, bytes)| bytes.starts_with(words.as_bytes()));
        assert_eq!(of_these.count(), 5, "{words}");
    }
}

#[tokio::test]
async fn a_shop_that_was_put_aside_opens_again() {
    let shop = OpenShop::demo().await;
    let folders = shop.folders.clone();
    let folder = shop.close().await;
    let aside = put_aside(&folders, BORN).unwrap().unwrap();
    let store = Store::open(&aside.join("shop.sqlite")).await.unwrap();
    assert_eq!(store.product_count().await.unwrap(), 64);
    store.close().await;
    drop(folder);
}

// The programme itself.

fn put_aside_in(data: &Path) -> usize {
    fs::read_dir(data)
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("before-")
        })
        .count()
}

/// Which shop this is, and how much it has.
async fn look(client: &Client<Native>) -> Result<(String, Option<u32>), Error> {
    let storefront = now(client.storefront().await?);
    let page = now(client.catalog().products(&ProductQuery::default()).await?);
    Ok((storefront.shop.name, page.total))
}

fn demo_shop(products: u32) -> (String, Option<u32>) {
    ("邻里优选".to_owned(), Some(products))
}

#[tokio::test]
async fn the_programme_opens_a_demo_shop_and_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    // The folder need not be there.
    let data = folder.path().join("deep/down");
    let first = Running::start(&data, &["--demo-products", "70"]);
    assert_eq!(look(&first.client()).await.unwrap(), demo_shop(70));
    first.signal("TERM");
    assert_eq!(first.ended().code(), Some(0));

    let second = Running::start(&data, &[]);
    assert_eq!(look(&second.client()).await.unwrap(), demo_shop(70));
    // Ctrl-C stops it as well.
    second.signal("INT");
    assert_eq!(second.ended().code(), Some(0));

    let fresh = Running::start(&data, &["--fresh"]);
    assert_eq!(look(&fresh.client()).await.unwrap(), demo_shop(64));
    assert_eq!(put_aside_in(&data), 1);
    fresh.signal("TERM");
    assert_eq!(fresh.ended().code(), Some(0));

    let empty = Running::start(&data, &["--empty", "--log", "json"]);
    assert_eq!(
        look(&empty.client()).await.unwrap(),
        ("我的小店".to_owned(), Some(0))
    );
    assert_eq!(put_aside_in(&data), 2);
}

#[tokio::test]
async fn what_was_written_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path(), &["--demo-products", "70"]);
    first.signal("KILL");
    assert_eq!(first.ended().code(), None);
    let second = Running::start(folder.path(), &[]);
    assert_eq!(look(&second.client()).await.unwrap(), demo_shop(70));
}

#[tokio::test]
async fn stopping_does_not_wait_for_the_idle() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    // One that keeps its connection after an answer, one that never said a word.
    let client = running.client();
    assert!(client.about().await.is_ok());
    let silent = running.connect();
    running.signal("TERM");
    assert_eq!(running.ended().code(), Some(0));
    assert_eq!(client.about().await.unwrap_err(), Error::Offline);
    drop(silent);
}

#[test]
fn stopping_does_not_wait_for_ever_for_half_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let mut answered = running.connect();
    answered
        .write_all(b"GET /api/v1 HTTP/1.1\r\nhost: shop\r\n\r\n")
        .unwrap();
    let mut byte = [0];
    answered.read_exact(&mut byte).unwrap();
    let mut half = running.connect();
    half.write_all(b"GET /api/v1 HTTP/1.1\r\nhost: sh").unwrap();
    // The server has seen the half request when it has answered one that came later.
    let mut later = running.connect();
    later
        .write_all(b"GET /api/v1 HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n")
        .unwrap();
    later.read_to_end(&mut Vec::new()).unwrap();
    running.signal("TERM");
    assert_eq!(running.ended().code(), Some(0));
    drop((answered, half));
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_backend"))
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn the_programme_explains_itself() {
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for option in [
        "--addr",
        "--data",
        "--site",
        "--demo-pictures",
        "--fresh",
        "--empty",
        "--demo-products",
        "--log",
        "openapi",
    ] {
        assert!(help.contains(option), "{option}: {help}");
    }
    let (code, version, _) = run(&["--version"]);
    assert_eq!(code, Some(0));
    assert!(version.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_programme_prints_the_document() {
    let (code, document, _) = run(&["openapi"]);
    assert_eq!(code, Some(0));
    assert_eq!(document, backend::openapi::text().unwrap());
}

#[test]
fn the_programme_refuses_what_makes_no_sense() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    for arguments in [
        vec!["--fresh", "--empty"],
        vec!["--addr", "the shop next door"],
        vec!["--demo-products", "-1"],
        vec!["--lock"],
    ] {
        let (code, out, error) = run(&[vec!["--data", data], arguments.clone()].concat());
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(out.is_empty() && !error.is_empty(), "{arguments:?}");
        assert!(
            !Path::new(data).exists(),
            "nothing was begun: {arguments:?}"
        );
    }
}

#[tokio::test]
async fn a_second_start_at_the_same_address_leaves_the_first_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path(), &[]);
    let addr = first.base.trim_start_matches("http://");
    let addr = addr.trim_end_matches("/api/v1");
    let data = folder.path().to_str().unwrap();
    let (code, out, error) = run(&["--addr", addr, "--data", data, "--fresh"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(error.contains(addr), "{error}");
    // The shop that is open keeps its file: what it wrote would be lost to its next start.
    assert_eq!(put_aside_in(folder.path()), 0);
    assert_eq!(look(&first.client()).await.unwrap(), demo_shop(64));
}
