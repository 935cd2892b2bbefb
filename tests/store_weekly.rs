//! Weekly tips in the store: claimed once, begun once, followed up after a kill, and gone without a trace when they end.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use backcare::dialogue::weekly::{Begun, Slot, Subscription};
use backcare::dialogue::{Asked, Reader};
use backcare::store::{self, DataKey, Due, Sqlite, Store};
use jiff::civil::{Date, Weekday, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tempfile::TempDir;

/// The Monday on which everybody's first tip is due.
const MONDAY: Date = date(2026, 11, 23);
const NOBODY: [i64; 0] = [];
const WEEK_ZERO: Date = date(2026, 7, 9);

fn key() -> DataKey {
    "07".repeat(32).parse().unwrap()
}

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}/bot.db", folder.path().display())
}

async fn open(folder: &TempDir) -> Arc<dyn Store> {
    store::open(&url(folder), Some(key())).await.unwrap()
}

async fn look(folder: &TempDir) -> SqliteConnection {
    SqliteConnection::connect(&url(folder)).await.unwrap()
}

async fn count(folder: &TempDir, table: &str) -> i64 {
    let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query(sql).fetch_one(&mut look(folder).await).await.unwrap().get(0)
}

/// So many seconds after nine on Monday.
fn at(seconds: i64) -> Timestamp {
    nine(MONDAY) + SignedDuration::from_secs(seconds)
}

