//! HTTP turned into calls on the store. A file for each resource.

pub mod about;
pub mod bookings;
pub mod bundles;
pub mod carts;
pub mod catalog;
pub mod desk;
mod guard;
pub mod hosting;
pub mod media;
pub mod members;
pub mod orders;
pub mod payments;
pub mod publishing;
pub mod reception;
pub mod replay;
pub mod returns;
pub mod rounds;
pub mod sandbox;
pub mod shows;
pub mod sources;
pub mod storefront;

use crate::album::Album;
use crate::clock::Clock;
use crate::live::Live;
use crate::payment::Provider;
use crate::store::Store;
use crate::{Folders, Settings, fresh, problem};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::routing::{delete, get, post, put};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

/// Where the API is, below the shop's host.
pub const BASE: &str = "/api/v1";

/// The largest body that is read, in bytes; of a return that is asked for [`returns::MAX_BODY`].
pub const MAX_BODY: usize = 64 * 1024;

/// What every handler may use.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The database.
    pub store: Store,
    /// The live room.
    pub live: Live,
    /// The shop's clock.
    pub clock: Arc<Clock>,
    /// The pictures that shoppers send.
    pub album: Album,
    /// How it was started.
    pub settings: Arc<Settings>,
    /// Where its files are.
    pub folders: Arc<Folders>,
    /// Who takes money over the net; nobody where there is no such payment.
    pub provider: Option<Arc<dyn Provider>>,
    /// What the provider signs its notices with.
    pub notice_secret: Option<Arc<str>>,
}

