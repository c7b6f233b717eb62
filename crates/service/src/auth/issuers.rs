//! Tokens that others have signed: HelseID, Maskinporten, Entra ID. Which issuers are believed, with
//! which keys, and which of their callers may do what in which unit is the operator's to write down;
//! a token only says who asks. Rules: RFC 9068, 8725 and 9449, and HelseID's for access tokens.

use std::time::Duration;

use axum::http::Method;
use jsonwebtoken::{Validation, decode, decode_header};

use super::Scope;
use super::claims::Claim;
use super::dpop::{Proofs, Proven};
use super::keys::KeyFile;
use crate::config::{Config, IssuerConfig, UnitId};

/// Clocks may differ by so many seconds.
const LEEWAY: u64 = 5;

/// Heads that would have us use a key, or read a token, as the token says.
const HEADS: [&str; 8] = ["jku", "x5u", "jwk", "x5c", "crit", "b64", "zip", "enc"];

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is not valid, or not here.
    Invalid,
    /// That cannot be told for so many seconds.
    Later(u32),
}

/// How a token is shown.
#[derive(Clone, Copy)]
pub(crate) enum Shown<'a> {
    /// By itself.
    Bearer,
    /// With a proof, in a request of that method for that path.
    Proven {
        /// The header DPoP.
        proof: &'a str,
        /// The request's method.
        method: &'a Method,
        /// The request's path.
        path: &'a str,
    },
}

/// Whom a token is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Vouched {
    pub(super) unit: UnitId,
    pub(super) who: String,
    pub(super) scopes: Vec<Scope>,
}

/// Everybody whose signature is believed.
pub(crate) struct Issuers {
    all: Vec<(IssuerConfig, KeyFile)>,
    proofs: Proofs,
    /// The service's address as callers know it.
    address: String,
}

impl Issuers {
    /// Reads the keys of each; `began` is now, in seconds since 1970.
    ///
    /// # Errors
    /// If a file of keys cannot be used.
    pub(crate) fn open(config: &Config, began: i64) -> anyhow::Result<Issuers> {
        let with_keys = |issuer: &IssuerConfig| Ok((issuer.clone(), KeyFile::open(&issuer.keys)?));
        Ok(Issuers {
            all: config.issuers.iter().map(with_keys).collect::<anyhow::Result<_>>()?,
            proofs: Proofs::new(began),
            address: config.external_url.clone().unwrap_or_default(),
        })
    }

    /// Each issuer's name, and how long ago its file of keys was written.
    pub(crate) fn ages(&self) -> impl Iterator<Item = (&str, Option<Duration>)> {
        self.all.iter().map(|(issuer, keys)| (issuer.name.as_str(), keys.age()))
    }

    /// Whom the token is for, if everything about it is as it must be.
    pub(super) fn vouched(
        &self,
        token: &str,
        shown: Shown<'_>,
        now: i64,
    ) -> Result<Vouched, Refused> {
        let (issuer, claims) = self.signed(token).ok_or(Refused::Invalid)?;
        let ahead = LEEWAY as i64;
        let is_from_later = claims.get("iat").is_some()
            && claims.whole("iat").is_none_or(|made| made > now.saturating_add(ahead));
        if is_from_later || claims.whole("exp").is_none() || claims.whole("nbf").is_none() {
            return Err(Refused::Invalid);
        }
        let bound = claims.get("cnf").map(|key| key.text("jkt").ok_or(Refused::Invalid));
        match (shown, bound.transpose()?) {
            (Shown::Bearer, None) if !issuer.dpop => {}
            (Shown::Proven { proof, method, path }, Some(thumbprint)) => {
                let address = &format!("{}{path}", self.address);
                self.proofs.holds(Proven { proof, method, address }, token, thumbprint, now)?;
            }
            _ => return Err(Refused::Invalid),
        }
        issuer.grants(&claims).ok_or(Refused::Invalid)
    }

