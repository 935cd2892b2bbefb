//! What the weekly tips of a million subscribers cost in SQLite: a claim, a delivery, a look at a reader meanwhile, memory. And what a new
//! key costs for all of them, on PostgreSQL too if TEST_DATABASE_URL names an empty one.
//!
//! Run with `cargo bench --bench store`. It makes the file first, then measures in a process of its own, as a bot that starts.

#![allow(clippy::expect_used, clippy::pedantic, clippy::print_stdout, clippy::unwrap_used)] // a bench that cannot go on fails

use std::env;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backcare::dialogue::Reader;
use backcare::dialogue::weekly::{Slot, Subscription};
use backcare::store::{self, DataKey, Due, Store};
use jiff::civil::{Date, Weekday, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};
use tempfile::TempDir;

const SUBSCRIBERS: i64 = 1_000_000;
const DUE: i64 = 10_000;
/// Tips that each has seen.
const SEEN: i64 = 10;
const BATCH: usize = 100;
const MONDAY: Date = date(2026, 11, 23);

/// Tells the measuring process where the file is.
const URL: &str = "BACKCARE_BENCH_URL";

#[tokio::main]
async fn main() {
    if let Ok(url) = env::var(URL) {
        return measure(&url).await;
    }
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}/bot.db", folder.path().display());
    let start = Instant::now();
    make(&url).await;
    // A file that has stood for a while is on the disk: its first checkpoint must not pay for the making.
    let file = fs::File::open(folder.path().join("bot.db")).unwrap();
    file.sync_all().unwrap();
    let size = file.metadata().unwrap().len() / 1_000_000;
    println!("{SUBSCRIBERS} subscribers, {DUE} due, {SEEN} tips seen by each: {size} MB, made in {:.0?}", start.elapsed());
    let status = Command::new(env::current_exe().unwrap()).env(URL, &url).status().unwrap();
    assert!(status.success());
    new_key(&url).await;
}

/// From one key to another and back.
async fn new_key(url: &str) {
    let other = "08".repeat(32);
    let start = Instant::now();
    store::rotate(url, Some(key()), Some(other.parse().unwrap())).await.unwrap();
    println!("a new key for all of them: {:.1?}", start.elapsed());
    let Some(server) = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) else { return };
    let options: SqliteConnectOptions = url.parse().unwrap();
    options.connect().await.unwrap().execute("DELETE FROM deliveries").await.unwrap();
    let start = Instant::now();
    store::move_all(url, &server).await.unwrap();
    println!("moved to PostgreSQL, without what they have seen: {:.1?}", start.elapsed());
    let start = Instant::now();
    store::rotate(&server, Some(other.parse().unwrap()), Some("07".repeat(32).parse().unwrap())).await.unwrap();
    println!("a new key for all of them there: {:.1?}", start.elapsed());
}

fn key() -> DataKey {
    "07".repeat(32).parse().unwrap()
}

