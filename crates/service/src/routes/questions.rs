//! What is asked about a plan that is done: why a visit is where it is, where a new one fits, what a
//! change by hand comes to, and keeping such a change as a plan of its own.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use hjemrute_server::{
    Limits, LoadedDay, LoadedPlan, PlanningError, breaches_json, explain, explained_json, revised,
    suggested_json, suggestions, tried_json, try_moves,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::replayed;
use super::profiles::Prices;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::hand::Asked;
use crate::jobs::documents;
use crate::problem::{Code, Problem};
use crate::store::{
    Act, Format, NewPlan, PlanRow, Prove, Queued, RepeatKey, State as PlanState, Unit,
};

/// A question may wait so long for its turn, and take so long.
const WAITING: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(20);

/// More suggestions than this are not looked for.
const MOST_SUGGESTIONS: u32 = 20;

/// How many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Top {
    /// So many at the most; 5 when absent.
    #[param(minimum = 1, maximum = 20)]
    top: Option<u32>,
}

/// A plan that is kept.
#[derive(Serialize, ToSchema)]
struct Revision {
    /// The plan's id.
    id: Uuid,
}

/// Why a visit is where it is on the plan, or nowhere.
///
/// Of a visit that is made, what each other carer would come to in minutes, or the rule that keeps them
/// away; of one that is not, the reason, and the smallest changes that would let it in, each tried.
#[utoipa::path(
    get, path = "/v1/plans/{id}/visits/{visit}/explanation", tag = "Questions",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan"),
        ("visit" = String, Path, description = "The visit's id on the list")),
    responses((status = 200, description = "The explanation", body = Object), Problems)
)]
pub(super) async fn explanation(
    State(service): State<Arc<Service>>,
    caller: Caller,
    path: Result<Path<(Uuid, String)>, PathRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let Path((id, visit)) = path.map_err(|_| Code::NotFound)?;
    let (_, plan) = in_hand(&service, &caller, id).await?;
    let answer = asked(&service, move || {
        explain(&plan.plan, &visit).map(|explained| explained_json(&explained))
    });
    let answer = answer.await?.ok_or(Code::NotFound)?;
    told(&caller, id, answer).await
}

/// Where a new visit fits.
///
/// The body is a visit of the contract; where patient or location are not on the list, they are written out
/// in the place of the id. Each suggestion says who comes, when, between which visits, what it costs and
/// what else moves. Nothing is kept: send the list's next version to have the visit.
#[utoipa::path(
    post, path = "/v1/plans/{id}/suggestions", tag = "Questions",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan"), Top),
    request_body(content = Object, description = "The visit", content_type = "application/json"),
    responses((status = 200, description = "Suggestions, cheapest first", body = Object), Problems)
)]
pub(super) async fn suggest(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    query: Result<Query<Top>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let Top { top } = body::query(query)?;
    let top = top.unwrap_or(5);
    if !(1..=MOST_SUGGESTIONS).contains(&top) {
        return Err(Code::BadRequest.into());
    }
    let visit = body::read(&headers, body, body::SMALL).await?;
    let (_, plan) = in_hand(&service, &caller, id).await?;
    let roads = service.roads;
    let answer = asked(&service, move || {
        let here = (roads, plan.around(roads));
        suggestions(&plan.plan, here, &visit, top as usize, &Limits::SERVICE)
            .map(|suggested| suggested_json(&suggested))
    });
    told(&caller, id, answer.await?.map_err(refused)?).await
}

/// What moving visits by hand comes to; nothing is kept.
///
/// The body is `{"moves": [{"visit": "v1", "carers": ["c-2"], "before": "v9"}]}`: who makes the visit from
/// now on (nobody takes it off the lists), and before which visit; `null` puts it last, without `before` it
/// goes where it costs least. Told are the score before and after, every rule that is broken, what moves,
/// and the work lists that are not as they were.
#[utoipa::path(
    post, path = "/v1/plans/{id}/moves", tag = "Questions",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body(content = Object, description = "The moves", content_type = "application/json"),
    responses((status = 200, description = "What they come to", body = Object), Problems)
)]
pub(super) async fn moves(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let moves = body::read(&headers, body, body::SMALL).await?;
    let (_, plan) = in_hand(&service, &caller, id).await?;
    let answer = asked(&service, move || {
        try_moves(&plan.plan, &moves, &Limits::SERVICE).map(|tried| tried_json(&tried))
    });
    told(&caller, id, answer.await?.map_err(refused)?).await
}

