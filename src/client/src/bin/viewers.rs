//! A crowd that follows a show, for `cargo xtask bench live`: so many viewers, so many comments a second,
//! and what came of it. The same crowd can listen to nchan, to have something to compare with.

use clap::{Parser, ValueEnum};
use client::Client;
use client::native::Native;
use domain::live::CommentRequest;
use domain::show::ShowStep;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{interval, sleep, timeout};

/// How long the last deliveries are waited for.
const LAST: Duration = Duration::from_secs(5);
/// How often one member may write, without being held back: once in so many milliseconds.
const EACH: u64 = 2_200;
/// Latencies are counted in steps of so many microseconds.
const STEP: u64 = 50;

/// Trouble in words: this program only ever tells it to a person.
type Trouble = Box<dyn std::error::Error>;

/// What is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A shop's show.
    Shop,
    /// An nchan that publishes at /pub and is subscribed to at /sub.
    Nchan,
}

#[derive(Clone, Debug, Parser)]
#[command(about = "A crowd that follows a show, and what came of it")]
struct Options {
    /// Where it is: host and port
    addr: String,
    #[arg(long, value_enum, default_value = "shop")]
    target: Target,
    /// How many listen
    #[arg(long, default_value_t = 1_000)]
    viewers: usize,
    /// How many comments a second
    #[arg(long, default_value_t = 50)]
    rate: u64,
    /// For how long
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Whose memory and processor time are told
    #[arg(long)]
    pid: u32,
    /// Opens the shop's desk
    #[arg(long, default_value = "")]
    device_code: String,
    /// Of a host
    #[arg(long, default_value = "301122")]
    pin: String,
}

/// What was delivered.
#[derive(Default)]
struct Figures {
    /// By latency, in steps.
    latencies: Vec<u64>,
    delivered: u64,
    doubled: u64,
    /// By viewer, what has come.
    came: Vec<HashSet<u64>>,
    connected: usize,
}

type Shared = Rc<RefCell<Figures>>;

fn micros() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_micros()).unwrap_or(u64::MAX))
}

fn main() -> Result<(), Trouble> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, run(options))
}

async fn run(options: Options) -> Result<(), Trouble> {
    let members = match options.target {
        Target::Shop => members(&options).await?,
        Target::Nchan => Vec::new(),
    };
    let figures: Shared = Rc::default();
    figures.borrow_mut().came = vec![HashSet::new(); options.viewers];
    let empty = memory(options.pid)?;
    for who in 0..options.viewers {
        let (options, figures) = (options.clone(), Rc::clone(&figures));
        spawn_local(async move {
            if let Err(error) = listen(&options, who, &figures).await {
                eprintln!("viewer {who}: {error}");
            }
        });
        if who % 50 == 49 {
            sleep(Duration::from_millis(20)).await;
        }
    }
    let begun = Instant::now();
    while figures.borrow().connected < options.viewers {
        if begun.elapsed() > Duration::from_secs(30) {
            return Err("not all viewers could connect; perhaps `ulimit -n` is too small".into());
        }
        sleep(Duration::from_millis(20)).await;
    }
    sleep(Duration::from_secs(2)).await;
    let full = memory(options.pid)?;
    let time = processor(options.pid)?;
    let published = publish(&options, members).await;
    let last = Instant::now();
    let expected = published.len() as u64 * options.viewers as u64;
    while figures.borrow().delivered < expected && last.elapsed() < LAST {
        sleep(Duration::from_millis(20)).await;
    }
    let time = processor(options.pid)? - time;
    tell(&options, &figures.borrow(), &published, (empty, full), time)
}

/// Signs in as many members as are needed for the rate, and has the host begin the show.
async fn members(options: &Options) -> Result<Vec<Client<Native>>, Trouble> {
    let client = || {
        let base = format!("http://{}/api/v1", options.addr);
        Client::new(Native::new(), &base, "zh-CN")
    };
    let host = client();
    host.desk().register(&options.device_code, "bench").await?;
    host.desk().sign_in(&options.pin).await?;
    let show = "tonight".into();
    host.desk_shows().step(&show, ShowStep::Start).await?;
    let mut members = Vec::new();
    for number in 0..(options.rate * EACH).div_ceil(1_000) + 1 {
        let member = client();
        let phone = format!("139{number:08}");
        let sent = member.members().send_code(&phone).await?;
        let code = sent.demo_code.ok_or("the shop shows no codes")?;
        member.members().sign_in(&phone, &code).await?;
        members.push(member);
    }
    Ok(members)
}

/// Listens until the program ends. Everything published has a mark `@<number>-<microseconds>@` in it.
async fn listen(options: &Options, who: usize, figures: &Shared) -> Result<(), Trouble> {
    let path = match options.target {
        Target::Shop => "/api/v1/shows/tonight/events",
        Target::Nchan => "/sub",
    };
    let mut stream = TcpStream::connect(&options.addr).await?;
    let ask = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/event-stream\r\n\r\n",
        options.addr
    );
    stream.write_all(ask.as_bytes()).await?;
    let (mut piece, mut rest, mut connected) = (vec![0; 8 * 1024], Vec::new(), false);
    loop {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Err("the stream has ended".into());
        }
        let now = micros();
        rest.extend_from_slice(piece.get(..count).unwrap_or_default());
        let mut figures = figures.borrow_mut();
        if !std::mem::replace(&mut connected, true) {
            figures.connected += 1;
        }
        let mut from = 0;
        while let Some((number, sent, end)) = mark(&rest, from) {
            from = end;
            figures.hear(who, number, now.saturating_sub(sent));
        }
        // A mark may be cut anywhere.
        let keep = from.max(rest.len().saturating_sub(64));
        rest.drain(..keep);
    }
}

