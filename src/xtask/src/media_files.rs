//! What nginx and ffmpeg are told: a configuration and three small scripts.

use anyhow::{Context, Result};
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where everything is.
pub struct Places {
    /// Configuration, scripts, log.
    pub work: PathBuf,
    /// What ffmpeg makes for viewers.
    pub hls: PathBuf,
    /// What is recorded; `raw` in it is not whole yet.
    pub records: PathBuf,
    /// nginx's module, where it is not built in.
    pub module: Option<PathBuf>,
    /// Where RTMP is listened for.
    pub rtmp: SocketAddr,
    /// Who is asked about keys.
    pub backend: SocketAddr,
    /// Whom nginx works as, where that is to be said.
    pub user: Option<String>,
    /// Whether the picture is encoded anew.
    pub transcode: bool,
}

impl Places {
    /// Writes the files, and empties what an earlier server has left for viewers.
    pub fn write(&self) -> Result<()> {
        if self.hls.exists() {
            fs::remove_dir_all(&self.hls)?;
        }
        for folder in [&self.work, &self.hls, &self.records.join("raw")] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let put =
            |name: &str, text: String| -> Result<()> { Ok(fs::write(self.work.join(name), text)?) };
        put("nginx.conf", self.nginx())?;
        put("picture.sh", self.picture())?;
        put("sound.sh", self.sound())?;
        put("record.sh", self.record())
    }

    /// Makes something that was recorded whole, beside everything else.
    pub fn finish(&self, raw: &Path) -> Result<()> {
        let name = raw.file_stem().unwrap_or_default();
        let script = self.work.join("record.sh");
        let mut command = Command::new("/bin/sh");
        command.arg(script).arg(raw).arg(name);
        // It may take a while, and nobody waits for it.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().context("cannot start a shell")?;
        Ok(())
    }

    /// Where ffmpeg fetches the picture from, on this machine.
    fn inside(&self) -> SocketAddr {
        let ip = match self.rtmp.ip() {
            ip if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            ip => ip,
        };
        SocketAddr::new(ip, self.rtmp.port())
    }

    /// nginx asks the backend about every key. The answer to the right one renames the stream, so that what
    /// viewers see never tells the key.
    fn nginx(&self) -> String {
        let module = self.module.as_ref();
        let module = module.map_or(String::new(), |it| {
            format!("load_module \"{}\";\n", it.display())
        });
        let user = self.user.as_ref();
        let user = user.map_or(String::new(), |user| format!("user {user};\n"));
        let (work, rtmp, inside) = (self.work.display(), self.rtmp, self.inside().ip());
        let (backend, raw) = (self.backend, self.records.join("raw"));
        let raw = raw.display();
        format!(
            "# Written by cargo xtask; changes are lost.\n\
             daemon off;\n\
             worker_processes 1;\n\
             {user}{module}\
             pid \"{work}/nginx.pid\";\n\
             error_log stderr error;\n\
             events {{ worker_connections 512; }}\n\
             rtmp {{ server {{\n\
             \x20   listen {rtmp};\n\
             \x20   chunk_size 4096;\n\
             \x20   notify_method post;\n\
             \x20   notify_update_timeout 10s;\n\
             \x20   application live {{\n\
             \x20       live on;\n\
             \x20       wait_key on;\n\
             \x20       wait_video on;\n\
             \x20       drop_idle_publisher 10s;\n\
             \x20       allow play {inside};\n\
             \x20       deny play all;\n\
             \x20       on_publish http://{backend}/api/v1/media/publish?updates=10;\n\
             \x20       on_update http://{backend}/api/v1/media/publish;\n\
             \x20       on_publish_done http://{backend}/api/v1/media/publish-done;\n\
             \x20       exec_kill_signal term;\n\
             \x20       exec_push /bin/sh \"{work}/picture.sh\" $name;\n\
             \x20       exec_push /bin/sh \"{work}/sound.sh\" $name;\n\
             \x20       record all;\n\
             \x20       record_path \"{raw}\";\n\
             \x20       record_suffix -%s.flv;\n\
             \x20       exec_record_done /bin/sh \"{work}/record.sh\" $path $basename;\n\
             \x20   }}\n\
             }} }}\n"
        )
    }

