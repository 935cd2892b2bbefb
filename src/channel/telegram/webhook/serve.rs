//! Connections to the webhook: so many at once, none for ever.
//!
//! Served by hyper and not by `axum::serve`, which waits for the head of a request without end.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::Calls;

/// Telegram opens at most a hundred; the others are a proxy's, or a stranger's.
const CONNECTIONS: usize = 512;
/// A connection may be silent this long between two calls. Proxies should let go of theirs earlier.
const IDLE: Duration = Duration::from_secs(75);
/// A head has a few hundred bytes; hyper's smallest buffer.
const HEAD: usize = 8 << 10;
/// If none can be accepted, for want of file handles perhaps, the next try waits.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `closed` turns true and the calls of then are answered.
pub(super) async fn serve(listener: TcpListener, calls: Arc<Calls>, mut closed: watch::Receiver<bool>) {
    let (room, graceful) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
    loop {
        let accepted = async {
            // It is never closed.
            let place = Arc::clone(&room).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            accepted = accepted => accepted,
            // Only when nobody waits at the door any more, for to them it would be slammed.
            _ = closed.wait_for(|closed| *closed) => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let connection = graceful.watch(converse(stream, Arc::clone(&calls)));
        tokio::spawn(async move {
            // What breaks a connection is its caller's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Answers what comes over one connection.
fn converse(stream: TcpStream, calls: Arc<Calls>) -> impl GracefulConnection<Error = hyper::Error> {
    // Only latency is lost where the system refuses.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let calls = Arc::clone(&calls);
        async move { calls.answer(request.map(Body::new)).await }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(HEAD);
    http.serve_connection(TokioIo::new(stream), service)
}
