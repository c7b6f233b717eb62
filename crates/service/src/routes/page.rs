//! The scheduler's page: files of `web/` as they were built into the binary. Knows nothing of what is
//! in them but their names: those under `assets/` carry a hash of their content and never change, all
//! others are asked for anew each time. A binary that was built without the page says so.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::json;
use crate::problem::{Code, Problem};
use crate::store::seal::hex;

/// What `web/` was built to. A debug build reads it from the folder each time.
#[derive(RustEmbed)]
#[folder = "page/"]
struct Built;

/// What the page may do: nothing but with what comes from here. MapLibre draws its symbols from blobs
/// and data of its own making.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// What stands at `/` in a binary without the page.
const NOT_BUILT: &str = "<!doctype html><html lang=\"nb\"><meta charset=\"utf-8\"><title>Hjemrute</title>\
     <h1>Siden er ikke bygd</h1><p>Dette programmet er bygd uten siden for planleggere. \
     <code>make page</code> bygger den; bygg så programmet på nytt. Tjenesten ellers virker.</p></html>";

/// The page itself.
pub(super) async fn front(headers: HeaderMap) -> Response {
    match Built::get("built/index.html") {
        Some(file) => told(&headers, "text/html; charset=utf-8", "no-cache", file),
        None => json(200, &[(header::CONTENT_TYPE, "text/html; charset=utf-8")], NOT_BUILT),
    }
}

/// The worker that keeps opened work lists; it must stand at the top to see all requests of the page.
pub(super) async fn worker(headers: HeaderMap) -> Result<Response, Problem> {
    let file = Built::get("built/sw.js").ok_or(Code::NotFound)?;
    Ok(told(&headers, "text/javascript; charset=utf-8", "no-cache", file))
}

/// A file whose name changes with its content.
pub(super) async fn asset(
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let kind = match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => return Err(Code::NotFound.into()),
    };
    let file = Built::get(&format!("built/assets/{name}")).ok_or(Code::NotFound)?;
    Ok(told(&headers, kind, "public, max-age=31536000, immutable", file))
}

/// The file, or that it is still the one that was asked for before.
fn told(asked: &HeaderMap, kind: &str, keep: &str, file: EmbeddedFile) -> Response {
    let etag = format!("\"{}\"", &hex(&file.metadata.sha256_hash())[..32]);
    let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == *etag);
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep),
        (header::ETAG, &etag),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    if is_known { json(304, &headers, "") } else { json(200, &headers, file.data.into_owned()) }
}