/// The API, to be nested under `/api/v1`.
pub fn api(shop: Shop) -> Router {
    let at_counter = Router::new()
        .route("/desk/session", get(desk::staff))
        .route("/desk/orders", get(desk::orders))
        .route("/desk/orders/{id}/{step}", post(desk::step))
        .route("/desk/hand-overs/preview", post(desk::preview))
        .route("/desk/codes/preview", post(reception::preview))
        .route("/desk/tastings", get(reception::tastings))
        .route("/desk/tastings/{id}/walk-in", post(reception::walk_in))
        .route(
            "/desk/tastings/{id}/plan",
            get(reception::plan).put(reception::keep_plan),
        )
        .route("/desk/bookings/{id}/check-in", post(reception::check_in))
        .route("/desk/bookings/{id}/undo", post(reception::undo))
        .route("/desk/bookings/{id}/no-show", post(reception::no_show))
        .route("/desk/shows", get(hosting::shows).post(hosting::plan))
        .route(
            "/desk/shows/{id}",
            get(hosting::planned).put(hosting::keep_plan),
        )
        .route("/desk/shows/{id}/start", post(hosting::start))
        .route("/desk/shows/{id}/end", post(hosting::end))
        .route(
            "/desk/shows/{id}/pin",
            put(hosting::pin).delete(hosting::unpin),
        )
        .route("/desk/shows/{id}/polls", post(rounds::open_poll))
        .route(
            "/desk/shows/{id}/polls/{poll}/close",
            post(rounds::close_poll),
        )
        .route("/desk/shows/{id}/wishes", post(rounds::open_wishes))
        .route(
            "/desk/shows/{id}/wishes/{round}/close",
            post(rounds::close_wishes),
        )
        .route("/desk/shows/{id}/drops", post(rounds::open_drop))
        .route(
            "/desk/shows/{id}/drops/{drop}/close",
            post(rounds::close_drop),
        )
        .route("/desk/shows/{id}/questions", get(hosting::questions))
        .route(
            "/desk/shows/{id}/questions/{comment}/answer",
            post(hosting::answer),
        )
        .route(
            "/desk/shows/{id}/comments/{comment}",
            delete(hosting::remove),
        )
        .route(
            "/desk/shows/{id}/muted/{author}",
            put(hosting::mute).delete(hosting::unmute),
        )
        .route("/desk/shows/{id}/slow-mode", put(hosting::slow_mode))
        .route(
            "/desk/shows/{id}/publishing",
            get(publishing::publishing).post(publishing::renew_key),
        )
        .route("/desk/shows/{id}/air", get(publishing::air))
        .route(
            "/desk/synonyms",
            get(rounds::synonyms).put(rounds::keep_synonyms),
        )
        .route("/desk/keys", get(reception::keys))
        .route("/desk/sources", get(sources::sources))
        .route("/desk/purchases", post(sources::purchase))
        .route("/desk/returns", get(returns::desk_list))
        .route("/desk/returns/{id}/picture", get(returns::desk_picture))
        .route("/desk/returns/{id}/{step}", post(returns::answer))
        .route_layer(middleware::from_fn_with_state(
            shop.clone(),
            guard::only_at_counter,
        ));
    let personal = Router::new()
        .route("/carts/quote", post(carts::quote))
        .route("/pickup-times", get(orders::pickup_times))
        .route("/orders", get(orders::list).post(orders::place))
        .route("/orders/{id}", get(orders::order))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/payment", post(payments::pay))
        .route(
            "/me/hold",
            put(payments::hold).delete(payments::release_hold),
        )
        .route("/intents/{key}", get(orders::intent))
        .route("/me/bookings", get(bookings::mine))
        .route(
            "/me/slot-hold",
            get(bookings::held)
                .put(bookings::hold)
                .delete(bookings::let_go),
        )
        .route("/bookings", post(bookings::book))
        .route("/bookings/{id}", get(bookings::booking))
        .route("/bookings/{id}/move", post(bookings::move_to))
        .route("/bookings/{id}/cancel", post(bookings::cancel))
        .route(
            "/bookings/{id}/confirm-coming",
            post(bookings::confirm_coming),
        )
        .route("/bookings/{id}/verdict", post(bookings::verdict))
        .route("/bookings/{id}/calendar.ics", get(bookings::calendar))
        .route(
            "/tastings/slots/{slot}/waiting",
            post(bookings::wait).delete(bookings::leave),
        )
        .route("/shows/{id}/room", get(shows::room))
        .route("/shows/{id}/comments", post(shows::comment))
        .route("/shows/{id}/likes", post(shows::like))
        .route("/shows/{id}/polls/{poll}/vote", put(shows::vote))
        .route("/shows/{id}/wishes", post(shows::wish))
        .route(
            "/shows/{id}/wishes/{wish}/vote",
            put(shows::vote_for_wish).delete(shows::take_wish_back),
        )
        .route("/shows/{id}/drops/{drop}/claim", post(shows::claim))
        .route("/shows/{id}/reminder", put(shows::remind))
        .route("/join", post(sources::join))
        .route("/visits", post(sources::visit))
        .route("/me/claims", post(sources::claim))
        .route(
            "/orders/{id}/returns",
            post(returns::ask).layer(DefaultBodyLimit::max(returns::MAX_BODY)),
        )
        .route(
            "/orders/{id}/returns/{return}/withdraw",
            post(returns::withdraw),
        )
        .route(
            "/orders/{id}/returns/{return}/picture",
            get(returns::picture),
        )
        .route("/sign-in/codes", post(members::send_code))
        .route("/sign-in", post(members::sign_in))
        .route("/session", delete(members::sign_out))
        .route("/me", get(members::me))
        .route("/me/coupons", get(members::coupons))
        .route("/me/points", get(members::points))
        .route("/me/cart", get(carts::my_cart).put(carts::keep_my_cart))
        .route("/desk/devices", post(desk::register))
        .route("/desk/device", get(desk::device))
        .route("/desk/sign-in", post(desk::sign_in))
        .route("/desk/session", delete(desk::lock))
        .merge(at_counter)
        .layer(middleware::from_fn(guard::private))
        .route_layer(middleware::from_fn(guard::only_our_pages));
    let routes = Router::new()
        .merge(personal)
        // No page sends these: their signature is their guard.
        .route("/payments/notices", post(payments::take_notice))
        .route("/media/publish", post(media::publish))
        .route("/media/publish-done", post(media::publish_done))
        .route("/shows/{id}/replay", get(replay::replay))
        .route("/shows/{id}/replay/room", get(replay::replay_room))
        .route("/shows/{id}/replay/events", get(replay::replay_events))
        .route("/", get(about::about))
        .route("/storefront", get(storefront::storefront))
        .route("/categories", get(catalog::categories))
        .route("/products", get(catalog::products))
        .route("/products/{id}", get(catalog::product))
        .route("/bundles", get(bundles::bundles))
        .route("/bundles/{id}", get(bundles::bundle))
        .route("/tastings", get(bookings::tastings))
        .route("/tastings/{id}", get(bookings::tasting))
        .route("/shows", get(shows::shows))
        .route("/shows/{id}", get(shows::show))
        .route("/shows/{id}/calendar.ics", get(shows::calendar))
        .route("/openapi.json", get(about::openapi))
        .with_state(shop.clone());
    // What goes on and on is neither held back for an ETag nor compressed.
    let streams = Router::new()
        .route("/shows/{id}/events", get(shows::events))
        .with_state(shop)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(CatchPanicLayer::custom(problem::panicked));
    rules(routes).merge(streams)
}

/// What holds for every route: typed problems, ETags, limits, compression, a log line.
pub fn rules(routes: Router) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    routes
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(problem::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(fresh::etags))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header(header::CACHE_CONTROL, "no-cache"))
        .layer(header(header::VARY, "accept-language"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(CompressionLayer::new().br(true))
        .layer(TraceLayer::new_for_http())
}
