//! The map to look at, and the ways of a work list along its roads.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hjemrute_server::work_list_ways;
use tower_http::services::ServeFile;
use uuid::Uuid;

use super::plans::document;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::intake::at_leisure;
use crate::problem::{Code, Problem};
use crate::store::Format;

/// The map to look at: vector tiles in one PMTiles file, of which parts are asked for by `Range`.
#[utoipa::path(
    get, path = "/v1/map/tiles.pmtiles", tag = "Map",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("Range" = Option<String>, Header, description = "`bytes=0-16383`")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/vnd.pmtiles"),
        (status = 206, description = "The part of it", body = Vec<u8>, content_type = "application/vnd.pmtiles"),
        Problems
    )
)]
pub(super) async fn tiles(
    State(service): State<Arc<Service>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let file = service.config.tiles.as_ref().ok_or(Code::NotFound)?;
    let served = ServeFile::new(file).try_call(request).await;
    let mut response = served.map_err(|_| Code::Internal)?.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        "private, max-age=3600".parse().map_err(|_| Code::Internal)?,
    );
    Ok(response)
}

/// The ways of one carer's work list along the roads, as GeoJSON.
///
/// A line for each stretch that the carer travels, with the number of the stop that it leads to.
#[utoipa::path(
    get, path = "/v1/plans/{id}/ways/{number}", tag = "Map",
    security(("token" = ["worklists:read"]), ("session" = ["worklists:read"])),
    params(("id" = Uuid, Path, description = "The plan"),
        ("number" = u32, Path, description = "Which work list, from 1", minimum = 1)),
    responses((status = 200, description = "The ways", body = Object, content_type = "application/geo+json"), Problems)
)]
pub(super) async fn ways(
    State(service): State<Arc<Service>>,
    caller: Caller,
    path: Result<Path<(Uuid, u32)>, PathRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::WorkListsRead)?;
    let Path((plan, number)) = path.map_err(|_| Code::NotFound)?;
    if number == 0 {
        return Err(Code::NotFound.into());
    }
    let list = document(&caller, plan, number, Format::Json, "ways-read").await?;
    let points = document(&caller, plan, number, Format::Geojson, "ways-read").await?;
    let map = service.clone();
    let ways = at_leisure(&service, move || work_list_ways(&list, &points, map.roads)).await?;
    let ways = ways.ok_or(Code::Internal)?;
    Ok(json(200, &[(header::CONTENT_TYPE, "application/geo+json")], ways))
}
