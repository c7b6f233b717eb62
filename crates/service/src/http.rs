//! Connections: one loop that accepts them, no more than a number, each with a time for its head. HTTP/1
//! alone: with hyper's choice of protocol a client that says nothing is waited for without end, and
//! `axum::serve` waits for heads without end too. TLS is for the proxy in front.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::stopped;

/// A head comes within this time; so an idle connection is closed after it too.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// What is sent is read by the other side within this time, in milliseconds.
const SEND_TIME: u32 = 30_000;

/// Requests under way when the service stops have this time.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// The longest head, in bytes.
const HEAD: usize = 16 << 10;

/// Accepts connections until asked to stop; says so to `stopping` and lets the requests under way end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    asked: impl Future<Output = ()>,
    stopping: watch::Sender<bool>,
) {
    let slots = Arc::new(Semaphore::new(most));
    let mut connections = JoinSet::new();
    let mut asked = std::pin::pin!(asked);
    loop {
        let accepted = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut asked => break,
            accepted = accepted => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: some will be free in a moment.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (router, stop) = (router.clone(), stopping.subscribe());
        connections.spawn(async move {
            one(stream, router, stop).await;
            drop(slot);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    stopping.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(LAST_ANSWERS, all).await.is_err() {
        tracing::warn!("requests were cut off");
    }
}

async fn one(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let _ = set_tcp_user_timeout(&stream, SEND_TIME);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    // What a client does to its connection is its own trouble.
    let _ = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
}

/// Completes on SIGTERM or SIGINT; both are listened for from now on, and no longer end the process.
pub(crate) fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}
