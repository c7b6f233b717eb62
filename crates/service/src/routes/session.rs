//! A browser's session: a token is shown once, then the cookie stands for it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope, Shown};
use crate::body;
use crate::problem::{Code, Problem};

/// A token that is shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// The token.
    #[schema(max_length = 8192)]
    token: String,
}

/// A session that is open.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionTold {
    /// To send in `X-CSRF-Token` with every change.
    csrf_token: String,
}

/// Whose session it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Whose {
    /// The unit that the credential is for.
    unit: String,
    /// The credential's id, as the access log has it.
    who: String,
    /// What it was made for, where it is a token of ours.
    name: Option<String>,
    /// What it may do.
    scopes: Vec<&'static str>,
    /// To send in `X-CSRF-Token` with every change, where it is a browser's.
    csrf_token: Option<String>,
}

/// Whose session this is, and what it may do.
#[utoipa::path(
    get, path = "/v1/session", tag = "Session", security(()),
    responses((status = 200, description = "The session", body = Whose), Problems)
)]
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let told = Whose {
        unit: caller.unit.id.to_string(),
        name: caller.unit.token_name(&caller.who).await?,
        scopes: caller.scopes().map(Scope::name).collect(),
        csrf_token: service.sessions.of(&headers).map(|(_, csrf)| csrf),
        who: caller.who,
    };
    Ok(json(200, &[], serde_json::to_vec(&told).map_err(|_| Code::Internal)?))
}

/// Open a session.
#[utoipa::path(
    post, path = "/v1/session", tag = "Session", security(()),
    request_body = Login,
    responses(
        (status = 200, description = "The cookie is set", body = SessionTold,
            headers(("Set-Cookie" = String, description = "HttpOnly, SameSite=Strict"))),
        Problems
    )
)]
pub(super) async fn begin(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (Login { token }, _) = body::small(&headers, body).await?;
    Caller::of_token(&service, &token, Shown::Bearer).await?;
    // Over plain HTTP a browser would not send a secure cookie back: only on the machine itself.
    let secure = !service.config.listen.ip().is_loopback();
    let (cookie, csrf_token) = service.sessions.begin(&token, secure);
    let told = serde_json::to_vec(&SessionTold { csrf_token }).map_err(|_| Code::Internal)?;
    Ok(json(200, &[(header::SET_COOKIE, &cookie)], told))
}

/// End the session.
#[utoipa::path(
    delete, path = "/v1/session", tag = "Session", security(()),
    responses((status = 200, description = "There is none any more", body = Object), Problems)
)]
pub(super) async fn end(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let cookie = service.sessions.end(&headers);
    Ok(json(200, &[(header::SET_COOKIE, &cookie)], "{}"))
}
