//! Tabs of one browser that share something: who leads (Web Locks API), and what is told to the
//! others (BroadcastChannel).
//!
//! Web Locks are there over HTTPS only, and in no old web view. Where one of the two is missing, each
//! tab is on its own: it leads at once and nobody hears it.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, BroadcastChannel};

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

/// Whether tabs can agree on who leads.
pub fn can_share() -> bool {
    let channel = Reflect::has(&window(), &"BroadcastChannel".into());
    locks().is_some() && channel.unwrap_or_default()
}

#[derive(Default)]
struct State {
    granted: bool,
    /// Another tab has taken it.
    lost: bool,
    /// Nobody here wants it any more.
    dropped: bool,
    release: Option<Function>,
    waker: Option<Waker>,
}

/// A turn to lead: waited for, had, or lost. Dropping it gives it to whoever waits.
pub struct Turn {
    state: Rc<RefCell<State>>,
    /// Gives the waiting up.
    abort: Option<AbortController>,
}

impl Turn {
    /// Waits until no other tab leads.
    pub fn wait(name: &str) -> Self {
        Self::ask(name, false)
    }

    /// Takes it from whoever has it.
    pub fn take(name: &str) -> Self {
        Self::ask(name, true)
    }

    fn ask(name: &str, steal: bool) -> Self {
        let turn = Self {
            state: Rc::default(),
            // One or the other: what takes at once cannot be given up.
            abort: AbortController::new().ok().filter(|_| !steal),
        };
        let asked = can_share().then(|| turn.request(name, steal)).flatten();
        let Some(asked) = asked else {
            turn.state.borrow_mut().granted = true;
            return turn;
        };
        let state = Rc::clone(&turn.state);
        spawn_local(async move {
            let _ = JsFuture::from(asked).await;
            change(&state, |state| {
                // Over before it began: refused, so this tab is on its own.
                (state.granted, state.lost) = (true, state.granted);
            });
        });
        turn
    }

    fn request(&self, name: &str, steal: bool) -> Option<Promise> {
        let locks = locks()?;
        let request: Function = Reflect::get(&locks, &"request".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let options = Object::new();
        if steal {
            Reflect::set(&options, &"steal".into(), &JsValue::TRUE).ok()?;
        } else if let Some(abort) = &self.abort {
            Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
        }
        let state = Rc::clone(&self.state);
        // The lock is held until the promise that this gives is resolved.
        let granted = Closure::once_into_js(move |_: JsValue| -> JsValue {
            if state.borrow().dropped {
                return JsValue::UNDEFINED;
            }
            let held = Promise::new(&mut |resolve, _| {
                state.borrow_mut().release = Some(resolve);
            });
            change(&state, |state| state.granted = true);
            held.into()
        });
        let asked = request.call3(&locks, &name.into(), &options, &granted);
        asked.ok()?.dyn_into().ok()
    }

    /// Is done when this tab leads.
    pub async fn granted(&self) {
        self.until(|state| state.granted).await;
    }

    /// Is done when it does not lead any more.
    pub async fn lost(&self) {
        self.until(|state| state.lost).await;
    }

    async fn until(&self, reached: fn(&State) -> bool) {
        poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            if reached(&state) {
                return Poll::Ready(());
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

fn change(state: &Rc<RefCell<State>>, change: impl FnOnce(&mut State)) {
    change(&mut state.borrow_mut());
    let waker = state.borrow_mut().waker.take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let release = {
            let mut state = self.state.borrow_mut();
            state.dropped = true;
            state.release.take()
        };
        match (release, &self.abort) {
            (Some(release), _) => {
                let _ = release.call0(&JsValue::UNDEFINED);
            }
            (None, Some(abort)) => abort.abort(),
            (None, None) => {}
        }
    }
}

/// What all tabs hear that have opened it under the same name, but for the one that speaks.
pub struct Channel {
    channel: Option<BroadcastChannel>,
    _heard: Closure<dyn FnMut(JsValue)>,
}

impl Channel {
    /// Opens it.
    pub fn open(name: &str, mut heard: impl FnMut(&str) + 'static) -> Self {
        let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let data = Reflect::get(&event, &"data".into()).ok();
            if let Some(text) = data.and_then(|data| data.as_string()) {
                heard(&text);
            }
        });
        let channel = can_share().then(|| BroadcastChannel::new(name).ok());
        let channel = channel.flatten();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        Self {
            channel,
            _heard: heard,
        }
    }

    /// Says something to the others.
    pub fn say(&self, text: &str) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&text.into());
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}
