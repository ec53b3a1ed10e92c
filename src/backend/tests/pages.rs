//! The built pages, as the backend serves them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod common;

use backend::Settings;
use backend::routes::about::capabilities;
use client::page::PageConfig;
use common::{OpenShop, header, ok, problem};
use domain::problem::ProblemKind;
use reqwest::Method;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SCRIPT: &str = "/shop-0123456789abcdef.js";
const SCRIPT_TEXT: &str = "console.log('the shop');";
const WASM: &str = "/shop-0123456789abcdef_bg.wasm";
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const FOREVER: &str = "public, max-age=31536000, immutable";
const PICTURE: &str = "/media/00112233aabbccdd.webp";

fn page(title: &str) -> String {
    format!(
        "<!doctype html><html><head><title>{title}</title>\
         <script type=\"application/json\" id=\"config\">{{}}</script></head>\
         <body><h1 data-brand>{title}</h1><p>{title}</p></body></html>"
    )
}

fn brotli(text: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut text.as_bytes(), &mut packed, &parameters).unwrap();
    packed
}

fn unpacked(bytes: &[u8]) -> String {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap();
    String::from_utf8(plain).unwrap()
}

/// A built site, in a folder that has other things beside it.
struct Site(TempDir);

impl Site {
    fn path(&self) -> PathBuf {
        self.0.path().join("built")
    }
}

/// A built site, as small as one can be.
fn site() -> Site {
    let site = Site(tempfile::tempdir().unwrap());
    let put = |name: &str, bytes: &[u8]| {
        let file = site.path().join(name.trim_start_matches('/'));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    };
    put("index.html", page("店").as_bytes());
    put("desk/index.html", page("desk").as_bytes());
    put(SCRIPT, SCRIPT_TEXT.as_bytes());
    put(&[SCRIPT, ".br"].concat(), &brotli(SCRIPT_TEXT));
    put(WASM, b"\0asm\x01\0\0\0");
    put("boot.js", b"boot");
    put("manifest.webmanifest", b"{}");
    put("desk/desk-fedcba9876543210.css", b"body{}");
    site
}

/// The demo shop with that site and one picture.
async fn shop(site: &Path) -> OpenShop {
    let shop = OpenShop::demo_with_site(Some(site)).await;
    let pictures = shop.folders.pictures();
    fs::create_dir_all(&pictures).unwrap();
    let name = PICTURE.rsplit('/').next().unwrap();
    fs::write(pictures.join(name), b"RIFF").unwrap();
    shop
}

#[tokio::test]
async fn a_page_is_stamped() {
    let site = site();
    let shop = shop(&site.path()).await;
    for path in ["/", "/desk/"] {
        let answer = ok(shop.served.get(path)).await;
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        let html = answer.text().await.unwrap();
        assert!(html.contains("<title>邻里优选</title>"), "{html}");
        assert!(html.contains("<h1 data-brand>邻里优选</h1>"), "{html}");
        let block = html
            .split("id=\"config\">")
            .nth(1)
            .and_then(|rest| rest.split("</script>").next())
            .unwrap();
        let config = PageConfig::parse(block);
        let expected = PageConfig {
            capabilities: Some(capabilities(true)),
            ..PageConfig::new("/api/v1", "邻里优选")
        };
        assert_eq!(config, expected);
        assert!(!config.first.is_empty());
        // What the page is told to ask first is there.
        for ask in config.first.iter().flat_map(|first| &first.ask) {
            let there = if ask.starts_with("/bundles") {
                "light-meal"
            } else {
                "avocado"
            };
            let path = ask.replace('*', there);
            ok(shop.served.get(&[&config.api, path.as_str()].concat())).await;
        }
    }
}

