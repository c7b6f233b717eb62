//! Plans: wished for, cancelled, read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hjemrute_server::wall_minutes;
use hjemrute_solver::Said;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::{OfDay, replayed};
use super::profiles::Prices;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::jobs::{Progress, wish};
use crate::problem::{Code, Problem};
use crate::store::{Act, Format, NewPlan, PlanRow, RepeatKey, Replan, State as PlanState, Unit};

/// A search that may last so many seconds has a bound looked for beside it: somebody watches it. That takes
/// processors that are idle, not those of the searches.
const WATCHED: u32 = 5;

/// The shift of the day that a plan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shift {
    /// Dagvakt.
    #[default]
    Day,
    /// Kveldsvakt.
    Evening,
    /// Nattevakt.
    Night,
}

impl Shift {
    pub(super) fn name(self) -> &'static str {
        match self {
            Shift::Day => "day",
            Shift::Evening => "evening",
            Shift::Night => "night",
        }
    }
}

/// A wish for a plan.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanOrder {
    /// The list to plan, by its id with us.
    list: Uuid,
    /// The shift it is for; absent: `day`.
    #[serde(default)]
    #[schema(inline)]
    shift: Shift,
    /// The profile, one of `/v1/profiles`; absent: the one that is `usual` there.
    #[schema(max_length = 128)]
    profile: Option<String>,
    /// The seed of the search; absent: 1.
    #[serde(default, deserialize_with = "body::whole")]
    seed: Option<u32>,
    /// How long to search; absent: 10.
    #[schema(minimum = 1)]
    #[serde(default, deserialize_with = "body::whole")]
    seconds: Option<u32>,
    /// So many rounds at most; then the same seed gives the same plan.
    #[schema(minimum = 1)]
    #[serde(default, deserialize_with = "body::whole")]
    iterations: Option<u32>,
    /// Whether to prove beside the search how good a plan can be at best, of days up to 300 visits; absent:
    /// where it lasts five seconds and more. It takes only processor time that no search wants.
    bound: Option<bool>,
    /// The plan that holds, where the day is planned anew: what has begun stays, and as few patients as
    /// can be get another carer or another time.
    from: Option<Uuid>,
    /// What the clock shows, where `from` is given: `06:45`. What lies before is done or under way.
    #[schema(example = "06:45", pattern = "^([0-3][0-9]|4[0-7]):[0-5][0-9]$")]
    now: Option<String>,
    /// How many patients may be disturbed besides those who must be, where `from` is given.
    #[serde(default, deserialize_with = "body::whole")]
    max_changes: Option<u32>,
}

/// A plan and where it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanTold {
    /// The plan's id with us.
    id: Uuid,
    /// The list it is of.
    list: Uuid,
    /// The day.
    day: String,
    /// The shift.
    shift: String,
    /// The profile.
    profile: String,
    /// The seed.
    seed: u32,
    /// How long to search.
    seconds: u32,
    /// So many rounds at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    iterations: Option<u32>,
    /// Where it is.
    state: PlanState,
    /// Why there is none, or why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Whether it was made of another plan by hand.
    by_hand: bool,
    /// How often it was tried.
    attempts: u32,
    /// When it was wished for.
    created: String,
    /// When it was done or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<String>,
    /// How many work lists it has, numbered from 1.
    work_lists: u32,
    /// How far the search is, while it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
    /// Whether the list has a newer version.
    stale: bool,
    /// The plan that it is made against, where one held already.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Uuid>,
}

/// Plans.
#[derive(Serialize, ToSchema)]
struct Plans {
    /// The plans, oldest first.
    plans: Vec<PlanTold>,
}

/// What is answered for a wish.
#[derive(Serialize, ToSchema)]
struct Ticket {
    /// The plan's id.
    id: Uuid,
}

/// In which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InFormat {
    /// `json` when absent.
    #[param(inline)]
    pub(super) format: Option<Format>,
}

