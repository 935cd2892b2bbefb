//! The wire: requests in, answers out, and connections that end when a fault says so.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::serve::IncomingStream;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::call::{Call, Outcome, Params, Refusal, Refused};
use super::faults::Fault;
use super::{Shared, methods, parts, polling};

const LARGEST_REQUEST: usize = 1 << 20;

/// Serves until the task is aborted.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new().fallback(handle).with_state(shared);
    let service = router.into_make_service_with_connect_info::<Cut>();
    // This ends with the runtime or by abort; an error here has nobody to tell.
    let _ = axum::serve(Lines(listener), service).await;
}

/// Ends its connection before another byte is written.
#[derive(Clone, Debug, Default)]
struct Cut(Arc<AtomicBool>);

impl Cut {
    fn now(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn done(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, Lines>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().cut.clone()
    }
}

/// Accepts connections that can be cut.
struct Lines(TcpListener);

struct Line {
    stream: TcpStream,
    cut: Cut,
}

impl axum::serve::Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Only latency is lost where the system refuses.
                    let _ = stream.set_nodelay(true);
                    return (Line { stream, cut: Cut::default() }, address);
                }
                // Out of descriptors, say; they come back.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.cut.done() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

async fn handle(shared: State<Arc<Shared>>, cut: ConnectInfo<Cut>, request: Request) -> Response {
    let off = shared.0.world().clock_off;
    let mut response = carry(shared, cut, request).await;
    if off != 0 {
        let shown = Timestamp::now() + SignedDuration::from_secs(off);
        let date = shown.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers_mut().insert(header::DATE, date.parse().expect("a date is a header"));
    }
    response
}

async fn carry(State(shared): State<Arc<Shared>>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = decoded(parts.uri.path());
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refusal(&Refused::new(404, "Not Found"));
    };
    if token != shared.token {
        let refused = Refused::new(401, "Unauthorized");
        shared.world().refuse(method, None, &Params::default(), &refused);
        shared.changed();
        return refusal(&refused);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let query = parts.uri.query().unwrap_or_default();
    let params = match to_bytes(body, LARGEST_REQUEST).await {
        Ok(body) => read(query, kind.unwrap_or_default(), &body),
        Err(_) => Err(Refused::new(413, "Request Entity Too Large")),
    };
    let params = match params {
        Ok(params) => params,
        Err(refused) => return refusal(&refused),
    };
    let line = LogLine::begin(&shared, method, &params);
    let _caller = Caller(line.clone());
    let call = answer(line, cut, method.to_owned(), params);
    if method.eq_ignore_ascii_case("getUpdates") {
        // A poll ends with its caller, or it would take updates that nobody receives.
        return call.await;
    }
    // Every other call is carried out once it was read, whoever hangs up meanwhile.
    let failed = |_| refusal(&Refused::new(500, "Internal Server Error: the fake is at fault"));
    tokio::spawn(call).await.unwrap_or_else(failed)
}

/// Carries one call out, or lets it fail as the faults say.
async fn answer(line: LogLine, cut: Cut, method: String, params: Params) -> Response {
    let shared = &line.shared;
    let (fault, delay) = line.meet();
    let method = method.to_lowercase();
    sleep(delay / 2).await;
    let carried_out = matches!(fault, None | Some(Fault::DropAfter | Fault::Garbled));
    let result = if !carried_out {
        Ok(Value::Null)
    } else if method == "getupdates" {
        polling::get_updates(shared.clone(), params.clone()).await
    } else {
        let mut world = shared.world();
        world.current = line.number;
        methods::carry_out(&mut world, &method, &params)
    };
    if let Err(refused) = &result {
        shared.world().refuse(&line.method, line.chat, &params, refused);
    }
    shared.changed();
    sleep(delay.saturating_sub(delay / 2)).await;
    match fault {
        None => {
            line.end(result.as_ref().map_or_else(|refused| Outcome::Refused(refused.description.clone()), |_| Outcome::Done));
            result
                .map_or_else(|refused| refusal(&refused), |result| Json(json!({"ok": true, "result": result})).into_response())
        }
        Some(fault) => {
            line.end(Outcome::Failed { fault, carried_out });
            failure(fault, &cut)
        }
    }
}

