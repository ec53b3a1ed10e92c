//! How a view is written here.
//!
//! The markup is Leptos' (`view!`), and so is everything that makes it live: signals, memos,
//! effects, owners, context. Only the types behind the markup are our own. Leptos gives every
//! piece of a view its own type and compiles its machinery (build, rebuild, mount, attributes)
//! once for each; for this shop that was two thirds of the wasm. A [`View`] is one type: the nodes
//! themselves, made at once. What changes is said where it changes:
//!
//! - [`changing`]: a part that is made anew when a signal it reads has changed;
//! - [`text`], [`follows`]: a text, an attribute or a property that follows its signals;
//! - [`each`]: a keyed list;
//! - [`on`]: what happens at an event;
//! - [`effect`], [`task`], [`task_of_part`], [`every`], [`after`]: what runs beside the view.
//!
//! A part that is made anew takes everything below it along: its effects stop, its requests are
//! given up (Leptos' owners do that).

use leptos::prelude::{
    Effect, GetValue, Owner, RenderEffect, SetValue, StoredValue, document, on_cleanup,
    set_interval_with_handle, set_timeout_with_handle,
};
use leptos::reactive::owner::LocalStorage;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node};

pub use markup::view;

/// A piece of the page: one node, or several in a fragment.
#[derive(Clone, Debug)]
pub struct View(Node);

/// What an attribute or a property can be.
pub enum Value {
    /// Not there.
    Absent,
    /// There, without a value; a property that is true.
    Flag,
    /// A text.
    Text(String),
    /// Whatever the signals say.
    Follows(Box<dyn FnMut() -> Value>),
}

impl View {
    /// An element without anything in it.
    pub fn element(tag: &str) -> Self {
        const SVG: &str = "http://www.w3.org/2000/svg";
        let element = match tag {
            "svg" | "use" | "path" => document().create_element_ns(Some(SVG), tag),
            _ => document().create_element(tag),
        };
        // A tag comes from the macro, so it is one that can be made.
        Self(element.map_or_else(|_| nothing(), Into::into))
    }

    /// Several pieces side by side.
    pub fn many() -> Self {
        Self(document().create_document_fragment().into())
    }

    /// Puts something into it, after what is there.
    pub fn child(self, child: impl IntoView) -> Self {
        append(&self.0, &child.into_view().0);
        self
    }

    /// Sets an attribute.
    pub fn attribute(self, name: &'static str, value: impl Into<Value>) -> Self {
        set(&self.0, name, value.into(), |element, name, value| {
            let _ = match value {
                Value::Absent | Value::Follows(_) => element.remove_attribute(name),
                Value::Flag => element.set_attribute(name, ""),
                Value::Text(text) => element.set_attribute(name, &text),
            };
        });
        self
    }

    /// Sets a property.
    pub fn property(self, name: &'static str, value: impl Into<Value>) -> Self {
        set(&self.0, name, value.into(), |element, name, value| {
            let value = match value {
                Value::Absent | Value::Follows(_) => JsValue::FALSE,
                Value::Flag => JsValue::TRUE,
                Value::Text(text) => text.into(),
            };
            let _ = js_sys::Reflect::set(element, &name.into(), &value);
        });
        self
    }

    /// Has a class while the value is there.
    pub fn toggle(self, class: &'static str, value: impl Into<Value>) -> Self {
        set(&self.0, class, value.into(), |element, class, value| {
            let _ = element
                .class_list()
                .toggle_with_force(class, !matches!(value, Value::Absent));
        });
        self
    }

    /// Does something at an event.
    pub fn on(self, event: &str, handler: Handler) -> Self {
        // Fails only for a listener that is no function.
        let _ = self
            .0
            .add_event_listener_with_callback(event, handler.0.unchecked_ref());
        self
    }

    /// Takes markup that the page brought itself. Never anybody's text.
    pub fn inner_html(self, markup: String) -> Self {
        if let Some(element) = self.0.dyn_ref::<Element>() {
            element.set_inner_html(&markup);
        }
        self
    }

