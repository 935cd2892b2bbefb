//! The store and the settings: what is kept, what is sealed, and what an operator is told.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use backcare::config::{self, Environment, Settings};
use backcare::dialogue::{Rated, Reader};
use backcare::store::{self, Cached, DataKey, Sqlite, Store};
use proptest::prelude::*;
use stores::{KEY, Place, key, wrong_key};
use tempfile::TempDir;

const MARK: &[u8] = b"{\"text\":\"my back hurts, and this is private\"}";

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}/inner/bot.db", folder.path().display())
}

fn from(region: &str) -> Reader {
    Reader { region: Some(region.into()), ..Reader::default() }
}

on_every_store! {
    a_reader_comes_back_as_saved_and_leaves_no_row_when_nothing_is_remembered,
    a_page_is_rated_once_by_a_reader_and_only_what_changed_is_written,
    rows_outlive_the_store_and_every_migration_ran,
    the_inbox_takes_out_and_puts_in_at_once_and_repeats_are_harmless,
    what_was_typed_lies_sealed_and_differently_each_time,
    a_changed_or_moved_row_and_another_key_are_refused_and_the_rows_kept,
    a_database_of_a_newer_bot_is_left_alone,
}

async fn a_reader_comes_back_as_saved_and_leaves_no_row_when_nothing_is_remembered(place: Place) {
    for store in place.open_each().await {
        assert_eq!(store.reader(7).await.unwrap(), Reader::default());
        store.save(7, &Reader::default()).await.unwrap();
        assert_eq!(place.count("readers").await, 0);
        store.save(7, &from("gb")).await.unwrap();
        let seen = Reader { seen: Some(jiff::civil::date(2026, 11, 23)), ..from("gb") };
        store.save(7, &seen).await.unwrap();
        assert_eq!(store.reader(7).await.unwrap(), seen);
        store.save(-8, &from("ie")).await.unwrap();
        store.save(7, &from("us")).await.unwrap();
        assert_eq!(store.reader(7).await.unwrap(), from("us"));
        assert_eq!(store.reader(-8).await.unwrap(), from("ie"));
        assert_eq!(place.count("readers").await, 2);
        store.save(7, &Reader::default()).await.unwrap();
        store.forget(-8).await.unwrap();
        store.forget(-8).await.unwrap();
        assert_eq!(store.reader(7).await.unwrap(), Reader::default());
        assert_eq!(place.count("readers").await, 0);
        store.close().await;
        let error = store.inbox(&[1], &[]).await.unwrap_err().to_string();
        assert!(error.contains("closed"), "{error}");
    }
}

async fn a_page_is_rated_once_by_a_reader_and_only_what_changed_is_written(place: Place) {
    let rated = |value, missing: Option<&str>| Rated { value, missing: missing.map(str::to_owned) };
    let reader = |ratings: &[(&str, Rated)]| {
        let ratings = ratings.iter().map(|(page, rated)| ((*page).to_owned(), rated.clone())).collect();
        Reader { ratings, seen: Some(jiff::civil::date(2026, 11, 23)), ..Reader::default() }
    };
    for store in place.open_each().await {
        let two = reader(&[("lifting", rated(1, Some("too-long"))), ("sleep", rated(5, None))]);
        store.save(7, &two).await.unwrap();
        store.save(8, &reader(&[("sleep", rated(3, None))])).await.unwrap();
        assert_eq!(store.reader(7).await.unwrap(), two, "a day of a visit is kept with it");
        // Another turn of the same reader wrote a third meanwhile: it stays, for only what changed is written.
        let three = reader(&[("bath", rated(4, None)), ("lifting", rated(1, Some("too-long"))), ("sleep", rated(5, None))]);
        assert!(store.change(7, &two, &three).await.unwrap());
        let changed = reader(&[("lifting", rated(5, None))]);
        assert!(store.change(7, &two, &changed).await.unwrap());
        let left = reader(&[("bath", rated(4, None)), ("lifting", rated(5, None))]);
        assert_eq!(store.reader(7).await.unwrap(), left);
        assert_eq!(place.count("ratings").await, 3);
        // The last one taken back leaves no row of the reader.
        assert!(store.change(7, &left, &Reader::default()).await.unwrap());
        store.forget(8).await.unwrap();
        assert_eq!((place.count("ratings").await, place.count("readers").await), (0, 0));
        store.close().await;
    }
}

