//! The webhook: Telegram brings each update by a call of its own.
//!
//! A call is answered 2xx once its update is answered or lies in the inbox, and 5xx where neither could be; then Telegram brings it
//! again. It brings the updates of one chat one after another, and waits as long as `Retry-After` says (`WebhookActor.cpp` of its
//! open Bot API server). Whoever comes without the secret is turned away before a byte of the body is read.
//!
//! A method in the reply to a call would save one to the Bot API, and would never tell whether it was carried out; so replies are empty.
//!
//! Never here: what is done with an update; a log line with a word of one, with the secret, or with the path, which may be one too.

mod serve;
mod stand;
mod terms;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use log::{info, warn};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::RunError;
use super::api::Api;
use super::hand::{Arrival, Hand, Held};
use super::inbound::Update;
use super::lanes::Lanes;
use crate::service::meter::Meter;

pub use terms::{check_webhook_secret, check_webhook_url};

const SECRET: &str = "x-telegram-bot-api-secret-token";
/// The longest update by far, a press under a text of 4096 letters with a hundred buttons, has some 70 kB.
const LARGEST: usize = 256 << 10;
/// A body that takes longer is given up.
const BODY: Duration = Duration::from_secs(10);
/// Answers that come this soon are waited for instead of written down. A waiting call holds nobody up but its own chat, whose order it
/// keeps, whichever replica gets the next one; and a hundred calls at once, each of so long, are a thousand a second, the highest rate.
const SOON: Duration = Duration::from_millis(100);
/// An answer is waited for this long when its update cannot be written down.
const PATIENCE: Duration = Duration::from_secs(2);
/// What was turned away for now is brought again after so many seconds, and not after minutes.
const AGAIN: &str = "1";
/// Calls are taken this long after the stop: for so long, whoever shares them out may not know of it. Meanwhile each answer ends its
/// connection, so that none is left on which a call could be under way when the last of them ends.
const LEAVE: Duration = Duration::from_secs(2);

/// Where Telegram shall bring updates, and where they arrive.
pub struct Hook {
    listener: TcpListener,
    url: String,
    secret: String,
}

impl Hook {
    /// Without a secret of its own, one that follows from the token: the same for all replicas, and nobody else can know it.
    pub fn new(listener: TcpListener, url: String, secret: Option<String>, token: &str) -> Hook {
        Hook { listener, url, secret: secret.unwrap_or_else(|| secret_of(token)) }
    }
}

/// The secret that follows from a token.
fn secret_of(token: &str) -> String {
    // A key of any length will do, so this has no other arm.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else { return String::new() };
    mac.update(b"backcare: the secret of the webhook");
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// Takes calls until it is told to stop.
pub struct Server {
    api: Api,
    hook: Option<Hook>,
    calls: Arc<Calls>,
    /// What serves connections that are still open.
    serving: Option<JoinHandle<()>>,
}

/// What a call needs.
struct Calls {
    hand: Arc<Hand>,
    lanes: Lanes,
    meter: Arc<Meter>,
    path: String,
    secret: String,
    leaving: AtomicBool,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Answered, or in the inbox.
    Taken,
    /// It came before, and is answered or in the inbox.
    Repeated,
    /// Telegram would bring it for ever, and it would never become readable.
    Unreadable,
    NoPage,
    NoPost,
    /// It came without the secret.
    Forged,
    /// Its body broke off or took too long.
    Broken,
    /// Too much is in hand.
    Full,
    /// Neither answered nor written down.
    NotKept,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Outcome::Taken => "taken",
            Outcome::Repeated => "repeated",
            Outcome::Unreadable => "unreadable",
            Outcome::NoPage => "no-page",
            Outcome::NoPost => "no-post",
            Outcome::Forged => "forged",
            Outcome::Broken => "broken",
            Outcome::Full => "full",
            Outcome::NotKept => "not-kept",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Outcome::Taken | Outcome::Repeated | Outcome::Unreadable => StatusCode::OK,
            Outcome::NoPage => StatusCode::NOT_FOUND,
            Outcome::NoPost => StatusCode::METHOD_NOT_ALLOWED,
            Outcome::Forged => StatusCode::FORBIDDEN,
            Outcome::Broken => StatusCode::REQUEST_TIMEOUT,
            Outcome::Full | Outcome::NotKept => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Server {
    pub fn new(api: Api, hook: Hook, hand: Arc<Hand>, lanes: Lanes, meter: Arc<Meter>) -> Server {
        let calls = Calls {
            hand,
            lanes,
            meter,
            path: path_of(&hook.url).to_owned(),
            secret: hook.secret.clone(),
            leaving: AtomicBool::new(false),
        };
        Server { api, hook: Some(hook), calls: Arc::new(calls), serving: None }
    }

    /// Takes calls until told to stop, and lets Telegram know where. What was begun by then goes on until [`Server::ended`].
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), RunError> {
        let Some(Hook { listener, url, secret }) = self.hook.take() else { return Ok(()) };
        let (close, closed) = watch::channel(false);
        let scribe = tokio::spawn(Arc::clone(&self.calls.hand).scribe());
        let serving = serve::serve(listener, Arc::clone(&self.calls), closed);
        self.serving = Some(tokio::spawn(async move {
            serving.await;
            scribe.abort();
        }));
        let stands = stand::keep(&self.api, &url, &secret);
        let ended = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => Ok(()),
            error = stands => Err(error),
        };
        self.calls.leaving.store(true, Ordering::Release);
        if ended.is_ok() {
            info!("Leaving: calls of the webhook are taken for {} s more.", LEAVE.as_secs());
            tokio::time::sleep(LEAVE).await;
        }
        close.send_replace(true);
        ended
    }

    /// Waits for the last call to be answered.
    pub async fn ended(&mut self) {
        if let Some(serving) = &mut self.serving {
            // It neither panics nor is it ended by others.
            let _ = serving.await;
            self.serving = None;
        }
    }

    /// Whatever call is still open breaks, and Telegram brings its update again.
    pub fn cut(&mut self) {
        self.serving.take().into_iter().for_each(|serving| serving.abort());
    }
}

