//! What plans change and what they amount to: against another plan, and day by day.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::Response;
use hjemrute_server::{Limits, changes_json, comparison_json, figures_of, page};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::profiles::Prices;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::problem::{Code, Problem};
use crate::store::{Act, Format, PlanRow, State as PlanState};

/// Over so many days figures are told at once.
const MOST_DAYS: i32 = 366;

/// Against which plan.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Against {
    /// The plan that held.
    from: Uuid,
}

/// What a plan changes for people against the one that held.
///
/// Who gets another carer or another time, what is new, called off or left out, in the order of the day and
/// in words; and the carers whose lists are another.
#[utoipa::path(
    get, path = "/v1/plans/{id}/changes", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan"), Against),
    responses((status = 200, description = "The changes", content((Object = "application/json"))), Problems)
)]
pub(super) async fn changes(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    query: Result<Query<Against>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let Against { from } = body::query(query)?;
    let ((row, after), (_, before)) = (whole(&caller, id).await?, whole(&caller, from).await?);
    let prices = Prices::of(&service, &caller.unit, &row.profile).await?;
    let policy = prices.and_then(|prices| prices.policy()).ok_or(Code::Internal)?;
    let tolerance = policy.time_tolerance;
    let told = hjemrute_server::changes([&before, &after], tolerance, &Limits::SERVICE);
    Ok(json(200, &[], changes_json(&told.map_err(|_| Code::Internal)?)))
}

/// With which plan, and in which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct With {
    /// The plan that it is compared with.
    with: Uuid,
    /// `json` when absent.
    #[param(inline)]
    format: Option<Side>,
}

/// In which form two plans are told side by side.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Side {
    /// With names.
    #[default]
    Json,
    /// For a data platform.
    Csv,
}

/// Two plans side by side, figure by figure, and the working time that this one frees.
#[utoipa::path(
    get, path = "/v1/plans/{id}/comparison", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan"), With),
    responses(
        (status = 200, description = "`a` is the plan compared with, `b` this one", content(
            (Object = "application/json"), (String = "text/csv"))),
        Problems
    )
)]
pub(super) async fn comparison(
    caller: Caller,
    Id(id): Id,
    query: Result<Query<With>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let With { with, format } = body::query(query)?;
    let ((_, b), (_, a)) = (whole(&caller, id).await?, whole(&caller, with).await?);
    let told = hjemrute_server::compare([&a, &b], &Limits::SERVICE);
    let told = told.map_err(|_| Code::Internal)?;
    Ok(match format.unwrap_or_default() {
        Side::Json => json(200, &[], comparison_json(&told)),
        Side::Csv => csv(page::comparison_csv(&told)),
    })
}

/// From which day to which.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The first day: `2026-11-23`.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[param(value_type = String, format = Date)]
    to: Date,
}

/// The figures of the plans that hold, for a data platform.
///
/// CSV, a line for each number: `day,shift,plan,figure,part,unit,value`. What each figure counts stands in
/// every plan, under `kpi.definitions`.
#[utoipa::path(
    get, path = "/v1/kpi", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(Days),
    responses((status = 200, description = "The figures", body = String, content_type = "text/csv"), Problems)
)]
pub(super) async fn kpi(
    caller: Caller,
    query: Result<Query<Days>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let Days { from, to } = body::query(query)?;
    let days = from.until(to).map_err(|_| Code::PeriodRefused)?.get_days();
    if !(0..MOST_DAYS).contains(&days) {
        return Err(Code::PeriodRefused.into());
    }
    let holding = caller.unit.holding(&from.to_string(), &to.to_string()).await?;
    let mut held = Vec::new();
    for (day, shift, plan) in &holding {
        let id = plan.parse().map_err(|_| Code::Internal)?;
        let (_, told) = whole(&caller, id).await?;
        let numbers = figures_of(&told, &Limits::SERVICE).map_err(|_| Code::Internal)?;
        held.push(page::Held { day, shift, plan, numbers });
    }
    Ok(csv(page::figures_csv(&held)))
}

/// A plan as JSON; that it was read is written down first.
async fn whole(caller: &Caller, id: Uuid) -> Result<(PlanRow, Vec<u8>), Problem> {
    let row = caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    if row.state != PlanState::Done {
        return Err(Code::NotDone.into());
    }
    let found = caller.unit.document(&row, 0, Format::Json).await?;
    let text = found.ok_or(Code::NotFound)?;
    caller.unit.log(&[Act { who: &caller.who, act: "plan-read", object: &id.to_string() }]).await?;
    Ok((row, text))
}

fn csv(text: Vec<u8>) -> Response {
    json(200, &[(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text)
}
