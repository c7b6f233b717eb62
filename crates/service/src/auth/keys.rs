//! The public keys of an issuer, in a file (a JWK set, RFC 7517) that somebody else keeps fresh: the
//! service itself asks nobody. The file is read again when it has changed; one that cannot be used
//! leaves the keys of the last one in force.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};

/// The keys of a file by their ids.
pub(super) type Keys = BTreeMap<String, PublicKey>;

/// A key, and what may be signed with it: the key says that, never the token.
pub(super) struct PublicKey {
    pub(super) key: DecodingKey,
    pub(super) algorithms: Vec<Algorithm>,
}

/// By what a changed file is known: when it was written, and how long it is.
type Stamp = (SystemTime, u64);

/// A file of keys.
pub(super) struct KeyFile {
    path: PathBuf,
    held: Mutex<(Option<Stamp>, Arc<Keys>)>,
}

impl KeyFile {
    /// Reads it.
    ///
    /// # Errors
    /// If it cannot be used: it must be right when the service begins.
    pub(super) fn open(path: &Path) -> anyhow::Result<KeyFile> {
        let stamp = stamp(path);
        let keys = read(path)
            .with_context(|| format!("nøkkelfilen {} kan ikke brukes", path.display()))?;
        Ok(KeyFile { path: path.to_owned(), held: Mutex::new((stamp, Arc::new(keys))) })
    }

    /// The keys as they are now.
    pub(super) fn keys(&self) -> Arc<Keys> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.path);
        if stamp != held.0 {
            // Remembered either way, so that a bad file is told of once.
            held.0 = stamp;
            match read(&self.path) {
                Ok(keys) => held.1 = Arc::new(keys),
                Err(_) => tracing::error!("a file of keys cannot be used; the old keys hold"),
            }
        }
        held.1.clone()
    }

    /// How long ago it was written; `None` if it is not there.
    pub(super) fn age(&self) -> Option<Duration> {
        stamp(&self.path).map(|(written, _)| written.elapsed().unwrap_or_default())
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let told = fs::metadata(path).ok()?;
    Some((told.modified().ok()?, told.len()))
}

fn read(path: &Path) -> anyhow::Result<Keys> {
    let set: JwkSet = serde_json::from_slice(&fs::read(path)?)?;
    let mut keys = Keys::new();
    for key in &set.keys {
        let algorithms = algorithms(key);
        if algorithms.is_empty() {
            continue;
        }
        let id = key.common.key_id.clone().context("en nøkkel mangler kid")?;
        let read = PublicKey { key: DecodingKey::from_jwk(key)?, algorithms };
        ensure!(keys.insert(id, read).is_none(), "to nøkler har samme kid");
    }
    ensure!(!keys.is_empty(), "ingen av nøklene kan brukes");
    Ok(keys)
}

/// What may be signed with a key; nothing if it is not for signing, or of a kind that is not taken.
pub(super) fn algorithms(key: &Jwk) -> Vec<Algorithm> {
    let kind: &[(Algorithm, KeyAlgorithm)] = match &key.algorithm {
        AlgorithmParameters::RSA(_) => {
            &[(Algorithm::PS256, KeyAlgorithm::PS256), (Algorithm::RS256, KeyAlgorithm::RS256)]
        }
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            &[(Algorithm::ES256, KeyAlgorithm::ES256)]
        }
        _ => &[],
    };
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let said = key.common.key_algorithm.as_ref();
    let may = kind.iter().filter(|(_, name)| signs && said.is_none_or(|said| said == name));
    may.map(|(algorithm, _)| *algorithm).collect()
}