fn nine(day: Date) -> Timestamp {
    day.at(9, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
}

fn slot(on: Date) -> Slot {
    Slot { on, at: nine(on) }
}

fn subscribed(on: Date) -> Reader {
    let weekly = Subscription {
        zone: "Pacific/Chatham".into(),
        day: Weekday::Monday,
        hour: 9,
        week_zero: Some(WEEK_ZERO),
        paused_until: None,
        sent: 0,
        last: None,
        next: slot(on),
    };
    Reader { region: Some("gb".into()), weekly: Some(weekly), ..Reader::default() }
}

/// The same reader after the tip of their slot.
fn sent(reader: &Reader, now: Timestamp) -> Reader {
    let mut after = reader.clone();
    let weekly = after.weekly.as_mut().unwrap();
    weekly.sent += 1;
    weekly.last = Some(now);
    weekly.next = slot(weekly.next.on + 7.days());
    after
}

fn on(reader: &Reader) -> Date {
    reader.weekly.as_ref().unwrap().next.on
}

/// A tip of somebody [`subscribed`] that was begun.
fn begun(on: Date, tip: &str) -> Begun {
    let weekly = subscribed(on).weekly.unwrap();
    Begun { on, tip: tip.into(), zone: weekly.zone, hour: weekly.hour }
}

fn without(reader: &Reader) -> Reader {
    Reader { weekly: None, ..reader.clone() }
}

async fn begin(store: &dyn Store, due: &Due, tip: &str, now: Timestamp) -> bool {
    let lease = now + SignedDuration::from_secs(60);
    store.begin(due.chat, on(&due.reader), tip, &due.reader, &sent(&due.reader, now), lease).await.unwrap()
}

async fn claim(store: &dyn Store, now: i64, most: usize) -> Vec<Due> {
    store.claim(at(now), at(now + 60), most).await.unwrap()
}

fn chats(due: &[Due]) -> Vec<i64> {
    due.iter().map(|due| due.chat).collect()
}

/// Whether these bytes stand in any file of the folder.
fn stands_in(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .any(|file| fs::read(file.unwrap().path()).unwrap().windows(bytes.len()).any(|part| part == bytes))
}

#[tokio::test]
async fn everything_a_reader_signed_up_for_comes_back() {
    let folder = TempDir::new().unwrap();
    let plain: Arc<dyn Store> = Arc::new(Sqlite::open(&url(&folder), Some(key())).await.unwrap());
    for store in [plain, open(&folder).await] {
        let mut reader = subscribed(MONDAY);
        for asked in [None, Some(Asked::Zone), Some(Asked::Week { tries: 0 }), Some(Asked::Week { tries: 255 })] {
            reader.asked = asked;
            store.save(7, &reader).await.unwrap();
            assert_eq!(store.reader(7).await.unwrap(), reader);
        }
        let weekly = reader.weekly.as_mut().unwrap();
        weekly.day = Weekday::Sunday;
        weekly.hour = 23;
        weekly.sent = u16::MAX;
        weekly.last = Some(at(-5));
        weekly.paused_until = Some(date(2028, 2, 29));
        weekly.next = Slot { on: Date::MAX, at: Timestamp::from_second(Timestamp::MAX.as_second()).unwrap() };
        for (region, week) in [(None, Some(Date::MIN)), (Some("ie".to_owned()), None), (None, None)] {
            reader.region = region;
            reader.weekly.as_mut().unwrap().week_zero = week;
            store.save(-7, &reader).await.unwrap();
            assert_eq!(store.reader(-7).await.unwrap(), reader);
        }
        store.save(-7, &without(&reader)).await.unwrap();
        assert_eq!(store.reader(-7).await.unwrap(), without(&reader));
        store.forget(-7).await.unwrap();
        store.forget(7).await.unwrap();
        for table in ["readers", "subscriptions", "deliveries"] {
            assert_eq!(count(&folder, table).await, 0, "{table}");
        }
        store.close().await;
    }
}

#[tokio::test]
async fn the_week_stands_sealed_and_opens_for_its_own_chat_and_key_alone() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    store.save(8, &subscribed(MONDAY)).await.unwrap();
    let days = (WEEK_ZERO - date(1970, 1, 1)).get_days();
    let closed = |bytes: &[u8]| !stands_in(folder.path(), bytes);
    assert!(closed(WEEK_ZERO.to_string().as_bytes()) && closed(days.to_string().as_bytes()));
    assert!(closed(&i64::from(days).to_be_bytes()) && closed(&i64::from(days).to_le_bytes()));
    let sql = "SELECT typeof(week_zero) || length(week_zero) FROM subscriptions";
    let lies: String = sqlx::query(sql).fetch_one(&mut look(&folder).await).await.unwrap().get(0);
    assert_eq!(lies, "blob48");

    // A week that was moved to another chat is not that chat's week.
    let swap = "UPDATE subscriptions SET week_zero = (SELECT week_zero FROM subscriptions WHERE chat = 7) WHERE chat = 8";
    sqlx::query(swap).execute(&mut look(&folder).await).await.unwrap();
    assert_eq!(store.reader(8).await.unwrap().weekly.unwrap().week_zero, None);
    store.close().await;

    // With another key the week is not known; a tip sent meanwhile does not lose it.
    let other = store::open(&url(&folder), Some("ff".repeat(32).parse().unwrap())).await.unwrap();
    let due = claim(&*other, 0, 1).await;
    assert_eq!(due[0].reader.weekly.as_ref().unwrap().week_zero, None);
    assert!(begin(&*other, &due[0], "socks", at(0)).await);
    other.close().await;
    let reader = open(&folder).await.reader(7).await.unwrap().weekly.unwrap();
    assert_eq!((reader.week_zero, reader.sent), (Some(WEEK_ZERO), 1));
}

#[tokio::test]
async fn those_due_are_claimed_earliest_first_and_left_alone_until_the_lease_ends() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    for (chat, days) in [(1, 0), (2, -1), (3, -2), (4, 1), (5, 7)] {
        store.save(chat, &subscribed(MONDAY + days.days())).await.unwrap();
    }
    assert_eq!(store.due(at(0)).await.unwrap(), 3);
    assert_eq!(claim(&*store, -3 * 86_400, 9).await, []);
    let first = claim(&*store, 0, 2).await;
    assert_eq!(chats(&first), [3, 2]);
    assert_eq!(first[0], Due { chat: 3, reader: subscribed(MONDAY - 2.days()), seen: Vec::new(), begun: None });
    assert_eq!(chats(&claim(&*store, 1, 0).await), NOBODY);
    assert_eq!(chats(&claim(&*store, 1, 9).await), [1]);
    assert_eq!(chats(&claim(&*store, 59, 9).await), NOBODY);
    assert_eq!(store.due(at(59)).await.unwrap(), 3, "leased ones are still due");
    assert_eq!(chats(&claim(&*store, 60, 9).await), [3, 2]);
    // Whatever is written ends the lease: what was claimed is no longer so.
    store.save(2, &subscribed(MONDAY)).await.unwrap();
    assert_eq!(chats(&claim(&*store, 60, 9).await), [2]);
    assert!(!begin(&*store, &first[1], "socks", at(60)).await);
}

