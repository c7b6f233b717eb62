//! What a request brings: its body, read within the limits and in time; its headers and its query, read
//! so that nothing of them is told again when they are wrong.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// A body comes within this time or not at all.
const BODY_TIME: Duration = Duration::from_secs(15);

/// Bodies that are no lists and no plans are small.
pub(crate) const SMALL: usize = 16 << 10;

/// The body of a request for JSON, of at most so many bytes.
pub(crate) async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json")
        || headers.contains_key(header::CONTENT_ENCODING)
    {
        return Err(Code::UnsupportedMediaType.into());
    }
    let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if said.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > most) {
        return Err(Code::BodyTooLarge.into());
    }
    let read = tokio::time::timeout(BODY_TIME, Limited::new(body, most).collect()).await;
    match read {
        Err(_) => Err(Code::BodyTimeout.into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge.into()),
        Ok(Err(_)) => Err(Code::BadRequest.into()),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// The small body of a request, as what it should be.
pub(crate) async fn small<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
) -> Result<(T, Bytes), Problem> {
    let bytes = read(headers, body, SMALL).await?;
    // serde's own words quote the value that is wrong.
    let value = serde_json::from_slice(&bytes).map_err(|_| Code::BadRequest)?;
    Ok((value, bytes))
}

/// A whole number, also where it is written as `10.0`: in JSON that is the same.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<f64>::deserialize(deserializer)? else { return Ok(None) };
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    if is_whole { Ok(Some(number as u32)) } else { Err(D::Error::custom("no whole number")) }
}

/// The query of a request.
pub(crate) fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query.map(|Query(query)| query).map_err(|_| Code::BadRequest.into())
}

/// The Idempotency-Key.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<&str, Problem> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.filter(|key| (1..=128).contains(&key.len()));
    key.ok_or_else(|| Code::KeyMissing.into())
}

/// An id of ours in the path; whatever else stands there is not found.
pub(crate) struct Id(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
        id.map(Id).ok_or_else(|| Code::NotFound.into())
    }
}
