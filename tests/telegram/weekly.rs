//! Weekly tips by the whole bot: once, whatever is killed, and not after they were stopped.

use std::collections::HashMap;
use std::time::Duration;

use backcare::config::VARIABLES;
use backcare::dialogue::Reader;
use backcare::dialogue::weekly::{Slot, Subscription};
use backcare::service::weekly::Run;
use backcare::store;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use tempfile::TempDir;

use crate::bot::{Bot, DATA_KEY, folder, holds, press, say};
use crate::fake::{Fake, location};

/// A zone in which it is noon now, so that no test meets the quiet hours.
fn zone_at_noon() -> String {
    let ahead = 12 - Zoned::new(Timestamp::now(), TimeZone::fixed(Offset::UTC)).hour();
    // In these names the sign is turned round: Etc/GMT-3 is three hours ahead.
    if ahead > 0 { format!("Etc/GMT-{ahead}") } else { format!("Etc/GMT+{}", -ahead) }
}

/// A reader whose tip was due a minute ago.
pub fn due_now() -> Reader {
    let zone = zone_at_noon();
    let now = Timestamp::now();
    let local = Zoned::new(now, TimeZone::get(&zone).unwrap());
    let mut weekly = Subscription::begin(zone, local.weekday(), local.hour());
    weekly.next = Slot { on: local.date(), at: now - SignedDuration::from_mins(1) };
    Reader { region: Some("gb".to_owned()), weekly: Some(weekly), ..Reader::default() }
}

/// Signs people up behind the bot's back, while it does not run.
pub async fn sign_up(dir: &TempDir, chats: std::ops::RangeInclusive<i64>) {
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    let store = store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    for chat in chats {
        store.save(chat, &due_now()).await.unwrap();
    }
    store.close().await;
}

/// How many messages each chat got.
pub fn counts(fake: &Fake, chats: std::ops::RangeInclusive<i64>) -> HashMap<i64, usize> {
    chats.map(|chat| (chat, fake.chat(chat).messages().len())).collect()
}

#[tokio::test]
async fn a_tip_comes_once_with_its_buttons() {
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7).met();
    sign_up(&dir, 7..=7).await;
    let bot = Bot::start(&fake, &dir).await;
    fake.wait_until("the tip", |fake| !fake.chat(7).messages().is_empty()).await;
    let tip = fake.chat(7).last();
    assert!(tip.text.starts_with("Your weekly tip\n"), "a neutral first line: {}", tip.text);
    for label in ["Get help", "Helpful", "Not helpful", "Stop the tips"] {
        assert!(tip.labels().contains(&label), "{label} in {:?}", tip.labels());
    }
    press(&fake, &anna, "Helpful").await;
    assert!(fake.chat(7).last().labels().iter().any(|shown| shown.ends_with("Helpful") && shown.starts_with('☑')));
    let help = press(&fake, &anna, "Get help").await;
    assert!(help.id > tip.id, "a tip is never edited away");
    say(&fake, &anna, "/weekly").await;
    let status = fake.chat(7).last();
    assert!(status.text.starts_with("Weekly tips are on."), "{}", status.text);
    let off = press(&fake, &anna, "Stop the tips").await;
    assert!(off.text.starts_with("Stopped."), "{}", off.text);
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
    assert!(bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn one_sentence_about_a_loss_ends_them() {
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7);
    let _bot = Bot::start(&fake, &dir).await;
    say(&fake, &anna, "/weekly").await;
    press(&fake, &anna, "Yes please").await;
    press(&fake, &anna, "England, Scotland or Wales").await;
    let kind = say(&fake, &anna, "i lost my baby").await;
    assert!(kind.text.contains("I've stopped the weekly messages"), "{}", kind.text);
    say(&fake, &anna, "/weekly").await;
    assert!(fake.chat(7).last().text.starts_with("One short tip"));
}