#[tokio::test]
async fn a_tip_is_begun_once_and_seen_when_it_is_out() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    let mut expected = subscribed(MONDAY);
    for (week, tip) in ["socks", "a \"quoted\" one", "bath"].into_iter().enumerate() {
        let now = week as i64 * 7 * 86_400;
        let due = claim(&*store, now, 9).await;
        assert_eq!((due[0].seen.len(), &due[0].reader), (week, &expected));
        assert!(begin(&*store, &due[0], tip, at(now)).await);
        assert!(!begin(&*store, &due[0], tip, at(now)).await, "begun twice");
        assert!(!store.put_off(7, &due[0].reader, &sent(&due[0].reader, at(now))).await.unwrap());
        expected = sent(&expected, at(now));
        assert_eq!(store.reader(7).await.unwrap(), expected, "the next slot stands before it is sent");
        assert_eq!(store.due(at(now)).await.unwrap(), 1);
        store.delivered(7, on(&due[0].reader), None).await.unwrap();
        assert_eq!(store.due(at(now)).await.unwrap(), 0);
        assert_eq!(chats(&claim(&*store, now + 86_400, 9).await), NOBODY);
    }
    let due = claim(&*store, 21 * 86_400, 9).await;
    assert_eq!(due[0].seen, ["socks", "a \"quoted\" one", "bath"]);

    // A reader who somehow stands at an occurrence that was delivered gets nothing, and is led past it.
    let back = Reader { weekly: subscribed(MONDAY).weekly, ..due[0].reader.clone() };
    store.save(7, &back).await.unwrap();
    let due = claim(&*store, 21 * 86_400, 9).await;
    assert!(!begin(&*store, &due[0], "socks", at(0)).await);
    assert_eq!(store.reader(7).await.unwrap(), back);
    assert!(store.put_off(7, &due[0].reader, &expected).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), expected);
}

#[tokio::test]
async fn stopping_between_claim_and_begin_wins() {
    let folder = TempDir::new().unwrap();
    let (store, other) = (open(&folder).await, open(&folder).await);
    for (chat, after) in [(1, without(&subscribed(MONDAY))), (2, Reader::default()), (3, subscribed(MONDAY + 1.day()))] {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
        assert_eq!(store.reader(chat).await.unwrap(), subscribed(MONDAY));
        let due = claim(&*other, 0, 9).await;
        store.save(chat, &after).await.unwrap();
        assert!(!begin(&*other, &due[0], "socks", at(0)).await);
        assert!(!other.put_off(chat, &due[0].reader, &sent(&due[0].reader, at(0))).await.unwrap());
        for store in [&store, &other] {
            assert_eq!(store.reader(chat).await.unwrap(), after);
        }
        assert_eq!(chats(&claim(&*other, 3600, 9).await), NOBODY);
    }
    assert_eq!((count(&folder, "subscriptions").await, count(&folder, "deliveries").await), (1, 0));
    // Other things about a reader may change while their tip is on its way, and stay as they are.
    let asked = Reader { region: Some("ie".into()), asked: Some(Asked::Zone), ..subscribed(MONDAY) };
    store.save(4, &subscribed(MONDAY)).await.unwrap();
    let due = claim(&*other, 3600, 1).await;
    assert!(store.change(4, &subscribed(MONDAY), &asked).await.unwrap());
    assert!(begin(&*other, &due[0], "socks", at(3600)).await);
    assert_eq!(store.reader(4).await.unwrap(), sent(&asked, at(3600)));
}

