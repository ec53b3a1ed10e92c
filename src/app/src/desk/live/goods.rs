//! The run of show: its goods in order, and which of them everybody sees now.

use super::edit;
use super::here::Here;
use super::words::text as words;
use crate::parts::plate::plate;
use crate::parts::price::variant_price;
use crate::view::{IntoView, View, changing, each, follows, on, text, view};
use crate::words::{is_scarce, words as shop_words};
use domain::catalog::Variant;
use domain::id::ProductId;
use domain::live::{MAX_NOTE_CHARS, Pin, PinRequest, RoomGood};
use leptos::prelude::*;
use stylers::style_sheet;

const _: &str = include_str!("goods.css");

/// What the rows share.
#[derive(Clone, Copy)]
struct Run {
    here: Here,
    /// Something is being pinned or taken down.
    busy: RwSignal<bool>,
    note: super::draft::Draft,
    pin: Memo<Option<Option<Pin>>>,
}

/// A row: one of the goods.
struct Row {
    id: ProductId,
    run: Run,
}

impl Run {
    fn is_pinned(self, id: &ProductId) -> bool {
        self.pin
            .with(|pin| pin.iter().flatten().any(|pin| pin.product == *id))
    }

    /// Shows something to everybody, with what is written for it.
    fn pin(self, product: ProductId) {
        let note = self.note.trimmed();
        let request = PinRequest {
            said_at: self.here.said_at(),
            product,
            variant: None,
            note: note.clone(),
        };
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().pin(&show, &request).await
        };
        self.here
            .does(self.busy, call, move |()| self.note.used(&note));
    }

    fn unpin(self) {
        let call = move |client: client::Client<_>, show| async move {
            client.desk_shows().unpin(&show).await
        };
        self.here.does(self.busy, call, |()| {});
    }
}

/// The panel.
pub fn panel(here: Here) -> View {
    let class = style_sheet!("src/app/src/desk/live/goods.css");
    let words = words();
    let run = Run {
        here,
        busy: RwSignal::new(false),
        note: here.draft("note"),
        pin: here.piece(|room| room.pin.clone()),
    };
    let ids = here.piece(|room| {
        let goods = room.goods.iter().map(|good| good.product.clone());
        goods.collect::<Vec<_>>()
    });
    let rows = move || {
        let ids = ids.get().unwrap_or_default().into_iter();
        ids.map(|id| Row { id, run }).collect()
    };
    let pinned = here.piece(|room| {
        let good = room.pinned()?;
        let note = room.pin.as_ref().map(|pin| pin.note.clone());
        Some((good.name.clone(), note.unwrap_or_default()))
    });
    let now = move || match pinned.get().flatten() {
        Some((name, note)) if note.is_empty() => name,
        Some((name, note)) => [&name, " · ", &note].concat(),
        None => words.nothing_pinned.to_owned(),
    };
    let nothing = move || ids.with(|ids| ids.as_ref().is_some_and(Vec::is_empty));
    let note = run
        .note
        .hinted(words.note, "note", MAX_NOTE_CHARS, words.note_hint);
    view! {
        <div class=class>
            <p class="now" role="status"><strong>{words.pinned_now}</strong> " " <span>{text(now)}</span></p>
            <div class="note" hidden=follows(move || !here.is_live())>{note}</div>
            <p class="quiet" hidden=follows(move || here.is_live() || here.is_over())>{words.pin_when_live}</p>
            <p class="quiet" hidden=follows(move || !nothing())>{words.no_goods}</p>
            <ol class="pieces">{each(rows, |row: &Row| row.id.as_str(), row)}</ol>
            {edit::section(here)}
        </div>
    }
}

fn row(Row { id, run }: Row) -> View {
    let words = words();
    let of = id.clone();
    let good = run.here.piece(move |room| room.good(&of).cloned());
    let Some(first) = good.get_untracked().flatten() else {
        return view! { <li></li> };
    };
    let shown = Memo::new({
        let id = id.clone();
        move |_| run.is_pinned(&id)
    });
    let kinds = changing(move || {
        let good: Option<RoomGood> = good.get().flatten();
        let kinds = good.map(|good| {
            let many = good.variants.len() > 1;
            let kinds = good.variants.iter().map(|one| kind(one, many));
            kinds.collect::<Vec<_>>()
        });
        kinds.into_view()
    });
    let label = |does: &str| [does, " ", &first.name].concat();
    let (pin_label, note_label, down_label) =
        (label(words.pin), label(words.pin_again), label(words.unpin));
    let pin = {
        let id = id.clone();
        on(move |_| run.pin(id.clone()))
    };
    let again = on(move |_| run.pin(id.clone()));
    let down = on(move |_| run.unpin());
    let off = move || run.busy.get();
    let has_note = move || run.note.text.with(|note| !note.trim().is_empty());
    let is_live = move || run.here.is_live();
    view! {
        <li class:pinned=follows(move || shown.get())>
            {plate(first.picture.as_ref(), false)}
            <div class="what">
                <p><strong>{first.name.clone()}</strong> " " <span class="tag save" hidden=follows(move || !shown.get())>{words.pinned}</span></p>
                <p class="kinds">{kinds}</p>
            </div>
            <div class="do">
                <button type="button" class="btn" aria-label=pin_label hidden=follows(move || shown.get() || !is_live()) disabled=follows(off) on:click=pin>{words.pin}</button>
                <button type="button" class="btn" aria-label=note_label hidden=follows(move || !shown.get() || !has_note() || !is_live()) disabled=follows(off) on:click=again>{words.pin_again}</button>
                <button type="button" class="btn soft" aria-label=down_label hidden=follows(move || !shown.get() || !is_live()) disabled=follows(off) on:click=down>{words.unpin}</button>
            </div>
        </li>
    }
}

/// What one kind costs, and what is left of it.
fn kind(variant: &Variant, named: bool) -> View {
    let stock = (shop_words().stock)(variant.stock);
    let warn = is_scarce(variant.stock);
    let name = named.then(|| view! { <span>{variant.name.clone()}</span> });
    view! { <span class="kind">{name} {variant_price(variant, false)} <span class="stock" class:scarce=warn>{stock}</span></span> }
}
