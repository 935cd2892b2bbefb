//! The webhook: who may call it, what a call is answered, and that no update is lost by it, whatever ends.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::bot::{Bot, HOOKED, HURTS, folder, press, say};
use crate::fake::{Fake, PATIENCE, TOKEN};

const PATH: &str = "/hook-4711";
const SECRET: &str = "X-Telegram-Bot-Api-Secret-Token";

fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

/// A call as a stranger makes it, or somebody with a secret.
async fn call(bot: &Bot, path: &str, secret: Option<&str>, body: String) -> StatusCode {
    let mut request = client().post(format!("http://{}{path}", bot.hook())).body(body);
    if let Some(secret) = secret {
        request = request.header(SECRET, secret);
    }
    request.send().await.expect("an answer").status()
}

/// An update that the fake knows nothing of.
fn forged(id: i64, chat: i64, text: &str) -> Value {
    let chat = json!({"id": chat, "type": "private"});
    json!({"update_id": id, "message": {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 7}, "text": text}})
}

#[tokio::test]
async fn telegram_is_told_where_with_a_secret_and_the_same_kinds_as_a_poll() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start_hooked(&fake, &dir, &[]).await;
    say(&fake, &fake.person(7), "/start").await;
    let set = fake.calls_of("setWebhook").remove(0).params;
    assert_eq!(set.text("url").as_deref(), Some("https://bot.example.org/hook-4711"));
    assert_eq!(set.json("allowed_updates").unwrap(), json!(["message", "callback_query", "my_chat_member"]));
    assert!(!set.flag("drop_pending_updates") && set.int("max_connections") == Some(100));
    let secret = fake.webhook_secret();
    assert_eq!(secret.len(), 64, "one that follows from the token");
    assert!(fake.refusals().is_empty() && fake.polls() == 0);

    // A stop leaves it set, for the other replicas and for the next start.
    bot.term();
    assert_eq!(bot.wait_exit(Duration::from_secs(10)).await.code(), Some(0));
    assert!(!fake.profile().webhook.is_empty() && fake.calls_of("deleteWebhook").is_empty());
    let output = bot.output();
    for hidden in ["4711", &secret, TOKEN, "TEST"] {
        assert!(!output.contains(hidden), "{hidden} is in the log:\n{output}");
    }
    let bot = Bot::start_hooked(&fake, &dir, &[("WEBHOOK_SECRET", "my-own_1")]).await;
    say(&fake, &fake.person(7), "/start").await;
    assert_eq!(fake.webhook_secret(), "my-own_1");
    assert!(bot.lines(&["error", "warn"]).iter().all(|line| line.contains("clinician")), "{}", bot.output());
}

#[tokio::test]
async fn telegram_is_told_until_it_hears() {
    let (fake, dir) = (Fake::start().await, folder());
    fake.faults(|f| f.drop_before = 1.0);
    let settings: Vec<_> = HOOKED.to_vec();
    let bot = Bot::spawn(&fake.url(), &dir, &settings);
    bot.wait_line(&["cannot be told of the webhook"]).await;
    fake.faults(|f| f.drop_before = 0.0);
    bot.wait_line(&["brings updates to bot.example.org."]).await;
    fake.balance(&[&bot.hook()]);
    say(&fake, &fake.person(7), "/start").await;
}

#[tokio::test]
async fn a_token_that_telegram_does_not_know_ends_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let settings: Vec<_> = HOOKED.into_iter().chain([("TELOXIDE_TOKEN", "123456:REVOKED")]).collect();
    let mut bot = Bot::spawn(&fake.url(), &dir, &settings);
    assert_eq!(bot.wait_exit(2 * PATIENCE).await.code(), Some(2));
    assert_eq!(bot.lines(&["does not know this token"]).len(), 1, "{}", bot.output());
}

#[tokio::test]
async fn whoever_comes_without_the_secret_is_turned_away_unread() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[("WEBHOOK_SECRET", "right")]).await;
    say(&fake, &fake.person(7), "/start").await;
    let before = fake.call_count();
    let body = || forged(900_000_000, 7, "/start").to_string();
    for secret in [None, Some(""), Some("righ"), Some("rightt"), Some("RIGHT"), Some("wrong")] {
        assert_eq!(call(&bot, PATH, secret, body()).await, StatusCode::FORBIDDEN, "{secret:?}");
    }
    for (path, status) in
        [("/", StatusCode::NOT_FOUND), ("/hook-4711/", StatusCode::NOT_FOUND), ("/hook", StatusCode::NOT_FOUND)]
    {
        assert_eq!(call(&bot, path, Some("right"), body()).await, status, "{path}");
    }
    let get = client().get(format!("http://{}{PATH}", bot.hook())).header(SECRET, "right").send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    // A body is not even waited for.
    let endless = reqwest::Body::from("x".repeat(10 << 20));
    let sent = client().post(format!("http://{}{PATH}", bot.hook())).body(endless).send().await;
    assert!(sent.is_err() || sent.is_ok_and(|answer| answer.status() == StatusCode::FORBIDDEN));
    let heard = fake.calls().into_iter().skip(before).filter(|call| call.method == "sendMessage").count();
    assert_eq!(heard, 0, "nothing was heard");
    assert_eq!(bot.lines(&["without its secret"]).len(), 1, "told once:\n{}", bot.output());
    say(&fake, &fake.person(7), "/start").await;
}