/// Keep a change by hand as a plan of its own.
///
/// The body is that of `moves`. The new plan stands beside the old one and can be published; its `byHand` is
/// true. A change that breaks a rule is not kept: `422 rules-broken` tells which.
#[utoipa::path(
    post, path = "/v1/plans/{id}/revisions", tag = "Questions",
    security(("token" = ["plans:run"]), ("session" = ["plans:run"])),
    params(("id" = Uuid, Path, description = "The plan"),
        ("Idempotency-Key" = String, Header, description = "One key for one change", min_length = 1, max_length = 128)),
    request_body(content = Object, description = "The moves", content_type = "application/json"),
    responses(
        (status = 201, description = "The plan is kept", body = Revision,
            headers(("Location" = String, description = "Where it is"))),
        Problems
    )
)]
pub(super) async fn revise(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRun)?;
    let key = body::idempotency_key(&headers)?;
    let moves = body::read(&headers, body, body::SMALL).await?;
    let (row, plan) = in_hand(&service, &caller, id).await?;
    let (request, roads) = (moves.clone(), service.roads);
    let made = asked(&service, move || {
        let tried = try_moves(&plan.plan, &moves, &Limits::SERVICE)?;
        let answer = revised(&tried, roads.map_id());
        let answer = answer.ok_or_else(|| PlanningError::Broken(tried.breaches().to_vec()))?;
        Ok((documents(&answer), answer.plan.work_lists.len() as u32))
    });
    let (documents, lists) = made.await?.map_err(refused)?;
    let new = Uuid::now_v7();
    let receipt = serde_json::to_vec(&Revision { id: new }).map_err(|_| Code::Internal)?;
    let operation = format!("revise plan {id}");
    let repeat = RepeatKey { operation: &operation, key, request: &request };
    let made = NewPlan {
        id: new,
        list: row.list,
        day: &row.day,
        shift: &row.shift,
        profile: &row.profile,
        seed: 0,
        seconds: 0,
        iterations: None,
        prove: Prove::Not,
        replan: row.replan,
        receipt: &receipt,
    };
    match caller.unit.put_made(&made, (&documents, lists), &repeat, &caller.who).await? {
        Queued::Yes => Ok(json(201, &[(header::LOCATION, &format!("/v1/plans/{new}"))], receipt)),
        Queued::Again(answer) => Ok(replayed(answer)),
        Queued::KeyReused => Err(Code::KeyReused.into()),
        Queued::Full => Err(Code::Internal.into()),
    }
}

/// The plan in hand, loaded if it is not; only one that is there and done, whatever is remembered of it.
async fn in_hand(
    service: &Arc<Service>,
    caller: &Caller,
    id: Uuid,
) -> Result<(PlanRow, Arc<Asked>), Problem> {
    let row = caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    if row.state != PlanState::Done {
        return Err(Code::NotDone.into());
    }
    if let Some(plan) = service.in_hand.get(&caller.unit.id, id) {
        return Ok((row, plan));
    }
    let list = caller.unit.list_body(row.list).await?.ok_or(Code::NotFound)?;
    let text = caller.unit.document(&row, 0, Format::Json).await?.ok_or(Code::NotFound)?;
    let held = held_before(&caller.unit, &row).await?;
    let prices = Prices::of(service, &caller.unit, &row.profile).await?.ok_or(Code::Internal)?;
    let roads = service.roads;
    let loaded = asked(service, move || {
        let policy = prices.policy()?;
        let day = LoadedDay::of(&list, roads, &Limits::SERVICE, &policy);
        Some(day.and_then(|day| LoadedPlan::of(day, (&text, held.as_deref()), &Limits::SERVICE)))
    });
    let loaded = loaded.await?.ok_or(Code::Internal)?;
    let plan = Arc::new(Asked::of(loaded.map_err(refused)?));
    service.in_hand.put(&caller.unit.id, id, &row.day, &plan);
    Ok((row, plan))
}

/// The plan that one was made against, if it was.
pub(super) async fn held_before(unit: &Unit, plan: &PlanRow) -> Result<Option<Vec<u8>>, Problem> {
    let Some(replan) = &plan.replan else { return Ok(None) };
    let row = unit.plan(replan.held).await?.ok_or(Code::NotFound)?;
    Ok(Some(unit.document(&row, 0, Format::Json).await?.ok_or(Code::NotFound)?))
}

/// An answer about a plan is written down as a reading of it first.
async fn told(caller: &Caller, id: Uuid, answer: Vec<u8>) -> Result<Response, Problem> {
    let object = id.to_string();
    caller.unit.log(&[Act { who: &caller.who, act: "plan-asked", object: &object }]).await?;
    Ok(json(200, &[], answer))
}

fn refused(error: PlanningError) -> Problem {
    match error {
        PlanningError::Refused(faults) => Problem::refused(faults),
        PlanningError::Broken(breaches) => Problem::broken(&breaches_json(&breaches)),
        PlanningError::Unsound(_) => Code::Internal.into(),
    }
}

/// Work for a processor, beside the connections; as much at once as there may be, and nobody waits for
/// what takes too long. A fault of it stays with it.
async fn asked<T: Send + 'static>(
    service: &Service,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::later(Code::Busy, 5);
    let turn = tokio::time::timeout(WAITING, service.questions.clone().acquire_owned()).await;
    let turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
    let work = tokio::task::spawn_blocking(move || {
        // Its turn ends with the work, also when nobody waits any more.
        let _turn = turn;
        work()
    });
    let done = tokio::time::timeout(LONGEST, work).await.map_err(|_| busy())?;
    done.map_err(|_| Code::Internal.into())
}