#[tokio::test]
async fn a_page_allows_nothing_but_its_own() {
    let site = site();
    let shop = shop(&site.path()).await;
    for path in ["/", "/products", "/desk/", "/desk/orders/7"] {
        let answer = ok(shop.served.get(path)).await;
        assert_eq!(header(&answer, "content-security-policy"), POLICY, "{path}");
        assert!(!POLICY.contains("unsafe-inline") && !POLICY.contains("'unsafe-eval'"));
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(
            header(&answer, "referrer-policy"),
            "strict-origin-when-cross-origin"
        );
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(
            header(&answer, "cross-origin-resource-policy"),
            "same-origin"
        );
        assert!(header(&answer, "permissions-policy").contains("geolocation=()"));
        assert_eq!(header(&answer, "server"), "");
    }
    for path in [SCRIPT, PICTURE, "/nothing.js"] {
        let answer = shop.served.get(path).send().await.unwrap();
        assert_eq!(
            header(&answer, "x-content-type-options"),
            "nosniff",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_is_confirmed_each_time() {
    let site = site();
    let shop = shop(&site.path()).await;
    let mut tags = Vec::new();
    for path in ["/", "/desk/"] {
        let first = ok(shop.served.get(path)).await;
        assert_eq!(header(&first, "cache-control"), "no-cache");
        assert_eq!(header(&first, "vary"), "accept-encoding");
        let tag = header(&first, "etag");
        assert!(!tag.is_empty());
        let request = shop.served.get(path).header("if-none-match", &tag);
        let again = request.send().await.unwrap();
        assert_eq!(again.status(), 304);
        assert_eq!(header(&again, "etag"), tag);
        assert_eq!(header(&again, "cache-control"), "no-cache");
        let other = shop.served.get(path).header("if-none-match", "\"other\"");
        assert_eq!(header(&ok(other).await, "etag"), tag);
        tags.push(tag);
    }
    assert_ne!(tags[0], tags[1]);
}

#[tokio::test]
async fn a_page_travels_compressed_where_it_may() {
    let site = site();
    let shop = shop(&site.path()).await;
    let plain = ok(shop.served.get("/")).await.text().await.unwrap();
    for (accepts, packed) in [
        ("gzip, deflate, br, zstd", true),
        ("br;q=0.5", true),
        ("gzip", false),
        ("", false),
        ("brr", false),
        ("br;q=0", false),
        ("gzip, br; q=0.0", false),
    ] {
        let request = shop.served.get("/").header("accept-encoding", accepts);
        let answer = ok(request).await;
        let coding = header(&answer, "content-encoding");
        assert_eq!(coding, if packed { "br" } else { "" }, "{accepts}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        let body = answer.bytes().await.unwrap();
        let text = if packed {
            unpacked(&body)
        } else {
            String::from_utf8(body.to_vec()).unwrap()
        };
        assert_eq!(text, plain, "{accepts}");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_others_are_not() {
    let site = site();
    let shop = shop(&site.path()).await;
    for (path, caching, media_type) in [
        (SCRIPT, FOREVER, "text/javascript"),
        (WASM, FOREVER, "application/wasm"),
        ("/desk/desk-fedcba9876543210.css", FOREVER, "text/css"),
        (PICTURE, FOREVER, "image/webp"),
        ("/boot.js", "no-cache", "text/javascript"),
        (
            "/manifest.webmanifest",
            "no-cache",
            "application/manifest+json",
        ),
    ] {
        let answer = ok(shop.served.get(path)).await;
        assert_eq!(header(&answer, "cache-control"), caching, "{path}");
        assert_eq!(header(&answer, "content-type"), media_type, "{path}");

        // Confirming a copy does not change how long it is kept.
        let modified = header(&answer, "last-modified");
        let request = shop.served.get(path).header("if-modified-since", &modified);
        let again = request.send().await.unwrap();
        assert_eq!(again.status(), 304, "{path}");
        assert_eq!(header(&again, "cache-control"), caching, "{path}");
    }
}

#[tokio::test]
async fn a_compressed_file_is_the_same_file() {
    let site = site();
    let shop = shop(&site.path()).await;
    let plain = ok(shop.served.get(SCRIPT)).await;
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(header(&plain, "vary"), "accept-encoding");
    assert_eq!(plain.text().await.unwrap(), SCRIPT_TEXT);

    let packed = ok(shop.served.get(SCRIPT).header("accept-encoding", "br")).await;
    assert_eq!(header(&packed, "content-encoding"), "br");
    assert_eq!(header(&packed, "content-type"), "text/javascript");
    assert_eq!(header(&packed, "cache-control"), FOREVER);
    assert_eq!(header(&packed, "vary"), "accept-encoding");
    assert_eq!(unpacked(&packed.bytes().await.unwrap()), SCRIPT_TEXT);

    // Without a compressed copy beside it, it comes as it is.
    let wasm = ok(shop.served.get(WASM).header("accept-encoding", "br")).await;
    assert_eq!(header(&wasm, "content-encoding"), "");
    assert_eq!(wasm.bytes().await.unwrap().as_ref(), b"\0asm\x01\0\0\0");
}

#[tokio::test]
async fn every_address_of_the_shop_gives_its_page() {
    let site = site();
    let shop = shop(&site.path()).await;
    let home = ok(shop.served.get("/")).await;
    let desk = ok(shop.served.get("/desk/")).await;
    let (home, desk) = (home.text().await.unwrap(), desk.text().await.unwrap());
    for path in [
        "/products",
        "/products/avocado",
        "/products/%E4%B8%89%E6%96%87%E9%B1%BC",
        "/products?q=1.5",
        "/mine/",
        "/deskwork",
        "/somewhere/else",
    ] {
        let answer = ok(shop.served.get(path)).await;
        assert_eq!(answer.text().await.unwrap(), home, "{path}");
    }
    for path in ["/desk/orders", "/desk/orders/7?print=1"] {
        let answer = ok(shop.served.get(path)).await;
        assert_eq!(answer.text().await.unwrap(), desk, "{path}");
    }
}

#[tokio::test]
async fn the_desk_has_one_address() {
    let site = site();
    let shop = shop(&site.path()).await;
    let answer = shop.served.get("/desk").send().await.unwrap();
    assert_eq!(answer.status(), 308);
    assert_eq!(header(&answer, "location"), "/desk/");
}

#[tokio::test]
async fn a_site_without_a_desk_has_none() {
    let site = site();
    fs::remove_dir_all(site.path().join("desk")).unwrap();
    let shop = shop(&site.path()).await;
    let answer = shop.served.get("/desk/").send().await.unwrap();
    assert_eq!(problem(answer).await.kind, ProblemKind::NotFound);
    ok(shop.served.get("/")).await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_problem_and_not_a_page() {
    let site = site();
    let shop = shop(&site.path()).await;
    for path in [
        "/nothing.js",
        "/shop-ffffffffffffffff.js",
        "/desk/nothing.css",
        "/products/nothing.png",
        "/media/nothing.webp",
        "/media/",
        "/media",
    ] {
        let answer = shop.served.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert_ne!(header(&answer, "cache-control"), FOREVER, "{path}");
        assert_eq!(problem(answer).await.kind, ProblemKind::NotFound, "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_is_served() {
    let site = site();
    let secret = "the till's key";
    fs::write(site.path().join("../secret-of-the-tests.txt"), secret).unwrap();
    let shop = shop(&site.path()).await;
    fs::write(shop.folders.data.join("notes.txt"), secret).unwrap();
    let long = format!("/shop-{}.js", "a".repeat(5_000));
    for path in [
        "/..%2f..%2fetc/passwd",
        "/../../../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/../secret-of-the-tests.txt",
        "/..%2fsecret-of-the-tests.txt",
        "/%2e%2e/secret-of-the-tests.txt",
        "/desk/../../secret-of-the-tests.txt",
        "/desk/..%2f..%2fsecret-of-the-tests.txt",
        "/..%5csecret-of-the-tests.txt",
        "//etc/hosts.txt",
        "/%2fetc%2fhostname.txt",
        "/media/..%2fshop.sqlite",
        "/media/../shop.sqlite",
        "/media/%2e%2e/shop.sqlite",
        "/media/..%2fnotes.txt",
        "/media/../notes.txt",
        "/media/%2fetc%2fpasswd",
        "/media//etc/passwd",
        "/shop.sqlite",
        "/media/a%00.webp",
        "/boot.js%00",
        "/boot%00.js",
        "/%ff.js",
        "/media/%ff",
        &long,
    ] {
        let (status, answer) = shop.served.raw("GET", path).await;
        assert!(
            !answer.contains(secret) && !answer.contains("root:") && !answer.contains("SQLite"),
            "{path}"
        );
        // The page for an address that is no file's, else a problem: never half of anything.
        let page = status == 200 && answer.contains("<title>邻里优选</title>");
        let problem = status == 404 && answer.contains("urn:problem:not-found");
        // A name longer than a file may have is trouble to the file system, and not kept either.
        let problem = problem || path == long && answer.contains("urn:problem:internal");
        assert!(page || problem, "{path}: {status} {answer}");
        assert!(!answer.contains("immutable"), "{path}");
    }
}

#[tokio::test]
async fn a_folder_is_no_file() {
    let site = site();
    fs::create_dir(site.path().join("v1.0")).unwrap();
    let shop = shop(&site.path()).await;
    fs::create_dir(shop.folders.pictures().join("v1.0")).unwrap();
    for path in ["/v1.0", "/v1.0/", "//v1.0", "/media/v1.0", "//media/v1.0"] {
        let (status, answer) = shop.served.raw("GET", path).await;
        assert!(
            status == 404 || answer.contains("<title>"),
            "{path}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_head_says_what_a_get_would() {
    let site = site();
    let shop = shop(&site.path()).await;
    for path in ["/", "/products/avocado", "/desk/", SCRIPT, PICTURE] {
        let get = ok(shop.served.get(path)).await;
        let head = ok(shop.served.ask(Method::HEAD, path)).await;
        for name in [
            "content-type",
            "cache-control",
            "etag",
            "content-length",
            "vary",
        ] {
            assert_eq!(header(&head, name), header(&get, name), "{path} {name}");
        }
        assert_eq!(head.bytes().await.unwrap().len(), 0, "{path}");
    }
}

#[tokio::test]
async fn pages_take_nothing() {
    let site = site();
    let shop = shop(&site.path()).await;
    for path in [
        "/",
        "/products",
        "/desk",
        "/desk/",
        SCRIPT,
        PICTURE,
        "/media/nothing.webp",
    ] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = shop.served.ask(method.clone(), path).send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
            // RFC 9110, 15.5.6: it must say which methods there are.
            assert_eq!(header(&answer, "allow"), "GET,HEAD", "{method} {path}");
            assert_ne!(header(&answer, "cache-control"), FOREVER, "{method} {path}");
            let problem = problem(answer).await;
            assert_eq!(
                problem.kind,
                ProblemKind::MethodNotAllowed,
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_site_without_a_page_is_told_at_the_start() {
    let empty = tempfile::tempdir().unwrap();
    let shop = OpenShop::demo().await;
    let folders = backend::Folders {
        site: Some(empty.path().to_owned()),
        ..shop.folders.clone()
    };
    let error = backend::shop(shop.store.clone(), &folders, Settings::default())
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("index.html"), "{error:#}");
    // A page without the block could never be told whose shop it is.
    fs::write(empty.path().join("index.html"), "<title>店</title>").unwrap();
    let error = backend::shop(shop.store.clone(), &folders, Settings::default())
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("config"), "{error:#}");
}