/// Have a plan made.
#[utoipa::path(
    post, path = "/v1/plans", tag = "Plans",
    security(("token" = ["plans:run"]), ("session" = ["plans:run"])),
    params(("Idempotency-Key" = String, Header, description = "One key for one plan", min_length = 1, max_length = 128)),
    request_body = PlanOrder,
    responses(
        (status = 202, description = "It waits for its turn", body = Ticket,
            headers(("Location" = String, description = "Where to follow it"))),
        Problems
    )
)]
pub(super) async fn post(
    State(service): State<Arc<Service>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRun)?;
    let key = body::idempotency_key(&headers)?;
    let (order, request): (PlanOrder, _) = body::small(&headers, body).await?;
    let prices = match &order.profile {
        Some(name) => {
            Prices::of(&service, &caller.unit, name).await?.ok_or(Code::ProfileUnknown)?
        }
        None => Prices::usual(&service, &caller.unit).await?,
    };
    let plans = service.config.plans;
    let seconds = order.seconds.unwrap_or(10.min(plans.longest));
    if !(1..=plans.longest).contains(&seconds) {
        return Err(body::must_lie("/seconds", 1, plans.longest));
    }
    if order.iterations == Some(0) {
        return Err(body::must_lie("/iterations", 1, u32::MAX));
    }
    let list = caller.unit.list(order.list).await?.ok_or(Code::NotFound)?;
    let replan = terms(&caller.unit, &order).await?;
    let id = Uuid::now_v7();
    let ticket = serde_json::to_vec(&Ticket { id }).map_err(|_| Code::Internal)?;
    let plan = NewPlan {
        id,
        list: list.id,
        day: &list.day,
        shift: order.shift.name(),
        profile: &prices.name,
        seed: order.seed.unwrap_or(1),
        seconds,
        iterations: order.iterations,
        prove: order.bound.unwrap_or(seconds >= WATCHED && order.iterations.is_none()),
        replan,
        receipt: &ticket,
    };
    let repeat = RepeatKey { operation: "post plan", key, request: &request };
    match wish(&service, &caller, &plan, &repeat).await? {
        None => Ok(json(202, &[(header::LOCATION, &format!("/v1/plans/{id}"))], ticket)),
        Some(answer) => Ok(replayed(answer)),
    }
}

/// The plan that another is to be made against, and on what terms.
async fn terms(unit: &Unit, order: &PlanOrder) -> Result<Option<Replan>, Problem> {
    let PlanOrder { from, now, max_changes, .. } = order;
    let Some(held) = *from else {
        let alone = now.is_none() && max_changes.is_none();
        return if alone { Ok(None) } else { Err(Code::FromMissing.into()) };
    };
    let row = unit.plan(held).await?.ok_or(Code::NotFound)?;
    if row.state != PlanState::Done {
        return Err(Code::NotDone.into());
    }
    let now = match now {
        None => None,
        Some(text) => Some(wall_minutes(text).ok_or_else(no_time)?),
    };
    Ok(Some(Replan { held, now, most_changes: *max_changes }))
}

fn no_time() -> Problem {
    let detail = Said::new(
        "The field must be a time of the form `HH:MM`.",
        "Feltet må være et tidspunkt på formen `HH:MM`.",
    );
    body::refused("time-malformed", "/now".to_owned(), detail)
}

/// The plans for a day.
#[utoipa::path(
    get, path = "/v1/plans", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(OfDay),
    responses((status = 200, description = "Every plan, in whatever state", body = Plans), Problems)
)]
pub(super) async fn of_day(
    caller: Caller,
    query: Result<Query<OfDay>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let OfDay { day } = body::query(query)?;
    let mut plans = Vec::new();
    for row in caller.unit.plans_of(&day.to_string()).await? {
        plans.push(told(&caller.unit, row).await?);
    }
    Ok(json(200, &[], serde_json::to_vec(&Plans { plans }).map_err(|_| Code::Internal)?))
}

