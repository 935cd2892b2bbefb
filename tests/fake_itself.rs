//! Tests of the fake Telegram: a double that lets mistakes pass is worse than none.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

// A failed unwrap is a failed test.

#[path = "fake_itself/client.rs"]
mod client;
mod fake;
#[path = "fake_itself/refusals.rs"]
mod refusals;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use client::{acquainted, call, raw, refused, request, send};
use fake::{Fake, Fault, Outcome, TOKEN, at_once};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::test]
async fn methods_are_reached_in_every_way_a_client_may_choose() {
    let (fake, _anna) = acquainted().await;
    let me = call(&fake, "GetMe", json!({})).await;
    assert_eq!(me["result"]["is_bot"], true);
    assert_eq!(me["result"]["id"], 123_456);

    let query = format!("GET /bot{TOKEN}/sendmessage?chat_id=7&text=a%20b+c HTTP/1.1");
    let (status, body) = request(&fake, &query, "").await.unwrap();
    assert_eq!(status, 200, "{body}");
    let form = "POST /bot123456%3ATEST/SendMessage HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded";
    let markup = "%7B%22inline_keyboard%22%3A%5B%5B%7B%22text%22%3A%22A%22%2C%22url%22%3A%22https%3A%2F%2Fa.org%22%7D%5D%5D%7D";
    let body = format!("chat_id=7&text=d&reply_markup={markup}");
    let (status, body) = request(&fake, form, &body).await.unwrap();
    assert_eq!(status, 200, "{body}");
    let messages = fake.chat(7).messages();
    assert_eq!(messages[0].text, "a b c");
    assert_eq!(messages[1].keyboard[0][0].url.as_deref(), Some("https://a.org"));
    assert!(fake.refusals().is_empty());
}

#[tokio::test]
async fn a_press_is_answered_once() {
    let (fake, anna) = acquainted().await;
    let id = send(&fake, "one", json!([[{"text": "A", "callback_data": "a"}]])).await;
    let update = anna.press("A");
    let updates = call(&fake, "getUpdates", json!({"timeout": 0})).await;
    let query = &updates["result"][1]["callback_query"];
    assert_eq!((&query["data"], &query["message"]["text"]), (&json!("a"), &json!("one")));
    assert_eq!(query["message"]["reply_markup"]["inline_keyboard"][0][0]["text"], "A");
    assert_eq!(fake.unanswered_presses(), [update]);
    assert!(fake.unanswered().contains(&update));

    let answer = json!({"callback_query_id": query["id"], "text": "x".repeat(201)});
    let long = refused(&fake, "answerCallbackQuery", answer).await;
    assert_eq!(long, "Bad Request: MESSAGE_TOO_LONG");
    let answer = json!({"callback_query_id": query["id"]});
    assert_eq!(call(&fake, "answerCallbackQuery", answer.clone()).await["result"], true);
    assert!(fake.unanswered_presses().is_empty());
    assert!(!fake.unanswered().contains(&update));
    let again = refused(&fake, "answerCallbackQuery", answer).await;
    assert!(again.starts_with("Bad Request: query is too old"), "{again}");
    assert_eq!(fake.calls_of("answerCallbackQuery").last().unwrap().chat, Some(7));

    fake.chat(7).fade(id);
    let forged = anna.press_data(id, "whatever");
    fake.expire(forged);
    let updates = call(&fake, "getUpdates", json!({"offset": forged})).await;
    let query = &updates["result"][0]["callback_query"];
    assert_eq!((&query["data"], &query["message"]["date"]), (&json!("whatever"), &json!(0)));
    let late = refused(&fake, "answerCallbackQuery", json!({"callback_query_id": query["id"]})).await;
    assert!(late.starts_with("Bad Request: query is too old"), "{late}");
}

#[tokio::test]
async fn replies_are_put_down_to_what_caused_them() {
    let (fake, anna) = acquainted().await;
    call(&fake, "getUpdates", json!({})).await;
    let id = send(&fake, "one", json!([[{"text": "A", "callback_data": "a"}]])).await;
    let press = anna.press("A");
    call(&fake, "getUpdates", json!({"offset": press})).await;
    let edit = json!({"chat_id": 7, "message_id": id, "text": "two"});
    call(&fake, "editMessageText", edit.clone()).await;
    assert_eq!(fake.update(press).replies.len(), 1);
    assert!(fake.doubled().is_empty());
    call(&fake, "editMessageText", edit).await;
    assert!(fake.doubled().is_empty(), "an edit to the same is not seen");
    send(&fake, "three", json!([])).await;
    assert_eq!(fake.doubled(), [press]);
}

