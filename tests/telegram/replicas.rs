//! The bot on PostgreSQL: tips sent by three processes, a server that goes away and comes back, and what a killed one had in hand.
//!
//! Only one process a token may poll; so the others here send tips alone. Run only where TEST_DATABASE_URL is set.

use std::time::{Duration, Instant};

use backcare::service::weekly::Run;
use backcare::store;
use tokio::time::sleep;

use crate::bot::{Bot, DATA_KEY, HURTS, folder, press, say};
use crate::fake::Fake;
use crate::stores::Place;
use crate::stores::server::Server;
use crate::weekly::{counts, due_now};

pub async fn sign_up(url: &str, chats: std::ops::RangeInclusive<i64>) {
    let store = store::open(url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    for chat in chats {
        store.save(chat, &due_now()).await.unwrap();
    }
    store.close().await;
}

pub async fn everybody_has_one(fake: &Fake, chats: std::ops::RangeInclusive<i64>) {
    let begun = Instant::now();
    while counts(fake, chats.clone()).values().any(|count| *count == 0) {
        assert!(begun.elapsed() < Duration::from_secs(90), "somebody was forgotten");
        sleep(Duration::from_millis(200)).await;
    }
    sleep(Duration::from_secs(2)).await;
}

#[tokio::test]
async fn three_send_a_run_and_one_is_killed() {
    const PEOPLE: i64 = 600;
    let Some(place) = Place::postgres().await else { return };
    let (fake, dir) = (Fake::start().await, folder());
    for id in 1..=PEOPLE {
        let _ = fake.person(id).met();
    }
    sign_up(&place.url, 1..=PEOPLE).await;
    let settings = [("RATE", "1000"), ("DATABASE_URL", place.url.as_str())];
    let one = Bot::start_with(&fake, &dir, &settings).await;
    let _others = [Bot::spawn(&fake.url(), &dir, &settings), Bot::spawn(&fake.url(), &dir, &settings)];
    fake.wait_until("a part of the run", |fake| fake.calls_of("sendMessage").len() >= 150).await;
    one.kill9();
    everybody_has_one(&fake, 1..=PEOPLE).await;
    let twice: usize = counts(&fake, 1..=PEOPLE).values().map(|count| count - 1).sum();
    assert!(twice <= Run::at_once(1000), "{twice} came twice");
}

#[tokio::test]
async fn a_server_that_is_away_at_the_start_is_waited_for() {
    let Some(server) = Server::start() else { return };
    let (fake, dir) = (Fake::start().await, folder());
    server.down();
    let url = server.url();
    let mut bot = Bot::spawn(&fake.url(), &dir, &[("DATABASE_URL", &url)]);
    bot.wait_line(&["The start waits for it"]).await;
    // It can be stopped meanwhile.
    bot.term();
    assert_eq!(bot.wait_exit(Duration::from_secs(10)).await.code(), Some(0));
    let dir = folder();
    let bot = Bot::spawn(&fake.url(), &dir, &[("DATABASE_URL", &url)]);
    bot.wait_line(&["The start waits for it"]).await;
    sleep(Duration::from_secs(2)).await;
    server.up();
    fake.wait_until("the bot's first poll", |fake| fake.polls() > 0).await;
    assert_eq!(bot.lines(&["The start waits for it"]).len(), 1, "{}", bot.output());
    assert_eq!(bot.lines(&["The database is there"]).len(), 1);
    bot.term();
}

#[tokio::test]
async fn a_server_that_is_started_again_costs_no_turn_and_no_tip() {
    const PEOPLE: i64 = 20;
    const TIPS: i64 = 300;
    let Some(server) = Server::start() else { return };
    let (fake, dir) = (Fake::start().await, folder());
    let tipped = 1000..=(1000 + TIPS);
    for id in tipped.clone() {
        let _ = fake.person(id).met();
    }
    sign_up(&server.url(), tipped.clone()).await;
    let url = server.url();
    let bot = Bot::start_with(&fake, &dir, &[("DATABASE_URL", &url), ("RATE", "100")]).await;
    for id in 1..=PEOPLE {
        say(&fake, &fake.person(id), "/start").await;
    }
    // Each asks for weekly tips, which is remembered, while the server is away.
    server.down();
    let asked: Vec<i64> = (1..=PEOPLE).map(|id| fake.person(id).say("/weekly")).collect();
    sleep(Duration::from_millis(700)).await;
    server.up();
    for update in asked {
        fake.wait_shown(update).await;
    }
    for id in 1..=PEOPLE {
        press(&fake, &fake.person(id), "Yes please").await;
        if id % 7 == 0 {
            server.down();
            server.up();
        }
        let done = press(&fake, &fake.person(id), "England, Scotland or Wales").await;
        assert!(done.text.starts_with("Done. First one:"), "{}", done.text);
    }
    everybody_has_one(&fake, tipped.clone()).await;
    assert!(fake.unanswered().is_empty() && fake.doubled().is_empty(), "{:?} {:?}", fake.unanswered(), fake.doubled());
    let bound = 4 * Run::at_once(100);
    let twice: usize = counts(&fake, tipped).values().map(|count| count - 1).sum();
    assert!(twice <= bound, "{twice} came twice");
    let store = store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    for id in 1..=PEOPLE {
        assert!(store.reader(id).await.unwrap().weekly.is_some(), "what {id} chose was lost");
    }
    assert!(bot.breaks().is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn what_a_killed_one_had_in_hand_is_answered_by_the_next() {
    let Some(place) = Place::postgres().await else { return };
    let (fake, dir) = (Fake::start().await, folder());
    let settings = [("DATABASE_URL", place.url.as_str())];
    let bot = Bot::start_with(&fake, &dir, &settings).await;
    fake.faults(|f| f.drop_before = 1.0);
    let updates: Vec<i64> = (1..=10).map(|id| fake.person(id).say("/start")).collect();
    let tried = |fake: &Fake| fake.calls_of("sendMessage").len() >= 10 && fake.confirmed_offset() > updates[9];
    fake.wait_until("every answer to be tried", tried).await;
    bot.kill9();
    fake.faults(|f| f.drop_before = 0.0);
    // At once the next one starts; the lease of the dead runs on for some seconds, and new messages don't wait for that.
    let mut bot = Bot::start_with(&fake, &dir, &settings).await;
    say(&fake, &fake.person(11), "/start").await;
    for &update in &updates {
        fake.wait_shown(update).await;
    }
    press(&fake, &fake.person(1), HURTS).await;
    assert!(fake.unanswered().is_empty() && fake.doubled().is_empty());
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
    assert_eq!(place.count("inbox").await, 0, "a row was left");
    assert!(place.count("replicas").await <= 1, "who ended took its leave");
}
