//! What can be asked of the service: one file for each kind of thing, and around them what holds for all
//! (who counts, what is logged, what every answer says). A handler checks its scope first, then reads
//! the body; the OpenAPI that is served is made of the handlers themselves.

mod changes;
mod days;
mod document;
mod events;
mod lists;
mod map;
mod page;
mod plans;
pub(crate) mod profiles;
mod published;
mod questions;
mod service;
mod session;
mod work_lists;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::problem::{Code, Problem, ProblemBody};
use crate::store::Format;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hjemrute",
        description = "Visit lists in, work lists out. docs/API.md walks through it.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    modifiers(&Security)
)]
struct Api;

/// How a request shows whose it is.
struct Security;

impl Modify for Security {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let cookie = ApiKey::Cookie(ApiKeyValue::new("hjemrute"));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The answers that any operation can give when it fails.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the OpenAPI alone; problems answer for themselves")]
enum Problems {
    /// The request cannot be done, for a reason of its own.
    #[response(status = "4XX", content_type = "application/problem+json")]
    Client(#[to_schema] ProblemBody),
    /// The service cannot do it now.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Server(#[to_schema] ProblemBody),
}

fn api() -> (Router<Arc<Service>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(lists::post, lists::of_day))
        .routes(routes!(lists::get, lists::patch))
        .routes(routes!(lists::content))
        .routes(routes!(lists::evaluate))
        .routes(routes!(plans::post, plans::of_day))
        .routes(routes!(plans::get, plans::cancel))
        .routes(routes!(plans::enough))
        .routes(routes!(plans::content))
        .routes(routes!(events::follow))
        .routes(routes!(changes::changes))
        .routes(routes!(changes::comparison))
        .routes(routes!(changes::kpi))
        .routes(routes!(questions::explanation))
        .routes(routes!(questions::suggest))
        .routes(routes!(questions::moves))
        .routes(routes!(questions::revise))
        .routes(routes!(work_lists::get))
        .routes(routes!(profiles::all))
        .routes(routes!(profiles::put))
        .routes(routes!(profiles::weigh))
        .routes(routes!(published::get, published::put, published::withdraw))
        .routes(routes!(days::forget))
        .routes(routes!(days::audit))
        .routes(routes!(session::get, session::begin, session::end))
        .routes(routes!(map::tiles))
        .routes(routes!(map::ways))
        .routes(routes!(service::limits))
        .routes(routes!(service::health))
        .routes(routes!(service::ready))
        .routes(routes!(service::metrics))
        .split_for_parts()
}

/// All routes, with what holds for each.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let (router, api) = api();
    let document = document::served(&api, &service);
    let serve_document =
        move || async move { ([(header::CONTENT_TYPE, "application/json")], document.clone()) };
    router
        .route("/openapi.json", axum::routing::get(serve_document))
        .route("/", axum::routing::get(page::front))
        .route("/sw.js", axum::routing::get(page::worker))
        .route("/assets/{file}", axum::routing::get(page::asset))
        .route("/theme/{file}", axum::routing::get(page::theme))
        .fallback(|| async { Problem::from(Code::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::from(Code::MethodNotAllowed) })
        .with_state(service)
        .layer(CatchPanicLayer::custom(|_| Problem::from(Code::Internal).into_response()))
        .layer(middleware::from_fn(around))
}

/// Counts and logs a request by its route, never by its path, and says what every answer says that does
/// not say otherwise.
async fn around(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "none".to_owned());
    let speaks_fhir = speaks_fhir(&request);
    let mut response = next.run(request).await;
    if speaks_fhir && let Some(problem) = response.extensions().get::<Problem>() {
        let outcome = problem.outcome();
        *response.body_mut() = outcome.into();
        let kind = HeaderValue::from_static(Format::Fhir.kind());
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let labels =
        [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("hjemrute_http_requests_total", &labels).increment(1);
    metrics::histogram!("hjemrute_http_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    tracing::info!(%method, route, status, ms = took.as_millis() as u64, "request");
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Whether what goes wrong is to be told as FHIR does.
fn speaks_fhir(request: &Request) -> bool {
    let accept = request.headers().get_all(header::ACCEPT).iter();
    let mut accept = accept.filter_map(|kinds| kinds.to_str().ok());
    let query = request.uri().query().unwrap_or_default();
    accept.any(|kinds| kinds.contains(Format::Fhir.kind()))
        || query.split('&').any(|pair| pair == "format=fhir")
}

/// An answer of JSON that is written already, with more headers.
fn json(status: u16, headers: &[(HeaderName, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            told.insert(name, value);
        }
    }
    response
}