    fn begin(&self) -> String {
        format!(
            "#!/bin/sh\n\
             # $1: the name by which the show is watched.\n\
             folder=\"{hls}/$1\"\n\
             mkdir -p \"$folder\"\n",
            hls = self.hls.display()
        )
    }

    /// Reads what comes, from the first key frame on (`wait_video`: else there would be nothing but sound to
    /// look at). It looks for a third of a second before it begins; the picture's clock is late by that. Not
    /// with `nobuffer`: that throws away what was looked at, and with it the key frame.
    fn ffmpeg(&self) -> String {
        format!(
            "ffmpeg -hide_banner -loglevel error -nostdin -flags low_delay \
             -analyzeduration 300000 -probesize 1000000 -i \"rtmp://{}/live/$1\"",
            self.inside()
        )
    }

    fn picture(&self) -> String {
        let codecs = if self.transcode {
            "-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -fps_mode passthrough \
             -force_key_frames 'expr:gte(t,n_forced)' -c:a aac -b:a 96k"
        } else {
            "-c copy"
        };
        format!(
            "{}rm -f \"$folder\"/v*.ts\n\
             exec {} -map 0:v:0 -map '0:a:0?' {codecs} \
             -f hls -hls_time 1 -hls_list_size 15 -hls_delete_threshold 5 \
             -hls_start_number_source epoch \
             -hls_flags program_date_time+delete_segments+temp_file+omit_endlist+independent_segments \
             -hls_segment_filename \"$folder/v%d.ts\" \"$folder/index.m3u8\"\n",
            self.begin(),
            self.ffmpeg()
        )
    }

    /// A show without sound has none; then this ends and is tried again now and then.
    fn sound(&self) -> String {
        format!(
            "{}rm -f \"$folder\"/a*.ts\n\
             exec {} -vn -map 0:a:0 -c:a aac -b:a 48k -ac 1 \
             -f hls -hls_time 2 -hls_list_size 10 -hls_delete_threshold 5 \
             -hls_start_number_source epoch \
             -hls_flags program_date_time+delete_segments+temp_file+omit_endlist \
             -hls_segment_filename \"$folder/a%d.ts\" \"$folder/audio.m3u8\"\n",
            self.begin(),
            self.ffmpeg()
        )
    }

    /// What a replay is shown from can be asked for in ranges, which what is recorded cannot.
    fn record(&self) -> String {
        format!(
            "#!/bin/sh\n\
             # $1: what was recorded; $2: its name without the ending.\n\
             [ -s \"$1\" ] || exec rm -f \"$1\"\n\
             half=\"{records}/.$2.part\"\n\
             nice ffmpeg -hide_banner -loglevel error -nostdin -y -i \"$1\" -map 0:v:0 -map '0:a:0?' -c copy \
             -movflags +faststart -f mp4 \"$half\" \
             && mv \"$half\" \"{records}/$2.mp4\" && rm \"$1\"\n",
            records = self.records.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            work: "/w x".into(),
            hls: "/d/hls".into(),
            records: "/d/records".into(),
            module: None,
            rtmp: SocketAddr::from(([0, 0, 0, 0], 1936)),
            backend: SocketAddr::from(([127, 0, 0, 1], 8080)),
            user: None,
            transcode: false,
        }
    }

    #[test]
    fn nginx_asks_the_backend_and_lets_nobody_else_watch() {
        let config = places().nginx();
        assert!(config.contains("listen 0.0.0.0:1936;"), "{config}");
        assert!(
            config.contains("on_publish http://127.0.0.1:8080/api/v1/media/publish?updates=10;")
        );
        assert!(config.contains("allow play 127.0.0.1;") && config.contains("deny play all;"));
        assert!(!config.contains("load_module") && !config.contains("\nuser"));
        assert!(
            config.contains("\"/w x/picture.sh\""),
            "paths may have blanks"
        );
        assert_eq!(config.matches('{').count(), config.matches('}').count());
    }

    #[test]
    fn the_playlist_has_a_clock_and_is_read_from_this_machine() {
        let script = places().picture();
        assert!(script.contains("program_date_time") && script.contains("-c copy"));
        assert!(script.contains("rtmp://127.0.0.1:1936/live/$1"));
        let anew = Places {
            transcode: true,
            ..places()
        };
        assert!(anew.picture().contains("force_key_frames"));
    }
}