fn failure(fault: Fault, cut: &Cut) -> Response {
    match fault {
        Fault::TooMany(retry_after) => refusal(&Refused::too_many(retry_after)),
        Fault::ServerError => refusal(&Refused::new(500, "Internal Server Error")),
        Fault::BadGateway => {
            let page = "<html><head><title>502 Bad Gateway</title></head></html>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
        Fault::Garbled => (StatusCode::OK, "{\"ok\":true,\"result\":{\"mess").into_response(),
        Fault::DropBefore | Fault::DropAfter => {
            cut.now();
            StatusCode::OK.into_response()
        }
    }
}

fn refusal(refused: &Refused) -> Response {
    let mut body = json!({"ok": false, "error_code": refused.code, "description": refused.description});
    if let Some(seconds) = refused.retry_after {
        body["parameters"] = json!({"retry_after": seconds});
    }
    let status = StatusCode::from_u16(refused.code).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(body)).into_response()
}

/// One line of the log.
#[derive(Clone)]
struct LogLine {
    shared: Arc<Shared>,
    number: usize,
    method: String,
    chat: Option<i64>,
}

impl LogLine {
    fn begin(shared: &Arc<Shared>, method: &str, params: &Params) -> Self {
        let method = methods::spelled(method).to_owned();
        let mut world = shared.world();
        let query = params.text("callback_query_id");
        let press = query.and_then(|query| world.presses.get(&query).copied());
        let answered = press.and_then(|id| world.update(id));
        let chat = params.int("chat_id").or_else(|| answered.and_then(|update| update.chat));
        let number = world.calls.len();
        let call = Call {
            number,
            method: method.clone(),
            chat,
            message: params.int("message_id"),
            press,
            update: None,
            params: params.clone(),
            started: world.now(),
            ended: None,
            outcome: Outcome::Open,
        };
        world.calls.push(call);
        drop(world);
        shared.changed();
        Self { shared: shared.clone(), number, method, chat }
    }

    /// What the call meets on its way.
    fn meet(&self) -> (Option<Fault>, Duration) {
        let mut world = self.shared.world();
        let (now, method) = (world.now(), self.method.to_lowercase());
        let count = world.counts.entry((method.clone(), self.chat)).or_default();
        *count += 1;
        let nth = *count;
        let fault = world.faults.meet(now, &method, self.chat, nth);
        (fault, world.faults.delay(self.chat))
    }

    fn end(&self, outcome: Outcome) {
        let mut world = self.shared.world();
        let now = world.now();
        if let Some(call) = world.calls.get_mut(self.number) {
            call.ended.get_or_insert(now);
            if call.outcome == Outcome::Open {
                let lost = outcome.is_lost();
                call.outcome = outcome;
                if lost {
                    world.lost.push(self.number);
                }
            }
        }
        drop(world);
        self.shared.changed();
    }
}

/// Whoever waits for the answer to a call, until it is written or they hang up.
struct Caller(LogLine);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.end(Outcome::Abandoned);
    }
}

impl super::world::World {
    fn refuse(&mut self, method: &str, chat: Option<i64>, params: &Params, refused: &Refused) {
        self.refusals.push(Refusal {
            method: method.to_owned(),
            chat,
            code: refused.code,
            description: refused.description.clone(),
            params: params.clone(),
        });
    }
}

/// The parameters of the query and of the body; the body wins.
fn read(query: &str, kind: &str, body: &Bytes) -> Result<Params, Refused> {
    let mut params = form(query);
    if body.is_empty() {
        return Ok(Params(params));
    }
    match kind.split(';').next().unwrap_or_default().trim() {
        "application/json" => match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => params.extend(fields),
            _ => return Err(Refused::bad("can't parse JSON object")),
        },
        "application/x-www-form-urlencoded" => params.extend(form(&String::from_utf8_lossy(body))),
        "multipart/form-data" => match parts::read(kind, body) {
            Some(fields) => params.extend(fields),
            None => return Err(Refused::bad("can't parse multipart/form-data")),
        },
        _ => return Err(Refused::bad("the fake reads JSON, forms and queries only")),
    }
    Ok(Params(params))
}

fn form(source: &str) -> Map<String, Value> {
    let pairs = source.split('&').filter(|pair| !pair.is_empty());
    let decode = |part: &str| decoded(&part.replace('+', " "));
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value).into()))
        .collect()
}

/// Takes `%xx` out; what is not two hexadecimal digits stays as it is.
fn decoded(source: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let bytes = source.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}