#[tokio::test]
async fn a_turn_that_knew_an_older_subscription_steps_again() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    let before = store.reader(7).await.unwrap();
    let due = claim(&*store, 0, 9).await;
    assert!(begin(&*store, &due[0], "socks", at(0)).await);
    let known = sent(&before, at(0));

    let mut tuesday = before.clone();
    tuesday.weekly.as_mut().unwrap().next = slot(MONDAY + 1.day());
    assert!(!store.change(7, &before, &tuesday).await.unwrap(), "two tips in two days");
    assert_eq!(store.reader(7).await.unwrap(), known);
    // What has nothing to do with the tips is saved, and they stay.
    let moved = Reader { region: Some("ie".into()), ..before.clone() };
    assert!(store.change(7, &before, &moved).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), Reader { region: moved.region.clone(), ..known.clone() });
    // From what it is now, anything goes; stopping does from whatever was known.
    let mut later = Reader { region: moved.region.clone(), ..known };
    let now = later.clone();
    later.weekly.as_mut().unwrap().week_zero = None;
    assert!(store.change(7, &now, &later).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), later);
    assert!(store.change(7, &before, &Reader::default()).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), Reader::default());
    for table in ["readers", "subscriptions", "deliveries"] {
        assert_eq!(count(&folder, table).await, 0, "{table}");
    }
    assert!(store.change(7, &Reader::default(), &subscribed(MONDAY)).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), subscribed(MONDAY));
}

#[tokio::test]
async fn what_a_killed_process_had_begun_comes_back_before_anything_else() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    for chat in [1, 2, 3] {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    let due = claim(&*store, 0, 9).await;
    assert!(begin(&*store, &due[0], "socks", at(0)).await);
    assert!(store.begin(2, MONDAY, "bath", &due[1].reader, &without(&due[1].reader), at(60)).await.unwrap());
    drop(store); // killed: nothing was recorded

    let store = open(&folder).await;
    assert_eq!(chats(&claim(&*store, 59, 9).await), NOBODY);
    let again = store.claim(at(60), at(120), 9).await.unwrap();
    let begun = |tip: &str| Some(begun(MONDAY, tip));
    assert_eq!(chats(&again), [2, 1, 3]);
    assert_eq!((&again[0].begun, &again[1].begun, &again[2].begun), (&begun("bath"), &begun("socks"), &None));
    assert_eq!(again[0].reader, without(&subscribed(MONDAY)), "the last tip has ended the subscription");
    assert_eq!(again[1].reader, sent(&subscribed(MONDAY), at(0)));
    assert!(again.iter().all(|due| due.seen.is_empty()));
    assert_eq!(chats(&claim(&*store, 61, 9).await), NOBODY, "leased again");

    // The last tip is out: nothing is left of it. The other one counts as seen.
    store.delivered(2, MONDAY, None).await.unwrap();
    assert_eq!(count(&folder, "deliveries").await, 1);
    // Its next slot waits for what is begun, however late that is.
    let week = 7 * 86_400;
    assert_eq!(claim(&*store, week, 1).await[0].begun, begun("socks"));
    assert_eq!(chats(&claim(&*store, week, 9).await), [3]);
    store.delivered(1, MONDAY, Some(at(9 * 3600))).await.unwrap();
    let next = claim(&*store, week, 9).await;
    assert_eq!(next[0].reader.weekly.as_ref().unwrap().last, Some(at(9 * 3600)), "rest counts from when it went out");
    assert_eq!((chats(&next), &next[0].seen[..], &next[0].begun), (vec![1], &["socks".to_owned()][..], &None));
}