#[tokio::test]
async fn what_cannot_be_read_is_taken_for_good_and_told_without_a_word_of_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[("WEBHOOK_SECRET", "right"), ("RUST_LOG", "trace")]).await;
    let long = forged(900_000_001, 7, &"quokka ".repeat(60_000)).to_string();
    let deep = format!("{{\"update_id\":900000002,\"quokka\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let bodies = ["", "{", "quokka", "[]", "{\"update_id\":\"quokka\"}", "{\"message\":{}}", "\u{0}", &long, &deep];
    for body in bodies {
        let status = call(&bot, PATH, Some("right"), body.to_owned()).await;
        assert_eq!(status, StatusCode::OK, "Telegram would bring it for ever: {:.40}", body);
    }
    assert_eq!(bot.lines(&["could not be read"]).len(), 1, "{}", bot.output());
    assert!(!bot.output().contains("quokka"), "{}", bot.output());
    say(&fake, &fake.person(7), "/start").await;
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn an_update_in_hand_that_comes_again_is_answered_once() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start_hooked(&fake, &dir, &[]).await;
    say(&fake, &fake.person(7), "/start").await;
    // The fake hangs up long before an answer is there, and brings it again and again.
    fake.webhook_patience(Duration::from_millis(2));
    fake.faults(|f| f.delay = Duration::from_millis(400));
    let updates: Vec<i64> = (1..=5).map(|id| fake.person(id).say("/start")).collect();
    for &update in &updates {
        fake.wait_shown(update).await;
    }
    fake.webhook_patience(PATIENCE);
    fake.wait_until("all to be taken", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    say(&fake, &fake.person(1), "/start").await;
    assert!(fake.doubled().is_empty(), "{:?}", fake.doubled());
    assert!(updates.iter().any(|update| fake.update(*update).handed_out.len() > 1), "nothing came twice");
}

/// The tables are gone under the bot's feet, or are back.
async fn rename_inbox(dir: &tempfile::TempDir, from: &str, to: &str) {
    let database = format!("sqlite://{}", dir.path().join("bot.db").display());
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&database).await.unwrap();
    let rename = format!("ALTER TABLE {from} RENAME TO {to}");
    sqlx::query(sqlx::AssertSqlSafe(rename)).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn what_can_neither_be_answered_nor_written_down_is_left_to_telegram() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[]).await;
    say(&fake, &fake.person(7), "/start").await;
    rename_inbox(&dir, "inbox", "elsewhere").await;
    // Answered at once, it needs no inbox.
    fake.wait_shown(fake.person(8).say("/start")).await;
    fake.faults(|f| f.drop_before = 1.0);
    let updates: Vec<i64> = (1..=10).map(|id| fake.person(id).say("/start")).collect();
    let refused = |fake: &Fake| fake.deliveries().iter().filter(|call| call.status == Some(503)).count() >= 10;
    fake.wait_until("each call to be turned away", refused).await;
    assert!(updates.iter().all(|update| !fake.is_confirmed(*update)), "acknowledged, and kept nowhere");
    rename_inbox(&dir, "elsewhere", "inbox").await;
    fake.wait_until("all to be taken", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    fake.faults(|f| f.drop_before = 0.0);
    for &update in &updates {
        fake.wait_shown(update).await;
    }
    assert!(fake.doubled().is_empty() && fake.unanswered().is_empty(), "{:?}", fake.doubled());
    assert_eq!(bot.lines(&["inbox cannot be written"]).len(), 1, "{}", bot.output());
}

#[tokio::test]
async fn killed_with_what_it_took_in_the_inbox_it_answers_at_the_next_start() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[]).await;
    fake.faults(|f| f.drop_before = 1.0);
    let updates: Vec<i64> = (1..=60).map(|id| fake.person(id).say("/start")).collect();
    fake.wait_until("all to be taken", |fake| updates.iter().all(|update| fake.is_confirmed(*update))).await;
    bot.kill9();
    // What had reached Telegram meets the fault as well.
    sleep(Duration::from_millis(500)).await;
    fake.faults(|f| f.drop_before = 0.0);
    // Nobody is there; Telegram tries, and tries again.
    let away = fake.person(61).say("/start");
    fake.wait_until("a call in vain", |fake| !fake.update(away).handed_out.is_empty()).await;
    let mut bot = Bot::start_hooked(&fake, &dir, &[]).await;
    for update in updates.iter().chain([&away]) {
        fake.wait_shown(*update).await;
    }
    assert!(fake.doubled().is_empty() && fake.unanswered().is_empty(), "{:?}", fake.doubled());
    bot.term();
    bot.wait_exit(Duration::from_secs(15)).await;
}

