//! How a list comes in, whoever brings it: a request or a file in a watched folder. It is read as it
//! will be planned, held against what its unit may send, and kept; only then is there an answer.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use hjemrute_server::{Accepted, Limits, accept_list, accepted_json, misplaced};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Service;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::routes::profiles::Prices;
use crate::store::seal::{hex, sha256};
use crate::store::{Arrival, NewList, RepeatKey, StoreError, StoredAnswer, Unit, timestamp};

/// A list that waits longer than this to be read is told to come back.
const WAITING: Duration = Duration::from_secs(10);

/// What is answered for a list that is kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
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

/// What became of a list.
pub(crate) enum Taken {
    /// It is kept.
    Kept(StoredAnswer),
    /// It was here already: the answer of that time.
    Again(StoredAnswer),
}

/// Reads a list, keeps it, and only then answers.
pub(crate) async fn take_in(
    service: &Arc<Service>,
    caller: &Caller,
    list: Bytes,
    repeat: &RepeatKey<'_>,
) -> Result<Taken, Problem> {
    let usual = Prices::usual(service, &caller.unit).await?;
    let policy = usual.policy().ok_or(Code::Internal)?;
    let (reader, body) = (service.clone(), list.clone());
    let read =
        at_leisure(service, move || accept_list(&body, reader.roads, &Limits::SERVICE, &policy));
    let accepted = read.await??;
    let today = jiff::Zoned::now().date();
    let misplaced = misplaced(&accepted, &service.config.belonging(&caller.unit.id, today));
    if !misplaced.is_empty() {
        return Err(Problem::refused(misplaced));
    }
    match keep(&caller.unit, &list, &accepted, repeat, &caller.who).await? {
        Arrival::Kept(answer) => Ok(Taken::Kept(answer)),
        Arrival::Again(answer) => Ok(Taken::Again(answer)),
        Arrival::KeyReused => Err(Code::KeyReused.into()),
        Arrival::Stale(current) => Err(Problem::version(Code::StaleVersion, current)),
        Arrival::Conflict(current) => Err(Problem::version(Code::VersionConflict, current)),
    }
}

/// Keeps a list that was read, with its receipt.
pub(crate) async fn keep(
    unit: &Unit,
    list: &[u8],
    accepted: &Accepted,
    repeat: &RepeatKey<'_>,
    who: &str,
) -> Result<Arrival, StoreError> {
    let receipt = Receipt {
        id: Uuid::now_v7(),
        sha256: hex(&sha256(list)),
        received: timestamp(),
        intake: crate::raw(&accepted_json(accepted)),
    };
    let told = serde_json::to_vec(&receipt).expect("a receipt is data");
    let day = accepted.day.date().to_string();
    let Accepted { list_id: name, version, .. } = accepted;
    let (id, receipt) = (receipt.id, told.as_slice());
    let kept = NewList { id, name, version: *version, day: &day, body: list, receipt };
    unit.put_list(&kept, repeat, who).await
}

/// Work for a processor, beside the connections; as many at once as there may be.
pub(crate) async fn at_leisure<T: Send + 'static>(
    service: &Service,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::later(Code::Busy, 5);
    let slot = tokio::time::timeout(WAITING, service.intakes.acquire()).await;
    let _slot = slot.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Code::Internal.into())
}
