//! Where pictures of shows come from and go to: addresses of a media server that is somebody else's, its
//! files, and what is recorded.

pub mod demo;
mod mp4;
mod playlist;
mod records;

pub(crate) use playlist::check;
pub(crate) use records::{is_drawn, parts};

use domain::show::ShowState;
use domain::video::{RtmpDoor, VideoKind, VideoSource, WhipDoor};
use std::fmt;

/// The media server's addresses, as templates: `{stream}` stands for the name by which a show is watched,
/// `{host}` for the host by which whoever asks has reached the shop. What is not given is not there.
#[derive(Clone, Default)]
pub struct Media {
    /// Where WHEP is spoken.
    pub whep: Option<String>,
    /// The HLS playlist; a path of the shop's own host, or absolute.
    pub hls: Option<String>,
    /// The HLS playlist that has nothing but sound.
    pub audio: Option<String>,
    /// Where WHIP is spoken.
    pub whip: Option<String>,
    /// The RTMP server without the key.
    pub rtmp: Option<String>,
    /// What a media server that is not on this machine must show to be heard.
    pub secret: Option<String>,
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the secret: this stands in logs.
        f.debug_struct("Media")
            .field("whep", &self.whep)
            .field("hls", &self.hls)
            .field("audio", &self.audio)
            .field("whip", &self.whip)
            .field("rtmp", &self.rtmp)
            .finish_non_exhaustive()
    }
}

impl Media {
    /// Where the picture of a show comes from, the best first. One that is over has none but its replay.
    pub(crate) fn sources(&self, stream: &str, state: ShowState) -> Vec<VideoSource> {
        let templates = [
            (VideoKind::Whep, &self.whep),
            (VideoKind::Hls, &self.hls),
            (VideoKind::Audio, &self.audio),
        ];
        let there = matches!(state, ShowState::Scheduled | ShowState::Live) && !stream.is_empty();
        let streams = templates
            .into_iter()
            .filter_map(|(kind, template)| Some((kind, template.as_ref()?)))
            .filter(|_| there)
            .map(|(kind, template)| VideoSource::new(kind, template.replace("{stream}", stream)));
        streams.chain([VideoSource::photos()]).collect()
    }

    /// Where a browser sends to.
    pub(crate) fn whip(&self, stream: &str, key: &str) -> Option<WhipDoor> {
        let template = self.whip.as_ref()?;
        Some(WhipDoor {
            url: template.replace("{stream}", stream),
            token: key.to_owned(),
        })
    }

    /// Where OBS sends to. `host` is what the desk's page has reached the shop by.
    pub(crate) fn rtmp(&self, stream: &str, key: &str, host: &str) -> Option<RtmpDoor> {
        let template = self.rtmp.as_ref()?;
        Some(RtmpDoor {
            server: template.replace("{stream}", stream).replace("{host}", host),
            key: key.to_owned(),
        })
    }

    /// The hosts that pages speak with besides the shop's own: those that send and fetch, and those whose
    /// files are played.
    pub(crate) fn origins(&self) -> (Vec<&str>, Vec<&str>) {
        let mut asked: Vec<&str> = [&self.whep, &self.whip, &self.hls, &self.audio]
            .into_iter()
            .filter_map(|template| origin(template.as_deref()?))
            .collect();
        asked.dedup();
        let mut played: Vec<&str> = [&self.hls, &self.audio]
            .into_iter()
            .filter_map(|template| origin(template.as_deref()?))
            .collect();
        played.dedup();
        (asked, played)
    }
}

/// `https://media.example:8889` of an absolute address; `None` for a path, and for what could say more than
/// one thing in a policy.
fn origin(template: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| template.starts_with(scheme))?;
    let host = template.get(scheme.len()..)?;
    let end = host.find(['/', '?', '#']).unwrap_or(host.len());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let host = host.get(..end).filter(|host| !host.is_empty())?;
    host.bytes()
        .all(plain)
        .then(|| template.get(..scheme.len() + end))?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn media() -> Media {
        Media {
            whep: Some("https://m.example:8889/{stream}/whep".into()),
            hls: Some("/media/hls/{stream}/index.m3u8".into()),
            rtmp: Some("rtmp://{host}:1935/live".into()),
            ..Media::default()
        }
    }

    #[test]
    fn the_best_is_first_and_photos_are_always_there() {
        let kinds = |media: Media, state| {
            let sources = media.sources("s", state);
            sources.iter().map(|one| one.kind).collect::<Vec<_>>()
        };
        let all = [VideoKind::Whep, VideoKind::Hls, VideoKind::Photos];
        assert_eq!(kinds(media(), ShowState::Live), all);
        assert_eq!(kinds(media(), ShowState::Ended), [VideoKind::Photos]);
        assert_eq!(
            kinds(Media::default(), ShowState::Live),
            [VideoKind::Photos]
        );
        let url = media().sources("s", ShowState::Live);
        assert_eq!(url.get(1).unwrap().url, "/media/hls/s/index.m3u8");
    }

    #[test]
    fn a_policy_is_given_hosts_and_nothing_else() {
        assert_eq!(media().origins(), (vec!["https://m.example:8889"], vec![]));
        for none in [
            "/media",
            "ftp://x",
            "https://",
            "https://a b/",
            "https://a;script-src *",
        ] {
            assert_eq!(origin(none), None, "{none}");
        }
        assert_eq!(origin("http://h:1?x"), Some("http://h:1"));
    }

    #[test]
    fn the_secret_stands_in_no_log() {
        let media = Media {
            secret: Some("hush".into()),
            ..Media::default()
        };
        assert!(!format!("{media:?}").contains("hush"));
        let door = super::tests::media().rtmp("s", "k", "192.168.1.5").unwrap();
        assert_eq!(door.address(), "rtmp://192.168.1.5:1935/live/k");
    }
}
