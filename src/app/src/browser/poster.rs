//! A poster to pass on: the goods, the price and a QR code, drawn into one picture, because in
//! chats pictures are what is passed on.

use leptos::prelude::document;
use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// What a poster says.
#[derive(Clone, Debug, PartialEq)]
pub struct Poster {
    /// The shop's name.
    pub shop: String,
    /// The name of what is passed on.
    pub title: String,
    /// What and how much.
    pub subtitle: String,
    /// The price, whole.
    pub price: String,
    /// The address of the picture.
    pub picture: Option<String>,
    /// Where the QR code leads.
    pub link: String,
    /// What to do with the QR code.
    pub hint: String,
}

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 860.0;
const FONT: &str =
    "\"PingFang SC\",\"HarmonyOS Sans SC\",\"Noto Sans SC\",\"Noto Sans CJK SC\",sans-serif";

/// Draws a poster; the address of the picture (`data:image/png`), `None` where there is no canvas.
pub async fn draw(poster: &Poster) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(WIDTH as u32);
    canvas.set_height(HEIGHT as u32);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let fill = |color: &str, x: f64, y: f64, width: f64, height: f64| {
        pen.set_fill_style_str(color);
        pen.fill_rect(x, y, width, height);
    };
    fill("#faf8f3", 0.0, 0.0, WIDTH, HEIGHT);
    awning(&pen);
    fill("#eaf4e4", 40.0, 110.0, WIDTH - 80.0, 340.0);
    if let Some(url) = &poster.picture
        && let Some(picture) = load(url).await
    {
        // A poster without its picture is better than none.
        let _ = pen
            .draw_image_with_html_image_element_and_dw_and_dh(&picture, 170.0, 150.0, 260.0, 260.0);
    }
    let write = |text: &str, font: &str, color: &str, x: f64, y: f64, width: f64| {
        pen.set_font(&[font, " ", FONT].concat());
        pen.set_fill_style_str(color);
        let _ = pen.fill_text_with_max_width(text, x, y, width);
    };
    write(
        &poster.shop,
        "600 24px",
        "#1f7a4d",
        40.0,
        88.0,
        WIDTH - 80.0,
    );
    write(
        &poster.title,
        "700 42px",
        "#1d231f",
        40.0,
        520.0,
        WIDTH - 80.0,
    );
    write(
        &poster.subtitle,
        "26px",
        "#5c665f",
        40.0,
        566.0,
        WIDTH - 80.0,
    );
    write(&poster.price, "700 60px", "#c8321f", 40.0, 680.0, 300.0);
    write(&poster.hint, "24px", "#5c665f", 40.0, 780.0, 310.0);
    code(&pen, &poster.link, 370.0, 610.0, 190.0);
    canvas.to_data_url_with_type("image/png").ok()
}

fn awning(pen: &CanvasRenderingContext2d) {
    for stripe in 0..12_u8 {
        pen.set_fill_style_str(if stripe % 2 == 0 {
            "#1f7a4d"
        } else {
            "#ffffff"
        });
        let x = f64::from(stripe) * 50.0;
        pen.fill_rect(x, 0.0, 50.0, 24.0);
        pen.begin_path();
        let _ = pen.arc(x + 25.0, 24.0, 25.0, 0.0, std::f64::consts::PI);
        pen.fill();
    }
}

fn code(pen: &CanvasRenderingContext2d, text: &str, x: f64, y: f64, size: f64) {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return;
    };
    let module = size / f64::from(code.size() + 4);
    pen.set_fill_style_str("#ffffff");
    pen.fill_rect(x, y, size, size);
    pen.set_fill_style_str("#1d231f");
    for (row, column) in dark(&code) {
        // A little larger than a module, so that no line shows between two.
        pen.fill_rect(
            x + f64::from(column + 2) * module,
            y + f64::from(row + 2) * module,
            module + 0.4,
            module + 0.4,
        );
    }
}

/// Rows and columns of the dark modules.
fn dark(code: &QrCode) -> impl Iterator<Item = (i32, i32)> + '_ {
    (0..code.size()).flat_map(move |row| {
        (0..code.size())
            .filter(move |column| code.get_module(*column, row))
            .map(move |column| (row, column))
    })
}

/// A QR code as an SVG path on a square of the returned side, with its quiet zone; `None` for a
/// text that is too long.
pub fn code_path(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for (row, column) in dark(&code) {
        path.extend([
            "M",
            &(column + 2).to_string(),
            " ",
            &(row + 2).to_string(),
            "h1v1h-1z",
        ]);
    }
    Some((code.size() + 4, path))
}

async fn load(url: &str) -> Option<HtmlImageElement> {
    let picture = HtmlImageElement::new().ok()?;
    picture.set_cross_origin(Some("anonymous"));
    picture.set_src(url);
    let decoded: Result<JsValue, JsValue> = JsFuture::from(picture.decode()).await;
    decoded.ok().map(|_| picture)
}
