//! A picture that somebody takes or chooses, made small on this device before it is sent: a phone's
//! camera makes ten times what is needed to see that a lemon is mouldy.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlInputElement, ImageBitmap};

/// What a picture's `data:` address begins with; the rest is its base64.
pub const DATA: &str = "data:image/jpeg;base64,";
/// What is tried, the best first: the longer side in pixels, and the quality.
const TRIES: [(u32, f64); 5] = [
    (1_280, 0.82),
    (1_280, 0.65),
    (1_280, 0.45),
    (960, 0.45),
    (640, 0.4),
];
/// The largest that is sent, in characters of base64: some 300 kB.
const MOST: usize = 400_000;

/// The picture that was chosen in a field, as base64 of a JPEG, upright and no longer than 1280
/// pixels; `None` when nothing was chosen or it cannot be read.
pub async fn chosen(field: &HtmlInputElement) -> Option<String> {
    let file = field.files()?.get(0)?;
    let decoding = window().create_image_bitmap_with_blob(&file).ok()?;
    let picture: ImageBitmap = JsFuture::from(decoding).await.ok()?.dyn_into().ok()?;
    let small = TRIES
        .into_iter()
        .filter_map(|(side, quality)| drawn(&picture, side, quality))
        .find(|small| small.len() <= MOST);
    picture.close();
    small
}

/// Forgets what was chosen, so that the same picture can be chosen again.
pub fn forget_choice(field: &HtmlInputElement) {
    field.set_value("");
}

fn drawn(picture: &ImageBitmap, side: u32, quality: f64) -> Option<String> {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (f64::from(side) / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).max(1.0), (height * scale).max(1.0));
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // What is transparent would be black.
    pen.set_fill_style_str("#ffffff");
    pen.fill_rect(0.0, 0.0, width, height);
    pen.draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width, height)
        .ok()?;
    let quality = JsValue::from_f64(quality);
    let url = canvas
        .to_data_url_with_type_and_encoder_options("image/jpeg", &quality)
        .ok()?;
    url.strip_prefix(DATA).map(str::to_owned)
}
