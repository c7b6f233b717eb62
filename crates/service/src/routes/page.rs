//! The scheduler's page: files of `web/` as they were built into the binary. Knows nothing of what is
//! in them but their names: those under `assets/` carry a hash of their content and never change, all
//! others are asked for anew each time. A binary that was built without the page says so. A municipality's own
//! theme is a folder beside the binary.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::json;
use crate::Service;
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
    let kind = kind_of(&name).ok_or(Code::NotFound)?;
    let file = Built::get(&format!("built/assets/{name}")).ok_or(Code::NotFound)?;
    Ok(told(&headers, kind, "public, max-age=31536000, immutable", file))
}

/// A file of the municipality's own theme: rules, pictures and typefaces, no scripts. Without one the theme
/// is empty.
pub(super) async fn theme(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let kind = kind_of(&name).filter(|kind| !kind.contains("javascript")).ok_or(Code::NotFound)?;
    let is_plain = !name.starts_with('.') && !name.contains(['/', '\\']);
    let file = service.config.theme.as_ref().filter(|_| is_plain).map(|folder| folder.join(&name));
    let text = match file {
        Some(file) => tokio::fs::read(file).await.ok(),
        None => None,
    };
    let text = text.or_else(|| (name == "theme.css").then(Vec::new)).ok_or(Code::NotFound)?;
    Ok(json(200, &[(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text))
}

/// What a file is, by the end of its name; nothing else is handed out.
fn kind_of(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" | "mjs" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
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