/// Where a plan is.
#[utoipa::path(
    get, path = "/v1/plans/{id}", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "The plan's state", body = PlanTold), Problems)
)]
pub(super) async fn get(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let row = caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    let plan = told(&caller.unit, row).await?;
    Ok(json(200, &[], serde_json::to_vec(&plan).map_err(|_| Code::Internal)?))
}

/// The plan as it is told.
pub(super) async fn told(unit: &Unit, row: PlanRow) -> Result<PlanTold, Problem> {
    let stale = unit.is_superseded(&row.list.to_string()).await?;
    let progress = row.progress.filter(|_| row.state == PlanState::Running);
    let progress = progress.and_then(|text| serde_json::from_str(&text).ok());
    let PlanRow { id, list, day, shift, profile, seed, seconds, iterations, .. } = row;
    let PlanRow { state, reason, attempts, created, finished, lists, replan, .. } = row;
    Ok(PlanTold {
        id,
        list,
        day,
        shift,
        profile,
        seed,
        seconds,
        iterations,
        state,
        reason,
        by_hand: seconds == 0,
        attempts,
        created,
        finished,
        work_lists: lists,
        progress,
        stale,
        from: replan.map(|replan| replan.held),
    })
}

/// Cancel a plan that is not done. The search stops within a second.
#[utoipa::path(
    delete, path = "/v1/plans/{id}", tag = "Plans",
    security(("token" = ["plans:run"]), ("session" = ["plans:run"])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 204, description = "It is cancelled"), Problems)
)]
pub(super) async fn cancel(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::PlansRun)?;
    caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    if !caller.unit.cancel(id, &caller.who).await? {
        return Err(Code::NotRunning.into());
    }
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Take the best plan so far of one that is being made. It is done within a second or two.
#[utoipa::path(
    post, path = "/v1/plans/{id}/enough", tag = "Plans",
    security(("token" = ["plans:run"]), ("session" = ["plans:run"])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 204, description = "The search ends"), Problems)
)]
pub(super) async fn enough(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::PlansRun)?;
    caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    if !caller.unit.enough(id).await? {
        return Err(Code::NotRunning.into());
    }
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// The whole plan: `json` (the contract's `plan.json`), `html` to look at, `csv` for a spreadsheet, `fhir`
/// as a Bundle of Appointments and CarePlans.
#[utoipa::path(
    get, path = "/v1/plans/{id}/content", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan"), InFormat),
    responses(
        (status = 200, description = "The plan", content(
            (Object = "application/json"), (String = "text/html"), (String = "text/csv"),
            (Object = "application/fhir+json"))),
        Problems
    )
)]
pub(super) async fn content(
    caller: Caller,
    Id(id): Id,
    query: Result<Query<InFormat>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let InFormat { format } = body::query(query)?;
    let format = format.unwrap_or(Format::Json);
    Ok(in_form(format, document(&caller, id, 0, format, "plan-read").await?))
}

/// One form of a plan or of a work list; that it was read is written down first.
pub(super) async fn document(
    caller: &Caller,
    plan: Uuid,
    number: u32,
    format: Format,
    act: &'static str,
) -> Result<Vec<u8>, Problem> {
    let row = caller.unit.plan(plan).await?.ok_or(Code::NotFound)?;
    if row.state != PlanState::Done {
        return Err(Code::NotDone.into());
    }
    if number > row.lists {
        return Err(Code::NotFound.into());
    }
    let found = caller.unit.document(&row, number, format).await?;
    let text = found.ok_or(Code::NotAcceptable)?;
    let object = if number == 0 { plan.to_string() } else { format!("{plan} {number}") };
    caller.unit.log(&[Act { who: &caller.who, act, object: &object }]).await?;
    Ok(text)
}

/// An answer of that form.
pub(super) fn in_form(format: Format, text: Vec<u8>) -> Response {
    json(200, &[(header::CONTENT_TYPE, format.kind())], text)
}
