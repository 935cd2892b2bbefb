//! A bot's side of the wire, as small as can be.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fake::{Fake, Person, TOKEN};

/// Sends one request and answers with status and body; `None` where the connection just ended.
pub async fn request(fake: &Fake, head: &str, body: &str) -> Option<(u16, String)> {
    let address = fake.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("the fake listens");
    let length = body.len();
    let request = format!("{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

pub async fn raw(fake: &Fake, method: &str, params: &Value) -> Option<(u16, String)> {
    let head = format!("POST /bot{TOKEN}/{method} HTTP/1.1\r\ncontent-type: application/json");
    request(fake, &head, &params.to_string()).await
}

pub async fn call(fake: &Fake, method: &str, params: Value) -> Value {
    let (_, body) = raw(fake, method, &params).await.expect("an answer");
    serde_json::from_str(&body).expect("JSON")
}

/// The description of a refusal, or what was said instead.
pub async fn refused(fake: &Fake, method: &str, params: Value) -> String {
    let answer = call(fake, method, params).await;
    answer["description"].as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

/// A fake with one person who has said hello.
pub async fn acquainted() -> (Fake, Person) {
    let fake = Fake::start().await;
    let anna = fake.person(7);
    anna.say("hello");
    (fake, anna)
}

pub async fn send(fake: &Fake, text: &str, rows: Value) -> i64 {
    let markup = json!({"inline_keyboard": rows});
    let params = json!({"chat_id": 7, "text": text, "reply_markup": markup});
    let answer = call(fake, "sendMessage", params).await;
    answer["result"]["message_id"].as_i64().unwrap_or_else(|| panic!("{answer}"))
}