#[tokio::test]
async fn a_stop_fails_no_turn_and_leaves_no_call_without_a_word() {
    let (fake, dir) = (std::sync::Arc::new(Fake::start().await), folder());
    let mut bot = Bot::start_hooked(&fake, &dir, &[]).await;
    fake.faults(|f| f.delay = Duration::from_millis(30));
    let mut people = JoinSet::new();
    for id in 1..=20 {
        let fake = fake.clone();
        people.spawn(async move {
            let person = fake.person(id);
            for _ in 0..40 {
                say(&fake, &person, "/start").await;
                press(&fake, &person, HURTS).await;
            }
        });
    }
    fake.wait_until("a rush", |fake| fake.deliveries().len() > 50).await;
    // As in an upgrade, the next one is there before this one goes; the balancer learns of both a moment late.
    let other = folder();
    let next = Bot::spawn(&fake.url(), &other, &HOOKED);
    next.wait_line(&["brings updates to"]).await;
    fake.balance(&[&bot.hook(), &next.hook()]);
    sleep(Duration::from_millis(300)).await;
    bot.term();
    sleep(Duration::from_millis(300)).await;
    fake.balance(&[&next.hook()]);
    assert_eq!(bot.wait_exit(Duration::from_secs(15)).await.code(), Some(0), "{}", bot.output());
    while let Some(person) = people.join_next().await {
        person.expect("no person is let down");
    }
    let failed: Vec<_> = fake.deliveries().into_iter().filter(|call| call.status != Some(200)).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(fake.unanswered().is_empty() && fake.doubled().is_empty(), "{:?}", fake.doubled());
}

#[tokio::test]
async fn polling_again_takes_the_webhook_away_and_loses_nothing() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start_hooked(&fake, &dir, &[]).await;
    say(&fake, &fake.person(7), "/start").await;
    bot.term();
    bot.wait_exit(Duration::from_secs(15)).await;
    let between = fake.person(8).say("/start");
    let bot = Bot::start(&fake, &dir).await;
    fake.wait_shown(between).await;
    assert!(fake.profile().webhook.is_empty());
    assert_eq!(bot.lines(&["it is removed, because this bot polls"]).len(), 1, "{}", bot.output());
}

#[tokio::test]
async fn with_too_much_in_hand_no_more_is_taken_until_some_is_answered() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[("WEBHOOK_SECRET", "right")]).await;
    let long = |nth: i64| {
        let _ = fake.person(nth).met();
        // Far longer than Telegram lets anybody write, so that few of them are enough.
        forged(900_000_000 + nth, nth, &format!("/start {}", "x".repeat(200_000))).to_string()
    };
    fake.faults(|f| f.drop_before = 1.0);
    let mut statuses = Vec::new();
    for nth in 1..=100 {
        statuses.push(call(&bot, PATH, Some("right"), long(nth)).await);
    }
    let taken = statuses.iter().filter(|status| status.is_success()).count();
    assert!((70..95).contains(&taken), "{taken} of 100 were taken");
    let turned_away = statuses.iter().filter(|status| **status == StatusCode::SERVICE_UNAVAILABLE).count();
    assert_eq!(taken + turned_away, 100);
    fake.faults(|f| f.drop_before = 0.0);
    say(&fake, &fake.person(200), "/start").await;
    assert_eq!(call(&bot, PATH, Some("right"), long(100)).await, StatusCode::OK, "there is room again");
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn it_says_that_it_leaves_before_it_closes_its_door() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start_hooked(&fake, &dir, &[("OPS_ADDR", "0"), ("WEBHOOK_SECRET", "right")]).await;
    let line = bot.lines(&["ops port listens at"]).remove(0);
    let ops = line.split_once("http://").expect("an address").1.trim().trim_end_matches('/').to_owned();
    let get = async |path: &str| {
        let answer = client().get(format!("http://{ops}{path}")).send().await.expect("an answer");
        (answer.status(), answer.text().await.unwrap_or_default())
    };
    let says = async |status: StatusCode| {
        while get("/health/ready").await.0 != status {
            sleep(Duration::from_millis(20)).await;
        }
    };
    // On a quiet day too: Telegram was told of the webhook. That is known here before its answer has come to the bot.
    tokio::time::timeout(PATIENCE, says(StatusCode::OK)).await.expect("it is ready");
    assert_eq!(call(&bot, PATH, None, String::new()).await, StatusCode::FORBIDDEN);
    assert_eq!(call(&bot, PATH, Some("right"), String::from("{")).await, StatusCode::OK);
    say(&fake, &fake.person(7), "/start").await;
    let metrics = get("/metrics").await.1;
    for counted in ["calls_total{outcome=\"forged\"} 1", "calls_total{outcome=\"taken\"} 1", "updates_unreadable_total 1"] {
        assert!(metrics.contains(counted), "{counted} in:\n{metrics}");
    }
    bot.term();
    tokio::time::timeout(PATIENCE, says(StatusCode::SERVICE_UNAVAILABLE)).await.expect("it says so");
    let update = fake.person(8).say("/start");
    fake.wait_until("the call to be answered", |fake| fake.is_confirmed(update)).await;
    let last = fake.deliveries().pop().expect("a call");
    assert_eq!((last.update, last.status), (update, Some(200)), "it still hears");
}
