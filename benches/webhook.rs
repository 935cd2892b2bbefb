//! Turns a second by the webhook, beside a bare hyper bot that answers every call with a fixed message; and a hundred thousand forged
//! calls. Each bot is a process of its own on a core of its own; Telegram, which calls and is called, is this process. What a turn costs
//! in the bot's own time says more on a machine that does other things as well.
//!
//! Run with `cargo bench --bench webhook`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::print_stdout, clippy::unwrap_used)] // a bench that cannot go on fails

use std::convert::Infallible;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use backcare::channel::telegram::{self, Hook, Operators, Terms};
use backcare::service::Service;
use backcare::service::library::Library;
use backcare::store;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

const TOKEN: &str = "123456:TEST";
const SECRET: &str = "the-secret-of-this-bench";
/// Which bot this process is, and where Telegram is.
const BOT: &str = "BACKCARE_BENCH_BOT";
const API: &str = "BACKCARE_BENCH_API";
const TURNS: i64 = 30_000;
const CHATS: i64 = 5_000;
const AT_ONCE: i64 = 64;
const FORGED: i64 = 100_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match env::var(BOT).ok().as_deref() {
        Some("bare") => runtime.block_on(bare()),
        Some(_) => runtime.block_on(ours()),
        None => runtime.block_on(measure()),
    }
}

async fn measure() {
    for delay in [Duration::ZERO, Duration::from_millis(30)] {
        let sent = Arc::new(AtomicU64::new(0));
        let api = serve_api(sent.clone(), delay).await;
        let mut rates = Vec::new();
        for name in ["bare", "ours"] {
            let bot = Bot::start(name, &api);
            rush(&bot, &sent, 2 * CHATS).await;
            let (begun, cost) = (Instant::now(), bot.cpu());
            rush(&bot, &sent, TURNS).await;
            let (took, cost) = (begun.elapsed().as_secs_f64(), bot.cpu() - cost);
            let turns = TURNS as f64;
            println!("{delay:?} a call, {name}: {:.0} turns/s, {:.1} us of its core each", turns / took, cost / turns * 1e6);
            rates.push((turns / took, cost));
        }
        let [(bare, cheap), (ours, dear)] = rates[..] else { panic!("two bots") };
        println!("{delay:?} a call: ours reaches {:.0} % of bare, at {:.1} times its cost", ours / bare * 100.0, dear / cheap);
    }
    let api = serve_api(Arc::default(), Duration::ZERO).await;
    let bot = Bot::start("ours", &api);
    let before = bot.memory();
    let (begun, refused) = (Instant::now(), all_of(&bot, "no-secret", FORGED).await);
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{FORGED} forged calls: {refused} refused, {:.0}/s; memory {before} kB before, {} kB after",
        FORGED as f64 / took,
        bot.memory()
    );
}

/// Calls with so many updates, and waits until all are answered.
async fn rush(bot: &Bot, sent: &AtomicU64, turns: i64) {
    let before = sent.load(Ordering::Relaxed);
    let refused = all_of(bot, SECRET, turns).await;
    assert_eq!(refused, 0);
    while sent.load(Ordering::Relaxed) < before + turns.unsigned_abs() {
        sleep(Duration::from_millis(1)).await;
    }
}

/// Makes so many calls, and counts those that were refused.
async fn all_of(bot: &Bot, secret: &'static str, calls: i64) -> u64 {
    static UPDATE: AtomicI64 = AtomicI64::new(1);
    let (left, refused) = (Arc::new(AtomicI64::new(calls)), Arc::new(AtomicU64::new(0)));
    let mut connections = Vec::new();
    for _ in 0..AT_ONCE {
        let (left, refused, address) = (left.clone(), refused.clone(), bot.address.clone());
        connections.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(&address).await.expect("the bot listens");
            stream.set_nodelay(true).unwrap();
            let mut answer = vec![0; 4096];
            while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                let id = UPDATE.fetch_add(1, Ordering::Relaxed);
                let chat = 1 + id % CHATS;
                let body = format!(
                    "{{\"update_id\":{id},\"message\":{{\"message_id\":{id},\"date\":1764000000,\"chat\":{{\"id\":{chat},\"type\":\"private\",\
                     \"first_name\":\"Anna\"}},\"from\":{{\"id\":{chat},\"is_bot\":false,\"first_name\":\"Anna\",\"language_code\":\"en\"}},\
                     \"text\":\"/start\",\"entities\":[{{\"type\":\"bot_command\",\"offset\":0,\"length\":6}}]}}}}"
                );
                let head = format!(
                    "POST /hook HTTP/1.1\r\nhost: bot\r\nx-telegram-bot-api-secret-token: {secret}\r\ncontent-type: application/json\r\n\
                     content-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(head.as_bytes()).await.expect("a call");
                let mut read = 0;
                while !answer[..read].ends_with(b"\r\n\r\n") {
                    let more = stream.read(&mut answer[read..]).await.expect("an answer");
                    if more == 0 {
                        break;
                    }
                    read += more;
                }
                let is_taken = answer.starts_with(b"HTTP/1.1 200");
                refused.fetch_add(u64::from(!is_taken), Ordering::Relaxed);
                if read == 0 || !is_taken && answer[..read].windows(5).any(|word| word == b"close") {
                    // Whoever refuses a call unread may end its connection.
                    stream = TcpStream::connect(&address).await.expect("the bot listens");
                }
            }
        }));
    }
    for connection in connections {
        connection.await.expect("a connection");
    }
    refused.load(Ordering::Relaxed)
}

