//! Starting other programs: where their words go, and what is said when they fail.

use anyhow::{Context, Result, bail};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Where a step's words go.
#[derive(Clone)]
pub enum Out {
    /// To the terminal, as they come.
    Terminal,
    /// To a file, which is shown only when something failed.
    Log(PathBuf),
}

impl Out {
    /// An empty log.
    pub fn log(path: PathBuf) -> Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self::Log(path))
    }

    /// Says a line.
    pub fn say(&self, line: &str) {
        match self {
            Self::Terminal => println!("{line}"),
            Self::Log(_) => {
                if let Ok(Some(mut file)) = self.file() {
                    // The log is an aid: failing to write it fails nothing else.
                    let _ = writeln!(file, "{line}");
                }
            }
        }
    }

    /// Runs a program to its end; an error when it says that it failed.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        if self.succeeds(command)? {
            return Ok(());
        }
        bail!("failed: {}", words(command));
    }

    /// Runs a program to its end and tells whether it succeeded.
    pub fn succeeds(&self, command: &mut Command) -> Result<bool> {
        self.attach(command)?;
        let status = command.stdin(Stdio::null()).status();
        let status = status.with_context(|| format!("cannot start: {}", words(command)))?;
        Ok(status.success())
    }

    /// Like [`Out::succeeds`], but ends the program when it takes longer than `limit`.
    pub fn succeeds_within(&self, limit: Duration, command: &mut Command) -> Result<bool> {
        self.attach(command)?;
        let child = command.stdin(Stdio::null()).spawn();
        let mut child = child.with_context(|| format!("cannot start: {}", words(command)))?;
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            if Instant::now() > end {
                child.kill()?;
                child.wait()?;
                self.say(&format!("  ended after {} s", limit.as_secs()));
                return Ok(false);
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Does something that takes a while, saying beforehand what and how long, afterwards how long
    /// it was.
    pub fn step<T>(&self, what: &str, about: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.say(&format!("→ {what} (about {about})"));
        let start = Instant::now();
        let done = work().with_context(|| format!("while: {what}"))?;
        self.say(&format!("  done in {}", seconds(start.elapsed())));
        Ok(done)
    }

    /// Sends a program's words here.
    pub fn attach(&self, command: &mut Command) -> Result<()> {
        if let Some(file) = self.file()? {
            command.stdout(file.try_clone()?).stderr(file);
        }
        Ok(())
    }

    fn file(&self) -> Result<Option<File>> {
        match self {
            Self::Terminal => Ok(None),
            Self::Log(path) => Ok(Some(OpenOptions::new().append(true).open(path)?)),
        }
    }
}

/// What a program writes to its standard output. Its complaints are kept for the error.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start: {}", words(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("failed: {}\n{}", words(command), complaint.trim_end());
    }
    String::from_utf8(output.stdout).context("the answer is not UTF-8")
}

/// Waits for a program that is to stop. Ctrl-C in a terminal reaches it as well; any other signal
/// reached only us, so that it is told after a moment, and ended when it does not listen.
pub fn stop(child: &mut Child) {
    let told_after = Instant::now() + Duration::from_millis(300);
    let ended_after = told_after + Duration::from_secs(10);
    let mut told = false;
    while matches!(child.try_wait(), Ok(None)) {
        if Instant::now() > ended_after {
            // It may have ended just now; then there is nothing left to do.
            let _ = child.kill();
        } else if !told && Instant::now() > told_after {
            told = true;
            terminate(child);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Asks a program to stop, as a supervisor would. Elsewhere than on Unix there is no asking.
fn terminate(child: &mut Child) {
    let mut kill = Command::new("kill");
    kill.args(["-TERM", &child.id().to_string()]);
    if cfg!(not(unix)) || read(&mut kill).is_err() {
        // It may have ended just now; then there is nothing left to do.
        let _ = child.kill();
    }
}

/// Takes away what `cargo run` left in the environment. A cargo that is started from here would
/// pass it on to build scripts, and some of them compile anew whenever it differs.
pub fn clean(command: &mut Command) -> &mut Command {
    const LEFT_BY_CARGO_RUN: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if LEFT_BY_CARGO_RUN
            .iter()
            .any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    command.env_remove("CARGO")
}

/// An error with its causes, one a line, and without the backtrace that anyhow adds when asked to:
/// it says where in here a program was started, which is never the question.
pub fn causes(error: &anyhow::Error) -> String {
    let causes = error.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join("\n  ")
}

/// A duration in words.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 90.0 {
        format!("{seconds:.1} s")
    } else {
        format!(
            "{:.0} min {:02.0} s",
            (seconds / 60.0).floor(),
            seconds % 60.0
        )
    }
}

/// A command as it would be typed.
fn words(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
