//! How whoever hosts sends the picture, and whether it reaches a viewer.

use crate::time::Moment;
use serde::Serialize;

/// How old the newest piece of a playlist may be, in milliseconds, before it counts as stopped.
pub const STALE_AFTER: i64 = 10_000;

/// Where the picture of a show is sent to: `GET /desk/shows/{id}/publishing`, and `POST` for a new key.
/// Whoever has the key can send; the address that viewers watch does not tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publishing {
    /// When the key was made; absent: there is none yet, and nothing can be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub made_at: Option<Moment>,
    /// Straight from a browser; absent where the shop has no such server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whip: Option<WhipDoor>,
    /// From OBS or a phone's app; absent where the shop has no such server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtmp: Option<RtmpDoor>,
    /// Since when a picture is sent; absent: none is, or nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub sending_since: Option<Moment>,
}

crate::readable!(Publishing {
    made_at,
    whip,
    rtmp,
    sending_since
});

/// Sending by WHIP (RFC 9725).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhipDoor {
    /// Where the offer is posted to.
    pub url: String,
    /// The bearer token.
    pub token: String,
}

crate::readable!(WhipDoor { url, token });

/// Sending by RTMP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RtmpDoor {
    /// What OBS calls the server: `rtmp://192.168.1.5:1935/live`.
    pub server: String,
    /// What OBS calls the stream key.
    pub key: String,
}

crate::readable!(RtmpDoor { server, key });

impl RtmpDoor {
    /// Both in one, as most phone apps want it, and for a QR code.
    pub fn address(&self) -> String {
        [self.server.trim_end_matches('/'), "/", &self.key].concat()
    }
}

/// Whether what is sent comes out again where viewers fetch it: `GET /desk/shows/{id}/air`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AirCheck {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Moment,
    /// Whether the media server says that somebody sends.
    pub sending: bool,
    /// Since when it is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Moment>,
    /// What the playlist says.
    pub playlist: PlaylistCheck,
}

crate::readable!(AirCheck { now, sending or false, since, playlist });

impl AirCheck {
    /// Whether one may say "you are on air" as far as the server can tell. That a browser plays it is for
    /// the desk's page to see.
    pub fn is_on_air(&self) -> bool {
        self.playlist.status == PlaylistStatus::Fresh
    }
}

/// What is in the HLS playlist of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaylistCheck {
    /// How it is.
    pub status: PlaylistStatus,
    /// The host's time at the end of its last piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub program_date_time: Option<Moment>,
    /// How long ago that was, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<i64>,
}

crate::readable!(PlaylistCheck {
    status,
    program_date_time,
    age_ms
});

/// How a playlist is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaylistStatus {
    /// It is there, and its last piece is of now.
    Fresh,
    /// It is there, and nothing has come for [`STALE_AFTER`] or longer.
    Stale,
    /// It is there without a time, so that nothing can follow the picture.
    Timeless,
    /// It is not there.
    Missing,
    /// The shop has no HLS, or its server is one that cannot be asked.
    Unchecked,
    /// Newer than this code: not on air.
    #[serde(other)]
    Unknown,
}

crate::readable_words!(PlaylistStatus { "fresh" => Fresh, "stale" => Stale, "timeless" => Timeless, "missing" => Missing, "unchecked" => Unchecked } else Unknown);

impl PlaylistCheck {
    /// Reads a media playlist (RFC 8216) at `now`, in milliseconds: its last `EXT-X-PROGRAM-DATE-TIME`, and
    /// the pieces from there on.
    pub fn of(text: &str, now: i64) -> Self {
        let missing = Self {
            status: PlaylistStatus::Missing,
            program_date_time: None,
            age_ms: None,
        };
        if !text.trim_start().starts_with("#EXTM3U") {
            return missing;
        }
        let (mut end, mut length, mut pieces) = (None::<Moment>, 0_i64, 0_u32);
        for line in text.lines().map(str::trim) {
            if let Some(time) = line.strip_prefix("#EXT-X-PROGRAM-DATE-TIME:") {
                end = date_time(time).or(end);
            } else if let Some(info) = line.strip_prefix("#EXTINF:") {
                length = info.split(',').next().and_then(milliseconds).unwrap_or(0);
            } else if !line.is_empty() && !line.starts_with('#') {
                pieces += 1;
                if let Some(end) = &mut end {
                    end.ms = end.ms.saturating_add(length);
                }
            }
        }
        let Some(end) = end.filter(|_| pieces > 0) else {
            let status = if pieces > 0 {
                PlaylistStatus::Timeless
            } else {
                PlaylistStatus::Missing
            };
            return Self { status, ..missing };
        };
        let age = now.saturating_sub(end.ms);
        // One that says its end gets no more pieces.
        let is_over = text.lines().any(|line| line.trim() == "#EXT-X-ENDLIST");
        Self {
            status: if age >= STALE_AFTER || is_over {
                PlaylistStatus::Stale
            } else {
                PlaylistStatus::Fresh
            },
            program_date_time: Some(end),
            age_ms: Some(age),
        }
    }
}