async fn rows_outlive_the_store_and_every_migration_ran(place: Place) {
    let store = place.open().await;
    store.save(7, &from("gb")).await.unwrap();
    store.inbox(&[], &[(2, b"two".to_vec()), (1, Vec::new())]).await.unwrap();
    drop(store); // not closed: as after a kill
    place.mourn().await;
    let store = place.open().await;
    assert_eq!(store.reader(7).await.unwrap(), from("gb"));
    assert_eq!(store.waiting().await.unwrap(), [(1, Vec::new()), (2, b"two".to_vec())]);

    let ran = place.count("_sqlx_migrations").await;
    let files = place.migrations();
    assert_eq!(ran as usize, files, "a migration is not built in yet: touch the store's file in src/store/");
}

async fn the_inbox_takes_out_and_puts_in_at_once_and_repeats_are_harmless(place: Place) {
    let store = place.open().await;
    let rows = |ids: std::ops::Range<i64>| ids.map(|id| (id, id.to_string().into_bytes())).collect::<Vec<_>>();
    store.inbox(&[], &[]).await.unwrap();
    store.inbox(&[], &rows(0..250)).await.unwrap();
    store.inbox(&(0..249).collect::<Vec<_>>(), &rows(249..251)).await.unwrap();
    store.inbox(&[3, 3, 9999], &rows(250..251)).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), rows(249..251));
    store.inbox(&[249, 250], &[]).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), []);
    // Answered and waiting again: what was put in last counts.
    store.inbox(&[5], &[(5, b"again".to_vec()), (i64::MAX, b"last".to_vec()), (i64::MIN, b"first".to_vec())]).await.unwrap();
    let ids: Vec<i64> = store.waiting().await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [i64::MIN, 5, i64::MAX]);
}

#[tokio::test]
async fn what_was_typed_stands_in_no_file() {
    let place = Place::sqlite();
    let store = place.open().await;
    store.inbox(&[], &[(1, MARK.to_vec())]).await.unwrap();
    store.inbox(&[1], &[(2, MARK.to_vec())]).await.unwrap();
    assert_ne!(place.sealed(2).await, MARK);
    let mut seen = 0;
    for file in fs::read_dir(place.folder.path().join("inner")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(15).any(|part| MARK.windows(15).any(|mark| mark == part)));
        seen += 1;
    }
    assert!(seen >= 2, "the database and its log");
}

async fn what_was_typed_lies_sealed_and_differently_each_time(place: Place) {
    let store = place.open().await;
    store.inbox(&[], &[(2, MARK.to_vec())]).await.unwrap();
    let first = place.sealed(2).await;
    assert!(!first.windows(15).any(|part| MARK.windows(15).any(|mark| mark == part)));
    store.inbox(&[], &[(2, MARK.to_vec())]).await.unwrap();
    assert_ne!(place.sealed(2).await, first);
}

async fn a_changed_or_moved_row_and_another_key_are_refused_and_the_rows_kept(place: Place) {
    let store = place.open().await;
    store.inbox(&[], &[(1, MARK.to_vec()), (2, b"fine".to_vec())]).await.unwrap();

    let good = place.sealed(1).await;
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for wrong in [&flipped[..], &good[..20], &[], &place.sealed(2).await] {
        place.put_sealed(1, wrong).await;
        let error = store.waiting().await.unwrap_err().to_string();
        assert!(error.contains("1 of 2") && error.contains("key give-up") && !error.contains('\n'), "{error}");
        assert_eq!(place.count("inbox").await, 2);
    }
    place.put_sealed(1, &good).await;
    assert_eq!(store.waiting().await.unwrap().len(), 2);
    store.close().await;

    let error = store::open(&place.url, Some(wrong_key())).await.err().unwrap().to_string();
    assert!(error.contains("DATA_KEY is not the key") && error.contains("key give-up"), "{error}");
    assert_eq!(error.contains("data.key") && error.contains("bot.db"), place.is_file, "{error}");
    assert_eq!(place.open().await.waiting().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_is_made_once_beside_the_data_and_used_again() {
    let folder = TempDir::new().unwrap();
    let store = store::open(&url(&folder), None).await.unwrap();
    store.inbox(&[], &[(1, MARK.to_vec())]).await.unwrap();
    store.close().await;
    let store = store::open(&url(&folder), None).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), [(1, MARK.to_vec())]);

    let inner = folder.path().join("inner");
    let names = fs::read_dir(&inner).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| name == "data.key" || name.starts_with("bot.db")), "no draft is left");
    #[cfg(unix)]
    for (path, mode) in [("", 0o700), ("data.key", 0o600), ("bot.db", 0o600), ("bot.db-wal", 0o600), ("bot.db-shm", 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(inner.join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
    }

    fs::write(inner.join("data.key"), "b0ken\n").unwrap();
    let error = store::open(&url(&folder), None).await.err().unwrap().to_string();
    assert!(error.contains("data.key") && !error.contains("b0ken"), "{error}");
}

#[test]
fn two_at_once_make_one_key() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data.key");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            std::thread::spawn({
                let path = path.clone();
                move || DataKey::from_file_or_new(&path).unwrap()
            })
        })
        .collect();
    let keys: Vec<DataKey> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let sealed = keys[0].seal("inbox", 1, MARK).unwrap();
    assert!(keys.iter().all(|key| key.open("inbox", 1, &sealed).unwrap() == MARK));
}

