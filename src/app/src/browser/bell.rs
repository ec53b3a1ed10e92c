//! A short sound (Web Audio), where the browser allows one: after a touch, and not muted.

use leptos::logging::warn;
use web_sys::AudioContext;

thread_local! {
    static CONTEXT: Option<AudioContext> = AudioContext::new().ok();
}

/// Two tones, a third of a second together.
pub fn ring() {
    let rung = CONTEXT.with(|context| {
        let context = context.as_ref()?;
        // Suspended until the first touch; refused means silent, the mark on the screen stays.
        let _ = context.resume().ok()?;
        for (after, hertz) in [(0.0, 880.0), (0.16, 1_174.7)] {
            let (tone, volume) = (
                context.create_oscillator().ok()?,
                context.create_gain().ok()?,
            );
            tone.frequency().set_value(hertz);
            volume.gain().set_value(0.25);
            tone.connect_with_audio_node(&volume).ok()?;
            volume
                .connect_with_audio_node(&context.destination())
                .ok()?;
            let start = context.current_time() + after;
            tone.start_with_when(start).ok()?;
            tone.stop_with_when(start + 0.15).ok()?;
        }
        Some(())
    });
    if rung.is_none() {
        warn!("this browser makes no sound");
    }
}