/// Also with an offset without a colon, as ffmpeg writes it: `2026-11-26T08:00:00.120+0800`.
fn date_time(text: &str) -> Option<Moment> {
    if let Some(moment) = Moment::parse(text) {
        return Some(moment);
    }
    let at = text.len().checked_sub(2)?;
    let (begin, minutes) = text.split_at_checked(at)?;
    Moment::parse(&[begin, ":", minutes].concat())
}

/// `1.020000` in milliseconds, without going through a float.
fn milliseconds(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let mut fraction: String = fraction.chars().take(3).collect();
    while fraction.len() < 3 {
        fraction.push('0');
    }
    let (whole, fraction): (i64, i64) = (whole.trim().parse().ok()?, fraction.parse().ok()?);
    (whole >= 0).then(|| whole.saturating_mul(1_000).saturating_add(fraction))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As ffmpeg 5.1 writes it.
    const PLAYLIST: &str = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXTINF:1.000000,\n#EXT-X-PROGRAM-DATE-TIME:2026-11-26T08:00:00.120+0800\n7.ts\n#EXTINF:1.020000,\n#EXT-X-PROGRAM-DATE-TIME:2026-11-26T08:00:01.120+0800\n8.ts\n";

    #[test]
    fn a_playlist_says_how_old_it_is() {
        // ffmpeg writes the time after the length of its piece; it is of the piece's beginning.
        let check = PlaylistCheck::of(PLAYLIST, 0);
        let last = Moment::parse("2026-11-26T08:00:01.120+08:00").unwrap();
        let end = check.program_date_time.unwrap();
        assert_eq!(end.ms, last.ms + 1_020);
        let now = PlaylistCheck::of(PLAYLIST, end.ms + 2_000);
        assert_eq!(
            (now.status, now.age_ms),
            (PlaylistStatus::Fresh, Some(2_000))
        );
        let later = PlaylistCheck::of(PLAYLIST, end.ms + STALE_AFTER);
        assert_eq!(later.status, PlaylistStatus::Stale);
    }

    #[test]
    fn a_playlist_that_has_ended_is_not_of_now() {
        let ended = [PLAYLIST, "#EXT-X-ENDLIST\n"].concat();
        let end = PlaylistCheck::of(PLAYLIST, 0).program_date_time.unwrap().ms;
        assert_eq!(PlaylistCheck::of(&ended, end).status, PlaylistStatus::Stale);
    }

    #[test]
    fn what_is_no_playlist_is_none() {
        for text in ["", "<html>", "#EXTM3U\n#EXT-X-VERSION:3\n"] {
            assert_eq!(PlaylistCheck::of(text, 0).status, PlaylistStatus::Missing);
        }
        let timeless = PlaylistCheck::of("#EXTM3U\n#EXTINF:1.0,\na.ts\n", 0);
        assert_eq!(timeless.status, PlaylistStatus::Timeless);
        assert_eq!(milliseconds("1.5"), Some(1_500));
        assert_eq!(milliseconds("2"), Some(2_000));
        assert_eq!(milliseconds("-1.0"), None);
    }

    #[test]
    fn server_and_key_are_one_address() {
        let door = RtmpDoor {
            server: "rtmp://h:1935/live/".into(),
            key: "k".into(),
        };
        assert_eq!(door.address(), "rtmp://h:1935/live/k");
    }
}