#[tokio::test]
async fn a_repeated_call_belongs_where_the_lost_one_did() {
    let fake = Fake::start().await;
    let (first, second) = (fake.person(7).say("one"), fake.person(7).say("two"));
    call(&fake, "getUpdates", json!({})).await;
    let answer = json!({"chat_id": 7, "text": "same"});
    fake.faults(|f| f.next(1, "sendMessage", Fault::DropAfter));
    assert_eq!(raw(&fake, "sendMessage", &answer).await, None);
    call(&fake, "sendMessage", answer.clone()).await;
    let replies = |update: i64| fake.update(update).replies.len();
    assert_eq!((replies(first), replies(second)), (2, 0));
    call(&fake, "sendMessage", answer).await;
    assert_eq!((replies(first), replies(second)), (2, 1));
}

#[tokio::test]
async fn polls_wait_confirm_and_exclude_each_other() {
    let fake = Fake::start().await;
    let poll = |params: Value| call(&fake, "getUpdates", params);
    let (first, ()) = tokio::join!(poll(json!({"timeout": 30})), async {
        fake.wait_polling().await;
        fake.person(7).say("hello");
    });
    let id = first["result"][0]["update_id"].as_i64().unwrap();
    let more: Vec<i64> = (0..3).map(|n| fake.person(7).say(&n.to_string())).collect();
    let limited = poll(json!({"offset": id + 1, "limit": 2})).await;
    assert_eq!(limited["result"].as_array().unwrap().len(), 2);
    assert_eq!(fake.confirmed_offset(), id + 1);
    let newest = poll(json!({"offset": -1})).await;
    assert_eq!(newest["result"][0]["update_id"], more[2]);
    assert_eq!(poll(json!({"offset": more[2] + 1})).await["result"], json!([]));

    let (older, newer) = tokio::join!(poll(json!({"timeout": 30})), async {
        fake.wait_polling().await;
        poll(json!({"timeout": 0})).await
    });
    assert_eq!((&older["error_code"], &newer["ok"]), (&json!(409), &json!(true)));
    fake.rival(Some(Duration::from_millis(1)));
    assert_eq!(poll(json!({"timeout": 30})).await["error_code"], 409);
    fake.rival(None);
    call(&fake, "setWebhook", json!({"url": "https://a.org/hook"})).await;
    assert_eq!(poll(json!({})).await["error_code"], 409);
    call(&fake, "deleteWebhook", json!({})).await;
    assert_eq!(poll(json!({})).await["ok"], true);

    poll(json!({"allowed_updates": ["message"]})).await;
    fake.person(7).block();
    assert_eq!(poll(json!({})).await["result"], json!([]));
}

#[tokio::test]
async fn a_poll_ends_with_its_caller() {
    let fake = Fake::start().await;
    let poll = call(&fake, "getUpdates", json!({"timeout": 30}));
    let _ = tokio::time::timeout(Duration::from_millis(100), poll).await;
    let gone = |f: &Fake| f.calls()[0].outcome == Outcome::Abandoned;
    fake.wait_until("the poll to be given up", gone).await;
}

