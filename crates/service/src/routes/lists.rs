//! Visit lists: sent whole, or as a change of one that is here; every version is kept and can be read.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use hjemrute_server::{
    Accepted, Limits, PlanningError, accept_list, accepted_json, by_hand_json, changed_list,
    check_by_hand, check_plan, checked_json, is_by_hand,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::problem::{Code, Problem};
use crate::store::seal::{hex, sha256};
use crate::store::{
    Act, Arrival, Format, ListRow, NewList, RepeatKey, StoreError, StoredAnswer, Unit, timestamp,
};

/// Lists that may wait to be read; more are told to come back.
const INTAKES_WAITING: std::time::Duration = std::time::Duration::from_secs(10);

/// What is answered for a list that is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    /// The list's id with us.
    id: Uuid,
    /// SHA-256 of the body that came, in hexadecimal digits.
    sha256: String,
    /// When it came.
    received: String,
    /// What was read: `listId`, `version`, `day`, `visits`, `carers`, `rejected`, `warnings`.
    #[schema(value_type = Object)]
    intake: Box<RawValue>,
}

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
    take_in(&service, &caller, list.clone(), &repeat).await
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
    take_in(&service, &caller, list.into(), &repeat).await
}

/// Reads a list, keeps it, and only then answers.
async fn take_in(
    service: &Arc<Service>,
    caller: &Caller,
    list: Bytes,
    repeat: &RepeatKey<'_>,
) -> Result<Response, Problem> {
    let reader = service.clone();
    let body = list.clone();
    let read = at_leisure(service, move || {
        accept_list(&body, reader.roads, &Limits::SERVICE, &reader.policy)
    });
    let accepted = match read.await? {
        Ok(accepted) => accepted,
        Err(PlanningError::Refused(faults)) => return Err(Problem::refused(faults)),
        Err(PlanningError::Unsound(_) | PlanningError::Broken(_)) => {
            return Err(Code::Internal.into());
        }
    };
    let (id, receipt) = receipt(&list, &accepted);
    match keep(&caller.unit, &list, &accepted, (id, &receipt), repeat, &caller.who).await? {
        Arrival::Kept => {
            let location = format!("/v1/visit-lists/{id}");
            Ok(json(201, &[(header::LOCATION, &location)], receipt))
        }
        Arrival::Again(answer) => Ok(replayed(answer)),
        Arrival::KeyReused => Err(Code::KeyReused.into()),
        Arrival::Stale(current) => Err(Problem::version(Code::StaleVersion, current)),
        Arrival::Conflict(current) => Err(Problem::version(Code::VersionConflict, current)),
    }
}

/// What is answered for a list, and the id it is given.
pub(crate) fn receipt(list: &[u8], accepted: &Accepted) -> (Uuid, Vec<u8>) {
    let receipt = Receipt {
        id: Uuid::now_v7(),
        sha256: hex(&sha256(list)),
        received: timestamp(),
        intake: crate::raw(&accepted_json(accepted)),
    };
    (receipt.id, serde_json::to_vec(&receipt).expect("a receipt is data"))
}

/// Keeps a list that was read, with its receipt.
pub(crate) async fn keep(
    unit: &Unit,
    list: &[u8],
    accepted: &Accepted,
    (id, receipt): (Uuid, &[u8]),
    repeat: &RepeatKey<'_>,
    who: &str,
) -> Result<Arrival, StoreError> {
    let day = accepted.day.date().to_string();
    let Accepted { list_id: name, version, .. } = accepted;
    let kept = NewList { id, name, version: *version, day: &day, body: list, receipt };
    unit.put_list(&kept, repeat, who).await
}

/// An answer of an earlier request.
pub(super) fn replayed(answer: StoredAnswer) -> Response {
    let StoredAnswer { status, location, body } = answer;
    let mark = axum::http::HeaderName::from_static("idempotency-replayed");
    json(status, &[(header::LOCATION, &location), (mark, "true")], body)
}

/// Work for a processor, beside the connections; as many at once as there may be.
pub(super) async fn at_leisure<T: Send + 'static>(
    service: &Service,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::later(Code::Busy, 5);
    let slot = tokio::time::timeout(INTAKES_WAITING, service.intakes.acquire()).await;
    let _slot = slot.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Code::Internal.into())
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

/// The list as it came.
#[utoipa::path(
    get, path = "/v1/visit-lists/{id}/content", tag = "Visit lists",
    security(("token" = ["lists:read"]), ("session" = ["lists:read"])),
    params(("id" = Uuid, Path, description = "The list")),
    responses((status = 200, description = "The list, byte for byte", body = Object), Problems)
)]
pub(super) async fn content(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::ListsRead)?;
    let list = caller.unit.list_body(id).await?.ok_or(Code::NotFound)?;
    let object = id.to_string();
    caller.unit.log(&[Act { who: &caller.who, act: "list-read", object: &object }]).await?;
    Ok(json(200, &[], list))
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
    let beside = match beside {
        Some(plan) => Some(other_plan(&caller, id, plan).await?),
        None => None,
    };
    let plan = body::read(&headers, body, Limits::SERVICE.bytes).await?;
    let reader = service.clone();
    let checked = at_leisure(&service, move || {
        let (roads, limits, policy) = (reader.roads, &Limits::SERVICE, &reader.policy);
        if is_by_hand(&plan, limits) {
            let beside = beside.as_deref();
            return check_by_hand((&list, &plan, beside), roads, limits, policy)
                .map(|by_hand| by_hand_json(&by_hand));
        }
        check_plan(&list, &plan, roads, limits, policy).map(|checked| checked_json(&checked))
    });
    match checked.await? {
        Ok(checked) => Ok(json(200, &[], checked)),
        Err(PlanningError::Refused(faults)) => Err(Problem::refused(faults)),
        Err(PlanningError::Unsound(_) | PlanningError::Broken(_)) => Err(Code::Internal.into()),
    }
}

/// A plan of the list that is done, as it is kept.
async fn other_plan(caller: &Caller, list: Uuid, plan: Uuid) -> Result<Vec<u8>, Problem> {
    let row = caller.unit.plan(plan).await?.filter(|row| row.list == list).ok_or(Code::NotFound)?;
    let text = caller.unit.document(&row, 0, Format::Json).await?;
    text.ok_or(Code::NotDone.into())
}
