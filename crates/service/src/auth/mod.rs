//! Who asks, and what they may do. The unit of a request comes from its credential and from nowhere
//! else; a handler gets the store of that unit and no other, so that what belongs to another unit is
//! not there for it.

mod scope;
mod session;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

pub use scope::Scope;
pub(crate) use session::Sessions;

use crate::Service;
use crate::problem::{Code, Problem};
use crate::store::{Unit, unit_of};

/// No token of ours, nor one that is signed, is longer.
const LONGEST_TOKEN: usize = 8 << 10;

/// Somebody who has shown a valid credential.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The store of the unit that the credential is for.
    pub(crate) unit: Arc<Unit>,
    /// The credential's id, for the access log.
    pub(crate) who: String,
    scopes: Vec<Scope>,
}

impl Caller {
    /// Refuses an operation that the credential is not for.
    pub(crate) fn must(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Code::Forbidden.into()) }
    }

    /// What the credential may do.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().copied()
    }

    /// Whoever the token is for.
    pub(crate) async fn of_token(service: &Service, token: &str) -> Result<Caller, Problem> {
        let unit = unit_of(token).and_then(|id| service.store.unit(&id).cloned());
        let unit = unit.ok_or(Code::Unauthorized)?;
        let (who, scopes) = unit.token(token).await?.ok_or(Code::Unauthorized)?;
        Ok(Caller { unit, who, scopes: scopes.split(' ').filter_map(Scope::of).collect() })
    }
}

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Caller, Problem> {
        if let Some(token) = bearer(&parts.headers)? {
            return Caller::of_token(service, token).await;
        }
        let (token, csrf) = service.sessions.of(&parts.headers).ok_or(Code::Unauthorized)?;
        let caller = Caller::of_token(service, &token).await?;
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let sent = parts.headers.get("x-csrf-token").is_some_and(|sent| *sent == *csrf);
        // A form on another page can make a browser send the cookie, but not the header.
        if reads || sent { Ok(caller) } else { Err(Code::CsrfMissing.into()) }
    }
}

/// The token of the header Authorization, if there is one; more than one is refused.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| Code::Unauthorized)?;
    let (scheme, token) = text.split_once(' ').ok_or(Code::Unauthorized)?;
    let is_one = values.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
    if is_one && token.len() <= LONGEST_TOKEN {
        Ok(Some(token))
    } else {
        Err(Code::Unauthorized.into())
    }
}
