//! Sending from this device: its camera in a mirror, how loud it is, and the button that sends.

use super::sender::{Lens, STEPS};
use super::words::text as words;
use super::{Air, Doors};
use crate::browser::camera::{Device, Wanted};
use crate::desk::focus_soon;
use crate::view::{IntoView, Slot, View, changing, effect, follows, on, text, view};
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlVideoElement};

/// The section.
pub fn section(air: Air) -> View {
    let words = words();
    let sender = air.sender;
    let whip = Memo::new(move |_| {
        air.doors.with(|doors| match doors {
            Doors::Here(publishing) => publishing.whip.is_some(),
            _ => false,
        })
    });
    let only_apps = Memo::new(move |_| {
        air.doors.with(|doors| match doors {
            Doors::Here(publishing) => publishing.whip.is_none() && publishing.rtmp.is_some(),
            _ => false,
        })
    });
    let lens = sender.lens;
    let is_on = move || matches!(lens.get(), Lens::On { .. });
    // While another one is being turned on, what chooses it stays.
    let is_seen = move || {
        let known = || sender.chosen.with(|chosen| chosen.camera.is_some());
        is_on() || (lens.get() == Lens::Opening && known())
    };
    let has_trouble = move || matches!(lens.get(), Lens::Failed(_) | Lens::Lost);
    let (opener, again, starter, stopper) = (
        Slot::<HtmlElement>::new(),
        Slot::<HtmlElement>::new(),
        Slot::<HtmlElement>::new(),
        Slot::<HtmlElement>::new(),
    );
    // Whoever pressed a button that has gone is led to the next one.
    let led = StoredValue::new(false);
    effect(move |_| {
        let next = match () {
            () if is_on() => starter,
            () if has_trouble() => again,
            () => return,
        };
        if led.get_value() {
            led.set_value(false);
            focus_soon(next);
        }
    });
    let open = move |_| {
        led.set_value(true);
        sender.open(sender.chosen.get_untracked());
    };
    let start = on(move |_| {
        air.start();
        focus_soon(stopper);
    });
    let stop = on(move |_| {
        air.stop();
        // Without a camera there is nothing to be begun again.
        let lost = matches!(lens.get_untracked(), Lens::Failed(_) | Lens::Lost);
        focus_soon(if lost { again } else { starter });
    });
    let close = on(move |_| {
        sender.close();
        focus_soon(opener);
    });
    let wanted = move || sender.line.get().is_wanted();
    let trouble = move || match lens.get() {
        Lens::On { .. } => {
            let kept = sender.kept.get().map(words.no_camera);
            kept.unwrap_or_default().to_owned()
        }
        Lens::Failed(why) => (words.no_camera)(why).to_owned(),
        Lens::Lost => words.lost.to_owned(),
        _ => String::new(),
    };
    let opening = move || match lens.get() {
        Lens::Opening => words.opening.to_owned(),
        _ => String::new(),
    };
    let line = move || words.line(sender.line.get());
    let line_bad = move || {
        let line = sender.line.get();
        line.waits() || line.has_ended()
    };
    view! {
        <p class="quiet" hidden=follows(move || !only_apps.get())>{words.only_apps}</p>
        <div class="device box" role="group" aria-label=words.this_device hidden=follows(move || !whip.get() && !wanted())>
            <div class="do" hidden=follows(move || lens.get() != Lens::Off)>
                <button type="button" class="btn" node_ref=opener on:click=on(open)>{words.this_device}</button>
                <span class="quiet">{words.this_device_hint}</span>
            </div>
            <p role="status">{text(opening)}</p>
            <p class="trouble" role="alert">{text(trouble)}</p>
            <button type="button" class="btn soft" node_ref=again hidden=follows(move || !has_trouble()) on:click=on(open)>{words.open_again}</button>
            <div class="seen" hidden=follows(move || !is_seen())>
                {mirror(air)}
                {choices(air)}
                {meter(air)}
            </div>
            <div class="do">
                <button type="button" class="btn" node_ref=starter hidden=follows(move || !is_on() || wanted()) on:click=start>{words.start}</button>
                <button type="button" class="btn warn" node_ref=stopper hidden=follows(move || !wanted()) on:click=stop>{words.stop}</button>
                <button type="button" class="btn soft" hidden=follows(move || !is_on() || wanted()) on:click=close>{words.close_camera}</button>
            </div>
            <p class="line" class:bad=follows(line_bad) role="status">{text(line)}</p>
            <p class="quiet" hidden=follows(move || !wanted())>{words.awake}</p>
        </div>
    }
}

