//! The film of the demo's recorded show, drawn by ffmpeg from the demo's own pictures. It says that it is a
//! demo all the time. Without ffmpeg there is none, and pages show photos.

use super::records;
use crate::clock::Clock;
use crate::language::Language;
use crate::store::Store;
use crate::{Folders, media};
use anyhow::{Context, bail};
use domain::video::{ChapterKind, Replay};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// The show that was recorded.
const SHOW: &str = "market-morning";
/// Pixels: upright, as a phone is held.
const SIZE: (u32, u32) = (640, 1138);
/// Pictures a second.
const RATE: u32 = 15;
/// The plates under the pictures, one after another.
const PLATES: [&str; 5] = ["0xF6E7C8", "0xE3EBD3", "0xF3DAD2", "0xDDE8EA", "0xEFE3F0"];

/// What is seen for a while.
#[derive(Debug, PartialEq, Eq)]
struct Scene {
    /// Milliseconds.
    ms: i64,
    /// The file of the picture, where there is one.
    picture: Option<PathBuf>,
}

/// Draws the film, unless it is there already or there is no ffmpeg. Takes a minute or so of one processor.
pub async fn film(store: &Store, folders: &Folders) -> anyhow::Result<()> {
    let (_, zone) = store.name_and_zone().await?;
    let clock = Clock::of(&zone)?;
    // Another shop than the demo has no such show.
    let Ok((replay, stream)) = store.replay(&SHOW.into(), Language::Zh, &clock).await else {
        return Ok(());
    };
    let records = folders.records();
    let there = media::parts(&records, &stream, replay.starts_at).await;
    if !there.is_empty() || stream.is_empty() {
        return Ok(());
    }
    let known = Command::new("ffmpeg")
        .arg("-version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !known.await.is_ok_and(|status| status.success()) {
        tracing::info!("without ffmpeg the demo's recorded show has no film");
        return Ok(());
    }
    tokio::fs::create_dir_all(&records).await?;
    let half = records.join(format!(".{stream}.part"));
    let scenes = scenes(&replay, &folders.pictures());
    let drawn = Command::new("ffmpeg")
        .args(arguments(&scenes))
        .arg(&half)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output()
        .await
        .context("cannot start ffmpeg")?;
    if !drawn.status.success() {
        // What is half a film is none.
        let _ = tokio::fs::remove_file(&half).await;
        let said = String::from_utf8_lossy(&drawn.stderr);
        bail!("ffmpeg has drawn no film: {}", said.trim_end());
    }
    // First what says that it is a demo, then what it is said of.
    tokio::fs::write(records::mark(&records, &stream), b"").await?;
    let whole = records.join(format!("{stream}-{:013}.mp4", replay.starts_at));
    tokio::fs::rename(&half, &whole).await?;
    tracing::info!(film = %whole.display(), "the demo's recorded show has its film");
    Ok(())
}

/// From one product that was shown to the next; before the first one, the show's own picture.
fn scenes(replay: &Replay, pictures: &Path) -> Vec<Scene> {
    let file = |picture: Option<&domain::catalog::Picture>| {
        let name = picture?.url.rsplit('/').next()?;
        Some(pictures.join(name)).filter(|file| file.is_file())
    };
    let mut shown = vec![(0, file(replay.cover.as_ref()))];
    let pins = replay.chapters.iter();
    for chapter in pins.filter(|chapter| chapter.kind == ChapterKind::Pin) {
        shown.push((chapter.at_ms, file(chapter.picture.as_ref())));
    }
    let ends = shown.iter().skip(1).map(|(at, _)| *at).chain([replay.ms]);
    let scene = |((at, picture), end): ((i64, Option<PathBuf>), i64)| Scene {
        ms: end - at,
        picture,
    };
    let ends: Vec<_> = ends.collect();
    let all = shown.into_iter().zip(ends).map(scene);
    all.filter(|scene| scene.ms > 0).collect()
}