#[tokio::test]
async fn a_file_that_cannot_be_a_store_is_told_in_one_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "These are notes, not a database. ".repeat(100)).unwrap();
    for (address, word) in [
        (format!("sqlite://{}", file.display()), "no SQLite database"),
        (format!("sqlite://{}/bot.db", file.display()), "writable"),
        ("sqlite://".into(), "names no file"),
        ("sqlite::memory:".into(), "in memory"),
        ("mysql://me:secret@host/db".into(), "no store for mysql"),
        ("data/bot.db".into(), "use sqlite://"),
    ] {
        let error = store::open(&address, Some(key())).await.err().unwrap().to_string();
        assert!(error.contains(word) && !error.contains('\n') && !error.contains("secret"), "{address}: {error}");
    }
}

async fn a_database_of_a_newer_bot_is_left_alone(place: Place) {
    place.open().await.close().await;
    let none = if place.is_file { "x'00'" } else { "'\\x00'" };
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)";
    place.run(&format!("{newer} VALUES (9999, 'x', true, {none}, 0)")).await;
    let error = store::open(&place.url, Some(key())).await.err().unwrap().to_string();
    assert!(error.contains("newer version"), "{error}");
}

/// The cache may forget, but never say what is no longer so.
#[tokio::test]
async fn a_small_cache_agrees_with_the_store() {
    let folder = TempDir::new().unwrap();
    let cached = Cached::new(Sqlite::open(&url(&folder), Some(key())).await.unwrap(), 4);
    for round in 0..3 {
        for chat in 0..20 {
            let region = format!("r{}", chat + round);
            cached.save(chat, &from(&region)).await.unwrap();
            assert_eq!(cached.reader(chat).await.unwrap(), from(&region));
            assert_eq!(cached.reader(chat / 2).await.unwrap(), from(&format!("r{}", chat / 2 + round)));
        }
    }
    cached.forget(19).await.unwrap();
    assert_eq!(cached.reader(19).await.unwrap(), Reader::default());
}

proptest! {
    #[test]
    fn any_bytes_come_back_from_their_own_place_only(plain: Vec<u8>, id: i64, other: i64, flip: prop::sample::Index) {
        let sealed = key().seal("inbox", id, &plain).unwrap();
        prop_assert_eq!(key().open("inbox", id, &sealed).unwrap(), plain);
        prop_assert!(key().open("readers", id, &sealed).is_err());
        prop_assert!(other == id || key().open("inbox", other, &sealed).is_err());
        let mut flipped = sealed.clone();
        flipped[flip.index(sealed.len())] ^= 0x40;
        prop_assert!(key().open("inbox", id, &flipped).is_err());
        prop_assert!(key().open("inbox", id, &sealed[..flip.index(sealed.len())]).is_err());
    }

    #[test]
    fn no_env_file_breaks_the_bot(text in "(?s)([A-Z_]{1,3}|[=#'\"\\\\$ {}\n\r\u{feff}é]){0,40}", any: String) {
        for text in [&text, &any] {
            let environment = Environment::from_text(".env", text);
            let lines = text.lines().count().max(1);
            for finding in &environment.findings {
                let line: usize = finding.split(':').nth(1).unwrap().parse().unwrap();
                prop_assert!((1..=lines).contains(&line), "{finding} of {lines}");
            }
        }
    }
}

#[test]
fn a_key_is_hex_or_base64_and_never_told() {
    let hex = key().seal("inbox", 1, MARK).unwrap();
    for same in
        ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", &KEY.to_uppercase()]
    {
        assert_eq!(same.parse::<DataKey>().unwrap().open("inbox", 1, &hex).unwrap(), MARK);
    }
    for wrong in ["hunter2", "", &KEY[1..], &format!("{}zz", &KEY[2..]), &"!".repeat(43)] {
        let error = wrong.parse::<DataKey>().unwrap_err().to_string();
        assert!(error.contains("backcare key new") && (wrong.is_empty() || !error.contains(wrong)), "{error}");
    }
    assert_eq!(format!("{:?}", key()), "DataKey(hidden)");
}

fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
    let pairs: HashMap<&str, &str> = pairs.iter().copied().collect();
    Settings::from_env(|name| pairs.get(name).map(|value| (*value).to_owned())).map_err(|error| error.to_string())
}

#[test]
fn only_the_token_is_needed() {
    for pairs in
        [&[("TELOXIDE_TOKEN", "123:abc_-X")][..], &[("TELOXIDE_TOKEN", " 123:abc_-X\n"), ("DATA_KEY", ""), ("DIALOGUES", " ")]]
    {
        let settings = settings(pairs).unwrap();
        assert_eq!(settings.token.reveal(), "123:abc_-X");
        assert_eq!(settings.api_url, "https://api.telegram.org");
        assert_eq!(settings.database_url, "sqlite://data/backcare.db");
        assert!(settings.data_key.is_none());
        assert_eq!(settings.dialogues, Path::new("dialogues"));
        assert_eq!(settings.rate, 30);
        assert_eq!(settings.log, "info");
        assert!(!format!("{settings:?}").contains("abc_-X"));
    }
    let mine =
        settings(&[("TELOXIDE_TOKEN", "1:a"), ("TELOXIDE_API_URL", "http://127.0.0.1:8081/"), ("DATA_KEY", KEY)]).unwrap();
    assert_eq!(mine.api_url, "http://127.0.0.1:8081");
    assert!(mine.data_key.is_some() && !format!("{mine:?}").contains("0001"));
}

#[test]
fn all_bad_settings_are_named_at_once_and_no_secret_with_them() {
    let error = settings(&[
        ("TELOXIDE_TOKEN", "s3cret-without-a-number"),
        ("TELOXIDE_API_URL", "ftp://s3cret"),
        ("DATABASE_URL", "mysql://me:s3cret@host/db"),
        ("DATA_KEY", "s3cret"),
        ("RATE", "0"),
        ("CHAT_RATE", "-1"),
        ("WEBHOOK_URL", "ftp://bot.example.org/s3cret"),
        ("WEBHOOK_ADDR", "here"),
        ("WEBHOOK_SECRET", "s3cret!"),
        ("RETENTION", "for ever"),
        ("UNCHECKED_TRANSLATIONS", "perhaps"),
        ("ADMINS", "12, anna, -5"),
        ("RUST_LOG", "warn,backcare=loud"),
    ])
    .unwrap_err();
    let mut names: Vec<&str> = error.lines().filter_map(|line| line.split(": ").next()).collect();
    let mut all: Vec<&str> = config::VARIABLES.iter().map(|variable| variable.name).collect();
    all.retain(|name| !["DIALOGUES", "OPS_ADDR", "SERVICES"].contains(name));
    names.sort_unstable();
    all.sort_unstable();
    assert_eq!(names, all);
    assert!(!error.contains("s3cret"), "{error}");
    let error = settings(&[]).unwrap_err();
    assert!(error.starts_with("TELOXIDE_TOKEN: is not set; ask @BotFather"), "{error}");
    for wrong in ["123", "123:", ":abc", "12a:abc", "123:a b", "123:a/b"] {
        assert!(settings(&[("TELOXIDE_TOKEN", wrong)]).unwrap_err().contains("is no token"), "{wrong}");
    }
    for wrong in ["api.telegram.org", "https://", "http:///x", "http://:80", "https://a b", "https://a?b"] {
        assert!(settings(&[("TELOXIDE_TOKEN", "1:a"), ("TELOXIDE_API_URL", wrong)]).is_err(), "{wrong}");
    }
    for (rate, fine) in [("1", true), ("1000", true), ("1001", false), ("-1", false), ("thirty", false)] {
        assert_eq!(settings(&[("TELOXIDE_TOKEN", "1:a"), ("RATE", rate)]).is_ok(), fine, "{rate}");
    }
    for (admins, want) in [("", Some(&[][..])), (" 7,8 , 7,", Some(&[7, 8])), ("-5", None), ("@anna", None), ("7 8", None)] {
        let settings = settings(&[("TELOXIDE_TOKEN", "1:a"), ("ADMINS", admins)]);
        assert_eq!(settings.as_ref().ok().map(|settings| &settings.admins[..]), want, "{admins}");
        assert!(settings.is_ok() || settings.unwrap_err().contains("is no number of a person"), "{admins}");
    }
    for right in ["off", "trace", "backcare", "warn,backcare=debug,sqlx=OFF", "info/foo=bar"] {
        assert!(settings(&[("TELOXIDE_TOKEN", "1:a"), ("RUST_LOG", right)]).is_ok(), "{right}");
    }
}