#[tokio::test]
async fn killed_during_a_run_of_two_thousand() {
    const PEOPLE: i64 = 2000;
    let (fake, dir) = (Fake::start().await, folder());
    for id in 1..=PEOPLE {
        let _ = fake.person(id).met();
    }
    sign_up(&dir, 1..=PEOPLE).await;
    let fast = [("RATE", "1000")];
    let mut kills = 0;
    for after in [300, 900, 1500] {
        let bot = Bot::start_with(&fake, &dir, &fast).await;
        let some = |fake: &Fake| fake.calls_of("sendMessage").len() >= after;
        fake.wait_until("a part of the run", some).await;
        bot.kill9();
        kills += 1;
    }
    let _bot = Bot::start_with(&fake, &dir, &fast).await;
    // What the dead had claimed is free when its lease ends.
    let begun = std::time::Instant::now();
    while counts(&fake, 1..=PEOPLE).values().any(|count| *count == 0) {
        assert!(begun.elapsed() < Duration::from_secs(90), "somebody was forgotten");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let twice: usize = counts(&fake, 1..=PEOPLE).values().map(|count| count - 1).sum();
    assert!(twice <= kills * Run::at_once(1000), "{twice} came twice");
}

#[tokio::test]
async fn two_processes_on_one_database_send_once() {
    const PEOPLE: i64 = 600;
    let (fake, dir) = (Fake::start().await, folder());
    for id in 1..=PEOPLE {
        let _ = fake.person(id).met();
    }
    sign_up(&dir, 1..=PEOPLE).await;
    let fast = [("RATE", "1000")];
    let _one = Bot::start_with(&fake, &dir, &fast).await;
    let _two = Bot::spawn(&fake.url(), &dir, &fast);
    fake.wait_until("every tip", |fake| fake.calls_of("sendMessage").len() >= PEOPLE as usize).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(counts(&fake, 1..=PEOPLE).values().all(|count| *count == 1));
}

#[tokio::test]
async fn whoever_blocked_the_bot_is_signed_off() {
    let (fake, dir) = (Fake::start().await, folder());
    let (anna, _bea) = (fake.person(7).met(), fake.person(8).met());
    sign_up(&dir, 7..=8).await;
    anna.block();
    let bot = Bot::start(&fake, &dir).await;
    fake.wait_until("the other tip", |fake| !fake.chat(8).messages().is_empty()).await;
    bot.term();
    drop(bot);
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    let store = store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    assert_eq!(store.reader(7).await.unwrap().weekly, None);
    assert!(store.reader(8).await.unwrap().weekly.is_some());
}

#[test]
fn the_rate_is_a_setting() {
    assert!(VARIABLES.iter().any(|variable| variable.name == "RATE" && variable.default == "30"));
}

#[tokio::test]
async fn a_sent_location_sets_the_clock_and_is_forgotten() {
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7);
    let bot = Bot::start(&fake, &dir).await;
    say(&fake, &anna, "/weekly").await;
    press(&fake, &anna, "Yes please").await;
    press(&fake, &anna, "Another country").await;
    // Paris: a clock that no button of the book names.
    fake.wait_shown(anna.send_other(location(48.8566, 2.3522))).await;
    assert!(fake.chat(7).last().text.starts_with("Done. First one:"), "{}", fake.chat(7).show());
    // A typed city that is on no button either.
    press(&fake, &anna, "Stop the tips").await;
    say(&fake, &anna, "/weekly").await;
    press(&fake, &anna, "Yes please").await;
    press(&fake, &anna, "Another country").await;
    say(&fake, &anna, "yokohama").await;
    assert!(fake.chat(7).last().text.starts_with("Done. First one:"), "{}", fake.chat(7).show());
    bot.term();
    drop(bot);
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    let store = store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap();
    assert_eq!(store.reader(7).await.unwrap().weekly.map(|weekly| weekly.zone).as_deref(), Some("Asia/Tokyo"));
    assert!(!holds(dir.path(), "bot.db", b"48.8566"));
}
