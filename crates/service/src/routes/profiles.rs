//! Profiles: what weighs how much when plans are made. The standard one and those of the operator are
//! there for everyone; a unit sets its own, and every version of these is kept.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use hjemrute_server::{Limits, checked_json, read_profile, weighed_anew};
use hjemrute_solver::Policy;
use serde::Serialize;
use utoipa::ToSchema;

use super::published::{etag, if_match};
use super::questions::held_before;
use super::{Problems, json};
use crate::Service;
use crate::auth::{Caller, Scope};
use crate::body::{self, Id};
use crate::intake::at_leisure;
use crate::problem::{Code, Problem};
use crate::store::{Act, Format, StoreError, Unit};

/// The longest name of a profile.
const LONGEST_NAME: usize = 40;

/// One version of a profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProfileTold {
    /// Its name.
    name: String,
    /// Its version; 0 for one that the unit cannot change.
    version: u32,
    /// The prices and limits, under the names of the standard profile.
    #[schema(value_type = Object)]
    weights: toml::Table,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<String>,
    /// By whom: what the token was made for, or else the credential's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<String>,
}

/// Profiles.
#[derive(Serialize, ToSchema)]
struct Profiles {
    /// The name of the one that lists are read by, and that plans are made with where none is said.
    usual: String,
    /// All versions: the standard one, the operator's, then the unit's own, newest first.
    profiles: Vec<ProfileTold>,
}

/// Weights that are to hold from now on.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the document alone; it is read where the figures are known")]
struct Weights {
    /// The prices and limits that are other than in the standard profile.
    #[schema(value_type = Object, additional_properties = false)]
    weights: toml::Table,
}

/// The profiles that plans can be made with, and how they came to be.
#[utoipa::path(
    get, path = "/v1/profiles", tag = "Profiles",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    responses((status = 200, description = "All versions of all profiles", body = Profiles), Problems)
)]
pub(super) async fn all(
    State(service): State<Arc<Service>>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let fixed = std::iter::once(("standard", Policy::STANDARD))
        .chain(service.profiles.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut profiles = Vec::new();
    for (name, text) in fixed {
        let weights = table(text)?;
        let name = name.to_owned();
        profiles.push(ProfileTold { name, version: 0, weights, changed: None, changed_by: None });
    }
    for row in caller.unit.profiles().await? {
        let by = caller.unit.token_name(&row.who).await?.unwrap_or(row.who);
        profiles.push(ProfileTold {
            name: row.name,
            version: row.version,
            weights: table(&row.text)?,
            changed: Some(row.changed),
            changed_by: Some(by),
        });
    }
    let usual = Prices::usual(&service, &caller.unit).await?.name;
    let usual = usual.split('.').next().unwrap_or_default().to_owned();
    let told = Profiles { usual, profiles };
    Ok(json(200, &[], serde_json::to_vec(&told).map_err(|_| Code::Internal)?))
}

/// Set the weights of one of the unit's own profiles.
///
/// `If-Match` has the version that was read, `"r0"` for a new one. What is not named weighs what it weighs
/// in the standard profile. Plans that are made already stay as they are.
#[utoipa::path(
    put, path = "/v1/profiles/{name}", tag = "Profiles",
    security(("token" = ["plans:publish"]), ("session" = ["plans:publish"])),
    params(("name" = String, Path, description = "Its name", max_length = 40, pattern = "^[a-z0-9-]+$"),
        ("If-Match" = String, Header, description = "The version that was read: `\"r2\"`")),
    request_body = Weights,
    responses((status = 204, description = "They hold for new plans"), Problems)
)]
pub(super) async fn put(
    State(service): State<Arc<Service>>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansPublish)?;
    let read = if_match(&headers)?;
    let Path(name) = name.map_err(|_| Code::NotFound)?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_plain);
    if !is_name {
        return Err(Code::ProfileName.into());
    }
    if name == "standard" || service.profiles.contains_key(&name) {
        return Err(Code::ProfileFixed.into());
    }
    let text = sent(&headers, body).await?;
    let is_made = match read {
        Some(read) => caller.unit.put_profile(&name, read, &text, &caller.who).await?,
        None => false,
    };
    let newest = caller.unit.profile(&name, None).await?.map_or(0, |row| row.version);
    if !is_made {
        return Err(Problem::stale(etag(newest)));
    }
    Ok(json(204, &[(header::ETAG, &etag(newest))], Body::empty()))
}