    /// Puts the element where code finds it.
    pub fn put_in<E: JsCast + Clone + 'static>(self, slot: Slot<E>) -> Self {
        slot.0.set_value(self.0.clone().dyn_into().ok());
        self
    }

    /// Puts it into the page.
    pub fn show_in(self, element: &Element) {
        append(element, &self.0);
    }
}

fn nothing() -> Node {
    document().create_comment("").into()
}

fn append(parent: &Node, child: &Node) {
    // Refused only for a node that cannot stand there, which no view makes.
    let _ = parent.append_child(child);
}

fn set(node: &Node, name: &'static str, value: Value, write: fn(&Element, &str, Value)) {
    let Some(element) = node.dyn_ref::<Element>() else {
        return;
    };
    match value {
        Value::Follows(mut follows) => {
            let element = element.clone();
            now_and_after(move || write(&element, name, follows()));
        }
        Value::Absent => {}
        value => write(element, name, value),
    }
}

/// Where code finds an element of a view. It is there as soon as the view is made.
#[derive(Debug)]
pub struct Slot<E: 'static>(StoredValue<Option<E>, LocalStorage>);

impl<E: Clone + 'static> Slot<E> {
    /// An empty one.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// The element.
    pub fn get(&self) -> Option<E> {
        self.0.try_get_value().flatten()
    }
}

impl<E: Clone + 'static> Default for Slot<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for Slot<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Slot<E> {}

/// What can stand in a view.
pub trait IntoView {
    /// The view of it.
    fn into_view(self) -> View;
}

impl IntoView for View {
    fn into_view(self) -> View {
        self
    }
}

impl IntoView for &str {
    fn into_view(self) -> View {
        View(document().create_text_node(self).into())
    }
}

impl IntoView for String {
    fn into_view(self) -> View {
        self.as_str().into_view()
    }
}

impl IntoView for () {
    fn into_view(self) -> View {
        View::many()
    }
}

impl<V: IntoView> IntoView for Option<V> {
    fn into_view(self) -> View {
        self.map_or_else(View::many, IntoView::into_view)
    }
}

impl<V: IntoView> IntoView for Vec<V> {
    fn into_view(self) -> View {
        self.into_iter().fold(View::many(), View::child)
    }
}

impl<V: IntoView, const N: usize> IntoView for [V; N] {
    fn into_view(self) -> View {
        self.into_iter().fold(View::many(), View::child)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        if flag { Self::Flag } else { Self::Absent }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Text(number.to_string())
    }
}

impl<V: Into<Self>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// An attribute, property or class that follows its signals.
pub fn follows<V: Into<Value>>(mut value: impl FnMut() -> V + 'static) -> Value {
    Value::Follows(Box::new(move || value().into()))
}

/// What happens at an event.
#[derive(Debug)]
pub struct Handler(JsValue);

/// Does something at an event.
pub fn on(act: impl FnMut(Event) + 'static) -> Handler {
    let act: Box<dyn FnMut(Event)> = Box::new(act);
    // Freed by the browser together with the element it listens to.
    Handler(Closure::wrap(act).into_js_value())
}

/// A text that follows its signals.
pub fn text(text: impl FnMut() -> String + 'static) -> View {
    boxed_text(Box::new(text))
}

fn boxed_text(mut text: Box<dyn FnMut() -> String>) -> View {
    let view = "".into_view();
    let node = view.0.clone();
    now_and_after(move || node.set_text_content(Some(&text())));
    view
}

/// A part of a view that is made anew whenever a signal it reads has changed. It stands between
/// two marks, so that it knows its place wherever the whole was put.
pub fn changing(part: impl FnMut() -> View + 'static) -> View {
    boxed_changing(Box::new(part))
}

