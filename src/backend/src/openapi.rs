//! The contract as an OpenAPI 3.1 document, generated from the domain types.

use crate::routes;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "A neighbourhood shop",
        description = "The JSON contract between the shop's pages and a backend. \
            Errors are RFC 9457 problems, money is integer minor units, times are RFC 3339 with the shop's offset, \
            lists come in pages by cursor. A reader takes a value of an enum that it does not know as `unknown`."
    ),
    paths(
        routes::about::about,
        routes::about::openapi,
        routes::storefront::storefront,
        routes::catalog::categories,
        routes::catalog::products,
        routes::catalog::product,
        routes::bundles::bundles,
        routes::bundles::bundle,
        routes::carts::quote,
        routes::orders::pickup_times,
        routes::orders::place,
        routes::orders::list,
        routes::orders::order,
        routes::orders::cancel,
        routes::payments::pay,
        routes::payments::hold,
        routes::payments::release_hold,
        routes::payments::take_notice,
        routes::orders::intent,
        routes::returns::ask,
        routes::returns::withdraw,
        routes::returns::picture,
        routes::members::send_code,
        routes::members::sign_in,
        routes::members::sign_out,
        routes::members::me,
        routes::members::coupons,
        routes::members::points,
        routes::carts::my_cart,
        routes::carts::keep_my_cart,
        routes::desk::register,
        routes::desk::device,
        routes::desk::sign_in,
        routes::desk::lock,
        routes::desk::staff,
        routes::desk::orders,
        routes::desk::step,
        routes::desk::preview,
        routes::bookings::tastings,
        routes::bookings::tasting,
        routes::bookings::held,
        routes::bookings::hold,
        routes::bookings::let_go,
        routes::bookings::book,
        routes::bookings::mine,
        routes::bookings::booking,
        routes::bookings::move_to,
        routes::bookings::cancel,
        routes::bookings::confirm_coming,
        routes::bookings::verdict,
        routes::bookings::calendar,
        routes::bookings::wait,
        routes::bookings::leave,
        routes::shows::shows,
        routes::shows::show,
        routes::shows::calendar,
        routes::shows::room,
        routes::shows::events,
        routes::shows::comment,
        routes::shows::like,
        routes::shows::vote,
        routes::shows::wish,
        routes::shows::vote_for_wish,
        routes::shows::take_wish_back,
        routes::shows::claim,
        routes::shows::remind,
        routes::replay::replay,
        routes::replay::replay_room,
        routes::replay::replay_events,
        routes::publishing::publishing,
        routes::publishing::renew_key,
        routes::publishing::air,
        routes::media::publish,
        routes::media::publish_done,
        routes::hosting::shows,
        routes::hosting::plan,
        routes::hosting::planned,
        routes::hosting::keep_plan,
        routes::hosting::start,
        routes::hosting::end,
        routes::hosting::pin,
        routes::hosting::unpin,
        routes::rounds::open_poll,
        routes::rounds::close_poll,
        routes::rounds::open_wishes,
        routes::rounds::close_wishes,
        routes::rounds::open_drop,
        routes::rounds::close_drop,
        routes::hosting::questions,
        routes::hosting::answer,
        routes::hosting::remove,
        routes::hosting::mute,
        routes::hosting::unmute,
        routes::hosting::slow_mode,
        routes::rounds::synonyms,
        routes::rounds::keep_synonyms,
        routes::sources::visit,
        routes::sources::join,
        routes::sources::claim,
        routes::reception::preview,
        routes::reception::tastings,
        routes::reception::check_in,
        routes::reception::undo,
        routes::reception::no_show,
        routes::reception::walk_in,
        routes::reception::plan,
        routes::reception::keep_plan,
        routes::reception::keys,
        routes::sources::purchase,
        routes::sources::sources,
        routes::returns::desk_list,
        routes::returns::answer,
        routes::returns::desk_picture,
    ),
    // Only a parameter speaks of it, and parameters are not looked through for schemas.
    components(schemas(domain::catalog::Sort, domain::order::OrderTab))
)]
struct Document;

/// The document, as it is served and committed.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.info.version = domain::contract::VERSION.to_owned();
    document
}

/// The document as text, with a final newline.
pub fn text() -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&document())? + "\n")
}
