//! The wire: a few pages to read, and no way to change anything.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::desk::Desk;
use super::{metrics, page};

/// The page loads its own style sheet and nothing else, runs nothing, and stands in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PLAIN: &str = "text/plain; charset=utf-8";

/// Serves for as long as it is polled.
pub async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let router = Router::new()
        .route("/", get(looked_at))
        .route("/style.css", get(async || sent(StatusCode::OK, "text/css; charset=utf-8", page::STYLE.to_owned())))
        .route("/health/live", get(async || sent(StatusCode::OK, PLAIN, String::from("alive\n"))))
        .route("/health/ready", get(ready))
        .route("/metrics", get(measured))
        .fallback(async || sent(StatusCode::NOT_FOUND, PLAIN, String::from(NOT_FOUND)))
        .with_state(Arc::clone(&desk));
    tokio::select! {
        // It ends by being dropped; errors of single connections stay theirs.
        _ = axum::serve(listener, router).into_future() => {}
        () = desk.keep_history() => {}
    }
}

const NOT_FOUND: &str = "Here are: / /health/live /health/ready /metrics\n";

async fn looked_at(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    let is_live = query.as_deref() == Some("live");
    sent(StatusCode::OK, "text/html; charset=utf-8", page::page(&desk.look().await, is_live))
}

async fn ready(State(desk): State<Arc<Desk>>) -> Response {
    let lines = desk.not_ready().await;
    if lines.is_empty() {
        return sent(StatusCode::OK, PLAIN, String::from("ready\n"));
    }
    sent(StatusCode::SERVICE_UNAVAILABLE, PLAIN, lines.join("\n") + "\n")
}

async fn measured(State(desk): State<Arc<Desk>>) -> Response {
    match metrics::render(&desk).await {
        Ok(text) => sent(StatusCode::OK, metrics::CONTENT_TYPE, text),
        // Writing to a String cannot fail.
        Err(_) => sent(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, String::from("the numbers cannot be written\n")),
    }
}

fn sent(status: StatusCode, kind: &'static str, body: String) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}