fn boxed_changing(mut part: Box<dyn FnMut() -> View>) -> View {
    let (start, end) = (nothing(), nothing());
    let whole = View::many();
    append(&whole.0, &start);
    append(&whole.0, &end);
    now_and_after(move || {
        let new = part();
        let Some(parent) = end.parent_node() else {
            return;
        };
        while let Some(old) = start.next_sibling().filter(|old| *old != end) {
            let _ = parent.remove_child(&old);
        }
        let _ = parent.insert_before(&new.0, Some(&end));
    });
    whole
}

/// A row of a keyed list: one element, and what lives with it.
struct Row {
    key: String,
    view: View,
    owner: Owner,
}

/// A list of which every row is made once and kept as long as its key is there. A row is one
/// element.
pub fn each<T: 'static>(
    mut items: impl FnMut() -> Vec<T> + 'static,
    key: fn(&T) -> &str,
    row: fn(T) -> View,
) -> View {
    boxed_each(Box::new(move || {
        let keyed = |item: T| {
            let key = key(&item).to_owned();
            let make: Box<dyn FnOnce() -> View> = Box::new(move || row(item));
            (key, make)
        };
        items().into_iter().map(keyed).collect()
    }))
}

type Keyed = (String, Box<dyn FnOnce() -> View>);

fn boxed_each(mut items: Box<dyn FnMut() -> Vec<Keyed>>) -> View {
    let end = nothing();
    let whole = View::many();
    append(&whole.0, &end);
    // The rows outlive a single run of the list, so they belong to the part the list is in.
    let part = Owner::current();
    let mut rows: Vec<Option<Row>> = Vec::new();
    now_and_after(move || {
        let items = items();
        let Some(parent) = end.parent_node() else {
            return;
        };
        let mut old = std::mem::take(&mut rows);
        for (key, make) in items {
            // Mostly the very next one: a list that only grows is walked once.
            let there = old
                .iter_mut()
                .find(|row| row.as_ref().is_some_and(|row| row.key == key));
            let row = there.and_then(Option::take).unwrap_or_else(|| {
                let owner = part.as_ref().map_or_else(Owner::new, Owner::child);
                Row {
                    view: owner.with(make),
                    owner,
                    key,
                }
            });
            rows.push(Some(row));
        }
        for gone in old.into_iter().flatten() {
            gone.owner.cleanup();
            let _ = parent.remove_child(&gone.view.0);
        }
        // From the last to the first: a row that stands where it belongs is not touched, so that
        // neither its pictures nor the focus in it are lost.
        let mut before = end.clone();
        for row in rows.iter().rev().flatten() {
            if before.previous_sibling().as_ref() != Some(&row.view.0) {
                let _ = parent.insert_before(&row.view.0, Some(&before));
            }
            before = row.view.0.clone();
        }
    });
    whole
}

/// Runs at once and whenever a signal it reads has changed, as long as the part it belongs to.
#[inline(never)]
fn now_and_after(mut run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut(Option<()>)> = Box::new(move |_| run());
    let effect = RenderEffect::new(run);
    // Dropped with the part, and with that stopped.
    let _: StoredValue<RenderEffect<()>, LocalStorage> = StoredValue::new_local(effect);
}

/// Runs after the view was made and whenever a signal it reads has changed. It is told whether
/// this is the first time.
pub fn effect(mut run: impl FnMut(bool) + 'static) {
    let run: Box<dyn FnMut(Option<()>)> = Box::new(move |before: Option<()>| run(before.is_none()));
    Effect::new(run);
}

/// Runs a task to its end, whatever becomes of the page.
pub fn task(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    leptos::task::spawn_local(task);
}

/// Runs a task that is given up when the part it belongs to goes away.
pub fn task_of_part(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    spawn_local_scoped_with_cancellation(task);
}

/// Does something every so often, as long as the part it belongs to is there. It may come once more
/// while that is going.
pub fn every(pause: Duration, act: impl Fn() + 'static) {
    let timer = set_interval_with_handle(act, pause);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

/// Does something after a while, if the part it belongs to is still there.
pub fn after(pause: Duration, act: impl FnOnce() + 'static) {
    let timer = set_timeout_with_handle(act, pause);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}