impl Calls {
    /// Answers one call. It may be dropped at any moment, when the caller hangs up: nothing is lost by that.
    async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let outcome = self.hear(request).await;
        let before = self.meter.webhook_call(outcome.name());
        if outcome == Outcome::Forged && before == 0 {
            warn!(
                "Somebody calls the webhook without its secret, and is turned away. More such calls are only counted, under /metrics. If \
                 no update arrives: WEBHOOK_SECRET has to be the same for all replicas."
            );
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = outcome.status();
        if outcome.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(AGAIN));
        }
        if self.leaving.load(Ordering::Acquire) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }

    async fn hear(&self, request: Request<Body>) -> Outcome {
        let (head, body) = request.into_parts();
        if head.uri.path() != self.path {
            return Outcome::NoPage;
        }
        if head.method != Method::POST {
            return Outcome::NoPost;
        }
        if !self.knows_secret(&head.headers) {
            return Outcome::Forged;
        }
        self.meter.heard(Timestamp::now());
        if self.lanes.are_full() {
            return Outcome::Full;
        }
        let length = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let body = match length {
            Some(length) if length > LARGEST => None,
            _ => match timeout(BODY, to_bytes(body, LARGEST)).await {
                Ok(Ok(body)) => Some(body),
                _ => return Outcome::Broken,
            },
        };
        let Some(update) = body.and_then(|body| Update::from_bytes(&body)) else {
            self.meter.could_not_read(1);
            return Outcome::Unreadable;
        };
        self.take(update).await
    }

    fn knows_secret(&self, headers: &HeaderMap) -> bool {
        headers.get(SECRET).is_some_and(|given| given.as_bytes().ct_eq(self.secret.as_bytes()).into())
    }

    async fn take(&self, update: Update) -> Outcome {
        let (held, outcome) = match self.hand.take_one(update) {
            Arrival::New(held) => {
                self.lanes.hear(Arc::clone(&held));
                (held, Outcome::Taken)
            }
            Arrival::InHand(held) => (held, Outcome::Repeated),
            Arrival::Answered => return Outcome::Repeated,
        };
        if self.is_safe(&held).await { outcome } else { Outcome::NotKept }
    }

    /// Waits until an update is answered or lies in the inbox; false if neither comes about.
    async fn is_safe(&self, held: &Arc<Held>) -> bool {
        if self.lanes.typical() < SOON && timeout(SOON, held.answered()).await.is_ok() {
            return true;
        }
        self.hand.settle(held).await || timeout(PATIENCE, held.answered()).await.is_ok()
    }
}

/// What is called of an address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_follows_from_the_token_and_tells_nothing_of_it() {
        let secret = secret_of("123456:ABC");
        assert_eq!(secret, secret_of("123456:ABC"));
        assert_ne!(secret, secret_of("123456:ABD"));
        assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    }

    #[test]
    fn the_path_is_what_stands_behind_the_host() {
        assert_eq!(path_of("https://bot.example.org/telegram/3f9c"), "/telegram/3f9c");
        assert_eq!(path_of("https://bot.example.org:8443"), "/");
    }
}