    /// What the token says, and who has signed it.
    fn signed(&self, token: &str) -> Option<(&IssuerConfig, Claim)> {
        let mut parts = token.split('.');
        let (head, body) = (Claim::of_part(parts.next()?)?, Claim::of_part(parts.next()?)?);
        if HEADS.iter().any(|name| head.get(name).is_some()) {
            return None;
        }
        let (issuer, file) =
            self.all.iter().find(|(issuer, _)| body.text("iss") == Some(&issuer.iss))?;
        let kind = head.text("typ").unwrap_or_default();
        let is_kind = issuer.types.iter().any(|known| known.eq_ignore_ascii_case(kind));
        let keys = file.keys();
        let key = keys.get(head.text("kid")?)?;
        let algorithm = decode_header(token).ok()?.alg;
        if !is_kind || !key.algorithms.contains(&algorithm) {
            return None;
        }
        let mut rules = Validation::new(algorithm);
        rules.leeway = LEEWAY;
        rules.validate_nbf = true;
        rules.set_issuer(&[&issuer.iss]);
        rules.set_audience(&[&issuer.audience]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
        let claims = decode::<Claim>(token, &key.key, &rules).ok()?.claims;
        let is_for_us_alone = match claims.get("aud")? {
            Claim::Text(_) => true,
            Claim::List(all) => all.len() == 1,
            _ => false,
        };
        is_for_us_alone.then_some((issuer, claims))
    }
}

impl IssuerConfig {
    /// What the operator grants whoever the token is for. More than one grant is as good as none: it
    /// would not be clear which unit is meant.
    fn grants(&self, claims: &Claim) -> Option<Vouched> {
        let mut grants = self.grants.iter().filter(|grant| {
            grant
                .claims
                .iter()
                .all(|(name, wanted)| claims.get(name).is_some_and(|claim| claim.holds(wanted)))
        });
        let grant = grants.next().filter(|_| grants.next().is_none())?;
        let named = claims.words(&self.scope_claim).into_iter();
        let mut scopes: Vec<Scope> = if self.scopes.is_empty() {
            named.filter_map(Scope::of).collect()
        } else {
            named.filter_map(|name| self.scopes.get(name)).flatten().copied().collect()
        };
        scopes.retain(|scope| grant.scopes.as_ref().is_none_or(|most| most.contains(scope)));
        let who: Option<Vec<&str>> = self.who.iter().map(|name| claims.text(name)).collect();
        let who = format!("{} {}", self.name, who?.join(" "));
        let is_plain = who.len() <= 200 && who.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        is_plain.then(|| Vouched { unit: grant.unit.clone(), who, scopes })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Somebody whose public key is the point that P-256 begins with.
    fn issuers() -> Issuers {
        let keys = std::env::temp_dir().join(format!("hjemrute-keys-{}.json", std::process::id()));
        let text = r#"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "k", "alg": "ES256",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#;
        std::fs::write(&keys, text).unwrap();
        let config = format!(
            "data = 'd'\nmap = 'm'\nexternal-url = 'https://here.example'\n[[unit]]\nid = 'bo'\n[[issuer]]\n\
             name = 'they'\niss = 'https://they.example'\naudience = 'us'\nkeys = '{}'\n\
             [[issuer.grant]]\nunit = 'bo'\nclaims = {{ client_id = 'c' }}\n",
            keys.display()
        );
        Issuers::open(&toml::from_str(&config).unwrap(), 0).unwrap()
    }

    /// Bytes of a part of a token: any, or nearly what should stand there.
    fn part(good: &'static str) -> impl Strategy<Value = Vec<u8>> {
        let bent = (any::<prop::sample::Index>(), any::<u8>()).prop_map(move |(at, byte)| {
            let mut bytes = good.as_bytes().to_vec();
            bytes[at.index(good.len())] = byte;
            bytes
        });
        prop_oneof![Just(good.as_bytes().to_vec()), bent, vec(any::<u8>(), 0..200)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn nothing_that_is_made_up_is_believed(
            head in part(r#"{"alg":"ES256","typ":"at+jwt","kid":"k"}"#),
            body in part(r#"{"iss":"https://they.example","aud":"us","exp":99,"nbf":1,"client_id":"c"}"#),
            signature in prop_oneof![vec(any::<u8>(), 64), vec(any::<u8>(), 0..80)],
            proof in part(r#"{"alg":"ES256","typ":"dpop+jwt","jwk":{"kty":"EC","crv":"P-256"}}"#),
            text in any::<String>(),
        ) {
            thread_local! { static THEY: Issuers = issuers(); }
            let of = |parts: [&[u8]; 3]| parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
            let (token, proof) = (of([&head, &body, &signature]), of([&proof, &body, &signature]));
            THEY.with(|they| {
                for token in [&token, &text] {
                    prop_assert!(they.vouched(token, Shown::Bearer, 50).is_err());
                    for proof in [&proof, &text] {
                        let shown = Shown::Proven { proof, method: &Method::GET, path: "/" };
                        prop_assert!(they.vouched(token, shown, 50).is_err());
                        let proven = Proven { proof, method: &Method::GET, address: "/" };
                        prop_assert!(they.proofs.holds(proven, token, "thumb", 50).is_err());
                    }
                }
                prop_assert!(crate::store::unit_of(&text).is_none() || text.starts_with("hjr_"));
                Ok(())
            })?;
        }
    }
}