/// What a plan would come to by other weights.
///
/// The body is that of a profile. The plan's lists are driven anew by it: told are their `score`, and in `breaches`
/// every rule that breaks, as whoever is slower on the way comes later. Nothing is kept.
#[utoipa::path(
    post, path = "/v1/plans/{id}/weighings", tag = "Profiles",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan")),
    request_body = Weights,
    responses((status = 200, description = "`breaches` and `score`", body = Object), Problems)
)]
pub(super) async fn weigh(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    let text = sent(&headers, body).await?;
    let policy = Policy::parse("tried", &text).map_err(|_| Code::Internal)?;
    let row = caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    let plan = caller.unit.document(&row, 0, Format::Json).await?.ok_or(Code::NotDone)?;
    let list = caller.unit.list_body(row.list).await?.ok_or(Code::NotFound)?;
    let held = held_before(&caller.unit, &row).await?;
    let reader = service.clone();
    let weighed = at_leisure(&service, move || {
        let plans = (plan.as_slice(), held.as_deref());
        weighed_anew(&list, plans, reader.roads, &Limits::SERVICE, &policy)
    });
    let told = checked_json(&weighed.await??);
    let object = id.to_string();
    caller.unit.log(&[Act { who: &caller.who, act: "plan-asked", object: &object }]).await?;
    Ok(json(200, &[], told))
}

/// The prices that plans are made with.
pub(crate) struct Prices {
    /// The name of the profile; of a unit's own with its version: `calm.2`.
    pub(crate) name: String,
    /// Its text; `None` for the standard one.
    pub(crate) text: Option<String>,
}

impl Prices {
    /// The profile of that name, of a unit's own the version that it says, or else the newest.
    pub(crate) async fn of(
        service: &Service,
        unit: &Unit,
        name: &str,
    ) -> Result<Option<Prices>, StoreError> {
        let fixed = service.profiles.get(name);
        if fixed.is_some() || name == "standard" {
            return Ok(Some(Prices { name: name.to_owned(), text: fixed.cloned() }));
        }
        let (own, version) = match name.split_once('.') {
            Some((own, version)) => (own, version.parse().ok()),
            None => (name, None),
        };
        let row = unit.profile(own, version).await?;
        Ok(row.map(|row| Prices {
            name: format!("{}.{}", row.name, row.version),
            text: Some(row.text),
        }))
    }

    /// Those that a unit goes by where nothing else is said: by its own of the name that the configuration
    /// says, or as long as it has made none, by the standard ones.
    pub(crate) async fn usual(service: &Service, unit: &Unit) -> Result<Prices, StoreError> {
        let own = Prices::of(service, unit, service.config.usual_profile(&unit.id)).await?;
        Ok(own.unwrap_or_else(|| Prices { name: "standard".to_owned(), text: None }))
    }

    /// As the solver reads them.
    pub(crate) fn policy(&self) -> Option<Policy> {
        match &self.text {
            Some(text) => Policy::parse(&self.name, text).ok(),
            None => Some(Policy::standard()),
        }
    }
}

fn table(text: &str) -> Result<toml::Table, Problem> {
    text.parse().map_err(|_| Code::Internal.into())
}

/// The profile in a body, as its file would be.
async fn sent(headers: &HeaderMap, body: Body) -> Result<String, Problem> {
    let bytes = body::read(headers, body, body::SMALL).await?;
    let read = read_profile(&bytes, &Limits::SERVICE);
    read.map_err(|faults| Problem::faulty(Code::WeightsRefused, faults))
}
