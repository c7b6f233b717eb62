//! What a request brings: its body, read within the limits and in time; its headers and its query, read
//! so that nothing of them is told again when they are wrong.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use hjemrute_server::{InputFault, looks_like_a_name};
use hjemrute_solver::Said;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment;
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
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| misread(&pointer(error.path()), error.inner()))?;
    json.end().map_err(|error| misread("", &error))?;
    Ok((value, bytes))
}

/// Where a value stands, as far as that may be told.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let steps = path.iter().map_while(|step| match step {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => looks_like_a_name(key).then(|| format!("/{key}")),
        _ => None,
    });
    steps.collect()
}

/// What is wrong with a body. serde's own words quote the value; of them only the names of our fields are told.
fn misread(at: &str, error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        let detail = Said::new(
            format!("Line {line}, column {column}: the text stops being JSON here."),
            format!("Linje {line}, kolonne {column}: her slutter teksten å være JSON."),
        );
        return refused("malformed-json", at.to_owned(), detail);
    }
    if let Some(name) = missing {
        let detail = Said::new(
            format!("The field `{name}` is missing."),
            format!("Feltet `{name}` mangler."),
        );
        return refused("missing-field", format!("{at}/{name}"), detail);
    }
    if said.starts_with("unknown field") {
        let detail = Said::new(
            "There is a field here of a name that the operation does not know.",
            "Her står et felt med et navn som operasjonen ikke kjenner.",
        );
        return refused("unknown-field", at.to_owned(), detail);
    }
    let detail = Said::new(
        "The value is not what the field takes.",
        "Verdien er ikke slik feltet vil ha den.",
    );
    refused("wrong-type", at.to_owned(), detail)
}

/// A field of a body must be other than it is.
pub(crate) fn refused(code: &'static str, pointer: String, detail: Said) -> Problem {
    let fix = Said::new(
        "`/openapi.json` tells what the operation takes.",
        "`/openapi.json` forteller hva operasjonen tar imot.",
    );
    let fault = InputFault { code, pointer, id: None, detail, fix, caused_by: None };
    Problem::faulty(Code::BadRequest, vec![fault])
}

/// A number of a body must lie between these.
pub(crate) fn must_lie(pointer: &str, least: u32, most: u32) -> Problem {
    let detail = Said::new(
        format!("The field must be from {least} to {most}."),
        format!("Feltet må være fra {least} til {most}."),
    );
    refused("number-out-of-range", pointer.to_owned(), detail)
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

/// A header that stands once: of two it would be guesswork which is meant.
pub(crate) fn once<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h HeaderValue> {
    let mut all = headers.get_all(name).iter();
    all.next().filter(|_| all.next().is_none())
}

/// The Idempotency-Key.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<&str, Problem> {
    let key = once(headers, "idempotency-key").and_then(|key| key.to_str().ok());
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
