//! What whoever hosts a show does.

use super::Shop;
use super::bookings::check_text;
use super::carts::{refuse, wrong};
use super::orders::{intent_key, told_once};
use super::shows::{Two, no_such_show, said, told};
use crate::language::Language;
use crate::problem::{JsonBody, PathId, Trouble};
use crate::store::AtDesk;
use crate::store::live::HostAct;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use domain::live::{
    AnswerRequest, MAX_ANSWER_CHARS, MAX_NOTE_CHARS, MAX_SLOW_SECONDS, PinRequest, Question,
    SlowModeRequest,
};
use domain::member::Role;
use domain::problem::{FieldProblem, Problem, ProblemKind};
use domain::show::{
    MAX_GOODS, MAX_MINUTES, MAX_TITLE_CHARS, MAX_WORDS_CHARS, ShowKind, ShowPlan, ShowStep,
    ShowSummary, Shows,
};
use std::collections::BTreeSet;

/// A show is the owner's and the hosts'.
pub(super) fn only_hosts(desk: &AtDesk) -> Result<(), Trouble> {
    match desk.role {
        Role::Owner | Role::Host => Ok(()),
        _ => Err(Trouble::new(
            ProblemKind::Forbidden,
            "this is for the owner and the hosts",
        )),
    }
}

/// Does something in a show.
pub(super) async fn host(
    shop: &Shop,
    desk: &AtDesk,
    id: String,
    language: Language,
    what: HostAct,
) -> Result<Response, Trouble> {
    let id = id.into();
    let answered = shop.live.by_host(&id, desk, language, None, what).await?;
    Ok(told(answered))
}

/// The same, once for each key.
pub(super) async fn host_once(
    shop: &Shop,
    desk: &AtDesk,
    id: String,
    language: Language,
    headers: &HeaderMap,
    what: HostAct,
) -> Result<Response, Trouble> {
    let (id, key) = (id.into(), intent_key(headers)?);
    let answered = shop
        .live
        .by_host(&id, desk, language, Some(key), what)
        .await?;
    Ok(told_once(answered))
}

/// All shows.
#[utoipa::path(
    get,
    path = "/api/v1/desk/shows",
    tag = "desk",
    params(
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = Shows),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn shows(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
) -> Result<Json<Shows>, Trouble> {
    only_hosts(&desk)?;
    Ok(Json(shop.store.shows(None, language, &shop.clock).await?))
}

/// Plans a show, once for each key.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows",
    tag = "desk",
    request_body = ShowPlan,
    params(
        ("idempotency-key" = String, Header, description = "names the intent: 1 to 128 printable ASCII characters", min_length = 1, max_length = 128),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 201, body = ShowSummary, description = "with `Idempotent-Replayed: true` when it was answered under this key before"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body, idempotency-key-missing"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "idempotency-key-reused"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn plan(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    headers: HeaderMap,
    JsonBody(plan): JsonBody<ShowPlan>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let key = intent_key(&headers)?;
    refuse(check_plan(&plan))?;
    let answered = shop
        .store
        .plan_show(&plan, &desk.staff, &key, language, &shop.clock)
        .await?;
    Ok(told_once(answered))
}

/// What is decided about a show.
#[utoipa::path(
    get,
    path = "/api/v1/desk/shows/{id}",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
    ),
    responses(
        (status = 200, body = ShowPlan),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn planned(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
) -> Result<Json<ShowPlan>, Trouble> {
    only_hosts(&desk)?;
    let plan = shop.store.show_plan(&id.into(), &shop.clock).await?;
    plan.map(Json).ok_or_else(no_such_show)
}

/// Decides otherwise, as long as it is not over. Whoever is in the room sees it at once.
#[utoipa::path(
    put,
    path = "/api/v1/desk/shows/{id}",
    tag = "desk",
    request_body = ShowPlan,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = ShowSummary),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is over"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn keep_plan(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    JsonBody(plan): JsonBody<ShowPlan>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    refuse(check_plan(&plan))?;
    host(&shop, &desk, id, language, HostAct::Edit(plan)).await
}

/// Begins a show. One that has begun goes on.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/start",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = ShowSummary),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn start(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let what = HostAct::Step(ShowStep::Start);
    host(&shop, &desk, id, language, what).await
}

/// Ends a show, and closes whatever is open in it. One that is over stays so.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/end",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
        ("accept-language" = Option<String>, Header, description = "zh-CN or en"),
    ),
    responses(
        (status = 200, body = ShowSummary),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn end(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let what = HostAct::Step(ShowStep::End);
    host(&shop, &desk, id, language, what).await
}

/// Shows one of its goods to everybody.
#[utoipa::path(
    put,
    path = "/api/v1/desk/shows/{id}/pin",
    tag = "desk",
    request_body = PinRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "shown"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn pin(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<PinRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let problem = check_text("/note", &request.note, MAX_NOTE_CHARS);
    refuse(problem.into_iter().collect())?;
    host(&shop, &desk, id, language, HostAct::Pin(request)).await
}

/// Shows nothing any more.
#[utoipa::path(
    delete,
    path = "/api/v1/desk/shows/{id}/pin",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "nothing is shown"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is not on"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn unpin(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    host(&shop, &desk, id, language, HostAct::Unpin).await
}

