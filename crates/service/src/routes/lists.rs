//! Visit lists: sent whole, or as a change of one that is here; every version is kept and can be read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use hjemrute_server::{
    Limits, bundle_of, by_hand_json, changed_list, check_by_hand, check_plan, checked_json,
    is_by_hand,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::plans::InFormat;
use super::profiles::Prices;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::intake::{self, Receipt, Taken, at_leisure};
use crate::problem::{Code, Problem};
use crate::store::{Act, Format, ListRow, PlanRow, RepeatKey, StoredAnswer};

/// A list that is kept, in short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListInShort {
    /// The list's id with us.
    id: Uuid,
    /// Its version.
    version: u32,
    /// The day it is for.
    day: String,
    /// When it came.
    received: String,
}

/// Lists that are kept.
#[derive(Serialize, ToSchema)]
struct Lists {
    /// The lists, oldest first.
    lists: Vec<ListInShort>,
}

/// For which day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDay {
    /// The day, `2026-11-23`.
    #[param(value_type = String, format = Date)]
    pub(super) day: Date,
}

/// Send a visit list.
///
/// Kept before it is answered. With `"mode": "accept-valid"` what is wrong is told under `rejected`, and
/// the rest is taken. The same request again gives the same answer.
#[utoipa::path(
    post, path = "/v1/visit-lists", tag = "Visit lists",
    security(("token" = ["lists:write"]), ("session" = ["lists:write"])),
    params(("Idempotency-Key" = String, Header, description = "One key for one list", min_length = 1, max_length = 128)),
    request_body(content = Object, description = "The visit list", content_type = "application/json"),
    responses(
        (status = 201, description = "It is kept", body = Receipt,
            headers(("Location" = String, description = "Where it is"))),
        (status = 200, description = "It was here already", body = Receipt),
        Problems
    )
)]
pub(super) async fn post(
    State(service): State<Arc<Service>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::ListsWrite)?;
    let key = body::idempotency_key(&headers)?;
    let list = body::read(&headers, body, Limits::SERVICE.bytes).await?;
    let repeat = RepeatKey { operation: "post list", key, request: &list };
    taken(intake::take_in(&service, &caller, list.clone(), &repeat).await?)
}

/// Change a list for the day's events.
///
/// The body names only what is new: `schemaVersion`, the next `version`, entries under `locations`,
/// `patients`, `visits`, `carers` (each with its id and the fields that change; `null` takes a field
/// away), and under `remove` the ids of entries that go. The result is a new version with an id of its
/// own; pointers in faults are into that whole list.
#[utoipa::path(
    patch, path = "/v1/visit-lists/{id}", tag = "Visit lists",
    security(("token" = ["lists:write"]), ("session" = ["lists:write"])),
    params(("id" = Uuid, Path, description = "The list to change"),
        ("Idempotency-Key" = String, Header, description = "One key for one change", min_length = 1, max_length = 128)),
    request_body(content = Object, description = "The change", content_type = "application/json"),
    responses(
        (status = 201, description = "The new version is kept", body = Receipt,
            headers(("Location" = String, description = "Where it is"))),
        (status = 200, description = "It was here already", body = Receipt),
        Problems
    )
)]
pub(super) async fn patch(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::ListsWrite)?;
    let key = body::idempotency_key(&headers)?;
    let old = caller.unit.list_body(id).await?.ok_or(Code::NotFound)?;
    let change = body::read(&headers, body, Limits::SERVICE.bytes).await?;
    let list = changed_list(&old, &change, &Limits::SERVICE).map_err(Problem::refused)?;
    let operation = format!("change list {id}");
    let repeat = RepeatKey { operation: &operation, key, request: &change };
    taken(intake::take_in(&service, &caller, list.into(), &repeat).await?)
}

/// The answer for a list that is kept.
fn taken(taken: Taken) -> Result<Response, Problem> {
    match taken {
        Taken::Kept(answer) => Ok(stored(answer, &[])),
        Taken::Again(answer) => Ok(replayed(answer)),
    }
}

/// An answer of an earlier request.
pub(super) fn replayed(answer: StoredAnswer) -> Response {
    stored(answer, &[(HeaderName::from_static("idempotency-replayed"), "true")])
}

fn stored(answer: StoredAnswer, more: &[(HeaderName, &str)]) -> Response {
    let StoredAnswer { status, location, body } = answer;
    json(status, &[&[(header::LOCATION, location.as_str())], more].concat(), body)
}

/// The lists for a day.
#[utoipa::path(
    get, path = "/v1/visit-lists", tag = "Visit lists",
    security(("token" = ["lists:read"]), ("session" = ["lists:read"])),
    params(OfDay),
    responses((status = 200, description = "Every version of every list", body = Lists), Problems)
)]
pub(super) async fn of_day(
    caller: Caller,
    query: Result<Query<OfDay>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::ListsRead)?;
    let OfDay { day } = body::query(query)?;
    let told = |ListRow { id, version, day, received }| ListInShort { id, version, day, received };
    let lists = caller.unit.lists_of(&day.to_string()).await?.into_iter().map(told).collect();
    Ok(json(200, &[], serde_json::to_vec(&Lists { lists }).map_err(|_| Code::Internal)?))
}