/// Nine on Monday: when those due are due.
fn now() -> Timestamp {
    MONDAY.at(9, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
}

/// The bot makes the tables, bare SQL fills them.
async fn make(url: &str) {
    store::open(url, Some(key())).await.unwrap().close().await;
    let options: SqliteConnectOptions = url.parse().unwrap();
    let options = options.journal_mode(SqliteJournalMode::Off).pragma("synchronous", "OFF").pragma("cache_size", "-200000");
    let mut connection = options.connect().await.unwrap();
    let days = |day: Date| i64::from((day - date(1970, 1, 1)).get_days());
    let mut transaction = connection.begin().await.unwrap();
    run(
        &mut transaction,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO readers (chat, region) SELECT i * 7919, 'gb' FROM n",
        &[SUBSCRIBERS],
    )
    .await;
    // Those due are spread over all pages, the others over the week to come.
    run(
        &mut transaction,
        "INSERT INTO subscriptions (chat, zone, day, hour, week_zero, sent, last_at, next_on, next_at)
         SELECT chat, 'Europe/London', 1, 9, randomblob(48), 10, ?1 - 604800, ?2,
         CASE WHEN chat / 7919 % ?3 = 0 THEN ?1 - chat % 600 ELSE ?1 + 1 + abs(random()) % 604800 END FROM readers ORDER BY chat",
        &[now().as_second(), days(MONDAY), SUBSCRIBERS / DUE],
    )
    .await;
    run(
        &mut transaction,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         INSERT INTO deliveries (chat, day, tip) SELECT chat, ?2 - 7 * i, 'a-tip-with-a-name-' || i FROM readers, n ORDER BY 1, 2",
        &[SEEN, days(MONDAY)],
    )
    .await;
    let update = "UPDATE subscriptions SET week_zero = ? WHERE chat = ?";
    for chat in (1..=SUBSCRIBERS).map(|number| number * 7919) {
        let sealed = key().seal("subscriptions", chat, &days(MONDAY - 20.weeks()).to_be_bytes()).unwrap();
        sqlx::query(update).bind(sealed).bind(chat).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    connection.close().await.unwrap();
}

async fn run(connection: &mut SqliteConnection, sql: &'static str, values: &[i64]) {
    let mut query = sqlx::query(sql);
    for value in values {
        query = query.bind(*value);
    }
    query.execute(connection).await.unwrap();
}

async fn measure(url: &str) {
    let start = Instant::now();
    let store = store::open(url, Some(key())).await.unwrap();
    let first = claim(&*store).await;
    println!("open to the first {} claimed: {:.2?}", first.len(), start.elapsed());
    assert!(first.iter().all(|due| due.seen.len() == 10 && due.reader.weekly.as_ref().unwrap().week_zero.is_some()));

    let mut all = first;
    let mut claims = Vec::new();
    while claims.len() < 40 {
        let start = Instant::now();
        let due = claim(&*store).await;
        claims.push(start.elapsed());
        assert_eq!(due.len(), BATCH);
        all.extend(due);
    }
    tell("claim 100", claims);

    let (mut begins, mut records) = (Vec::new(), Vec::new());
    for due in &all {
        let mut after = due.reader.clone();
        let weekly = after.weekly.as_mut().unwrap();
        let on = weekly.next.on;
        weekly.sent += 1;
        weekly.last = Some(now());
        weekly.next = Slot { on: on + 7.days(), at: now() + SignedDuration::from_hours(7 * 24) };
        let start = Instant::now();
        assert!(store.begin(due.chat, on, "socks", &due.reader, &after, lease()).await.unwrap());
        begins.push(start.elapsed());
        let start = Instant::now();
        store.delivered(due.chat, on, None).await.unwrap();
        records.push(start.elapsed());
    }
    tell("begin one", begins);
    tell("record one", records);

    let start = Instant::now();
    let due = store.due(now()).await.unwrap();
    println!("count {due} due: {:.2?}", start.elapsed());

    // A reader who writes during a run waits behind one claim at most.
    let busy = tokio::spawn({
        let store = Arc::clone(&store);
        async move { while !claim(&*store).await.is_empty() {} }
    });
    let mut looks = Vec::new();
    for number in 1.. {
        let start = Instant::now();
        store.reader(number % SUBSCRIBERS * 7919).await.unwrap();
        looks.push(start.elapsed());
        if busy.is_finished() {
            break;
        }
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    tell("look at a subscriber while others are claimed", looks);

    let start = Instant::now();
    let weekly = Subscription {
        zone: "Europe/London".into(),
        day: Weekday::Monday,
        hour: 9,
        week_zero: Some(MONDAY),
        paused_until: None,
        sent: 0,
        last: None,
        next: Slot { on: MONDAY + 7.days(), at: now() + SignedDuration::from_hours(7 * 24) },
    };
    store.save(1, &Reader { weekly: Some(weekly), ..Reader::default() }).await.unwrap();
    println!("sign one up: {:.2?}", start.elapsed());

    for line in fs::read_to_string("/proc/self/status").unwrap_or_default().lines().filter(|line| line.starts_with("Vm")) {
        if line.starts_with("VmHWM") || line.starts_with("VmRSS") {
            println!("{line}");
        }
    }
    store.close().await;
}

fn lease() -> Timestamp {
    now() + SignedDuration::from_secs(60)
}

async fn claim(store: &dyn Store) -> Vec<Due> {
    store.claim(now(), lease(), BATCH).await.unwrap()
}

fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let part = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("{what}: {:.2?} median, {:.2?} p99, {:.2?} at most, of {}", part(50), part(99), part(100), times.len());
}
