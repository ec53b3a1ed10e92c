//! The words of a replay that the room has none for. They come with its part of the wasm.

use crate::words::{Language, spoken};
use domain::video::ChapterKind;

/// The texts in one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Text {
    pub title: fn(&str) -> String,
    // Controls
    pub controls: &'static str,
    pub play: &'static str,
    pub pause: &'static str,
    pub progress: &'static str,
    pub progress_text: fn(&str, &str) -> String,
    pub length: fn(i64) -> String,
    pub speed: &'static str,
    pub times: fn(&str) -> String,
    pub film: &'static str,
    // Chapters
    pub chapters: &'static str,
    pub kind: fn(ChapterKind) -> &'static str,
    // What is said
    pub demo: &'static str,
    pub today: &'static str,
    pub looking: &'static str,
    pub offline: &'static str,
    pub failing: &'static str,
    pub see_film: &'static str,
    pub no_picture: &'static str,
    pub again: &'static str,
    pub tap: &'static str,
    // Instead of it
    pub empty: &'static str,
    pub empty_hint: &'static str,
    pub not_over: &'static str,
    pub not_over_hint: &'static str,
    pub to_room: &'static str,
    pub to_show: &'static str,
}

static ZH: Text = Text {
    title: |title| format!("回放：{title}"),
    controls: "播放控制",
    play: "播放",
    pause: "暂停",
    progress: "进度",
    progress_text: |at, all| format!("{at}，共 {all}"),
    length: |seconds| {
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let part = |count: i64, of: &str| match count {
            0 => None,
            count => Some(format!("{count} {of}")),
        };
        let parts = [
            part(hours, "小时"),
            part(minutes, "分"),
            part(seconds, "秒"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            "0 秒".to_owned()
        } else {
            parts.join(" ")
        }
    },
    speed: "速度",
    times: |rate| format!("{rate} 倍"),
    film: "录像",
    chapters: "章节",
    kind: |kind| match kind {
        ChapterKind::Pin => "讲商品",
        ChapterKind::Poll => "投票",
        ChapterKind::Wishes => "许愿",
        ChapterKind::Drop => "发券",
        ChapterKind::Unknown => "片段",
    },
    demo: "这是演示录像",
    today: "评论是当时的，价格和库存是今天的",
    looking: "正在找这一刻",
    offline: "没有网络，先停在这里；网络回来会自己接着放",
    failing: "网络不好，先停在这里，正在再试",
    see_film: "看录像",
    no_picture: "画面放不出来，先看照片",
    again: "再试画面",
    tap: "再点一下播放",
    empty: "这一场没有留下回放",
    empty_hint: "没有录像，也没有人说过话。东西都还能买。",
    not_over: "这一场还没有播完",
    not_over_hint: "播完了就能在这里看回放。",
    to_room: "去直播间",
    to_show: "看这一场",
};

static EN: Text = Text {
    title: |title| format!("Replay: {title}"),
    controls: "Playback",
    play: "Play",
    pause: "Pause",
    progress: "Position",
    progress_text: |at, all| format!("{at} of {all}"),
    length: |seconds| {
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let part = |count: i64, of: &str| match count {
            0 => None,
            1 => Some(format!("1 {of}")),
            count => Some(format!("{count} {of}s")),
        };
        let parts = [
            part(hours, "hour"),
            part(minutes, "minute"),
            part(seconds, "second"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            "0 seconds".to_owned()
        } else {
            parts.join(" ")
        }
    },
    speed: "Speed",
    times: |rate| format!("{rate}×"),
    film: "Recording",
    chapters: "Chapters",
    kind: |kind| match kind {
        ChapterKind::Pin => "Goods",
        ChapterKind::Poll => "Poll",
        ChapterKind::Wishes => "Wishes",
        ChapterKind::Drop => "Coupons",
        ChapterKind::Unknown => "Part",
    },
    demo: "This is a demo recording",
    today: "Comments are of then, prices and stock of today",
    looking: "Finding this moment",
    offline: "No network, so it stops here; it goes on by itself when the network is back",
    failing: "The network is bad, so it stops here; we keep trying",
    see_film: "Show the film",
    no_picture: "The picture does not play; here are photos",
    again: "Try the picture again",
    tap: "Please tap Play again",
    empty: "There is no replay of this show",
    empty_hint: "Nothing was recorded, and nobody said anything. The goods can still be bought.",
    not_over: "This show is not over yet",
    not_over_hint: "When it is over it can be watched again here.",
    to_room: "To the live room",
    to_show: "To the show",
};

/// The texts in the language that is spoken.
pub fn says() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// `3:20`, `1:02:09`.
pub fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}
