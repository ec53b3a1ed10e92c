//! The shoppers' page.

fn main() {
    app::shop::open();
}
