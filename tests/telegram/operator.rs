//! What the operator meets: a clear line for each mistake, and nothing in it that belongs to a reader.

use std::time::Duration;

use tokio::time::sleep;

use crate::bot::{Bot, DATA_KEY, HURTS, folder, holds, press, say};
use crate::fake::{Fake, TOKEN};

#[tokio::test]
async fn a_wrong_token_is_told_and_ends_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::spawn(&fake.url(), &dir, &[("TELOXIDE_TOKEN", "123456:WRONG")]);
    let status = bot.wait_exit(Duration::from_secs(20)).await;
    assert_eq!(status.code(), Some(2), "{}", bot.output());
    assert_eq!(bot.lines(&["TELOXIDE_TOKEN"]).len(), 1, "{}", bot.output());
    assert!(!bot.output().contains("123456:WRONG") && bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn bad_settings_are_named_together() {
    let dir = folder();
    let mut bot = Bot::spawn("http://127.0.0.1:9", &dir, &[("TELOXIDE_TOKEN", "")]);
    assert_eq!(bot.wait_exit(Duration::from_secs(20)).await.code(), Some(2), "{}", bot.output());
    assert!(!bot.lines(&["TELOXIDE_TOKEN"]).is_empty(), "{}", bot.output());

    let dir = folder();
    let wrong = [("TELOXIDE_TOKEN", ""), ("DATABASE_URL", "mysql://somewhere/db"), ("DATA_KEY", "too short")];
    let mut bot = Bot::spawn("ftp://api.example.org", &dir, &wrong);
    assert_eq!(bot.wait_exit(Duration::from_secs(20)).await.code(), Some(2), "{}", bot.output());
    for name in ["TELOXIDE_TOKEN", "TELOXIDE_API_URL", "DATABASE_URL", "DATA_KEY"] {
        assert!(!bot.lines(&[name]).is_empty(), "{name} is not named:\n{}", bot.output());
    }
    assert!(!bot.output().contains("too short\""), "a secret is not repeated:\n{}", bot.output());
}

#[tokio::test]
async fn an_unreachable_api_is_told_once_and_waited_for() {
    let dir = folder();
    let address = {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        taken.local_addr().expect("its address").to_string()
    };
    let bot = Bot::spawn(&format!("http://{address}"), &dir, &[]);
    bot.wait_line(&["TELOXIDE_API_URL"]).await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(bot.lines(&["TELOXIDE_API_URL"]).len(), 1, "{}", bot.output());
    assert!(!bot.output().contains(TOKEN) && bot.breaks().is_empty(), "{}", bot.output());

    let fake = Fake::start_at(&address).await;
    say(&fake, &fake.person(7), "/start").await;
}

#[tokio::test]
async fn a_second_poller_is_told_once() {
    let (fake, dir) = (Fake::start().await, folder());
    fake.rival(Some(Duration::from_millis(20)));
    let bot = Bot::start(&fake, &dir).await;
    let words = ["another", "other program"];
    bot.wait_line(&words).await;
    let polls = fake.polls();
    fake.wait_until("the bot to try again", |fake| fake.polls() > polls).await;
    assert_eq!(bot.lines(&words).len(), 1, "{}", bot.output());
    fake.rival(None);
    say(&fake, &fake.person(7), "/start").await;
}

#[tokio::test]
async fn a_webhook_from_before_is_taken_away() {
    let (fake, dir) = (Fake::start().await, folder());
    fake.set_webhook("https://example.org/hook");
    let _bot = Bot::start(&fake, &dir).await;
    say(&fake, &fake.person(7), "/start").await;
    assert!(fake.profile().webhook.is_empty());
}

#[tokio::test]
async fn the_book_s_commands_and_descriptions_are_set_at_the_start() {
    let (fake, dir) = (Fake::start().await, folder());
    let _bot = Bot::start(&fake, &dir).await;
    fake.wait_until("the commands", |fake| !fake.profile().commands.is_empty()).await;
    fake.wait_until("the descriptions", |fake| !fake.profile().short_descriptions.is_empty()).await;
    let profile = fake.profile();
    assert!(profile.descriptions.values().all(|said| said.contains("not a diagnosis")), "{:?}", profile.descriptions);
    let commands = profile.commands.values().next().and_then(|list| list.as_array().cloned()).unwrap_or_default();
    let names: Vec<_> = commands.iter().filter_map(|command| command["command"].as_str()).collect();
    assert!(names.contains(&"help") && names.contains(&"privacy"), "{names:?}");
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
    for kind in ["message", "callback_query", "my_chat_member"] {
        assert!(fake.allowed_updates().is_empty() || fake.allowed_updates().iter().any(|k| k == kind), "no {kind}");
    }
    // Each of them leads somewhere.
    let anna = fake.person(7);
    for name in names {
        let page = say(&fake, &anna, &format!("/{name}")).await;
        assert!(!page.keyboard.is_empty() || page.text.len() > 40, "/{name}: {}", page.text);
    }
}

#[tokio::test]
async fn what_was_typed_and_pressed_stays_out_of_the_log_and_the_database() {
    const TYPED: &str = "zanzibar quokka 7741";
    const PRESSED: &str = "zanzibar-pressed-7742";
    let (fake, dir) = (Fake::start().await, folder());
    let mut bot = Bot::start_with(&fake, &dir, &[("RUST_LOG", "trace")]).await;
    let anna = fake.person(7);
    let home = say(&fake, &anna, "/start").await;
    let data = home.button(HURTS).and_then(|button| button.data.clone()).expect("data");
    press(&fake, &anna, HURTS).await;

    // Slow enough that the updates must wait in the inbox.
    fake.faults(|f| f.delay = Duration::from_millis(600));
    let updates = [anna.say(TYPED), anna.press_data(home.id, PRESSED), anna.say(&format!("/start {TYPED}"))];
    fake.wait_until("the inbox to be written", |fake| fake.confirmed_offset() > updates[2]).await;
    let database = |bytes: &str| holds(dir.path(), "bot.db", bytes.as_bytes());
    assert!(!database("zanzibar"), "the inbox is not sealed");
    for update in updates {
        fake.wait_shown(update).await;
    }
    fake.faults(|f| (f.delay, f.bad_gateway) = (Duration::ZERO, 0.3));
    say(&fake, &anna, TYPED).await;
    bot.term();
    bot.wait_exit(Duration::from_secs(15)).await;
    assert!(!database("zanzibar"));
    let output = bot.output();
    assert!(!output.is_empty(), "nothing was logged at all");
    for secret in ["zanzibar", "quokka", TYPED, PRESSED, &data, TOKEN, "%3ATEST", DATA_KEY] {
        let line = output.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