/// The camera's picture; as in a mirror when it looks at whoever holds the device.
fn mirror(air: Air) -> View {
    let sender = air.sender;
    let video = Slot::<HtmlVideoElement>::new();
    effect(move |_| {
        sender.lens.track();
        if let Some(video) = video.get() {
            sender.show_in(&video);
        }
    });
    let front = move || matches!(sender.lens.get(), Lens::On { front: true, .. });
    view! { <video class="own" class:front=follows(front) node_ref=video playsinline muted aria-label=words().preview prop:muted=true></video> }
}

/// Which camera, which microphone.
fn choices(air: Air) -> View {
    let words = words();
    let sender = air.sender;
    let camera = choice(
        words.camera,
        move || sender.devices.with(|all| all.cameras.clone()),
        move || sender.chosen.with(|chosen| chosen.camera.clone()),
        move |id| {
            let microphone = sender.chosen.with_untracked(|it| it.microphone.clone());
            sender.open(Wanted {
                camera: Some(id),
                microphone,
            });
        },
        move || sender.look_for_devices(),
    );
    let microphone = choice(
        words.microphone,
        move || sender.devices.with(|all| all.microphones.clone()),
        move || sender.chosen.with(|chosen| chosen.microphone.clone()),
        move |id| {
            let camera = sender.chosen.with_untracked(|it| it.camera.clone());
            sender.open(Wanted {
                camera,
                microphone: Some(id),
            });
        },
        move || sender.look_for_devices(),
    );
    view! { <div class="choices">{camera} {microphone}</div> }
}

fn choice(
    name: &'static str,
    all: impl Fn() -> Vec<Device> + 'static,
    chosen: impl Fn() -> Option<String> + Copy + 'static,
    choose: impl Fn(String) + 'static,
    look: impl Fn() + 'static,
) -> View {
    let options = changing(move || {
        let chosen = chosen();
        let options = all().into_iter().enumerate().map(|(at, device)| {
            let named = match device.name.is_empty() {
                true => (words().numbered)(name, at + 1),
                false => device.name,
            };
            let selected = chosen.as_deref() == Some(device.id.as_str());
            view! { <option value=device.id selected=selected>{named}</option> }
        });
        options.collect::<Vec<_>>().into_view()
    });
    let chose = on(move |event| choose(event_target_value(&event)));
    view! { <label><span>{name}</span> <select on:change=chose on:focus=on(move |_| look())>{options}</select></label> }
}

/// How loud it is: steps that light up, and their number.
fn meter(air: Air) -> View {
    let words = words();
    let sender = air.sender;
    let loud = sender.loud;
    let now = move || loud.get().unwrap_or(0);
    let told = move || [&now().to_string(), " / ", &STEPS.to_string()].concat();
    let lamps = (1..=STEPS).map(|step| {
        let lit = follows(move || now() >= step);
        view! { <i class:lit=lit></i> }
    });
    let lamps = lamps.collect::<Vec<_>>();
    let deaf = move || matches!(sender.lens.get(), Lens::On { sound: false, .. });
    let silent = move || match () {
        () if deaf() => words.no_sound.to_owned(),
        () if sender.silent.get() => words.silent.to_owned(),
        () => String::new(),
    };
    view! {
        <div class="volume">
            <span aria-hidden="true">{words.loudness}</span>
            <div role="meter" aria-label=words.loudness aria-valuemin="0" aria-valuemax=STEPS.to_string() aria-valuenow=follows(move || now().to_string()) aria-valuetext=follows(told)>{lamps}</div>
            <span aria-hidden="true">{text(told)}</span>
        </div>
        <p class="trouble" role="status">{text(silent)}</p>
    }
}
