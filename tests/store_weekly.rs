//! Weekly tips in the store: claimed once, begun once, followed up after a kill, and gone without a trace when they end.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use backcare::dialogue::weekly::Slot;
use backcare::dialogue::{Asked, Rated, Reader};
use backcare::store::Due;
use jiff::civil::{Date, Weekday, date};
use jiff::{Timestamp, ToSpan};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use stores::weekly::{MONDAY, NOBODY, WEEK_ZERO, at, begin, begun, chats, claim, on, sent, slot, subscribed, without};
use stores::{Place, key};
use tempfile::TempDir;

on_every_store! {
    everything_a_reader_signed_up_for_comes_back,
    the_week_stands_sealed_and_opens_for_its_own_chat_and_key_alone,
    those_due_are_claimed_earliest_first_and_left_alone_until_the_lease_ends,
    a_tip_is_begun_once_and_seen_when_it_is_out,
    stopping_between_claim_and_begin_wins,
    a_turn_that_knew_an_older_subscription_steps_again,
    what_a_killed_process_had_begun_comes_back_before_anything_else,
    a_last_tip_on_its_way_does_not_reach_into_a_new_subscription,
    two_processes_share_a_run_without_doubles,
    a_rating_is_kept_with_its_tip_and_can_be_changed,
    what_is_there_is_counted_without_looking_at_anybody,
}

/// Whether these bytes stand in any file of the database.
fn stands_in(place: &Place, bytes: &[u8]) -> bool {
    let mut files = fs::read_dir(place.folder.path().join("inner")).unwrap();
    files.any(|file| fs::read(file.unwrap().path()).unwrap().windows(bytes.len()).any(|part| part == bytes))
}

async fn everything_a_reader_signed_up_for_comes_back(place: Place) {
    for store in place.open_each().await {
        let mut reader = subscribed(MONDAY);
        for asked in
            [None, Some(Asked::Zone), Some(Asked::Week { tries: 0 }), Some(Asked::Week { tries: 255 }), Some(Asked::UnitNumber)]
        {
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
            assert_eq!(place.count(table).await, 0, "{table}");
        }
        store.close().await;
    }
}

async fn the_week_stands_sealed_and_opens_for_its_own_chat_and_key_alone(place: Place) {
    let store = place.open().await;
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    store.save(8, &subscribed(MONDAY)).await.unwrap();
    let days = (WEEK_ZERO - date(1970, 1, 1)).get_days();
    let closed = |bytes: &[u8]| !place.is_file || !stands_in(&place, bytes);
    assert!(closed(WEEK_ZERO.to_string().as_bytes()) && closed(days.to_string().as_bytes()));
    assert!(closed(&i64::from(days).to_be_bytes()) && closed(&i64::from(days).to_le_bytes()));
    let lies: Vec<Vec<u8>> = place.column("SELECT week_zero FROM subscriptions").await;
    assert_eq!((lies.len(), lies[0].len()), (2, 48));
    assert_ne!(lies[0], lies[1]);

    // A week that was moved to another chat is not that chat's week.
    let swap = "UPDATE subscriptions SET week_zero = (SELECT week_zero FROM subscriptions WHERE chat = 7) WHERE chat = 8";
    place.run(swap).await;
    assert_eq!(store.reader(8).await.unwrap().weekly.unwrap().week_zero, None);
    // Where it lies it is not lost by a tip that is sent meanwhile.
    let due = claim(&*store, 0, 2).await;
    let lost = due.iter().find(|due| due.chat == 8).unwrap();
    assert_eq!(lost.reader.weekly.as_ref().unwrap().week_zero, None);
    assert!(begin(&*store, lost, "socks", at(0)).await);
    store.close().await;
    let back = "UPDATE subscriptions SET week_zero = (SELECT week_zero FROM subscriptions WHERE chat = 8), chat = 7";
    place.run("DELETE FROM subscriptions WHERE chat = 7").await;
    place.run(&format!("{back} WHERE chat = 8")).await;
    let reader = place.open().await.reader(7).await.unwrap().weekly.unwrap();
    assert_eq!((reader.week_zero, reader.sent), (Some(WEEK_ZERO), 1));
}