#[tokio::test]
async fn faults_come_when_they_are_told_to() {
    let (fake, _anna) = acquainted().await;
    let message = json!({"chat_id": 7, "text": "x"});
    let send = || raw(&fake, "sendMessage", &message);
    let sent = || fake.chat(7).messages().len();
    fake.faults(|f| {
        f.next(1, "SendMessage", Fault::TooMany(3));
        f.next(1, "sendMessage", Fault::ServerError);
        f.next(1, "sendMessage", Fault::BadGateway);
        f.next_in(8, 1, "sendMessage", Fault::ServerError);
        f.next_in(7, 1, "sendMessage", Fault::DropBefore);
    });
    let (status, body) = send().await.unwrap();
    assert_eq!(status, 429);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["parameters"]["retry_after"], 3);
    assert_eq!(body["description"], "Too Many Requests: retry after 3");
    assert_eq!(send().await.unwrap().0, 500);
    let (status, body) = send().await.unwrap();
    assert!(status == 502 && body.starts_with("<html>"), "{status} {body}");
    assert_eq!(send().await, None);
    assert_eq!(sent(), 0);
    fake.faults(|f| f.next(1, "sendMessage", Fault::DropAfter));
    assert_eq!(send().await, None);
    assert_eq!(sent(), 1);
    fake.faults(|f| f.next(1, "sendMessage", Fault::Garbled));
    let (status, body) = send().await.unwrap();
    assert_eq!((status, serde_json::from_str::<Value>(&body).is_err()), (200, true));
    assert_eq!(sent(), 2);
    assert_eq!(send().await.unwrap().0, 200);
    assert!(fake.refusals().is_empty(), "faults are not the bot's mistakes");

    fake.limit_chat(7, 5);
    let (status, body) = send().await.unwrap();
    assert!(status == 429 && body.contains("\"retry_after\":5"), "{body}");
    assert_eq!(raw(&fake, "getMe", &json!({})).await.unwrap().0, 200);
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let (fake, _anna) = acquainted().await;
        fake.faults(|f| (f.seed, f.server_error, f.drop_after) = (4, 0.3, 0.2));
        for _ in 0..40 {
            raw(&fake, "sendMessage", &json!({"chat_id": 7, "text": "x"})).await;
        }
        outcomes.push(fake.calls().into_iter().map(|call| call.outcome).collect::<Vec<_>>());
    }
    assert_eq!(outcomes[0], outcomes[1]);
    let failed = outcomes[0].iter().filter(|outcome| **outcome != Outcome::Done).count();
    assert!((10..30).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn updates_are_doubled_within_a_batch_and_across() {
    let (fake, anna) = acquainted().await;
    for n in 0..19 {
        anna.say(&n.to_string());
    }
    fake.faults(|f| f.duplicates = 1.0);
    let first = call(&fake, "getUpdates", json!({})).await;
    let first = first["result"].as_array().unwrap().clone();
    let offset = first.last().unwrap()["update_id"].as_i64().unwrap() + 1;
    let second = call(&fake, "getUpdates", json!({"offset": offset})).await;
    let second = second["result"].as_array().unwrap().len();
    assert_eq!(first.len() + second, 40);
    assert!(first.len() > 20 && second > 0, "{} and {second}", first.len());
}

#[tokio::test]
async fn a_slow_chat_is_slow_alone_and_calls_side_by_side_are_seen() {
    let (fake, _anna) = acquainted().await;
    fake.person(8).say("hello");
    fake.faults(|f| {
        f.slow_chats.insert(7, Duration::from_millis(200));
    });
    let send = |chat: i64| call(&fake, "sendMessage", json!({"chat_id": chat, "text": "x"}));
    tokio::join!(send(7), send(7), send(8));
    assert_eq!(at_once(&fake.calls_in(7)), 2);
    let took = |chat: i64| {
        let call = fake.calls_in(chat).remove(0);
        call.ended.unwrap() - call.started
    };
    assert!(took(7) >= 195, "{}", took(7));
    assert!(took(8) < 190, "{}", took(8));
}

#[tokio::test]
async fn a_webhook_is_refused_as_telegram_refuses_it() {
    let fake = Fake::start().await;
    let set = |params: Value| refused(&fake, "setWebhook", params);
    let insecure = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook";
    assert_eq!(set(json!({"url": "http://a.org/hook"})).await, insecure);
    let port = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
    assert_eq!(set(json!({"url": "https://a.org:8080/hook"})).await, port);
    for secret in ["a b", "ä", &"x".repeat(257)] {
        let told = set(json!({"url": "https://a.org/hook", "secret_token": secret})).await;
        assert_eq!(told, "Bad Request: secret token contains unallowed characters");
    }
    assert_eq!(call(&fake, "setWebhook", json!({"url": "https://a.org:8443/hook", "secret_token": "a-Z_9"})).await["ok"], true);
    assert!(refused(&fake, "getUpdates", json!({})).await.contains("webhook is active"));
    assert_eq!(call(&fake, "setWebhook", json!({"url": ""})).await["ok"], true, "an empty one takes it away");
    assert_eq!(call(&fake, "getUpdates", json!({})).await["ok"], true);
}

/// A bot behind a webhook that answers with these codes, one after another, and the last one from then on; and what it was told.
async fn hook(codes: &'static [u16]) -> (String, Arc<Mutex<Vec<(i64, String)>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    let answer = async move |headers: HeaderMap, Json(update): Json<Value>| {
        let secret = headers.get("x-telegram-bot-api-secret-token").and_then(|secret| secret.to_str().ok());
        let nth = {
            let mut heard = heard.lock().unwrap();
            heard.push((update["update_id"].as_i64().unwrap(), secret.unwrap_or_default().to_owned()));
            heard.len() - 1
        };
        StatusCode::from_u16(codes[nth.min(codes.len() - 1)]).unwrap()
    };
    let router = Router::new().route("/hook", post(answer));
    tokio::spawn(async { axum::serve(listener, router).await });
    (address, told)
}

