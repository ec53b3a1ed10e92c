//! The picture of shows: who may send it, what viewers are told of it, how it is served.

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
use backend::media::Media;
use client::Client;
use client::native::Native;
use common::live::{Stream, tonight};
use common::people::{CLERK, HOST, OWNER, refused};
use common::{OpenShop, header, now, problem};
use domain::live::{PinRequest, What};
use domain::problem::ProblemKind;
use domain::show::ShowStep;
use domain::video::{PlaylistStatus, VideoKind};
use reqwest::Method;
use std::fs;

const SECRET: &str = "hush";

/// A shop with a media server.
async fn shop() -> (OpenShop, Client<Native>) {
    let media = Media {
        whep: Some("https://media.example:8889/{stream}/whep".into()),
        hls: Some("/media/hls/{stream}/index.m3u8".into()),
        audio: Some("/media/hls/{stream}/audio.m3u8".into()),
        whip: Some("https://media.example:8889/{stream}/whip".into()),
        rtmp: Some("rtmp://{host}:1935/live".into()),
        secret: Some(SECRET.into()),
    };
    let shop = OpenShop::started(Settings {
        show_codes: true,
        media,
        ..Settings::default()
    })
    .await;
    let host = shop.desk(HOST).await;
    (shop, host)
}

/// What nginx-rtmp says: status, and where it is sent to.
async fn says(shop: &OpenShop, path: &str, form: &str) -> (u16, String) {
    let request = shop
        .served
        .ask(Method::POST, &format!("/api/v1/media/{path}"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(form.to_owned()).send().await.unwrap();
    (answer.status().as_u16(), header(&answer, "location"))
}

async fn stream(shop: &OpenShop) -> String {
    let room = shop.room().await;
    let hls = room.sources.iter().find(|one| one.kind == VideoKind::Hls);
    let url = hls.unwrap().url.clone();
    url.split('/').nth(3).unwrap().to_owned()
}

#[tokio::test]
async fn viewers_are_told_where_the_picture_is_and_never_how_it_is_sent() {
    let (shop, host) = shop().await;
    let kinds = [
        VideoKind::Whep,
        VideoKind::Hls,
        VideoKind::Audio,
        VideoKind::Photos,
    ];
    let room = shop.room().await;
    assert_eq!(
        room.sources.iter().map(|one| one.kind).collect::<Vec<_>>(),
        kinds
    );
    let client = shop.client("zh-CN");
    let show = now(client.shows().show(&tonight()).await.unwrap());
    assert_eq!(show.sources, room.sources);
    let stream = stream(&shop).await;
    assert!(stream.len() >= 20 && stream.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // Another show, another name; and one that is over has none but photos.
    let other = now(client.shows().show(&"lemon-orchard".into()).await.unwrap());
    assert!(!other.sources[0].url.contains(&stream));
    let over = now(client.shows().show(&"market-morning".into()).await.unwrap());
    assert_eq!(over.sources.len(), 1);

    let before = now(host.desk_shows().publishing(&tonight()).await.unwrap());
    assert_eq!(
        (before.made_at, before.rtmp, before.whip),
        (None, None, None)
    );
    let made = host.desk_shows().renew_key(&tonight()).await.unwrap();
    let rtmp = made.rtmp.clone().unwrap();
    assert_eq!(rtmp.server, "rtmp://127.0.0.1:1935/live");
    let whip = made.whip.clone().unwrap();
    assert_eq!(whip.token, rtmp.key);
    assert_eq!(
        whip.url,
        format!("https://media.example:8889/{stream}/whip")
    );
    assert!(rtmp.key.len() >= 32 && !rtmp.key.contains(&stream));
    assert_eq!(
        now(host.desk_shows().publishing(&tonight()).await.unwrap()),
        made
    );
    let text = shop
        .served
        .get("/api/v1/shows/tonight/room")
        .send()
        .await
        .unwrap();
    assert!(!text.text().await.unwrap().contains(&rtmp.key));
}

#[tokio::test]
async fn keys_are_for_hosts() {
    let (shop, _) = shop().await;
    let owner = shop.desk(OWNER).await;
    owner.desk_shows().renew_key(&tonight()).await.unwrap();
    let clerk = shop.desk(CLERK).await;
    let guest = shop.client("zh-CN");
    for (client, kind) in [
        (&clerk, ProblemKind::Forbidden),
        (&guest, ProblemKind::NotSignedIn),
    ] {
        let shows = client.desk_shows();
        assert_eq!(refused(shows.publishing(&tonight()).await), kind);
        assert_eq!(refused(shows.renew_key(&tonight()).await), kind);
        assert_eq!(refused(shows.air(&tonight()).await), kind);
    }
    let shows = owner.desk_shows();
    assert_eq!(
        refused(shows.publishing(&"no".into()).await),
        ProblemKind::NotFound
    );
    assert_eq!(
        refused(shows.renew_key(&"no".into()).await),
        ProblemKind::NotFound
    );
    let over = "market-morning".into();
    assert_eq!(refused(shows.renew_key(&over).await), ProblemKind::NotNow);
    // The key is never in a list, and a write without the page's header is refused.
    let bare = shop
        .served
        .ask(Method::POST, "/api/v1/desk/shows/tonight/publishing");
    let answer = problem(bare.send().await.unwrap()).await;
    assert_eq!(answer.kind, ProblemKind::UnsafeRequest);
}

#[tokio::test]
async fn only_the_right_key_opens_and_everybody_is_told() {
    let (shop, host) = shop().await;
    let shows = host.desk_shows();
    let key = shows.renew_key(&tonight()).await.unwrap().rtmp.unwrap().key;
    let stream = stream(&shop).await;
    let mut viewer = Stream::of(&shop, "").await;
    for wrong in [
        "",
        "name=",
        "name=wrong",
        &format!("name={stream}"),
        &format!("call=publish&name={stream}"),
    ] {
        let (status, _) = says(&shop, "publish", wrong).await;
        assert!(
            status == 403 || (status == 400 && !wrong.contains("name")),
            "{wrong}: {status}"
        );
    }
    assert_eq!(shop.room().await.air, None, "nobody has sent anything");
    let call = format!("app=live&addr=127.0.0.1&clientid=7&call=publish&name={key}&type=live");
    assert_eq!(says(&shop, "publish", &call).await, (302, stream.clone()));
    let told = viewer.until(|event| event.what == What::OnAir).await;
    assert!(told.clock.is_some());
    assert!(shop.room().await.air.unwrap().on);
    assert!(
        now(shows.publishing(&tonight()).await.unwrap())
            .sending_since
            .is_some()
    );
    // Said again it is no news; a server that cannot rename is answered with nothing.
    let update = format!("clientid=7&call=update_publish&name={key}");
    assert_eq!(says(&shop, "publish", &update).await, (204, String::new()));
    assert_eq!(says(&shop, "publish", &format!("name={key}")).await.0, 204);
    // What makes the HLS only watches.
    assert_eq!(
        says(&shop, "publish", &format!("call=update_play&name={stream}"))
            .await
            .0,
        204
    );
    // The end of an older connection is not the end of this one.
    assert_eq!(says(&shop, "publish", &call).await.0, 302);
    // A second one with the same key is refused by the media server after it has asked: then it says that
    // this one is gone, and the first still sends.
    let second = format!("clientid=8&call=publish&name={key}");
    assert_eq!(says(&shop, "publish", &second).await.0, 302);
    let second = format!("clientid=8&call=publish_done&name={key}");
    assert_eq!(says(&shop, "publish-done", &second).await.0, 204);
    assert!(shop.room().await.air.unwrap().on);
    let older = format!("clientid=6&call=publish_done&name={key}");
    assert_eq!(says(&shop, "publish-done", &older).await.0, 204);
    assert!(shop.room().await.air.unwrap().on);
    let done = format!("clientid=7&call=publish_done&name={key}");
    assert_eq!(says(&shop, "publish-done", &done).await.0, 204);
    viewer.until(|event| event.what == What::OffAir).await;
    assert!(!shop.room().await.air.unwrap().on);
    assert_eq!(says(&shop, "publish-done", "name=wrong").await.0, 403);
}

#[tokio::test]
async fn a_renewed_key_shuts_the_old_one_out() {
    let (shop, host) = shop().await;
    let shows = host.desk_shows();
    let old = shows.renew_key(&tonight()).await.unwrap().rtmp.unwrap().key;
    assert_eq!(
        says(&shop, "publish", &format!("call=publish&name={old}"))
            .await
            .0,
        302
    );
    let new = shows.renew_key(&tonight()).await.unwrap();
    assert_eq!(new.sending_since, None);
    assert!(!shop.room().await.air.unwrap().on);
    let new = new.rtmp.unwrap().key;
    assert_ne!(old, new);
    for call in ["publish", "update_publish"] {
        assert_eq!(
            says(&shop, "publish", &format!("call={call}&name={old}"))
                .await
                .0,
            403
        );
    }
    assert_eq!(
        says(&shop, "publish", &format!("call=publish&name={new}"))
            .await
            .0,
        302
    );
    // After the show nothing is sent any more.
    shows.step(&tonight(), ShowStep::Start).await.unwrap();
    shows.step(&tonight(), ShowStep::End).await.unwrap();
    assert_eq!(
        says(&shop, "publish", &format!("call=update_publish&name={new}"))
            .await
            .0,
        403
    );
}

#[tokio::test]
async fn who_says_nothing_any_more_is_off_air() {
    let (shop, host) = shop().await;
    let key = host
        .desk_shows()
        .renew_key(&tonight())
        .await
        .unwrap()
        .rtmp
        .unwrap()
        .key;
    let mut viewer = Stream::of(&shop, "").await;
    assert_eq!(
        says(&shop, "publish", &format!("call=update_publish&name={key}"))
            .await
            .0,
        204
    );
    viewer.until(|event| event.what == What::OnAir).await;
    shop.minutes_pass(1);
    viewer.until(|event| event.what == What::OffAir).await;
    // Also one that was never heard of again.
    let call = format!("call=publish&name={key}");
    assert_eq!(says(&shop, "publish?updates=10", &call).await.0, 302);
    viewer.until(|event| event.what == What::OnAir).await;
    shop.minutes_pass(1);
    viewer.until(|event| event.what == What::OffAir).await;
}

#[tokio::test]
async fn only_a_media_server_of_the_shop_is_heard() {
    let (shop, host) = shop().await;
    let key = host
        .desk_shows()
        .renew_key(&tonight())
        .await
        .unwrap()
        .rtmp
        .unwrap()
        .key;
    // By way of a proxy on this machine, which is how the whole world comes here.
    let by_proxy = |secret: &'static str| {
        let path = format!("/api/v1/media/publish{secret}");
        let request = shop.served.ask(Method::POST, &path);
        let request = request.header("x-forwarded-for", "203.0.113.9");
        let request = request.body(format!("name={key}"));
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(by_proxy("").await, 403);
    assert_eq!(by_proxy("?secret=hus").await, 403);
    assert_eq!(by_proxy("?secret=hush").await, 204);
    let get = shop
        .served
        .get("/api/v1/media/publish")
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), 405);
}

#[tokio::test]
async fn the_desk_is_told_whether_a_viewer_would_see_it() {
    let (shop, host) = shop().await;
    let stream = stream(&shop).await;
    let folder = shop.folders.hls().join(&stream);
    let check = || async { now(host.desk_shows().air(&tonight()).await.unwrap()) };
    let none = check().await;
    assert_eq!(none.playlist.status, PlaylistStatus::Missing);
    assert!(!none.sending && !none.is_on_air());
    fs::create_dir_all(&folder).unwrap();
    let clock = shop.clock.now();
    let written = |before: i64| {
        let time = shop.clock.moment(clock.ms - before);
        let text = format!("#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{time}\n#EXTINF:1.000000,\n1.ts\n");
        fs::write(folder.join("index.m3u8"), text).unwrap();
    };
    written(3_000);
    let fresh = check().await;
    assert_eq!(fresh.playlist.status, PlaylistStatus::Fresh);
    assert!(fresh.playlist.age_ms.unwrap() >= 1_000 && fresh.is_on_air());
    assert_eq!(
        fresh.playlist.program_date_time.unwrap().offset_minutes,
        480
    );
    written(60_000);
    assert_eq!(check().await.playlist.status, PlaylistStatus::Stale);
}

#[tokio::test]
async fn a_playlist_is_of_now_and_its_pieces_can_be_had_in_ranges() {
    let (shop, _) = shop().await;
    let folder = shop.folders.hls().join("abc");
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir_all(shop.folders.records()).unwrap();
    fs::write(folder.join("index.m3u8"), "#EXTM3U\n").unwrap();
    fs::write(folder.join("1.ts"), "0123456789").unwrap();
    fs::write(folder.join("ffmpeg.log"), "secret").unwrap();
    fs::write(shop.folders.records().join("abc-1.mp4"), "0123456789").unwrap();
    for (path, kind, caching) in [
        (
            "hls/abc/index.m3u8",
            "application/vnd.apple.mpegurl",
            "no-cache",
        ),
        ("hls/abc/1.ts", "video/mp2t", "public, max-age=3600"),
        ("records/abc-1.mp4", "video/mp4", "public, max-age=3600"),
    ] {
        let answer = shop
            .served
            .get(&format!("/media/{path}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), kind, "{path}");
        assert_eq!(header(&answer, "cache-control"), caching, "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    }
    // What a media server has left behind is not a picture any more; a second it is late is.
    let written = |seconds| {
        let playlist = folder.join("index.m3u8");
        let file = fs::File::options().write(true).open(playlist).unwrap();
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(seconds);
        file.set_modified(then).unwrap();
    };
    for (seconds, status) in [(5, 200), (60, 404)] {
        written(seconds);
        let (answered, _) = shop.served.raw("GET", "/media/hls/abc/index.m3u8").await;
        assert_eq!(answered, status, "{seconds} s");
    }
    let part = shop
        .served
        .get("/media/records/abc-1.mp4")
        .header("range", "bytes=2-4");
    let part = part.send().await.unwrap();
    assert_eq!(
        (part.status().as_u16(), header(&part, "content-range")),
        (206, "bytes 2-4/10".into())
    );
    assert_eq!(header(&part, "content-type"), "video/mp4");
    assert_eq!(part.text().await.unwrap(), "234");
    for none in [
        "hls/abc/ffmpeg.log",
        "hls/abc/2.ts",
        "hls/",
        "hls",
        "records/",
        "hls/abc",
        "hls/../pictures/x.ts",
    ] {
        let (status, answer) = shop.served.raw("GET", &format!("/media/{none}")).await;
        assert_eq!(status, 404, "{none}");
        assert!(
            !answer.contains("secret") && !answer.contains("max-age"),
            "{none}: {answer}"
        );
    }
}

#[tokio::test]
async fn an_event_says_when_the_host_has_said_it() {
    let (shop, host) = shop().await;
    let shows = host.desk_shows();
    shows.step(&tonight(), ShowStep::Start).await.unwrap();
    let mut viewer = Stream::of(&shop, "").await;
    let pin = |said_at, note: &str| PinRequest {
        product: "avocado".into(),
        variant: None,
        note: note.into(),
        said_at,
    };
    for (note, early) in [("a", 2_000), ("b", 3_600_000), ("c", -3_600_000)] {
        let before = shop.clock.now().ms;
        shows
            .pin(&tonight(), &pin(Some(before - early), note))
            .await
            .unwrap();
        let after = shop.clock.now().ms;
        let pinned = viewer
            .until(|event| matches!(event.what, What::Pinned { .. }))
            .await;
        let clock = pinned.clock.unwrap();
        // A little earlier is believed, much earlier only so far, and later never.
        let (least, most) = match early {
            2_000 => (before - 2_000, before - 2_000),
            3_600_000 => (before - 5_000, after - 5_000),
            _ => (before, after),
        };
        assert!(
            (least..=most).contains(&clock),
            "{note}: {clock} in {least}..={most}"
        );
        assert_eq!(shop.room().await.said.pin, Some(clock));
    }
}