/// Everything that ffmpeg is told but the file.
fn arguments(scenes: &[Scene]) -> Vec<String> {
    let mut arguments: Vec<String> = ["-hide_banner", "-loglevel", "error", "-y", "-threads", "1"]
        .map(str::to_owned)
        .to_vec();
    let (width, height) = SIZE;
    let (mut graph, mut input, mut names) = (String::new(), 0, String::new());
    for (number, scene) in scenes.iter().enumerate() {
        let seconds = seconds(scene.ms);
        let plate = PLATES.get(number % PLATES.len()).unwrap_or(&"0xF6E7C8");
        let plate = format!("color=c={plate}:s={width}x{height}:r={RATE}:d={seconds}");
        // Writing into a text cannot fail.
        let _ = match &scene.picture {
            Some(picture) => {
                let rate = RATE.to_string();
                let looped = [
                    "-f",
                    "image2",
                    "-loop",
                    "1",
                    "-framerate",
                    &rate,
                    "-t",
                    &seconds,
                ];
                arguments.extend(looped.map(str::to_owned));
                arguments.extend(["-i".to_owned(), picture.display().to_string()]);
                let drawn = format!("[{input}:v]scale=440:440,format=rgba[p{number}];");
                input += 1;
                write!(
                    graph,
                    "{drawn}{plate}[b{number}];[b{number}][p{number}]overlay=\
                     x='(W-w)/2+70*sin(t/2.3)':y='(H-h)/2-60+50*cos(t/3.1)':shortest=1,\
                     setsar=1[s{number}];"
                )
            }
            None => write!(graph, "{plate},setsar=1[s{number}];"),
        };
        let _ = write!(names, "[s{number}]");
    }
    let whole = seconds(scenes.iter().map(|scene| scene.ms).sum());
    let _ = write!(
        graph,
        "{names}concat=n={}:v=1:a=0,\
         drawtext=text='DEMO':fontsize=64:fontcolor=0x1D231F:x=(w-tw)/2:y=150,\
         drawtext=text='drawn by ffmpeg, not filmed':fontsize=26:fontcolor=0x1D231F:x=(w-tw)/2:y=232,\
         drawtext=text='%{{pts\\:hms}}':fontsize=34:fontcolor=0x1D231F:x=(w-tw)/2:y=280,\
         format=yuv420p[v];\
         anoisesrc=c=brown:a=0.03:r=44100:d={whole},tremolo=f=0.3:d=0.5[a]",
        scenes.len()
    );
    let rest = [
        "-filter_complex",
        &graph,
        "-map",
        "[v]",
        "-map",
        "[a]",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "30",
        "-threads",
        "1",
        "-g",
        "30",
        "-c:a",
        "aac",
        "-b:a",
        "48k",
        "-ac",
        "1",
        "-t",
        &whole,
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ];
    arguments.extend(rest.map(str::to_owned));
    arguments
}

/// Milliseconds as ffmpeg reads seconds.
fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use domain::catalog::{Picture, Tint};
    use domain::video::Chapter;

    #[test]
    fn scenes_go_from_pin_to_pin_and_are_as_long_as_the_show() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.webp"), b"").unwrap();
        let picture = |name: &str| {
            Some(Picture {
                url: format!("/media/{name}.webp"),
                width: 1,
                height: 1,
                tint: Tint::Unknown,
            })
        };
        let chapter = |at_ms, kind, name: &str| Chapter {
            at_ms,
            kind,
            title: String::new(),
            product: None,
            picture: picture(name),
        };
        let replay = Replay {
            show: "s".into(),
            epoch: String::new(),
            starts_at: 0,
            ms: 60_500,
            parts: Vec::new(),
            chapters: vec![
                chapter(10_000, ChapterKind::Pin, "a"),
                chapter(20_000, ChapterKind::Poll, "a"),
                chapter(30_000, ChapterKind::Pin, "gone"),
            ],
            events: 0,
            cover: None,
            demo: false,
        };
        let scenes = scenes(&replay, folder.path());
        let lengths: Vec<_> = scenes.iter().map(|scene| scene.ms).collect();
        assert_eq!(lengths, [10_000, 20_000, 30_500]);
        assert!(scenes[1].picture.is_some() && scenes[2].picture.is_none());
        let arguments = arguments(&scenes);
        assert!(arguments.contains(&"60.500".to_owned()), "{arguments:?}");
        assert_eq!(arguments.iter().filter(|one| *one == "-i").count(), 1);
    }
}