/// The next mark in some bytes: its number, when it was sent, and where it ends.
fn mark(bytes: &[u8], from: usize) -> Option<(u64, u64, usize)> {
    let at = |from: usize| {
        let found = bytes.get(from..)?.iter().position(|byte| *byte == b'@')?;
        Some(from + found)
    };
    let begin = at(from)?;
    let end = at(begin + 1)?;
    let text = std::str::from_utf8(bytes.get(begin + 1..end)?).ok();
    let parts = text.and_then(|text| text.split_once('-'));
    match parts.and_then(|(number, sent)| Some((number.parse().ok()?, sent.parse().ok()?))) {
        Some((number, sent)) => Some((number, sent, end + 1)),
        None => mark(bytes, end),
    }
}

impl Figures {
    fn hear(&mut self, who: usize, number: u64, micros: u64) {
        let first = self
            .came
            .get_mut(who)
            .is_some_and(|came| came.insert(number));
        if !first {
            self.doubled += 1;
            return;
        }
        self.delivered += 1;
        let step = usize::try_from(micros / STEP)
            .unwrap_or(usize::MAX)
            .min(400_000);
        if self.latencies.len() <= step {
            self.latencies.resize(step + 1, 0);
        }
        if let Some(count) = self.latencies.get_mut(step) {
            *count += 1;
        }
    }

    /// The latency that so many of a thousand are not above, in milliseconds.
    fn quantile(&self, of_thousand: u64) -> f64 {
        let (mut sum, wanted) = (0, self.delivered * of_thousand / 1_000);
        for (step, count) in self.latencies.iter().enumerate() {
            sum += count;
            if sum >= wanted {
                return (step as u64 * STEP) as f64 / 1_000.0;
            }
        }
        0.0
    }
}

/// Publishes at the rate, each by another member in turn; the numbers of those that were taken.
async fn publish(options: &Options, members: Vec<Client<Native>>) -> HashSet<u64> {
    let taken: Rc<RefCell<HashSet<u64>>> = Rc::default();
    let members: Vec<_> = members.into_iter().map(Rc::new).collect();
    let http = reqwest::Client::new();
    let mut tick = interval(Duration::from_micros(1_000_000 / options.rate.max(1)));
    let mut tasks = Vec::new();
    for number in 0..options.rate * options.seconds {
        tick.tick().await;
        let text = format!("@{number}-{}@", micros());
        let taken = Rc::clone(&taken);
        let turn = usize::try_from(number).unwrap_or_default() % members.len().max(1);
        let task = match members.get(turn).cloned() {
            Some(member) => spawn_local(async move {
                let comment = CommentRequest {
                    text,
                    question: false,
                    mark: String::new(),
                    name: None,
                };
                let (show, key) = ("tonight".into(), number.to_string());
                match member.shows().comment(&show, &comment, &key).await {
                    Ok(_) => {
                        taken.borrow_mut().insert(number);
                    }
                    Err(error) => eprintln!("comment {number}: {error}"),
                }
            }),
            None => {
                let post = http.post(format!("http://{}/pub", options.addr)).body(text);
                spawn_local(async move {
                    match post.send().await {
                        Ok(answer) if answer.status().is_success() => {
                            taken.borrow_mut().insert(number);
                        }
                        other => eprintln!("message {number}: {other:?}"),
                    }
                })
            }
        };
        tasks.push(task);
    }
    for task in tasks {
        // One that is never answered is not waited for without end.
        let _ = timeout(LAST, task).await;
    }
    let taken = taken.borrow();
    taken.clone()
}

fn tell(
    options: &Options,
    figures: &Figures,
    published: &HashSet<u64>,
    (empty, full): (u64, u64),
    time: f64,
) -> Result<(), Trouble> {
    let lost: usize = figures
        .came
        .iter()
        .map(|came| published.difference(came).count())
        .sum();
    let each = full.saturating_sub(empty) as f64 / options.viewers.max(1) as f64;
    let per = time * 1_000_000.0 / figures.delivered.max(1) as f64;
    let wanted = options.rate * options.seconds;
    println!(
        "{:?}: {wanted} wanted, {} published, {} delivered, {lost} lost, {} doubled; p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; \
         {each:.1} KiB a viewer; {per:.1} µs of processor a delivery",
        options.target,
        published.len(),
        figures.delivered,
        figures.doubled,
        figures.quantile(500),
        figures.quantile(990),
        figures.quantile(1_000),
    );
    // The other one is only there to compare with.
    if options.target == Target::Nchan {
        return Ok(());
    }
    if lost > 0 || figures.doubled > 0 {
        return Err(format!("{lost} were lost, {} came twice", figures.doubled).into());
    }
    if published.len() as u64 != wanted {
        return Err(format!("only {} of {wanted} could be published", published.len()).into());
    }
    Ok(())
}

/// What a process has in memory, in KiB.
fn memory(pid: u32) -> Result<u64, Trouble> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kib.ok_or_else(|| "the process does not say how large it is".into())
}

/// How long a process has used the processor, in seconds. The kernel counts in hundredths (`USER_HZ`).
fn processor(pid: u32) -> Result<f64, Trouble> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let rest = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let field = |at: usize| rest.split_whitespace().nth(at)?.parse::<u64>().ok();
    let ticks = field(11).zip(field(12)).map(|(user, system)| user + system);
    let ticks = ticks.ok_or("the process does not say how long it worked")?;
    Ok(ticks as f64 / 100.0)
}
