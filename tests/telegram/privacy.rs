//! One reader's data by the whole bot: sent as a file, deleted at once, and forgotten when nobody comes.

use std::time::Duration;

use backcare::dialogue::Reader;
use backcare::store;
use jiff::{Timestamp, ToSpan, Zoned, tz::TimeZone};
use tempfile::TempDir;

use crate::bot::{Bot, DATA_KEY, folder, press, say};
use crate::fake::{Fake, Fault};
use crate::weekly::due_now;

const NOTHING: &str = "{\n  \"kept\": \"nothing\"\n}\n";

async fn readers(dir: &TempDir) -> std::sync::Arc<dyn store::Store> {
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    store::open(&url, Some(DATA_KEY.parse().unwrap())).await.unwrap()
}

#[tokio::test]
async fn all_of_it_comes_as_a_file_and_after_forget_nothing() {
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7);
    let bot = Bot::start(&fake, &dir).await;
    say(&fake, &anna, "/country").await;
    press(&fake, &anna, "England, Scotland or Wales").await;
    // Telegram is busy, and drops one call after it has carried it out.
    fake.faults(|f| {
        f.next_in(7, 1, "sendDocument", Fault::TooMany(1));
        f.next_in(7, 1, "sendDocument", Fault::BadGateway);
    });
    let page = say(&fake, &anna, "/export").await;
    assert!(page.text.starts_with("Here is all I keep of you"), "{}", page.text);
    fake.wait_until("the file", |fake| !fake.chat(7).files().is_empty()).await;
    let (name, content) = fake.chat(7).files().remove(0);
    assert_eq!(name, "backcare.json");
    assert!(content.contains("\"country\": \"gb\"") && content.contains("\"chat_number\": 7"), "{content}");

    say(&fake, &anna, "/forget").await;
    let told = press(&fake, &anna, "Yes, delete it all").await;
    assert!(told.text.starts_with("Done. All I kept of you is deleted"), "{}", told.text);
    press(&fake, &anna, "See what is left").await;
    fake.wait_until("the second file", |fake| fake.chat(7).files().len() == 2).await;
    assert_eq!(fake.chat(7).files()[1].1, NOTHING);
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
    assert!(bot.lines(&["error"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn killed_between_forget_and_its_answer() {
    let (fake, dir) = (Fake::start().await, folder());
    let anna = fake.person(7);
    let bot = Bot::start(&fake, &dir).await;
    say(&fake, &anna, "/country").await;
    press(&fake, &anna, "England, Scotland or Wales").await;
    say(&fake, &anna, "/forget").await;
    fake.faults(|f| f.drop_before = 1.0);
    let update = anna.press("Yes, delete it all");
    let tried = |fake: &Fake| fake.calls_of("editMessageText").len() >= 3 && fake.confirmed_offset() > update;
    fake.wait_until("the answer to be tried", tried).await;
    bot.kill9();
    let store = readers(&dir).await;
    assert!(store.kept(7).await.unwrap().is_nothing(), "it is deleted before anybody is told so");
    store.close().await;

    fake.faults(|f| f.drop_before = 0.0);
    let mut bot = Bot::start(&fake, &dir).await;
    fake.wait_shown(update).await;
    let told = fake.chat(7).last();
    assert!(told.text.starts_with("Done. All I kept of you is deleted"), "{}", told.text);
    bot.term();
    bot.wait_exit(Duration::from_secs(10)).await;
    let store = readers(&dir).await;
    assert!(store.kept(7).await.unwrap().is_nothing());
    assert_eq!(store.waiting().await.unwrap(), [], "its row is gone too");
}

#[tokio::test]
async fn whoever_stays_away_is_forgotten_at_the_start() {
    let (fake, dir) = (Fake::start().await, folder());
    let today = Zoned::new(Timestamp::now(), TimeZone::UTC).date();
    let (anna, bea) = (fake.person(7).met(), fake.person(8).met());
    let store = readers(&dir).await;
    let next_week = |days: i64| {
        let mut reader = due_now();
        let weekly = reader.weekly.as_mut().unwrap();
        (weekly.next.on, weekly.next.at) = (weekly.next.on + 7.days(), weekly.next.at + jiff::SignedDuration::from_hours(168));
        Reader { seen: Some(today - days.days()), ..reader }
    };
    store.save(7, &next_week(31)).await.unwrap();
    store.save(8, &next_week(30)).await.unwrap();
    store.close().await;
    let bot = Bot::start_with(&fake, &dir, &[("RETENTION", "30d")]).await;
    bot.wait_line(&["1 readers who had not come for 30 days are forgotten"]).await;
    assert!(say(&fake, &anna, "/weekly").await.text.starts_with("One short tip"));
    assert!(say(&fake, &bea, "/weekly").await.text.starts_with("Weekly tips are on."));
    assert!(!bot.output().contains("chat"), "{}", bot.output());
}