/// A Bot API that takes everything; it counts messages.
async fn serve_api(sent: Arc<AtomicU64>, delay: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(answer_calls(stream, sent.clone(), delay));
        }
    });
    format!("http://{address}")
}

async fn answer_calls(mut stream: TcpStream, sent: Arc<AtomicU64>, delay: Duration) {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            let head = bytes.windows(4).position(|end| end == b"\r\n\r\n");
            if let Some(head) = head {
                let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
                let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                let end = head + 4 + length.unwrap_or(0);
                if bytes.len() >= end {
                    sent.fetch_add(u64::from(text.contains("/sendmessage ")), Ordering::Relaxed);
                    break end;
                }
            }
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
        };
        bytes.drain(..end);
        if !delay.is_zero() {
            sleep(delay).await;
        }
        let reply = "{\"ok\":true,\"result\":{\"url\":\"\",\"message_id\":1}}";
        let reply =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{reply}", reply.len());
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A bot as a process; it is killed when it is dropped.
struct Bot {
    child: Child,
    address: String,
}

impl Bot {
    fn start(name: &str, api: &str) -> Bot {
        let this = env::current_exe().unwrap();
        let pinned = Command::new("taskset").arg("--version").output().is_ok();
        let mut command = Command::new(if pinned { Path::new("taskset") } else { &this });
        if pinned {
            command.args(["--cpu-list", "1"]).arg(&this);
        }
        let mut child = command.env(BOT, name).env(API, api).stdout(Stdio::piped()).spawn().expect("a bot");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).expect("where it listens");
        Bot { child, address: address.trim().to_owned() }
    }

    /// Seconds of processor time so far, of all its threads.
    fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Resident kilobytes.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("bot.db").display());
    let store = store::open(&url, None).await.expect("a store");
    let (book, _) = backcare::lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books/rig"));
    let running = watch::channel(Arc::new(Library::of(book.expect("a book without mistakes")))).1;
    let service = Service { running, store, meter: Arc::default(), facilities: Arc::default() };
    let bot = telegram::bot(TOKEN, &env::var(API).unwrap()).expect("an address");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let hook = Hook::new(listener, "https://bot.example.org/hook".to_owned(), Some(SECRET.to_owned()), TOKEN);
    let (_stop, stopped) = watch::channel(false);
    let terms = Terms { rate: 1000, chat_rate: 60, hook: Some(hook) };
    telegram::run(bot, service, terms, Operators::nobody(), stopped).await.unwrap();
}

/// One connection to the API for each from Telegram; nothing is read, remembered or written.
async fn bare() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let api = env::var(API).unwrap().trim_start_matches("http://").to_owned();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let api = api.clone();
        tokio::spawn(async move {
            let line = TcpStream::connect(&api).await.unwrap();
            line.set_nodelay(true).unwrap();
            let (sender, connection) = hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(line)).await.unwrap();
            tokio::spawn(connection);
            let sender = Arc::new(tokio::sync::Mutex::new(sender));
            let service = service_fn(move |request: Request<Incoming>| {
                let sender = sender.clone();
                async move {
                    to_bytes(request.map(Body::new).into_body(), 1 << 20).await.unwrap();
                    let message =
                        "{\"chat_id\":7,\"text\":\"Lie on your side, a pillow between your knees. Breathe out slowly.\"}";
                    let call = Request::post(format!("/bot{TOKEN}/sendMessage"));
                    let call = call.header("host", "api").header("content-type", "application/json").body(Body::from(message));
                    let reply = sender.lock().await.send_request(call.unwrap()).await.unwrap();
                    assert_eq!(reply.status(), StatusCode::OK);
                    to_bytes(reply.map(Body::new).into_body(), 1 << 20).await.unwrap();
                    Ok::<_, Infallible>(Response::new(Body::empty()))
                }
            });
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
