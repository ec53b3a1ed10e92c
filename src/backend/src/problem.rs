//! The one place where trouble becomes `application/problem+json`.

use crate::payment::ProviderError;
use crate::store::StoreError;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::after_sale::Misfit;
use domain::problem::{FieldProblem, MEDIA_TYPE, Problem, ProblemKind};
use serde::de::DeserializeOwned;
use std::any::Any;

/// An error on its way out.
#[derive(Debug)]
pub struct Trouble(pub Problem, Option<u32>);

impl Trouble {
    /// A problem of this kind with what happened this time.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self(Problem::new(kind, detail), None)
    }

    /// A query with parameters that make no sense.
    pub fn invalid_query(problems: Vec<FieldProblem>) -> Self {
        Self(
            Problem::new(ProblemKind::InvalidQuery, "see problems").with(problems),
            None,
        )
    }
}

impl Trouble {
    /// A body with fields that make no sense.
    pub fn invalid_body(problems: Vec<FieldProblem>) -> Self {
        Self(
            Problem::new(ProblemKind::InvalidBody, "see problems").with(problems),
            None,
        )
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.1 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::BadCursor => Self::invalid_query(vec![FieldProblem {
                field: "cursor".to_owned(),
                detail: "not a cursor of this list; start from the first page".to_owned(),
            }]),
            StoreError::Refused(kind) => {
                let detail = kind.title();
                Self::new(kind, detail)
            }
            StoreError::NotTheirCoupon(at) => Self::invalid_body(vec![FieldProblem {
                field: format!("/coupons/{at}"),
                detail: "the member holds no such coupon".to_owned(),
            }]),
            StoreError::Misfit(misfit) => {
                let (field, detail) = match misfit {
                    Misfit::Nothing => ("/lines".to_owned(), "at least one"),
                    Misfit::NoSuchLine(at) => (
                        format!("/lines/{at}/line"),
                        "the place of a line of this order, each once",
                    ),
                    Misfit::Quantity(at) => (
                        format!("/lines/{at}/quantity"),
                        "1 to as many as were bought and have not come back",
                    ),
                };
                let detail = detail.to_owned();
                Self::invalid_body(vec![FieldProblem { field, detail }])
            }
            StoreError::Wait(seconds) => {
                let mut trouble = Self::new(
                    ProblemKind::TooManyRequests,
                    format!("try again in {seconds} s"),
                );
                trouble.1 = Some(seconds);
                trouble
            }
            StoreError::TooFast(seconds) => {
                let mut trouble =
                    Self::new(ProblemKind::TooFast, format!("write on in {seconds} s"));
                trouble.1 = Some(seconds);
                trouble
            }
            StoreError::HeldTooOften(seconds) => {
                let mut trouble = Self::new(
                    ProblemKind::HeldTooOften,
                    format!("somebody else may try first; again in {seconds} s"),
                );
                trouble.1 = Some(seconds);
                trouble
            }
            error => {
                // The log has what happened; the caller learns nothing about our inside.
                tracing::error!(%error, "a request failed");
                Self::new(
                    ProblemKind::Internal,
                    "nothing was changed; try again in a moment",
                )
            }
        }
    }
}

impl From<ProviderError> for Trouble {
    fn from(error: ProviderError) -> Self {
        tracing::warn!(%error, "a payment cannot go on");
        let mut trouble = Self::new(
            ProblemKind::Unavailable,
            "the payment provider does not answer; try again in a moment",
        );
        trouble.1 = Some(5);
        trouble
    }
}

/// Nothing at this address.
pub async fn not_found(OriginalUri(uri): OriginalUri) -> Trouble {
    Trouble::new(
        ProblemKind::NotFound,
        format!("there is nothing at {}", uri.path()),
    )
}

/// Something at this address, but not with this method.
pub async fn method_not_allowed(method: Method, OriginalUri(uri): OriginalUri) -> Trouble {
    Trouble::new(
        ProblemKind::MethodNotAllowed,
        format!("{} does not answer {method}", uri.path()),
    )
}

/// A handler panicked. The shop goes on.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = cause.unwrap_or("unknown"), "a handler panicked");
    Trouble::new(ProblemKind::Internal, "try again in a moment").into_response()
}

/// A JSON body, or a problem that says what is wrong with it.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => {
                let kind = match (&rejection, rejection.status()) {
                    (_, StatusCode::PAYLOAD_TOO_LARGE) => ProblemKind::BodyTooLarge,
                    (JsonRejection::MissingJsonContentType(_), _) => {
                        ProblemKind::UnsupportedMediaType
                    }
                    _ => ProblemKind::InvalidBody,
                };
                Err(Trouble::new(kind, rejection.body_text()))
            }
        }
    }
}

/// An id from the address; one that cannot be read names nothing.
#[derive(Debug)]
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        from_path(parts, state).await.map(Self)
    }
}

/// Two of them: of something, and of something in it.
#[derive(Debug)]
pub struct PathIds(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let (one, other) = from_path(parts, state).await?;
        Ok(Self(one, other))
    }
}

async fn from_path<T: DeserializeOwned + Send>(
    parts: &mut Parts,
    state: &(impl Send + Sync),
) -> Result<T, Trouble> {
    let ids: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
    let nothing = |_| Trouble::new(ProblemKind::NotFound, "there is no such thing");
    Ok(ids.map_err(nothing)?.0)
}
