//! What is remembered: a day that is to be forgotten at once, and who has seen what.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body;
use crate::problem::{Code, Problem};
use crate::store::AuditRow;

/// Rows of the log that are told at once.
const ROWS: i64 = 500;

/// A part of the access log.
#[derive(Serialize, ToSchema)]
struct Log {
    /// Its rows, oldest first.
    rows: Vec<AuditRow>,
}

/// From where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// Rows after this number; absent: from the first.
    after: Option<u32>,
}

/// Forget a day: its lists, plans and work lists, and the key they are sealed with.
#[utoipa::path(
    delete, path = "/v1/days/{day}", tag = "Data protection",
    security(("token" = ["erase"]), ("session" = ["erase"])),
    params(("day" = String, Path, description = "`2026-11-23`", format = Date)),
    responses((status = 204, description = "It is forgotten"), Problems)
)]
pub(super) async fn forget(
    State(service): State<Arc<Service>>,
    caller: Caller,
    path: Result<Path<Date>, PathRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::Erase)?;
    let Path(day) = path.map_err(|_| Code::NotFound)?;
    let was_there = caller.unit.forget(day, &caller.who).await?;
    service.in_hand.forget(&caller.unit.id, &day.to_string());
    if was_there { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(Code::NotFound.into()) }
}

/// The access log, some rows at a time.
#[utoipa::path(
    get, path = "/v1/audit", tag = "Data protection",
    security(("token" = ["audit:read"]), ("session" = ["audit:read"])),
    params(After),
    responses((status = 200, description = "At most 500 rows", body = Log), Problems)
)]
pub(super) async fn audit(
    caller: Caller,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::AuditRead)?;
    let After { after } = body::query(query)?;
    let rows = caller.unit.audit(after.unwrap_or_default().into(), ROWS).await?;
    Ok(json(200, &[], serde_json::to_vec(&Log { rows }).map_err(|_| Code::Internal)?))
}
