//! Signing in.

use crate::browser::address::{address, go};
use crate::parts::sign_in::{begin, form};
use crate::state::stores;
use crate::view::View;
use crate::words::words;
use leptos::prelude::*;

/// The page. `?next=` says where one wanted to go.
pub fn page() -> View {
    let (stores, words, address) = (stores(), words(), address());
    form(words.sign_in_hint, words.sign_in, move |phone, code| {
        Box::pin(async move {
            let client = stores.client();
            begin(client.members().sign_in(&phone, &code).await?, stores);
            stores.say(words.signed_in.to_owned());
            let next = address.with_untracked(|address| address.parameter("next"));
            // Only ever a page of this shop.
            let next = next.filter(|next| {
                next.starts_with('/')
                    && !next
                        .get(1..2)
                        .is_some_and(|sign| sign == "/" || sign == "\\")
            });
            go(address, next.as_deref().unwrap_or("/me"), true);
            Ok(())
        })
    })
}