#[tokio::test]
async fn a_last_tip_on_its_way_does_not_reach_into_a_new_subscription() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    for (week, last) in [(0, false), (1, true)] {
        let due = claim(&*store, week * 7 * 86_400, 9).await;
        let after = if last { without(&due[0].reader) } else { sent(&due[0].reader, at(0)) };
        assert!(store.begin(7, on(&due[0].reader), "socks", &due[0].reader, &after, at(9 * 86_400)).await.unwrap());
        if !last {
            store.delivered(7, MONDAY, None).await.unwrap();
        }
    }
    store.save(7, &subscribed(MONDAY + 14.days())).await.unwrap();
    assert_eq!(count(&folder, "deliveries").await, 1, "what the old one had seen is gone");
    store.delivered(7, MONDAY + 7.days(), None).await.unwrap();
    let due = claim(&*store, 14 * 86_400, 9).await;
    assert_eq!((&due[0].seen[..], &due[0].begun), (&["socks".to_owned()][..], &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_share_a_run_without_doubles() {
    const READERS: i64 = 300;
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    for chat in 0..READERS {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    let runs = [open(&folder).await, open(&folder).await].map(|store| {
        tokio::spawn(async move {
            let mut got = Vec::new();
            loop {
                let due = claim(&*store, 0, 7).await;
                if due.is_empty() {
                    return got;
                }
                for due in due {
                    assert!(begin(&*store, &due, "socks", at(0)).await, "claimed by both");
                    // Sending takes time; without any, whoever comes first would leave nothing to the other.
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    store.delivered(due.chat, MONDAY, None).await.unwrap();
                    got.push(due.chat);
                }
            }
        })
    });
    let mut all = Vec::new();
    for run in runs {
        let got = run.await.unwrap();
        assert!(!got.is_empty(), "one did it all");
        all.extend(got);
    }
    all.sort_unstable();
    assert_eq!(all, (0..READERS).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_rating_is_kept_with_its_tip_and_can_be_changed() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let ratings = async || {
        let sql = "SELECT json_group_array(helpful) FROM deliveries";
        sqlx::query(sql).fetch_one(&mut look(&folder).await).await.unwrap().get::<String, _>(0)
    };
    store.rate(7, "socks", true).await.unwrap();
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    store.rate(7, "socks", true).await.unwrap();
    assert_eq!(ratings().await, "[]", "it never got that tip");
    let due = claim(&*store, 0, 9).await;
    begin(&*store, &due[0], "socks", at(0)).await;
    store.rate(7, "socks", true).await.unwrap();
    store.delivered(7, MONDAY, None).await.unwrap();
    assert_eq!(ratings().await, "[1]");
    store.rate(7, "socks", false).await.unwrap();
    store.rate(8, "socks", true).await.unwrap();
    store.rate(7, "bath", true).await.unwrap();
    assert_eq!(ratings().await, "[0]");
}

#[tokio::test]
async fn an_end_leaves_no_trace_in_the_file() {
    const CHAT: i64 = 0x0123_4567_89ab_cdef;
    for (how, region_stays) in [("stop", true), ("loss", true), ("forget", false), ("gone", true), ("last", true)] {
        let folder = TempDir::new().unwrap();
        let store = open(&folder).await;
        // Neighbours enough for pages to split around the one.
        for chat in (CHAT - 200)..(CHAT + 200) {
            let mut reader = subscribed(MONDAY);
            reader.region = (chat == CHAT).then(|| "gb".into());
            reader.weekly.as_mut().unwrap().zone = if chat == CHAT { "Its/Own_Zone" } else { "Europe/London" }.into();
            store.save(chat, &reader).await.unwrap();
        }
        let due = claim(&*store, 0, 1000).await;
        for due in &due {
            let tip = if due.chat == CHAT { "its-own-tip" } else { "socks" };
            assert!(begin(&*store, due, tip, at(0)).await);
            store.delivered(due.chat, MONDAY, None).await.unwrap();
            store.rate(due.chat, tip, true).await.unwrap();
        }
        let reader = store.reader(CHAT).await.unwrap();
        match how {
            "stop" => store.save(CHAT, &without(&reader)).await.unwrap(),
            "loss" => assert!(store.change(CHAT, &reader, &without(&reader)).await.unwrap()),
            "forget" => store.forget(CHAT).await.unwrap(),
            "gone" => store.gone(CHAT).await.unwrap(),
            _ => {
                let due = claim(&*store, 7 * 86_400, 1000).await;
                let due = due.iter().find(|due| due.chat == CHAT).unwrap();
                let end = without(&due.reader);
                assert!(store.begin(CHAT, on(&due.reader), "its-own-last", &due.reader, &end, at(8 * 86_400)).await.unwrap());
                store.delivered(CHAT, on(&due.reader), None).await.unwrap();
            }
        }
        assert_eq!(store.reader(CHAT).await.unwrap(), if region_stays { without(&reader) } else { Reader::default() }, "{how}");
        assert_eq!(store.claim(at(99 * 86_400), at(99 * 86_400), 1000).await.unwrap().len(), 399, "{how}");
        // The rest about the reader goes too, so that the file can be searched for the chat itself.
        store.forget(CHAT).await.unwrap();
        store.close().await;
        for trace in ["Its/Own_Zone", "its-own-tip", "its-own-last"] {
            assert!(!stands_in(folder.path(), trace.as_bytes()), "{how}: {trace}");
        }
        assert!(!stands_in(folder.path(), &CHAT.to_be_bytes()), "{how}: the chat");
    }
}

#[tokio::test]
async fn a_file_of_the_first_bot_is_brought_along() {
    let folder = TempDir::new().unwrap();
    let first = TempDir::new().unwrap();
    let name = "0001_readers_and_inbox.sql";
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite").join(name), first.path().join(name)).unwrap();
    let mut old = SqliteConnection::connect(&format!("{}?mode=rwc", url(&folder))).await.unwrap();
    Migrator::new(first.path()).await.unwrap().run(&mut old).await.unwrap();
    let rows = "INSERT INTO readers VALUES (7, 'gb'), (-8, 'ie'), (9, NULL)";
    sqlx::query(rows).execute(&mut old).await.unwrap();
    let sealed = key().seal("inbox", 5, b"waits").unwrap();
    sqlx::query("INSERT INTO inbox VALUES (5, ?)").bind(sealed).execute(&mut old).await.unwrap();
    old.close().await.unwrap();

    let store = open(&folder).await;
    for (chat, region) in [(7, Some("gb")), (-8, Some("ie")), (9, None)] {
        let reader = store.reader(chat).await.unwrap();
        assert_eq!(reader, Reader { region: region.map(str::to_owned), ..Reader::default() });
        let signed_up = Reader { region: reader.region, ..subscribed(MONDAY) };
        store.save(chat, &signed_up).await.unwrap();
        assert_eq!(store.reader(chat).await.unwrap(), signed_up);
    }
    assert_eq!(store.waiting().await.unwrap(), [(5, b"waits".to_vec())]);
    assert_eq!(claim(&*store, 0, 9).await.len(), 3);
}

/// What may happen, in any order, to three readers and two processes.
#[derive(Debug, Clone)]
enum Deed {
    Pass(i64),
    Claim { process: usize, most: usize },
    Begin { process: usize, last: bool },
    PutOff { process: usize },
    Delivered { process: usize },
    Killed { process: usize },
    SignUp(i64),
    Stop(i64),
    Forget(i64),
    Gone(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let (chat, process) = (0..3_i64, 0..2_usize);
    prop_oneof![
        3 => prop_oneof![Just(1), Just(30), Just(60), Just(3 * 86_400), Just(7 * 86_400)].prop_map(Deed::Pass),
        5 => (process.clone(), 0..4_usize).prop_map(|(process, most)| Deed::Claim { process, most }),
        6 => (process.clone(), prop::bool::weighted(0.1)).prop_map(|(process, last)| Deed::Begin { process, last }),
        1 => process.clone().prop_map(|process| Deed::PutOff { process }),
        4 => process.clone().prop_map(|process| Deed::Delivered { process }),
        1 => process.prop_map(|process| Deed::Killed { process }),
        3 => chat.clone().prop_map(Deed::SignUp),
        1 => chat.clone().prop_map(Deed::Stop),
        1 => chat.clone().prop_map(Deed::Forget),
        1 => chat.prop_map(Deed::Gone),
    ]
}

#[derive(Default)]
struct World {
    now: i64,
    /// What each process has in hand: claimed, and begun.
    claimed: [Vec<Due>; 2],
    begun: [Vec<(i64, Begun)>; 2],
    /// Until when a chat is leased.
    leased: BTreeMap<i64, i64>,
    /// Occurrences begun, by the subscription they belong to.
    delivered: BTreeSet<(i64, u32, Date)>,
    subscriptions: BTreeMap<i64, u32>,
    begun_now: BTreeMap<i64, Begun>,
    wanted: BTreeSet<i64>,
}

impl World {
    fn end(&mut self, chat: i64) {
        self.wanted.remove(&chat);
        self.leased.remove(&chat);
        self.begun_now.remove(&chat);
        *self.subscriptions.entry(chat).or_default() += 1;
    }

    async fn live(&mut self, stores: &[Sqlite; 2], deed: Deed) {
        let now = self.now;
        match deed {
            Deed::Pass(seconds) => self.now += seconds,
            Deed::Killed { process } => {
                self.claimed[process].clear();
                self.begun[process].clear();
            }
            Deed::Claim { process, most } => {
                let due = claim(&stores[process], now, most).await;
                assert!(due.len() <= most);
                for due in due {
                    let until = self.leased.insert(due.chat, now + 60).unwrap_or(i64::MIN);
                    assert!(until <= now, "leased until {until}, claimed at {now}");
                    assert_eq!(due.begun, self.begun_now.get(&due.chat).cloned());
                    match due.begun {
                        Some(begun) => self.begun[process].push((due.chat, begun)),
                        None => {
                            assert!(self.wanted.contains(&due.chat), "claimed after it was stopped");
                            self.claimed[process].push(due);
                        }
                    }
                }
            }
            Deed::Begin { process, last } => {
                let Some(due) = self.claimed[process].pop() else { return };
                let on = on(&due.reader);
                let after = if last { without(&due.reader) } else { sent(&due.reader, at(now)) };
                let is_begun = stores[process].begin(due.chat, on, "socks", &due.reader, &after, at(now + 60)).await.unwrap();
                if is_begun {
                    assert!(self.wanted.contains(&due.chat), "begun after it was stopped");
                    let number = self.subscriptions[&due.chat];
                    assert!(self.delivered.insert((due.chat, number, on)), "twice");
                    self.leased.insert(due.chat, now + 60);
                    let begun = begun(on, "socks");
                    self.begun_now.insert(due.chat, begun.clone());
                    self.begun[process].push((due.chat, begun));
                    if last {
                        self.wanted.remove(&due.chat);
                    }
                }
            }
            Deed::PutOff { process } => {
                let Some(due) = self.claimed[process].pop() else { return };
                let mut after = due.reader.clone();
                after.weekly.as_mut().unwrap().next.at += SignedDuration::from_hours(1);
                if stores[process].put_off(due.chat, &due.reader, &after).await.unwrap() {
                    assert!(self.wanted.contains(&due.chat));
                    self.leased.remove(&due.chat);
                }
            }
            Deed::Delivered { process } => {
                let Some((chat, begun)) = self.begun[process].pop() else { return };
                stores[process].delivered(chat, begun.on, None).await.unwrap();
                if self.begun_now.get(&chat) == Some(&begun) {
                    self.begun_now.remove(&chat);
                    self.leased.remove(&chat);
                }
            }
            Deed::SignUp(chat) => {
                // The first slot is always later than now, as the core has it; so no two subscriptions share an occurrence.
                let today = MONDAY + (now / 86_400).days();
                let reader = Reader { region: None, ..subscribed(today + 1.day()) };
                if self.wanted.insert(chat) {
                    *self.subscriptions.entry(chat).or_default() += 1;
                    stores[0].save(chat, &reader).await.unwrap();
                    self.leased.retain(|leased, _| *leased != chat || self.begun_now.contains_key(leased));
                }
            }
            Deed::Stop(chat) | Deed::Forget(chat) | Deed::Gone(chat) => {
                match deed {
                    Deed::Stop(_) => stores[1].save(chat, &Reader::default()).await.unwrap(),
                    Deed::Forget(_) => stores[0].forget(chat).await.unwrap(),
                    _ => stores[1].gone(chat).await.unwrap(),
                }
                self.end(chat);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_no_occurrence_is_begun_twice_and_nobody_is_forgotten(deeds in prop::collection::vec(deed(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = TempDir::new().unwrap();
            let url = url(&folder);
            let open = || Sqlite::open(&url, Some(key()));
            let stores = [open().await.unwrap(), open().await.unwrap()];
            let mut world = World::default();
            for deed in deeds {
                world.live(&stores, deed).await;
            }
            // Both are killed, and a year passes: what was begun comes back, then everybody who still wants tips.
            world.now += 365 * 86_400;
            let mut found = claim(&stores[0], world.now, 9).await;
            assert_eq!(found.len(), found.iter().map(|due| due.chat).collect::<BTreeSet<_>>().len());
            let begun: BTreeMap<i64, Begun> = found.iter().filter_map(|due| Some((due.chat, due.begun.clone()?))).collect();
            assert_eq!(begun, world.begun_now);
            for (chat, begun) in begun {
                stores[1].delivered(chat, begun.on, None).await.unwrap();
            }
            world.now += 60;
            found = claim(&stores[0], world.now, 9).await;
            assert_eq!(found.iter().map(|due| due.chat).collect::<BTreeSet<_>>(), world.wanted);
            for chat in (0..3).filter(|chat| !world.wanted.contains(chat)) {
                assert_eq!(stores[0].reader(chat).await.unwrap(), Reader::default());
            }
            let left = count(&folder, "deliveries WHERE chat NOT IN (SELECT chat FROM subscriptions)").await;
            assert_eq!(left, 0, "tips of a subscription that ended");
        });
    }
}

#[tokio::test]
async fn what_is_there_is_counted_without_looking_at_anybody() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    for chat in 1..=4 {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    store.save(5, &Reader { region: Some("us".into()), ..Reader::default() }).await.unwrap();
    store.save(6, &Reader { asked: Some(Asked::Zone), ..Reader::default() }).await.unwrap();
    store.inbox(&[], &[(900, b"{}".to_vec())]).await.unwrap();
    for due in claim(&*store, 0, 2).await {
        assert!(begin(&*store, &due, "lifting", at(0)).await);
        store.delivered(due.chat, MONDAY, None).await.unwrap();
        store.rate(due.chat, "lifting", due.chat == 1).await.unwrap();
    }
    let counts = store.counts(at(5)).await.unwrap();
    assert_eq!((counts.readers, counts.subscribers, counts.due, counts.inbox), (6, 4, 2, 1));
    let regions = |counts: &BTreeMap<String, u64>| counts.iter().map(|(id, count)| format!("{id} {count}")).collect::<Vec<_>>();
    assert_eq!(regions(&counts.readers_by_region), [" 1", "gb 4", "us 1"]);
    assert_eq!(regions(&counts.subscribers_by_region), ["gb 4"]);
    assert_eq!(regions(&counts.subscribers_by_zone), ["Pacific/Chatham 4"]);
    assert_eq!(counts.subscribers_by_day, [4, 0, 0, 0, 0, 0, 0]);
    let tip = counts.tips["lifting"];
    assert_eq!((tip.sent, tip.helpful, tip.not_helpful), (2, 1, 1));
    // From outside, without the key, it is the same; a closed store answers no more.
    assert_eq!(store::counts(&url(&folder), at(5)).await.unwrap(), counts);
    store.close().await;
    assert!(store.counts(at(5)).await.is_err());
}