/// All questions of a show, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/desk/shows/{id}/questions",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
    ),
    responses(
        (status = 200, body = Vec<Question>),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn questions(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    PathId(id): PathId,
) -> Result<Json<Vec<Question>>, Trouble> {
    only_hosts(&desk)?;
    let questions = shop.store.questions(&id.into(), &shop.clock).await?;
    questions.map(Json).ok_or_else(no_such_show)
}

/// Answers a question, in words or on air. The last answer counts.
#[utoipa::path(
    post,
    path = "/api/v1/desk/shows/{id}/questions/{comment}/answer",
    tag = "desk",
    request_body = AnswerRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("comment" = String, Path, description = "the comment's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 200, body = Question),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn answer(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    Two(id, comment): Two,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let problem = check_text("/text", &request.text, MAX_ANSWER_CHARS);
    refuse(problem.into_iter().collect())?;
    let what = HostAct::Answer(comment.into(), request.text);
    host(&shop, &desk, id, language, what).await
}

/// Takes a comment away.
#[utoipa::path(
    delete,
    path = "/api/v1/desk/shows/{id}/comments/{comment}",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("comment" = String, Path, description = "the comment's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "it is not there any more"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    Two(id, comment): Two,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    host(&shop, &desk, id, language, HostAct::Remove(comment.into())).await
}

/// Lets somebody write no more in this show.
#[utoipa::path(
    put,
    path = "/api/v1/desk/shows/{id}/muted/{author}",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("author" = String, Path, description = "by what name they are known in the show"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "done"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn mute(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    Two(id, author): Two,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let what = HostAct::Mute(author.into(), true);
    host(&shop, &desk, id, language, what).await
}

/// Lets them write again.
#[utoipa::path(
    delete,
    path = "/api/v1/desk/shows/{id}/muted/{author}",
    tag = "desk",
    params(
        ("id" = String, Path, description = "the show's id"),
        ("author" = String, Path, description = "by what name they are known in the show"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "done"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is over"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn unmute(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    Two(id, author): Two,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let what = HostAct::Mute(author.into(), false);
    host(&shop, &desk, id, language, what).await
}

/// Has members wait between two comments.
#[utoipa::path(
    put,
    path = "/api/v1/desk/shows/{id}/slow-mode",
    tag = "desk",
    request_body = SlowModeRequest,
    params(
        ("id" = String, Path, description = "the show's id"),
        ("x-shop-request" = String, Header, description = "any value: sent by the shop's own pages"),
    ),
    responses(
        (status = 204, description = "done"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "invalid-body"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "not-signed-in"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: this is for the owner and the hosts, unsafe-request"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not-found"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "not-now: the show is over"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn slow_mode(
    State(shop): State<Shop>,
    Extension(desk): Extension<AtDesk>,
    language: Language,
    PathId(id): PathId,
    JsonBody(request): JsonBody<SlowModeRequest>,
) -> Result<Response, Trouble> {
    only_hosts(&desk)?;
    let far = request.seconds > MAX_SLOW_SECONDS;
    let problem = far.then(|| wrong("/seconds".to_owned(), "at most 300"));
    refuse(problem.into_iter().collect())?;
    let what = HostAct::SlowMode(request.seconds);
    host(&shop, &desk, id, language, what).await
}

fn check_plan(plan: &ShowPlan) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    problems.extend(said("/title/zh", &plan.title.zh, MAX_TITLE_CHARS));
    problems.extend(check_text("/title/en", &plan.title.en, MAX_WORDS_CHARS));
    problems.extend(check_text("/words/zh", &plan.words.zh, MAX_WORDS_CHARS));
    problems.extend(check_text("/words/en", &plan.words.en, 3 * MAX_WORDS_CHARS));
    problems.extend(check_text("/host/zh", &plan.host.zh, MAX_TITLE_CHARS));
    problems.extend(check_text("/host/en", &plan.host.en, MAX_TITLE_CHARS));
    if plan.kind == ShowKind::Unknown {
        problems.push(wrong("/kind".to_owned(), "source or kitchen"));
    }
    if !(5..=MAX_MINUTES).contains(&plan.minutes) {
        problems.push(wrong("/minutes".to_owned(), "5 to 480"));
    }
    let distinct: BTreeSet<_> = plan.goods.iter().collect();
    if plan.goods.len() > MAX_GOODS || distinct.len() != plan.goods.len() {
        problems.push(wrong("/goods".to_owned(), "at most 30, each once"));
    }
    problems
}
