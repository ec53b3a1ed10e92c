//! A drawer for what must not be lost: IndexedDB, written strictly, so that what is said to be kept
//! is on the disk and not only on its way there. One text under each name; all open tabs share it,
//! and a change is one transaction that no other tab comes between.
//!
//! Own code, because the crates for IndexedDB weigh more than the two calls that are needed, and
//! none of those looked at asks for strict durability.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BroadcastChannel, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
};

const DATABASE: &str = "drawer";
const STORE: &str = "texts";
/// Where tabs tell each other that something has changed.
const CHANNEL: &str = "drawer";

/// What is done with the text under a name.
pub enum Change {
    /// It stays as it is.
    Nothing,
    /// This takes its place.
    Put(String),
    /// It is taken out.
    TakeOut,
}

/// The device does not keep it: it is full, or it has no such drawer. Nothing was changed.
#[derive(Clone, Copy, Debug)]
pub struct NotKept;

impl From<JsValue> for NotKept {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Everything that lies in the drawer.
pub async fn all() -> Result<Vec<String>, NotKept> {
    let transaction = begin(&open().await?, "readonly")?;
    let asked = texts(&transaction)?.get_all()?;
    finished(&transaction).await?;
    let found = js_sys::Array::from(&asked.result()?);
    Ok(found.iter().filter_map(|text| text.as_string()).collect())
}

/// Looks at the text under a name and changes it, in one transaction. When this returns `Ok`, it is
/// on the disk. Returns whether anything was changed.
pub async fn change(
    name: &str,
    decide: impl FnOnce(Option<String>) -> Change + 'static,
) -> Result<bool, NotKept> {
    let transaction = begin(&open().await?, "readwrite")?;
    let texts = texts(&transaction)?;
    let name = JsValue::from_str(name);
    let asked = texts.get(&name)?;
    let (looked, stopped) = (asked.clone(), transaction.clone());
    let changed = Rc::new(Cell::new(true));
    let change = Rc::clone(&changed);
    let look = Closure::once(move || {
        let there = looked.result().ok().and_then(|text| text.as_string());
        let done = match decide(there) {
            Change::Nothing => {
                change.set(false);
                Ok(looked)
            }
            Change::Put(text) => texts.put_with_key(&text.into(), &name),
            Change::TakeOut => texts.delete(&name),
        };
        if done.is_err() {
            let _ = stopped.abort();
        }
    });
    asked.set_onsuccess(Some(look.as_ref().unchecked_ref()));
    let kept = finished(&transaction).await;
    drop(look);
    kept?;
    if changed.get() {
        tell();
    }
    Ok(changed.get())
}

/// Throws away everything that lies in it.
pub fn throw_away() {
    if let Ok(Some(factory)) = window().indexed_db() {
        let _ = factory.delete_database(DATABASE);
    }
}

/// Calls `then` when another tab has changed something in the drawer.
pub fn on_change(then: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(then);
    CHANNEL_HERE.with_borrow(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        }
    });
    listener.forget();
}

thread_local! {
    /// An old browser has none: then a tab hears of it when it is looked at again.
    static CHANNEL_HERE: RefCell<Option<BroadcastChannel>> =
        RefCell::new(BroadcastChannel::new(CHANNEL).ok());
}

fn tell() {
    CHANNEL_HERE.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&JsValue::NULL);
        }
    });
}

/// Opens the drawer. Each time anew: a connection that is kept can be lost behind one's back.
async fn open() -> Result<IdbDatabase, NotKept> {
    let factory = window().indexed_db()?.ok_or(NotKept)?;
    let asked: IdbOpenDbRequest = factory.open_with_u32(DATABASE, 1)?;
    let made = asked.clone();
    let make = Closure::once(move || {
        if let Ok(database) = made.result()
            && let Some(database) = database.dyn_ref::<IdbDatabase>()
        {
            let _ = database.create_object_store(STORE);
        }
    });
    asked.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
    let opened = answered(&asked).await;
    drop(make);
    opened?.dyn_into().map_err(|_| NotKept)
}

fn begin(database: &IdbDatabase, mode: &str) -> Result<IdbTransaction, NotKept> {
    // web-sys has no name yet for the third argument of `transaction`
    // (https://www.w3.org/TR/IndexedDB/#dom-idbdatabase-transaction).
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let transaction: Function = Reflect::get(database, &"transaction".into())?
        .dyn_into()
        .map_err(|_| NotKept)?;
    let begun = transaction.call3(database, &STORE.into(), &mode.into(), &options)?;
    // What is under way still ends; whoever comes next opens it anew.
    database.close();
    begun.dyn_into().map_err(|_| NotKept)
}

fn texts(transaction: &IdbTransaction) -> Result<IdbObjectStore, NotKept> {
    Ok(transaction.object_store(STORE)?)
}

async fn answered(request: &IdbRequest) -> Result<JsValue, NotKept> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(request.result()?)
}

/// Waits until a transaction is on the disk.
async fn finished(transaction: &IdbTransaction) -> Result<(), NotKept> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(())
}
