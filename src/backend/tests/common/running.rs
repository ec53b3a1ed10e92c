//! The programme itself, running beside the test.

use client::Client;
use client::native::Native;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long anything may take before the test fails instead of hanging.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The running programme. It is ended when the test is, however that ends.
pub struct Running {
    child: Child,
    pub base: String,
}

impl Running {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", data, more)
    }

    /// The same at an address that it has again when it is started again.
    pub fn start_at(addr: &str, data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_backend"))
            .args(["--addr", addr, "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        let (said, hear) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(out).read_line(&mut line);
            let _ = said.send(line);
        });
        let mut running = Self {
            child,
            base: String::new(),
        };
        let line = hear.recv_timeout(PATIENCE).unwrap();
        let origin = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("said {line:?}"));
        assert!(origin.starts_with("http://127.0.0.1:") && !origin.ends_with(":0"));
        running.base = [origin, "/api/v1"].concat();
        running
    }

    pub fn client(&self) -> Client<Native> {
        Client::new(Native::new(), &self.base, "zh-CN")
    }

    pub fn connect(&self) -> TcpStream {
        let addr = self.base.trim_start_matches("http://");
        let stream = TcpStream::connect(addr.trim_end_matches("/api/v1")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// How it ended, waited for by looking, so that a programme that never ends fails the test.
    pub fn ended(mut self) -> ExitStatus {
        // Its end closes the pipe: a thread that reads from there wakes up exactly then.
        let (said, hear) = mpsc::channel();
        let id = self.child.id();
        let wait = thread::spawn(move || {
            let status = self.child.wait();
            let _ = said.send(());
            (self, status)
        });
        if hear.recv_timeout(PATIENCE).is_err() {
            let _ = Command::new("kill")
                .args(["-s", "KILL", &id.to_string()])
                .status();
            let _ = wait.join();
            panic!("the programme did not end");
        }
        let (_running, status) = wait.join().unwrap();
        status.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
