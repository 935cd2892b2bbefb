//! The wire: one page behind a path that nobody can guess, its parts, and what an author does there.
//!
//! A page of another site in the same browser can neither read it nor press anything: it doesn't know the path, a request that changes
//! something must be JSON and come from this address, and a name that was bent to this machine is refused.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::Stream;
use jiff::civil::Date;
use maud::Markup;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::desk::{Deed, Desk, Versions};
use super::phone::{Act, Phone, Setting, What};
use super::weekly::{Whose, calendar};
use super::{chat, page, problems as found};

/// Its own files and pictures, and nothing else; it stands in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A leaflet brings its own style and pictures, and runs nothing.
const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// What guards the door.
#[derive(Debug, Clone)]
pub struct Door {
    /// What the path begins with.
    pub token: String,
    pub address: SocketAddr,
}

impl Door {
    /// A door at this address with a path that was not there before.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn at(address: SocketAddr) -> std::io::Result<Door> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Door { token: data_encoding::HEXLOWER.encode(&bytes), address })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    fn lets_in(&self, request: &Request) -> bool {
        let said = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let host = said(HOST).unwrap_or_default();
        let is_own = said(ORIGIN).is_none_or(|origin| origin == format!("http://{host}"));
        let is_json = said(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        self.knows(host) && is_own && (is_json || request.method() == Method::GET)
    }

    /// Whether a request is meant for this address: on a loopback address only its own names are.
    fn knows(&self, host: &str) -> bool {
        if !self.address.ip().is_loopback() {
            return true;
        }
        let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
        let is_name =
            name == "localhost" || name == self.address.ip().to_string() || name == format!("[{}]", self.address.ip());
        is_name && port == self.address.port().to_string()
    }
}

/// Serves for as long as it is polled.
pub async fn serve(listener: TcpListener, door: Door, desk: Arc<Desk>) {
    let at = |path: &str| format!("/{}/{path}", door.token);
    let router = Router::new()
        .route(&at(""), get(whole))
        .route(&at("style.css"), get(async || sent(StatusCode::OK, "text/css; charset=utf-8", page::STYLE)))
        .route(&at("script.js"), get(async || sent(StatusCode::OK, "text/javascript; charset=utf-8", page::SCRIPT)))
        .route(&at("phone"), get(phone))
        .route(&at("setting"), get(setting))
        .route(&at("map"), get(map))
        .route(&at("problems"), get(problems))
        .route(&at("walk"), get(walk))
        .route(&at("media/{file}"), get(picture))
        .route(&at("files/{message}/{name}"), get(file))
        .route(&at("events"), get(events))
        .route(&at("does"), post(does))
        .route(&at("weekly"), post(weekly))
        .route(&at("save"), post(save))
        .fallback(async || sent(StatusCode::NOT_FOUND, PLAIN, "The address of the page is in the terminal.\n"))
        .with_state(desk)
        .layer(from_fn_with_state(Arc::new(door), guard));
    // It ends by being dropped; errors of single connections stay theirs.
    let _ = axum::serve(listener, router).await;
}

async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    if door.lets_in(&request) {
        return next.run(request).await;
    }
    sent(StatusCode::FORBIDDEN, PLAIN, "This page answers nobody but itself.\n")
}