#[test]
fn a_webhook_is_an_address_that_telegram_would_call() {
    let webhook = |url: &str, api: &str| {
        settings(&[("TELOXIDE_TOKEN", "1:a"), ("TELOXIDE_API_URL", api), ("WEBHOOK_URL", url)]).map(|settings| settings.webhook)
    };
    let (telegrams, own) = ("https://api.telegram.org/", "http://10.0.0.7:8081");
    for url in
        ["https://bot.example.org/4711", "https://bot.example.org:8443/4711", "https://b.org", "http://127.0.0.1:8080/4711"]
    {
        let settings = webhook(url, telegrams).unwrap().unwrap();
        assert_eq!((&*settings.url, settings.listens_at.to_string()), (url, "127.0.0.1:8080".to_owned()));
        assert!(!format!("{settings:?}").contains("4711"));
    }
    for (url, what_to_do) in [
        ("http://bot.example.org/4711", "not https"),
        ("https://bot.example.org:8080/4711", "443, 80, 88 or 8443"),
        ("bot.example.org/4711", "write one like"),
        ("https:///4711", "write one like"),
        ("https://anna:4711@bot.example.org/", "write one like"),
        ("https://bot.example.org/?4711", "write one like"),
        ("https://bot.example.org:x/4711", "write one like"),
    ] {
        let error = webhook(url, telegrams).unwrap_err();
        assert!(error.starts_with("WEBHOOK_URL: ") && error.contains(what_to_do) && !error.contains("4711"), "{url}: {error}");
    }
    assert!(webhook("http://10.0.0.5:9000/4711", own).is_ok(), "a server of one's own calls what it is told");
    assert!(webhook("", telegrams).unwrap().is_none());
    for (secret, fine) in [("a-Z_9", true), ("a b", false), ("ä", false), (&*"x".repeat(256), true), (&*"x".repeat(257), false)]
    {
        let given = [("TELOXIDE_TOKEN", "1:a"), ("WEBHOOK_URL", "https://b.org/"), ("WEBHOOK_SECRET", secret)];
        assert_eq!(settings(&given).is_ok(), fine, "{secret}");
    }
}

#[test]
fn an_env_file_is_read_and_its_broken_lines_are_numbered() {
    let text = "\u{feff}# it's a comment\nAN_OLD_ONE=a b # blanks\n\nDIALOGUES='my book' # quoted\nexport RUST_LOG=warn\nRUST_LOG=info\nnonsense\nX=1 \nY='s3cret\nZ=2";
    let environment = Environment::from_text("my.env", text);
    assert_eq!(environment.get("DIALOGUES").as_deref(), Some("my book"));
    assert_eq!(environment.get("RUST_LOG").as_deref(), Some("warn"), "the first counts");
    assert_eq!(environment.get("X").as_deref(), Some("1"));
    let places: Vec<&str> = environment.findings.iter().filter_map(|finding| finding.split(": ").next()).collect();
    assert_eq!(places, ["my.env:2", "my.env:7", "my.env:9"]);
    assert!(environment.findings.iter().all(|finding| !finding.contains("s3cret")));

    let folder = TempDir::new().unwrap();
    assert!(Environment::from_file(&folder.path().join("none")).findings.is_empty());
    assert_eq!(Environment::from_file(folder.path()).findings.len(), 1);
    fs::write(folder.path().join("latin1"), b"A=\xe9\n").unwrap();
    assert_eq!(Environment::from_file(&folder.path().join("latin1")).findings.len(), 1);
}

#[test]
fn the_example_shows_every_setting() {
    let file = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example")).unwrap();
    let want = config::example();
    assert_eq!(file, want, "\n.env.example should be:\n{want}");
    for variable in &config::VARIABLES {
        assert!(file.contains(&format!("{}={}", variable.name, variable.default)));
    }
    // It can be copied as it is: filling in the token is all.
    let copied = Environment::from_text(".env", &file.replace("TELOXIDE_TOKEN=", "TELOXIDE_TOKEN=1:a"));
    assert!(copied.findings.is_empty());
    assert!(Settings::from_env(|name| copied.get(name).filter(|_| name == "TELOXIDE_TOKEN")).is_ok());
}
