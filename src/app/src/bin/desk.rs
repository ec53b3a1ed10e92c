//! The staff's page.

fn main() {
    app::desk::open();
}