#[tokio::test]
async fn updates_are_brought_until_they_are_taken_and_in_the_order_of_their_chat() {
    let fake = Fake::start().await;
    let (address, told) = hook(&[503, 500, 200]).await;
    let updates = [fake.person(7).say("one"), fake.person(7).say("two")];
    let url = format!("http://{address}/hook");
    call(&fake, "setWebhook", json!({"url": url, "secret_token": "quiet"})).await;
    fake.wait_until("both to be taken", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    let [one, two] = updates;
    let expected: Vec<_> = [one, one, one, two].map(|id| (id, "quiet".to_owned())).into();
    assert_eq!(*told.lock().unwrap(), expected);
    let statuses: Vec<_> = fake.deliveries().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(503), Some(500), Some(200), Some(200)]);
}

#[tokio::test]
async fn replicas_take_turns_and_who_is_gone_is_passed_over() {
    let fake = Fake::start().await;
    let ((one, told_one), (two, told_two)) = (hook(&[200]).await, hook(&[200]).await);
    fake.balance(&[&one, "127.0.0.1:9", &two]);
    call(&fake, "setWebhook", json!({"url": "https://a.org/hook"})).await;
    for id in 1..=30 {
        let update = fake.person(id).say("hello");
        fake.wait_until("it to be taken", |fake| fake.is_confirmed(update)).await;
    }
    let (one, two) = (told_one.lock().unwrap().len(), told_two.lock().unwrap().len());
    assert!(one + two == 30 && one >= 10 && two >= 10, "{one} and {two}");
    assert!(fake.deliveries().iter().all(|call| call.status == Some(200)));
}

#[tokio::test]
async fn groups_and_strange_updates() {
    let fake = Fake::start().await;
    let group = fake.group(-1005, "supergroup");
    group.add_bot(7);
    group.say(7, "/start@backcare_test_bot");
    let odd = fake.push_update(json!({"purple": {"cow": 1}}));
    fake.person(7).send_other(fake::voice());
    let updates = call(&fake, "getUpdates", json!({})).await;
    assert_eq!(updates["result"][0]["my_chat_member"]["new_chat_member"]["status"], "member");
    let said = &updates["result"][1]["message"];
    assert_eq!((&said["chat"]["type"], &said["from"]["id"]), (&json!("supergroup"), &json!(7)));
    assert_eq!(said["entities"][0]["length"], 24);
    assert_eq!(updates["result"][2], json!({"update_id": odd, "purple": {"cow": 1}}));
    assert_eq!(updates["result"][3]["message"]["voice"]["duration"], 3);
    assert_eq!(fake.unanswered().len(), 1, "only people want an answer");

    let message = json!({"chat_id": -1005, "text": "x"});
    assert_eq!(call(&fake, "sendMessage", message.clone()).await["ok"], true);
    assert_eq!(call(&fake, "leaveChat", json!({"chat_id": -1005})).await["ok"], true);
    let left = refused(&fake, "sendMessage", message).await;
    assert_eq!(left, "Forbidden: bot was kicked from the supergroup chat");
}
