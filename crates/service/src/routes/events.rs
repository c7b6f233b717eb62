//! A plan that is followed while it is made, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use uuid::Uuid;

use super::Problems;
use super::plans::told;
use crate::auth::{Caller, Scope};
use crate::body::Id;
use crate::problem::{Code, Problem};

/// How often a follower is told where a plan is.
const TELL: Duration = Duration::from_millis(100);

/// Follow a plan, as server-sent events.
///
/// Each event `plan` has the plan as `GET /v1/plans/{id}` tells it, whenever something has changed. The
/// last one is final, and the stream ends.
#[utoipa::path(
    get, path = "/v1/plans/{id}/events", tag = "Plans",
    security(("token" = ["plans:read"]), ("session" = ["plans:read"])),
    params(("id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "Events, each with a plan under `data`", body = Object, content_type = "text/event-stream"), Problems)
)]
pub(super) async fn follow(caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    caller.must(Scope::PlansRead)?;
    caller.unit.plan(id).await?.ok_or(Code::NotFound)?;
    let begin = Follow { caller, id, last: String::new(), ended: false };
    let events = stream::unfold(begin, |mut follow| async move {
        let event = follow.next().await?;
        Some((Ok::<_, Infallible>(event), follow))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// Somebody who follows a plan.
struct Follow {
    caller: Caller,
    id: Uuid,
    last: String,
    ended: bool,
}

impl Follow {
    /// What has changed since the last event; `None` after the final one.
    async fn next(&mut self) -> Option<Event> {
        while !self.ended {
            let row = self.caller.unit.plan(self.id).await.ok()??;
            self.ended = row.state.is_final();
            let plan = told(&self.caller.unit, row).await.ok()?;
            let text = serde_json::to_string(&plan).ok()?;
            if text != self.last {
                self.last.clone_from(&text);
                return Some(Event::default().event("plan").data(text));
            }
            tokio::time::sleep(TELL).await;
        }
        None
    }
}
