//! Sessions of browsers: whoever shows a token gets a cookie that no script and no other page can use,
//! and a second secret that must come with every change. The token is looked at with every request, so
//! that revoking it ends its sessions. They live in memory: a restart ends them too.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::seal::{random, sha256};

/// After a working day one logs in again.
const LASTS: Duration = Duration::from_secs(10 * 3600);

/// More than these are not kept; the oldest go first.
const MOST: usize = 10_000;

/// The cookie's name.
const COOKIE: &str = "hjemrute";

/// The sessions that are open.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<BTreeMap<[u8; 32], Session>>,
}

struct Session {
    token: String,
    csrf: String,
    until: Instant,
}

impl Sessions {
    /// Opens a session; gives the cookie to set, and the secret that comes with every change.
    pub(crate) fn begin(&self, token: &str, secure: bool) -> (String, String) {
        let [secret, csrf] = [0, 1].map(|_| URL_SAFE_NO_PAD.encode(random::<32>()));
        let until = Instant::now() + LASTS;
        let session = Session { token: token.to_owned(), csrf: csrf.clone(), until };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.until > Instant::now());
        if open.len() < MOST {
            open.insert(sha256(secret.as_bytes()), session);
        }
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}");
        (cookie, csrf)
    }

    /// Ends the session of the request; gives the cookie that takes the old one away.
    pub(crate) fn end(&self, headers: &HeaderMap) -> String {
        if let Some(secret) = secret(headers) {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.remove(&sha256(secret.as_bytes()));
        }
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    /// The token of the request's session, to be looked at anew, and the second secret.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<(String, String)> {
        let hash = sha256(secret(headers)?.as_bytes());
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.get(&hash).filter(|session| session.until > Instant::now())?;
        Some((session.token.clone(), session.csrf.clone()))
    }
}

/// What our cookie holds.
fn secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
