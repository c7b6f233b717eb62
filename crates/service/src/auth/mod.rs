//! Who asks, and what they may do. The unit of a request comes from its credential and from nowhere
//! else; a handler gets the store of that unit and no other, so that what belongs to another unit is
//! not there for it.

mod claims;
mod dpop;
mod issuers;
mod keys;
mod scope;
mod session;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header};

pub(crate) use issuers::{Issuers, Shown};
pub use scope::Scope;
pub(crate) use session::Sessions;

use issuers::{Refused, Vouched};

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

    /// Whoever writes files into the folder of a unit.
    pub(crate) fn folder(unit: Arc<Unit>) -> Caller {
        Caller { unit, who: "folder".to_owned(), scopes: Vec::new() }
    }

    /// Whoever the token is for, one of ours or one that another has signed.
    pub(crate) async fn of_token(
        service: &Service,
        token: &str,
        shown: Shown<'_>,
    ) -> Result<Caller, Problem> {
        if token.len() > LONGEST_TOKEN {
            return Err(Code::Unauthorized.into());
        }
        if let (Some(unit), Shown::Bearer) = (unit_of(token), shown) {
            let unit = service.store.unit(&unit).cloned().ok_or(Code::Unauthorized)?;
            let (who, scopes) = unit.token(token).await?.ok_or(Code::Unauthorized)?;
            return Ok(Caller {
                unit,
                who,
                scopes: scopes.split(' ').filter_map(Scope::of).collect(),
            });
        }
        match service.issuers.vouched(token, shown, jiff::Timestamp::now().as_second()) {
            Ok(Vouched { unit, who, scopes }) => {
                let unit = service.store.unit(&unit).cloned().ok_or(Code::Unauthorized)?;
                Ok(Caller { unit, who, scopes })
            }
            Err(Refused::Invalid) => Err(Code::Unauthorized.into()),
            Err(Refused::Later(seconds)) => Err(Problem::later(Code::Busy, seconds)),
        }
    }
}

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Caller, Problem> {
        if let Some(token) = only(&parts.headers, header::AUTHORIZATION)? {
            let (scheme, token) = token.split_once(' ').ok_or(Code::Unauthorized)?;
            let proof = only(&parts.headers, HeaderName::from_static("dpop"))?;
            let shown = match (scheme.to_ascii_lowercase().as_str(), proof) {
                ("bearer", _) => Shown::Bearer,
                ("dpop", Some(proof)) => {
                    Shown::Proven { proof, method: &parts.method, path: parts.uri.path() }
                }
                _ => return Err(Code::Unauthorized.into()),
            };
            return Caller::of_token(service, token, shown).await;
        }
        let (token, csrf) = service.sessions.of(&parts.headers).ok_or(Code::Unauthorized)?;
        let caller = Caller::of_token(service, &token, Shown::Bearer).await?;
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let sent = parts.headers.get("x-csrf-token").is_some_and(|sent| *sent == *csrf);
        // A form on another page can make a browser send the cookie, but not the header.
        if reads || sent { Ok(caller) } else { Err(Code::CsrfMissing.into()) }
    }
}

/// The header of that name, if there is one; more than one is refused.
fn only(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    Ok(Some(text.ok_or(Code::Unauthorized)?))
}
