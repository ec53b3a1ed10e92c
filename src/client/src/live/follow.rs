//! Does what the supervisor says, over any transport that can stream.

use super::{Action, Missing, Parser, Signal, Status, Supervisor};
use crate::transport::{NotOpened, StreamRequest, Streaming};
use crate::{Client, Error, Source, endpoint};
use domain::id::ShowId;
use domain::live::{Event, Room};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// How long the beginning of a stream is waited for, in milliseconds.
const OPEN_TIMEOUT_MS: u32 = 12_000;

/// What whoever shows a room is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Show this room.
    Room(Box<Room>),
    /// Take this event into it; it is the next one.
    Event(Event),
    /// This is how the room stands.
    Status(Status),
}

/// By this the supervisor hears what happens outside: whether there is a network.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<Mutex<Knocks>>);

#[derive(Debug, Default)]
struct Knocks {
    signals: VecDeque<Signal>,
    waker: Option<Waker>,
}

impl Door {
    /// The device has lost its network.
    pub fn offline(&self) {
        self.knock(Signal::Offline);
    }

    /// It is back; or the page is looked at again.
    pub fn online(&self) {
        self.knock(Signal::Online);
    }

    fn knock(&self, signal: Signal) {
        let mut knocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        knocks.signals.push_back(signal);
        if let Some(waker) = knocks.waker.take() {
            waker.wake();
        }
    }

    fn poll(&self, context: &Context<'_>) -> Option<Signal> {
        let mut knocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let signal = knocks.signals.pop_front();
        if signal.is_none() {
            knocks.waker = Some(context.waker().clone());
        }
        signal
    }
}

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a stream that is being read has come to.
enum Step<S> {
    Opened(S),
    Read(S, Vec<u8>),
    Over(Missing),
}

/// Follows a show until it ends; dropping the future stops that. `room` is what is known of it
/// already, `tell` is called for everything that is to be shown, in order.
pub async fn follow<T: Streaming>(
    client: &Client<T>,
    show: &ShowId,
    room: Option<Box<Room>>,
    door: &Door,
    mut tell: impl FnMut(Told),
) {
    let mut following = Following {
        client,
        show,
        supervisor: Supervisor::default(),
        fetching: None,
        reading: None,
        parser: Parser::default(),
        heard: VecDeque::new(),
        pause: None,
    };
    let mut next = Some(Signal::Start(room));
    loop {
        let signal = match next.take() {
            Some(signal) => signal,
            None => poll_fn(|context| following.poll(door, context)).await,
        };
        if following.follows(signal, &mut tell) {
            return;
        }
    }
}

struct Following<'a, T: Streaming> {
    client: &'a Client<T>,
    show: &'a ShowId,
    supervisor: Supervisor,
    fetching: Option<Later<'a, Signal>>,
    reading: Option<(u32, Later<'a, Step<T::Stream>>)>,
    parser: Parser,
    /// What has been read and not handed on yet.
    heard: VecDeque<Signal>,
    pause: Option<Later<'a, Signal>>,
}

impl<'a, T: Streaming> Following<'a, T> {
    /// Hands a signal on and does what follows; whether it was the last.
    fn follows(&mut self, signal: Signal, tell: &mut impl FnMut(Told)) -> bool {
        let transport = &self.client.transport;
        let (now, random) = (transport.now(), transport.random());
        let mut over = false;
        for action in self.supervisor.handle(signal, now, random) {
            match action {
                Action::Fetch(turn) => {
                    self.fetching = Some(Box::pin(fetch(self.client, self.show, turn)));
                }
                Action::Open { turn, epoch, after } => {
                    self.parser = Parser::default();
                    let request = StreamRequest {
                        url: [
                            self.client.base.as_str(),
                            endpoint::events(self.show, &epoch, after).as_str(),
                        ]
                        .concat(),
                        language: self.client.language.clone(),
                        timeout_ms: OPEN_TIMEOUT_MS,
                    };
                    self.reading = Some((turn, Box::pin(open(transport, request))));
                }
                Action::Close => self.reading = None,
                Action::Wait(turn, ms) => {
                    self.pause = Some(Box::pin(async move {
                        transport.sleep(ms).await;
                        Signal::Woke(turn)
                    }));
                }
                Action::Room(room) => tell(Told::Room(room)),
                Action::Event(event) => tell(Told::Event(event)),
                Action::Status(status) => {
                    over = status == Status::Ended;
                    tell(Told::Status(status));
                }
            }
        }
        over
    }

    /// The next thing that happens.
    fn poll(&mut self, door: &Door, context: &mut Context<'_>) -> Poll<Signal> {
        if let Some(signal) = door.poll(context) {
            return Poll::Ready(signal);
        }
        for waiting in [&mut self.fetching, &mut self.pause] {
            if let Some(future) = waiting
                && let Poll::Ready(signal) = future.as_mut().poll(context)
            {
                *waiting = None;
                return Poll::Ready(signal);
            }
        }
        self.poll_stream(context)
    }
}

impl<T: Streaming> Following<'_, T> {
    fn poll_stream(&mut self, context: &mut Context<'_>) -> Poll<Signal> {
        let transport = &self.client.transport;
        loop {
            if let Some(signal) = self.heard.pop_front() {
                return Poll::Ready(signal);
            }
            let Some((turn, reading)) = &mut self.reading else {
                return Poll::Pending;
            };
            let turn = *turn;
            let stream = match reading.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Step::Over(why)) => {
                    self.reading = None;
                    return Poll::Ready(Signal::Cut(turn, why));
                }
                Poll::Ready(Step::Opened(stream)) => stream,
                Poll::Ready(Step::Read(stream, bytes)) => {
                    let frames = self.parser.feed(&bytes);
                    let signals = frames.into_iter().map(|frame| Signal::Frame(turn, frame));
                    self.heard.extend(signals);
                    stream
                }
            };
            self.heard.push_back(Signal::Alive(turn));
            let reading = Box::pin(async move {
                match transport.next(stream).await {
                    Some((stream, bytes)) => Step::Read(stream, bytes),
                    None => Step::Over(Missing::Later(None)),
                }
            });
            self.reading = Some((turn, reading));
        }
    }
}

async fn fetch<T: Streaming>(client: &Client<T>, show: &ShowId, turn: u32) -> Signal {
    match client.shows().room(show).await {
        Ok(fresh) if fresh.source == Source::Backend => Signal::Room(turn, Box::new(fresh.value)),
        Ok(_) => Signal::NoRoom(turn, Missing::Later(None)),
        Err(error) if error.is_not_found() || error == Error::Unsupported => {
            Signal::NoRoom(turn, Missing::Gone)
        }
        Err(Error::Refused { retry_after, .. }) => {
            Signal::NoRoom(turn, Missing::Later(retry_after))
        }
        Err(_) => Signal::NoRoom(turn, Missing::Later(None)),
    }
}

async fn open<T: Streaming>(transport: &T, request: StreamRequest) -> Step<T::Stream> {
    match transport.open(request).await {
        Ok(stream) => Step::Opened(stream),
        Err(NotOpened::Answered { status: 404, .. }) => Step::Over(Missing::Gone),
        Err(NotOpened::Answered { retry_after, .. }) => Step::Over(Missing::Later(retry_after)),
        Err(NotOpened::Failed(_)) => Step::Over(Missing::Later(None)),
    }
}
