//! About the service itself: what it takes, whether it lives, whether it can work, what it counts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use hjemrute_server::Limits;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::SMALL;
use crate::problem::{Code, Problem};

/// What the service takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LimitsTold {
    /// Bytes of a list or a plan.
    list_bytes: usize,
    /// Bytes of any other body.
    other_bytes: usize,
    /// Visits of a list.
    visits: usize,
    /// Carers of a list.
    carers: usize,
    /// Lists and objects inside each other.
    json_depth: usize,
    /// Seconds of a search.
    search_seconds: u32,
    /// Plans of a unit that may wait.
    waiting_plans: u32,
    /// Days after its day that a list is kept.
    keep_days: u16,
    /// The profiles that a plan can be made with.
    profiles: Vec<String>,
}

/// What the service takes.
#[utoipa::path(
    get, path = "/v1/limits", tag = "Service", security(()),
    responses((status = 200, description = "The limits", body = LimitsTold), Problems)
)]
pub(super) async fn limits(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let Limits { bytes, visits, carers, .. } = Limits::SERVICE;
    let plans = service.config.plans;
    let told = LimitsTold {
        list_bytes: bytes,
        other_bytes: SMALL,
        visits,
        carers,
        json_depth: Limits::DEPTH,
        search_seconds: plans.longest,
        waiting_plans: plans.waiting_of_a_unit,
        keep_days: service.config.keep_days,
        profiles: std::iter::once("standard".to_owned())
            .chain(service.profiles.keys().cloned())
            .collect(),
    };
    Ok(json(200, &[], serde_json::to_vec(&told).map_err(|_| Code::Internal)?))
}

/// Whether the process lives.
#[utoipa::path(
    get, path = "/health", tag = "Service", security(()),
    responses((status = 200, description = "It lives", body = Object), Problems)
)]
pub(super) async fn health() -> Response {
    json(200, &[], r#"{"status":"ok"}"#)
}

/// Whether it can do its work: every unit's store can be read, and none has failed to write.
#[utoipa::path(
    get, path = "/ready", tag = "Service", security(()),
    responses((status = 200, description = "It can", body = Object), Problems)
)]
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    for unit in service.store.units() {
        if !unit.is_well().await {
            return Err(Problem::later(Code::StorageUnavailable, 10));
        }
    }
    Ok(json(200, &[], r#"{"status":"ready"}"#))
}

/// What the service counts, as Prometheus reads it.
#[utoipa::path(
    get, path = "/metrics", tag = "Service",
    security(("token" = ["metrics:read"]), ("session" = ["metrics:read"])),
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain"), Problems)
)]
pub(super) async fn metrics(
    State(service): State<Arc<Service>>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.must(Scope::MetricsRead)?;
    let mut waiting = 0;
    for unit in service.store.units() {
        waiting += unit.waiting().await?;
    }
    metrics::gauge!("hjemrute_plans_waiting").set(waiting);
    for (issuer, age) in service.issuers.ages() {
        let age = age.map_or(f64::INFINITY, |age| age.as_secs_f64());
        metrics::gauge!("hjemrute_key_file_age_seconds", "issuer" => issuer.to_owned()).set(age);
    }
    service.metrics.run_upkeep();
    let text = service.metrics.render();
    Ok(json(200, &[(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
