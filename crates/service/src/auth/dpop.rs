//! Proofs that whoever shows a token holds the key that it is bound to (DPoP, RFC 9449). A proof is
//! for one request: its method, its address, its token, now, and once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::ThumbprintHash;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};

use super::claims::Claim;
use super::issuers::Refused;
use super::keys::algorithms;
use crate::store::seal::sha256;

/// A proof may be so many seconds old, or ahead of our clock.
const WINDOW: i64 = 10;

/// More proofs than these are not remembered at once.
const MOST: usize = 100_000;

/// What only a private or a secret key has (RFC 7518).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A request with a proof.
#[derive(Clone, Copy)]
pub(super) struct Proven<'a> {
    pub(super) proof: &'a str,
    pub(super) method: &'a Method,
    /// The address as the caller knows it, without a query.
    pub(super) address: &'a str,
}

/// The proofs that were shown.
pub(super) struct Proofs {
    /// Those that could be shown again, each with the second after which it could not.
    seen: Mutex<BTreeMap<[u8; 32], i64>>,
    /// When this process began: what was shown to the one before it is not known here.
    began: i64,
}

impl Proofs {
    /// None yet.
    pub(super) fn new(began: i64) -> Proofs {
        Proofs { seen: Mutex::default(), began }
    }

    /// Holds the proof of a request against the token and the thumbprint of the key that it is bound to.
    pub(super) fn holds(
        &self,
        proven: Proven<'_>,
        token: &str,
        thumbprint: &str,
        now: i64,
    ) -> Result<(), Refused> {
        let Proven { proof, method, address } = proven;
        let claims = signed_by(proof, thumbprint).ok_or(Refused::Invalid)?;
        let hash = URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()));
        let (id, made) = (claims.text("jti"), claims.whole("iat"));
        let (Some(id), Some(made)) = (id, made) else { return Err(Refused::Invalid) };
        let is_for_this = claims.text("htm") == Some(method.as_str())
            && claims.text("htu") == Some(address)
            && claims.text("ath") == Some(&hash);
        let is_now = now.saturating_sub(made).saturating_abs() <= WINDOW;
        if !is_for_this || !is_now || !(1..=256).contains(&id.len()) {
            return Err(Refused::Invalid);
        }
        self.once(thumbprint, id, made, now)
    }

    /// Takes a proof that has not been seen.
    fn once(&self, thumbprint: &str, id: &str, made: i64, now: i64) -> Result<(), Refused> {
        let ready = self.began.saturating_add(WINDOW);
        if made <= ready {
            // It may have been shown before the restart.
            return Err(Refused::Later((ready - now).clamp(0, WINDOW) as u32 + 1));
        }
        let name = sha256(format!("{thumbprint} {id}").as_bytes());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, until| *until >= now);
        }
        if seen.len() >= MOST {
            return Err(Refused::Later(WINDOW as u32));
        }
        match seen.insert(name, made + WINDOW) {
            Some(until) if until >= now => Err(Refused::Invalid),
            _ => Ok(()),
        }
    }
}

/// What a proof says, if it is one, and signed with the key of that thumbprint.
fn signed_by(proof: &str, thumbprint: &str) -> Option<Claim> {
    let head = Claim::of_part(proof.split('.').next()?)?;
    let is_private =
        PRIVATE.iter().any(|name| head.get("jwk").is_some_and(|key| key.get(name).is_some()));
    if head.text("typ") != Some("dpop+jwt") || head.get("crit").is_some() || is_private {
        return None;
    }
    let head = decode_header(proof).ok()?;
    let key = head.jwk?;
    if !algorithms(&key).contains(&head.alg)
        || key.thumbprint(ThumbprintHash::SHA256).ok()? != thumbprint
    {
        return None;
    }
    let mut rules = Validation::new(head.alg);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    let key = DecodingKey::from_jwk(&key).ok()?;
    Some(decode::<Claim>(proof, &key, &rules).ok()?.claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_taken_once_and_none_from_before_the_restart() {
        let proofs = Proofs::new(1000);
        let take = |id, made, now| proofs.once("key", id, made, now);
        assert_eq!(take("a", 1010, 1002), Err(Refused::Later(9)));
        assert_eq!(take("a", 1011, 1012), Ok(()));
        assert_eq!(take("a", 1011, 1021), Err(Refused::Invalid));
        assert_eq!(take("b", 1011, 1012), Ok(()));
        assert_eq!(proofs.once("other key", "a", 1011, 1012), Ok(()));
    }
}
