//! Work lists: what one carer does, by its number in the plan. A carer's name stands in no address.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::response::Response;
use uuid::Uuid;

use super::Problems;
use super::plans::{InFormat, document, in_form};
use crate::auth::{Caller, Scope};
use crate::body;
use crate::problem::{Code, Problem};
use crate::store::Format;

/// One carer's work list.
///
/// `json`, `html` to print, `csv` for a spreadsheet, `geojson` with a point for each stop. They are
/// numbered from 1 as in the plan's `workLists`.
#[utoipa::path(
    get, path = "/v1/plans/{id}/work-lists/{number}", tag = "Work lists",
    security(("token" = ["worklists:read"]), ("session" = ["worklists:read"])),
    params(("id" = Uuid, Path, description = "The plan"),
        ("number" = u32, Path, description = "Which, from 1", minimum = 1),
        InFormat),
    responses(
        (status = 200, description = "The work list", content(
            (Object = "application/json"), (String = "text/html"), (String = "text/csv"),
            (Object = "application/geo+json"))),
        Problems
    )
)]
pub(super) async fn get(
    caller: Caller,
    path: Result<Path<(Uuid, u32)>, PathRejection>,
    query: Result<Query<InFormat>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::WorkListsRead)?;
    let Path((plan, number)) = path.map_err(|_| Code::NotFound)?;
    if number == 0 {
        return Err(Code::NotFound.into());
    }
    let InFormat { format } = body::query(query)?;
    let format = format.unwrap_or(Format::Json);
    Ok(in_form(format, document(&caller, plan, number, format, "work-list-read").await?))
}