/// What was answered when the list came.
#[utoipa::path(
    get, path = "/v1/visit-lists/{id}", tag = "Visit lists",
    security(("token" = ["lists:read"]), ("session" = ["lists:read"])),
    params(("id" = Uuid, Path, description = "The list")),
    responses((status = 200, description = "The receipt", body = Receipt), Problems)
)]
pub(super) async fn get(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::ListsRead)?;
    let receipt = caller.unit.receipt(id).await?.ok_or(Code::NotFound)?;
    Ok(json(200, &[], receipt))
}

/// The list as it came, or with `format=fhir` as a Bundle of Appointments.
#[utoipa::path(
    get, path = "/v1/visit-lists/{id}/content", tag = "Visit lists",
    security(("token" = ["lists:read"]), ("session" = ["lists:read"])),
    params(("id" = Uuid, Path, description = "The list"), InFormat),
    responses(
        (status = 200, description = "The list, byte for byte, or the Bundle", content(
            (Object = "application/json"), (Object = "application/fhir+json"))),
        Problems
    )
)]
pub(super) async fn content(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    query: Result<Query<InFormat>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::ListsRead)?;
    let format = body::query(query)?.format.unwrap_or(Format::Json);
    let list = caller.unit.list_body(id).await?.ok_or(Code::NotFound)?;
    let told = match format {
        Format::Json => list,
        Format::Fhir => {
            let usual = Prices::usual(&service, &caller.unit).await?;
            let policy = usual.policy().ok_or(Code::Internal)?;
            let reader = service.clone();
            let bundle = at_leisure(&service, move || {
                bundle_of(&list, reader.roads, &Limits::SERVICE, &policy)
            });
            bundle.await??
        }
        _ => return Err(Code::NotAcceptable.into()),
    };
    let object = id.to_string();
    caller.unit.log(&[Act { who: &caller.who, act: "list-read", object: &object }]).await?;
    Ok(json(200, &[(header::CONTENT_TYPE, format.kind())], told))
}

/// Beside which plan.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Beside {
    /// A plan of the list that a plan made by hand is held beside.
    beside: Option<Uuid>,
}

/// Hold a plan of your own against the list.
///
/// The body is a plan as this service writes them, changed by hand; or one that says only who makes which
/// visits in which order (`workLists` with `carer` and `stops` of `visit`), whose times are filled in. Every
/// rule that it breaks is told, and what it costs, of the latter also beside another plan; nothing is kept.
#[utoipa::path(
    post, path = "/v1/visit-lists/{id}/evaluations", tag = "Visit lists",
    security(("token" = ["plans:run"]), ("session" = ["plans:run"])),
    params(("id" = Uuid, Path, description = "The list"), Beside),
    request_body(content = Object, description = "The plan", content_type = "application/json"),
    responses((status = 200, description = "`breaches` and `score`", body = Object), Problems)
)]
pub(super) async fn evaluate(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    query: Result<Query<Beside>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRun)?;
    let Beside { beside } = body::query(query)?;
    let list = caller.unit.list_body(id).await?.ok_or(Code::NotFound)?;
    // Beside another plan it is weighed as that one was.
    let (beside, policy) = match beside {
        Some(plan) => {
            let (row, text) = other_plan(&caller, id, plan).await?;
            let prices = Prices::of(&service, &caller.unit, &row.profile).await?;
            let policy = prices.and_then(|prices| prices.policy()).ok_or(Code::Internal)?;
            (Some(text), policy)
        }
        None => {
            let usual = Prices::usual(&service, &caller.unit).await?;
            (None, usual.policy().ok_or(Code::Internal)?)
        }
    };
    let plan = body::read(&headers, body, Limits::SERVICE.bytes).await?;
    let reader = service.clone();
    let checked = at_leisure(&service, move || {
        let (roads, limits, policy) = (reader.roads, &Limits::SERVICE, &policy);
        if is_by_hand(&plan, limits) {
            let beside = beside.as_deref();
            return check_by_hand((&list, &plan, beside), roads, limits, policy)
                .map(|by_hand| by_hand_json(&by_hand));
        }
        check_plan(&list, &plan, roads, limits, policy).map(|checked| checked_json(&checked))
    });
    Ok(json(200, &[], checked.await??))
}

/// A plan of the list that is done, as it is kept.
async fn other_plan(
    caller: &Caller,
    list: Uuid,
    plan: Uuid,
) -> Result<(PlanRow, Vec<u8>), Problem> {
    let row = caller.unit.plan(plan).await?.filter(|row| row.list == list).ok_or(Code::NotFound)?;
    let text = caller.unit.document(&row, 0, Format::Json).await?.ok_or(Code::NotDone)?;
    Ok((row, text))
}
