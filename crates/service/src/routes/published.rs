//! Which plan holds for a day and shift. Whoever changes it sends the ETag that was read, so that of two
//! who publish at once one is told to look again.

use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::plans::Shift;
use super::{Problems, json};
use crate::auth::{Caller, Scope};
use crate::body;
use crate::problem::{Code, Problem};
use crate::store::{Publication, Slot, State};

/// What holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Published {
    /// The day.
    day: String,
    /// The shift.
    shift: String,
    /// The plan that holds; `null` when none does.
    plan: Option<Uuid>,
    /// How often it has changed.
    revision: u32,
    /// When it changed last.
    changed: Option<String>,
    /// Who changed it: what the token was made for, or else the credential's id.
    changed_by: Option<String>,
}

/// A plan that is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Publish {
    /// The plan.
    plan: Uuid,
    /// Publish it although its list has a newer version.
    #[serde(default)]
    acknowledge_stale: bool,
}

type SlotPath = Result<Path<(Date, Shift)>, PathRejection>;

/// Which plan holds.
#[utoipa::path(
    get, path = "/v1/published/{day}/{shift}", tag = "Published plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("day" = String, Path, description = "`2026-11-23`", format = Date),
        ("shift" = inline(Shift), Path, description = "The shift")),
    responses(
        (status = 200, description = "The plan, or none", body = Published,
            headers(("ETag" = String, description = "To send in If-Match"))),
        Problems
    )
)]
pub(super) async fn get(caller: Caller, path: SlotPath) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let slot = slot(path)?;
    let holds = caller.unit.publication(&slot).await?;
    told(&caller, &slot, holds).await
}

/// Have a plan hold.
#[utoipa::path(
    put, path = "/v1/published/{day}/{shift}", tag = "Published plans",
    security(("token" = ["plans:publish"]), ("session" = ["plans:publish"])),
    params(("day" = String, Path, description = "`2026-11-23`", format = Date),
        ("shift" = inline(Shift), Path, description = "The shift"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = Publish,
    responses((status = 200, description = "It holds", body = Published), Problems)
)]
pub(super) async fn put(
    caller: Caller,
    path: SlotPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansPublish)?;
    let slot = slot(path)?;
    let read = if_match(&headers)?;
    let (Publish { plan, acknowledge_stale }, _) = body::small(&headers, body).await?;
    let row = caller.unit.plan(plan).await?.ok_or(Code::NotFound)?;
    if row.day != slot.day || row.shift != slot.shift {
        return Err(Code::OtherSlot.into());
    }
    if row.state != State::Done {
        return Err(Code::NotDone.into());
    }
    if !acknowledge_stale && caller.unit.is_superseded(&row.list.to_string()).await? {
        return Err(Code::StaleInput.into());
    }
    change(&caller, &slot, Some(plan), read).await
}

/// Have no plan hold.
#[utoipa::path(
    delete, path = "/v1/published/{day}/{shift}", tag = "Published plans",
    security(("token" = ["plans:publish"]), ("session" = ["plans:publish"])),
    params(("day" = String, Path, description = "`2026-11-23`", format = Date),
        ("shift" = inline(Shift), Path, description = "The shift"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "None holds", body = Published), Problems)
)]
pub(super) async fn withdraw(
    caller: Caller,
    path: SlotPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansPublish)?;
    let slot = slot(path)?;
    let read = if_match(&headers)?;
    if caller.unit.publication(&slot).await?.plan.is_none() {
        return Err(Code::NotFound.into());
    }
    change(&caller, &slot, None, read).await
}

async fn change(
    caller: &Caller,
    slot: &Slot,
    plan: Option<Uuid>,
    read: Option<u32>,
) -> Result<Response, Problem> {
    let changed = match read {
        Some(read) => caller.unit.publish(slot, plan, read, &caller.who).await?,
        None => false,
    };
    let holds = caller.unit.publication(slot).await?;
    if !changed {
        return Err(Problem::stale(etag(holds.revision)));
    }
    told(caller, slot, holds).await
}

async fn told(caller: &Caller, slot: &Slot, holds: Publication) -> Result<Response, Problem> {
    let Slot { day, shift } = slot.clone();
    let Publication { revision, plan, changed, by } = holds;
    let changed_by = match by {
        Some(who) => caller.unit.token_name(&who).await?.or(Some(who)),
        None => None,
    };
    let told = Published { day, shift, plan, revision, changed, changed_by };
    let body = serde_json::to_vec(&told);
    let body = body.map_err(|_| Code::Internal)?;
    Ok(json(200, &[(header::ETAG, &etag(revision))], body))
}

fn slot(path: SlotPath) -> Result<Slot, Problem> {
    let Path((day, shift)) = path.map_err(|_| Code::NotFound)?;
    Ok(Slot { day: day.to_string(), shift: shift.name().to_owned() })
}

pub(super) fn etag(revision: u32) -> String {
    format!("\"r{revision}\"")
}

/// The revision in If-Match; the inner `None` is one that we never gave.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<u32>, Problem> {
    let sent = body::once(headers, "if-match").ok_or(Code::IfMatchMissing)?;
    let revision = sent
        .to_str()
        .ok()
        .and_then(|sent| sent.strip_prefix("\"r")?.strip_suffix('"')?.parse().ok());
    Ok(revision)
}