fn sent(status: StatusCode, kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    let mut response = (status, headers, body).into_response();
    // A body that is text names a kind of its own, which must not win.
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn shown(part: &Markup) -> Response {
    sent(StatusCode::OK, HTML, part.0.clone())
}

fn nothing() -> Response {
    sent(StatusCode::NOT_FOUND, PLAIN, "There is no such thing here.\n")
}

async fn whole(State(desk): State<Arc<Desk>>) -> Response {
    let versions = *desk.versions().borrow();
    let today = desk.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    shown(&page::page(&desk.state(), versions, today))
}

async fn phone(State(desk): State<Arc<Desk>>) -> Response {
    shown(&phone_of(&desk))
}

fn phone_of(desk: &Desk) -> Markup {
    let version = desk.versions().borrow().phone;
    chat::phone(&desk.state(), version)
}

async fn setting(State(desk): State<Arc<Desk>>) -> Response {
    shown(&page::setting(&desk.state()))
}

async fn problems(State(desk): State<Arc<Desk>>) -> Response {
    let version = desk.versions().borrow().problems;
    shown(&found::problems(&desk.state(), version))
}

async fn walk(State(desk): State<Arc<Desk>>) -> Response {
    shown(&page::recorded(&desk.state()))
}

async fn map(State(desk): State<Arc<Desk>>) -> Response {
    let map = Arc::clone(&desk.state().map);
    sent(StatusCode::OK, HTML, map.to_string())
}

async fn picture(State(desk): State<Arc<Desk>>, Path(file): Path<String>) -> Response {
    let edition = desk.state().edition.clone();
    let picture = edition.and_then(|edition| edition.gallery().picture(&file));
    picture.map_or_else(nothing, |picture| {
        sent(StatusCode::OK, if picture.kind == "png" { "image/png" } else { "image/jpeg" }, picture.bytes.to_vec())
    })
}

/// A file that the bot sent. It may have come from what was typed, so it runs nothing.
async fn file(State(desk): State<Arc<Desk>>, Path((message, _)): Path<(u32, String)>) -> Response {
    let state = desk.state();
    let message = state.phone.iter().flat_map(Phone::messages).find(|each| each.number == message);
    let Some(What::File(file)) = message.map(|message| &message.what) else { return nothing() };
    let mut response =
        sent(StatusCode::OK, if file.media == "text/html" { HTML } else { "application/json" }, file.content.clone());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    response
}

/// The name of each part whenever it has changed, with its version.
async fn events(State(desk): State<Arc<Desk>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = futures_util::stream::unfold((desk.versions(), None), |(mut versions, known)| async move {
        let (now, changed) = next_news(&mut versions, known).await?;
        let data = serde_json::json!({ "phone": now.phone, "book": now.book, "problems": now.problems, "map": now.map });
        let event = Event::default().event("changed").data(data.to_string());
        Some((Ok(event), (changed, Some(now))))
    });
    Sse::new(news).keep_alive(KeepAlive::default())
}

/// Waits for versions that are not known yet; the first are told at once.
async fn next_news(
    versions: &mut watch::Receiver<Versions>,
    known: Option<Versions>,
) -> Option<(Versions, watch::Receiver<Versions>)> {
    loop {
        let now = *versions.borrow_and_update();
        if Some(now) != known {
            return Some((now, versions.clone()));
        }
        versions.changed().await.ok()?;
    }
}

/// What the page asks for.
#[derive(Debug, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case", deny_unknown_fields)]
enum Asked {
    Say { words: String },
    Press { message: u32, token: String },
    Tick { turn: u32 },
    Open { page: String },
    Tip { tip: String },
    Send { place: String },
    StartOver,
    Undo,
    Choose { language: Option<String>, region: Option<String>, week: Option<u8>, date: Option<Date> },
    Play { finding: usize },
    Step,
    EndPlay,
}

impl From<Asked> for Deed {
    fn from(asked: Asked) -> Deed {
        match asked {
            Asked::Say { words } => Deed::Act(Act::Say(words)),
            Asked::Press { message, token } => Deed::Act(Act::Press { message, token }),
            Asked::Tick { turn } => Deed::Act(Act::Tick { turn }),
            Asked::Open { page } => Deed::Act(Act::Open(page)),
            Asked::Tip { tip } => Deed::Act(Act::Tip(tip)),
            Asked::Send { place } => Deed::Act(Act::Send(place)),
            Asked::StartOver => Deed::StartOver,
            Asked::Undo => Deed::Undo,
            Asked::Choose { language, region, week, date } => Deed::Choose(Setting { language, region, week }, date),
            Asked::Play { finding } => Deed::Play(finding),
            Asked::Step => Deed::Step,
            Asked::EndPlay => Deed::EndPlay,
        }
    }
}

async fn does(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Asked>(&body) {
        Ok(asked) => {
            desk.does(&asked.into());
            shown(&phone_of(&desk))
        }
        Err(_) => sent(StatusCode::BAD_REQUEST, PLAIN, "That is nothing one can do here.\n"),
    }
}

async fn weekly(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    let edition = desk.state().edition.clone();
    match (serde_json::from_slice::<Whose>(&body), edition) {
        (Ok(whose), Some(edition)) => shown(&calendar(&edition, &whose)),
        _ => sent(StatusCode::BAD_REQUEST, HTML, "<p class=\"nothing\">A first day and a time zone are needed.</p>"),
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn save(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    let saved = serde_json::from_slice::<Named>(&body)
        .map_err(|_| String::from("A name is needed."))
        .and_then(|named| desk.save(&named.name));
    let (Ok(told) | Err(told)) = &saved;
    sent(if saved.is_ok() { StatusCode::OK } else { StatusCode::CONFLICT }, PLAIN, told.clone())
}