async fn those_due_are_claimed_earliest_first_and_left_alone_until_the_lease_ends(place: Place) {
    let store = place.open().await;
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

async fn a_tip_is_begun_once_and_seen_when_it_is_out(place: Place) {
    let store = place.open().await;
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

async fn stopping_between_claim_and_begin_wins(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
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
    assert_eq!((place.count("subscriptions").await, place.count("deliveries").await), (1, 0));
    // Other things about a reader may change while their tip is on its way, and stay as they are.
    let asked = Reader { region: Some("ie".into()), asked: Some(Asked::Zone), ..subscribed(MONDAY) };
    store.save(4, &subscribed(MONDAY)).await.unwrap();
    let due = claim(&*other, 3600, 1).await;
    assert!(store.change(4, &subscribed(MONDAY), &asked).await.unwrap());
    assert!(begin(&*other, &due[0], "socks", at(3600)).await);
    assert_eq!(store.reader(4).await.unwrap(), sent(&asked, at(3600)));
}

async fn a_turn_that_knew_an_older_subscription_steps_again(place: Place) {
    let store = place.open().await;
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
        assert_eq!(place.count(table).await, 0, "{table}");
    }
    assert!(store.change(7, &Reader::default(), &subscribed(MONDAY)).await.unwrap());
    assert_eq!(store.reader(7).await.unwrap(), subscribed(MONDAY));
}

async fn what_a_killed_process_had_begun_comes_back_before_anything_else(place: Place) {
    let store = place.open().await;
    for chat in [1, 2, 3] {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    let due = claim(&*store, 0, 9).await;
    assert!(begin(&*store, &due[0], "socks", at(0)).await);
    assert!(store.begin(2, MONDAY, "bath", &due[1].reader, &without(&due[1].reader), at(60)).await.unwrap());
    drop(store); // killed: nothing was recorded

    let store = place.open().await;
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
    assert_eq!(place.count("deliveries").await, 1);
    // Its next slot waits for what is begun, however late that is.
    let week = 7 * 86_400;
    assert_eq!(claim(&*store, week, 1).await[0].begun, begun("socks"));
    assert_eq!(chats(&claim(&*store, week, 9).await), [3]);
    store.delivered(1, MONDAY, Some(at(9 * 3600))).await.unwrap();
    let next = claim(&*store, week, 9).await;
    assert_eq!(next[0].reader.weekly.as_ref().unwrap().last, Some(at(9 * 3600)), "rest counts from when it went out");
    assert_eq!((chats(&next), &next[0].seen[..], &next[0].begun), (vec![1], &["socks".to_owned()][..], &None));
}

async fn a_last_tip_on_its_way_does_not_reach_into_a_new_subscription(place: Place) {
    let store = place.open().await;
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
    assert_eq!(place.count("deliveries").await, 1, "what the old one had seen is gone");
    store.delivered(7, MONDAY + 7.days(), None).await.unwrap();
    let due = claim(&*store, 14 * 86_400, 9).await;
    assert_eq!((&due[0].seen[..], &due[0].begun), (&["socks".to_owned()][..], &None));
}

async fn two_processes_share_a_run_without_doubles(place: Place) {
    const READERS: i64 = 300;
    let store = place.open().await;
    for chat in 0..READERS {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    let runs = [place.open().await, place.open().await].map(|store| {
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

async fn a_rating_is_kept_with_its_tip_and_can_be_changed(place: Place) {
    let store = place.open().await;
    let ratings = async || {
        place
            .column::<String>("SELECT CASE WHEN helpful THEN 'yes' ELSE 'no' END FROM deliveries WHERE helpful IS NOT NULL")
            .await
    };
    store.rate(7, "socks", true, None).await.unwrap();
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    store.rate(7, "socks", true, None).await.unwrap();
    assert_eq!(ratings().await, [""; 0], "it never got that tip");
    let due = claim(&*store, 0, 9).await;
    begin(&*store, &due[0], "socks", at(0)).await;
    store.rate(7, "socks", true, None).await.unwrap();
    store.delivered(7, MONDAY, None).await.unwrap();
    assert_eq!(ratings().await, ["yes"]);
    store.rate(7, "socks", false, None).await.unwrap();
    store.rate(8, "socks", true, None).await.unwrap();
    store.rate(7, "bath", true, None).await.unwrap();
    assert_eq!(ratings().await, ["no"]);
    // What was missing goes once it helped after all.
    let missing = async || place.column::<String>("SELECT missing FROM deliveries WHERE missing IS NOT NULL").await;
    store.rate(7, "socks", false, Some("too-long")).await.unwrap();
    assert_eq!(missing().await, ["too-long"]);
    store.rate(7, "socks", true, None).await.unwrap();
    assert_eq!((ratings().await, missing().await), (vec![String::from("yes")], Vec::new()));
}

// --- the file alone: PostgreSQL keeps what was deleted until it vacuums ------------------------------------------------------------

#[tokio::test]
async fn an_end_leaves_no_trace_in_the_file() {
    const CHAT: i64 = 0x0123_4567_89ab_cdef;
    for (how, region_stays) in [("stop", true), ("loss", true), ("forget", false), ("gone", true), ("last", true)] {
        let place = Place::sqlite();
        let store = place.open().await;
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
            store.rate(due.chat, tip, true, None).await.unwrap();
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
            assert!(!stands_in(&place, trace.as_bytes()), "{how}: {trace}");
        }
        assert!(!stands_in(&place, &CHAT.to_be_bytes()), "{how}: the chat");
    }
}

#[tokio::test]
async fn a_file_of_the_first_bot_is_brought_along() {
    let place = Place::sqlite();
    let first = TempDir::new().unwrap();
    fs::create_dir(place.folder.path().join("inner")).unwrap();
    let name = "0001_readers_and_inbox.sql";
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite").join(name), first.path().join(name)).unwrap();
    let mut old = SqliteConnection::connect(&format!("{}?mode=rwc", place.url)).await.unwrap();
    Migrator::new(first.path()).await.unwrap().run(&mut old).await.unwrap();
    let rows = "INSERT INTO readers VALUES (7, 'gb'), (-8, 'ie'), (9, NULL)";
    sqlx::query(rows).execute(&mut old).await.unwrap();
    let sealed = key().seal("inbox", 5, b"waits").unwrap();
    sqlx::query("INSERT INTO inbox VALUES (5, ?)").bind(sealed).execute(&mut old).await.unwrap();
    old.close().await.unwrap();

    let store = place.open().await;
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

async fn what_is_there_is_counted_without_looking_at_anybody(place: Place) {
    let store = place.open().await;
    for chat in 1..=4 {
        store.save(chat, &subscribed(MONDAY)).await.unwrap();
    }
    store.save(5, &Reader { region: Some("us".into()), language: Some("es".into()), ..Reader::default() }).await.unwrap();
    store.save(6, &Reader { asked: Some(Asked::Zone), ..Reader::default() }).await.unwrap();
    store.inbox(&[], &[(900, b"{}".to_vec())]).await.unwrap();
    for due in claim(&*store, 0, 2).await {
        assert!(begin(&*store, &due, "lifting", at(0)).await);
        store.delivered(due.chat, MONDAY, None).await.unwrap();
        let missing = (due.chat != 1).then_some("too-long");
        store.rate(due.chat, "lifting", due.chat == 1, missing).await.unwrap();
    }
    for (chat, value, missing) in [(5, 5, None), (6, 1, Some("too-long")), (4, 2, Some("no-relief"))] {
        let before = store.reader(chat).await.unwrap();
        let rated = Rated { value, missing: missing.map(str::to_owned) };
        let after = Reader { ratings: [(String::from("sleep"), rated)].into(), ..before.clone() };
        assert!(store.change(chat, &before, &after).await.unwrap());
    }
    let counts = store.counts(at(5)).await.unwrap();
    assert_eq!((counts.readers, counts.subscribers, counts.due, counts.inbox), (6, 4, 2, 1));
    let counted = |counts: &BTreeMap<String, u64>| counts.iter().map(|(id, count)| format!("{id} {count}")).collect::<Vec<_>>();
    assert_eq!(counted(&counts.readers_by_language), [" 5", "es 1"]);
    assert_eq!(counted(&counts.readers_by_region), [" 1", "gb 4", "us 1"]);
    assert_eq!(counted(&counts.subscribers_by_region), ["gb 4"]);
    assert_eq!(counted(&counts.subscribers_by_zone), ["Pacific/Chatham 4"]);
    assert_eq!(counts.subscribers_by_day, [4, 0, 0, 0, 0, 0, 0]);
    let tip = &counts.tips["lifting"];
    assert_eq!((tip.sent, tip.helpful, tip.not_helpful), (2, 1, 1));
    let page = &counts.ratings["sleep"];
    assert_eq!((counts.ratings.len(), page.values, page.count(), page.average().as_str()), (1, [1, 1, 0, 0, 1], 3, "2.7"));
    assert_eq!(counted(&counts.missing()), ["no-relief 1", "too-long 2"]);
    assert_eq!(counted(&tip.missing), ["too-long 1"]);
    // From outside, without the key, it is the same.
    assert_eq!(backcare::store::counts(&place.url, at(5)).await.unwrap(), counts);
    store.close().await;
}
