//! One key for a database: whoever comes with another is refused, a new one is sealed with all at once, and what no key opens is given up.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod stores;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use backcare::dialogue::Reader;
use backcare::store::{self, DataKey, NewKey, Resealed, give_up, move_all, rotate};
use stores::weekly::{MONDAY, WEEK_ZERO, subscribed};
use stores::whole::{backcare, fill, seen, told};
use stores::{KEY, Place, key, wrong_key};

const NEW: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

fn new() -> Option<NewKey> {
    Some(NEW.parse().unwrap())
}

fn new_key() -> DataKey {
    NEW.parse().unwrap()
}

/// Why it is not opened.
async fn refused(place: &Place, key: Option<DataKey>) -> String {
    let error = store::open(&place.url, key).await.err().expect("it was opened").to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// Every sealed value, by table and column.
async fn sealed(place: &Place) -> BTreeMap<String, Vec<Vec<u8>>> {
    let columns = if place.is_file {
        "SELECT t.name || '.' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.type = 'BLOB'"
    } else {
        "SELECT table_name || '.' || column_name FROM information_schema.columns \
         WHERE table_schema = current_schema() AND data_type = 'bytea'"
    };
    let mut sealed = BTreeMap::new();
    for column in place.column::<String>(columns).await.into_iter().filter(|name| !name.starts_with("_sqlx")) {
        let (table, name) = column.split_once('.').unwrap();
        let values = place.column(&format!("SELECT {name} FROM {table} WHERE {name} IS NOT NULL ORDER BY 1")).await;
        sealed.insert(column, values);
    }
    sealed
}

/// The database of a bot that did not know of the known text yet.
async fn of_before(place: &Place) {
    place.run("DELETE FROM key_check").await;
}

on_every_store! {
    another_key_is_refused_from_the_first_start_on,
    a_database_of_before_takes_the_key_that_opens_all_of_it,
    a_copy_brings_its_key,
    everything_sealed_gets_the_new_key_and_says_the_same,
    a_change_that_cannot_be_made_changes_nothing,
    a_database_of_before_gets_a_new_key_as_well,
    what_no_key_opens_is_given_up_and_the_rest_stays,
    a_change_that_is_killed_leaves_one_key_that_opens_everything,
}

// --- one key ---------------------------------------------------------------------------------------------------------------------------

async fn another_key_is_refused_from_the_first_start_on(place: Place) {
    place.open().await.close().await;
    let error = refused(&place, Some(wrong_key())).await;
    assert!(error.contains("DATA_KEY is not the key that this database is sealed with"), "{error}");
    assert!(error.contains("key give-up") && !error.contains("ffff"), "{error}");
    let store = place.open().await;
    // A second replica beside one that runs.
    refused(&place, Some(wrong_key())).await;
    if !place.is_file {
        assert_eq!(place.count("replicas").await, 1, "who was refused has taken leave");
    }
    store.save(7, &subscribed(MONDAY)).await.unwrap();
    store.close().await;
    refused(&place, Some(wrong_key())).await;
    assert_eq!(place.open().await.reader(7).await.unwrap(), subscribed(MONDAY));
}

async fn a_database_of_before_takes_the_key_that_opens_all_of_it(place: Place) {
    fill(&place).await;
    of_before(&place).await;
    let error = refused(&place, Some(wrong_key())).await;
    assert!(error.contains("7 of 7 sealed values"), "{error}");
    assert_eq!(place.count("key_check").await, 0);

    let good = place.sealed(7).await;
    place.put_sealed(7, &good[1..]).await;
    let error = refused(&place, Some(key())).await;
    assert!(error.contains("1 of 7 sealed values"), "{error}");
    place.put_sealed(7, &good).await;

    place.open().await.close().await;
    assert_eq!(place.count("key_check").await, 1);
    refused(&place, Some(wrong_key())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_start_at_once_with_two_keys_one_key_wins() {
    let Some(place) = Place::postgres().await else { return };
    place.open().await.close().await;
    for of_before in [true, false, true] {
        if of_before {
            place.run("DELETE FROM key_check").await;
        }
        let keys = (0..8).map(|nth| if nth % 2 == 0 { key() } else { wrong_key() });
        let opened = futures_util::future::join_all(keys.map(|key| store::open(&place.url, Some(key)))).await;
        let by_key = [0, 1].map(|first| opened.iter().skip(first).step_by(2).filter(|opened| opened.is_ok()).count());
        assert!(by_key == [4, 0] || by_key == [0, 4], "{by_key:?}");
    }
}

#[tokio::test]
async fn a_key_file_that_is_gone_is_missed_and_no_new_one_made() {
    let place = Place::sqlite();
    let file = key_file(&place);
    store::open(&place.url, None).await.unwrap().close().await;
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let error = refused(&place, None).await;
    assert!(error.contains("its key is gone") && error.contains("data.key") && error.contains("give-up"), "{error}");
    assert!(!file.exists());
    // Another one in its place is told from it; the right one may also stand in the settings.
    fs::write(&file, NEW).unwrap();
    let error = refused(&place, None).await;
    assert!(error.contains("what is in data.key is not the key"), "{error}");
    store::open(&place.url, Some(text.parse().unwrap())).await.unwrap().close().await;

    // One of before, with something sealed in it.
    let old = Place::sqlite();
    fill(&old).await;
    of_before(&old).await;
    assert!(refused(&old, None).await.contains("its key is gone"));
}

async fn a_copy_brings_its_key(place: Place) {
    fill(&place).await;
    // The target was tried before, with another key, as doctor does.
    let (copy, bare) = (Place::sqlite(), Place::sqlite());
    for target in [&copy, &bare] {
        target.open_with(wrong_key()).await.close().await;
    }
    move_all(&place.url, &copy.url).await.unwrap();
    refused(&copy, Some(wrong_key())).await;
    copy.open().await.close().await;
    // One of before has none to bring: its values tell.
    of_before(&place).await;
    move_all(&place.url, &bare.url).await.unwrap();
    assert!(refused(&bare, Some(wrong_key())).await.contains("7 of 7"));
    bare.open().await.close().await;
}

// --- a new key ---------------------------------------------------------------------------------------------------------------------------

async fn everything_sealed_gets_the_new_key_and_says_the_same(place: Place) {
    fill(&place).await;
    let before = sealed(&place).await;
    assert!(before.values().all(|values| !values.is_empty()), "fill() leaves a sealed column empty: {before:?}");
    let copy = Place::sqlite();
    move_all(&place.url, &copy.url).await.unwrap();

    let output = key_rotate(&place, &[("DATA_KEY", KEY), ("NEW_DATA_KEY", NEW)]);
    assert_eq!(output.0, Some(0), "{}", output.1);
    for words in ["subscriptions           3", "inbox                   2", "set DATA_KEY to the new key", "backups"] {
        assert!(output.1.contains(words), "no {words:?} in\n{}", output.1);
    }
    assert!(!output.1.contains(NEW) && !output.1.contains(KEY), "{}", output.1);
    let after = sealed(&place).await;
    for (column, values) in &before {
        assert_eq!(values.len(), after[column].len(), "{column}");
        let same = values.iter().filter(|value| after[column].contains(value)).count();
        assert_eq!(same, 0, "{column} is sealed and was left behind: see COLUMNS in src/store/sealed.rs");
    }
    refused(&place, Some(key())).await;
    assert_eq!(seen(&place, new_key()).await, seen(&copy, key()).await);
    if place.is_file {
        assert!(!key_file(&place).exists(), "a key that is brought is written nowhere");
    }
    // Who asks again, not sure whether it was done, is told so.
    let again = key_rotate(&place, &[("DATA_KEY", KEY), ("NEW_DATA_KEY", NEW)]);
    assert!(again.0 == Some(0) && again.1.contains("already"), "{again:?}");
}

async fn a_change_that_cannot_be_made_changes_nothing(place: Place) {
    fill(&place).await;
    let before = sealed(&place).await;
    let rotate_with = |old: DataKey, new: Option<NewKey>| rotate(&place.url, Some(old), new);
    let error = rotate_with(wrong_key(), new()).await.unwrap_err().to_string();
    assert!(error.contains("DATA_KEY is not the key that this database is sealed with"), "{error}");
    let error = rotate_with(key(), Some(KEY.parse().unwrap())).await.unwrap_err().to_string();
    assert!(error.contains("is in use"), "{error}");
    let error = rotate_with(key(), None).await.unwrap_err().to_string();
    assert!(error.starts_with("NEW_DATA_KEY: is not set"), "{error}");

    let running = place.open().await;
    let error = rotate_with(key(), new()).await.unwrap_err().to_string();
    assert!(error.contains("the bot runs on it; stop it first"), "{error}");
    running.close().await;

    let good = place.sealed(7).await;
    place.put_sealed(7, &good[1..]).await;
    let error = rotate_with(key(), new()).await.unwrap_err().to_string();
    assert!(error.contains("1 of 7 sealed values") && error.contains("give-up"), "{error}");
    place.put_sealed(7, &good).await;
    assert_eq!(sealed(&place).await, before);

    let output = key_rotate(&place, &[("DATA_KEY", KEY), ("NEW_DATA_KEY", "s3cret")]);
    assert!(output.0 == Some(2) && output.1.starts_with("NEW_DATA_KEY: ") && !output.1.contains("s3cret"), "{output:?}");
    let output = key_rotate(&place, &[("DATA_KEY", "s3cret"), ("NEW_DATA_KEY", NEW)]);
    assert!(output.0 == Some(2) && output.1.starts_with("DATA_KEY: ") && !output.1.contains("s3cret"), "{output:?}");
    assert_eq!(sealed(&place).await, before);
}

async fn a_database_of_before_gets_a_new_key_as_well(place: Place) {
    fill(&place).await;
    of_before(&place).await;
    let error = rotate(&place.url, Some(wrong_key()), new()).await.unwrap_err().to_string();
    assert!(error.contains("7 of 7 sealed values"), "{error}");
    let Resealed { values, .. } = rotate(&place.url, Some(key()), new()).await.unwrap();
    assert_eq!(values, [("subscriptions", 3), ("readers", 1), ("saved_pages", 1), ("inbox", 2)]);
    refused(&place, Some(key())).await;
    place.open_with(new_key()).await.close().await;
}

#[tokio::test]
async fn a_new_key_is_read_from_a_file_or_a_pipe_and_never_from_an_argument() {
    let place = Place::sqlite();
    fill(&place).await;
    let folder = place.folder.path();
    let made = backcare(folder, &place.url, &["key", "new"]);
    let made = String::from_utf8(made.stdout).unwrap();
    assert!(made.len() == 65 && made.parse::<DataKey>().is_ok(), "{made}");
    assert_ne!(backcare(folder, &place.url, &["key", "new"]).stdout, made.as_bytes());

    fs::write(folder.join("new.key"), &made).unwrap();
    let output = rotate_command(&place, &[("DATA_KEY", KEY)]).args(["--new-key", "new.key"]).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let mut piped = rotate_command(&place, &[("DATA_KEY", made.trim())]);
    let mut piped = piped.args(["--new-key", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut piped.stdin.take().unwrap(), NEW.as_bytes()).unwrap();
    assert!(piped.wait().unwrap().success());
    place.open_with(new_key()).await.close().await;

    // A key as an argument is a file that isn't there, and is not said again.
    let output = rotate_command(&place, &[("DATA_KEY", NEW)]).args(["--new-key", KEY]).output().unwrap();
    assert!(output.status.code() == Some(2) && !told(&output).contains(KEY), "{}", told(&output));
}

// --- the key beside the file -----------------------------------------------------------------------------------------------------------

fn key_file(place: &Place) -> PathBuf {
    place.folder.path().join("inner/data.key")
}

fn names(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.folder.path().join("inner")).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).filter(|name| name != "bot.db").collect();
    names.sort();
    names
}

/// With its key beside it.
async fn with_file() -> Place {
    let place = Place::sqlite();
    fs::create_dir(place.folder.path().join("inner")).unwrap();
    fs::write(key_file(&place), format!("{KEY}\n")).unwrap();
    #[cfg(unix)]
    fs::set_permissions(key_file(&place), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    fill(&place).await;
    place
}

#[tokio::test]
async fn a_key_beside_the_data_is_replaced_there_and_the_old_one_kept() {
    let place = with_file().await;
    let output = key_rotate(&place, &[]);
    assert_eq!(output.0, Some(0), "{}", output.1);
    assert!(output.1.contains("data.key.old-1") && output.1.contains("Backups"), "{}", output.1);
    assert_eq!(names(&place), ["data.key", "data.key.old-1"]);
    assert_eq!(fs::read_to_string(key_file(&place).with_added_extension("old-1")).unwrap().trim(), KEY);
    #[cfg(unix)]
    for name in names(&place) {
        let mode = fs::metadata(key_file(&place).with_file_name(&name)).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600, "{name}");
    }
    refused(&place, Some(key())).await;
    let store = store::open(&place.url, None).await.unwrap();
    assert_eq!(store.waiting().await.unwrap().len(), 2);
    store.close().await;
    // The next one may be a key of one's own.
    let output = key_rotate(&place, &[("NEW_DATA_KEY", NEW)]);
    assert_eq!(output.0, Some(0), "{}", output.1);
    assert_eq!(names(&place), ["data.key", "data.key.old-1", "data.key.old-2"]);
    assert_eq!(fs::read_to_string(key_file(&place)).unwrap().trim(), NEW);
    place.open_with(new_key()).await.close().await;
}

#[tokio::test]
async fn wherever_the_change_is_cut_off_one_file_holds_the_key() {
    // Before the database took it: the old one counts, and the next try makes another.
    let place = with_file().await;
    fs::write(key_file(&place).with_added_extension("new"), NEW).unwrap();
    store::open(&place.url, None).await.unwrap().close().await;
    assert_eq!(fs::read_to_string(key_file(&place)).unwrap().trim(), KEY);
    assert_eq!(key_rotate(&place, &[]).0, Some(0));
    assert_eq!(names(&place), ["data.key", "data.key.old-1"]);
    assert_ne!(fs::read_to_string(key_file(&place)).unwrap().trim(), NEW);

    // After that, before the file followed, once with the old one kept already: any command ends it.
    for (kept, command) in [(false, &["key", "rotate"][..]), (true, &["key", "give-up"]), (true, &["key", "rotate"])] {
        let place = with_file().await;
        rotate(&place.url, Some(key()), new()).await.unwrap();
        fs::write(key_file(&place).with_added_extension("new"), NEW).unwrap();
        if kept {
            fs::hard_link(key_file(&place), key_file(&place).with_added_extension("old-1")).unwrap();
        }
        let mut again = rotate_command(&place, &[("NEW_DATA_KEY", NEW)]);
        if command[1] == "give-up" {
            again = Command::new(env!("CARGO_BIN_EXE_backcare"));
            again.args(command).env_clear().current_dir(place.folder.path()).env("DATABASE_URL", &place.url);
        }
        let output = again.output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        assert_eq!(names(&place), ["data.key", "data.key.old-1"]);
        assert_eq!(fs::read_to_string(key_file(&place)).unwrap().trim(), NEW);
        assert_eq!(store::open(&place.url, None).await.unwrap().waiting().await.unwrap().len(), 2);
    }

    // The bot itself ends it too.
    let place = with_file().await;
    rotate(&place.url, Some(key()), new()).await.unwrap();
    fs::rename(key_file(&place), key_file(&place).with_added_extension("old-1")).unwrap();
    fs::write(key_file(&place).with_added_extension("new"), NEW).unwrap();
    assert_eq!(store::open(&place.url, None).await.unwrap().waiting().await.unwrap().len(), 2);
    assert_eq!(names(&place).iter().filter(|name| name.starts_with("data.key")).count(), 2);
}

// --- kill -9 -------------------------------------------------------------------------------------------------------------------------------

const MANY: i64 = 700;

async fn many_weeks(place: &Place) {
    place.open().await.close().await;
    let days = i64::from((WEEK_ZERO - jiff::civil::date(1970, 1, 1)).get_days());
    let (hex, time, day) = if place.is_file {
        (("x'", "'"), "1800000000", "20000")
    } else {
        (("'\\x", "'"), "to_timestamp(1800000000)", "date '2026-11-23'")
    };
    let rows = (1..=MANY).map(|chat| {
        let sealed = key().seal("subscriptions", chat, &days.to_be_bytes()).unwrap();
        let digits: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("({chat}, 'Europe/London', 1, 9, {}{digits}{}, 0, {day}, {time})", hex.0, hex.1)
    });
    let rows: Vec<String> = rows.collect();
    let columns = "chat, zone, day, hour, week_zero, sent, next_on, next_at";
    place.run(&format!("INSERT INTO subscriptions ({columns}) VALUES {}", rows.join(", "))).await;
}

async fn a_change_that_is_killed_leaves_one_key_that_opens_everything(place: Place) {
    many_weeks(&place).await;
    let with_file = place.is_file;
    if with_file {
        fs::write(key_file(&place), KEY).unwrap();
    }
    let mut current = KEY.to_owned();
    let (mut before, mut after) = (0, 0);
    let mut whole = Duration::from_secs(60);
    // The first is not killed. The others from before they begin to after they should have ended.
    for round in 0..=12 {
        let next = NewKey::fresh().unwrap().reveal().to_owned();
        let settings = [("NEW_DATA_KEY", next.as_str()), ("DATA_KEY", if with_file { "" } else { &current })];
        let mut child = rotate_command(&place, &settings).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if round == 0 {
            let began = std::time::Instant::now();
            assert!(child.wait().unwrap().success());
            whole = began.elapsed();
        } else {
            tokio::time::sleep(whole * (round - 1) / 10).await;
            let _ = child.kill();
            child.wait().unwrap();
        }
        let opened = if with_file {
            store::open(&place.url, None).await.unwrap()
        } else {
            // A killed process's transaction ends when the server notices.
            match store::open(&place.url, Some(current.parse().unwrap())).await {
                Ok(store) => store,
                Err(_) => store::open(&place.url, Some(next.parse().unwrap())).await.unwrap(),
            }
        };
        let weeks = (1..=MANY).step_by(97).chain([MANY]);
        for chat in weeks {
            let reader: Reader = opened.reader(chat).await.unwrap();
            assert_eq!(reader.weekly.unwrap().week_zero, Some(WEEK_ZERO), "chat {chat} in round {round}");
        }
        opened.close().await;
        let values: Vec<Vec<u8>> = place.column("SELECT week_zero FROM subscriptions ORDER BY chat").await;
        let opens = |key: &str| {
            let key: DataKey = key.parse().unwrap();
            (1..).zip(&values).filter(|(chat, sealed)| key.open("subscriptions", *chat, sealed).is_ok()).count() as i64
        };
        match (opens(&current), opens(&next)) {
            (MANY, 0) => before += 1,
            (0, MANY) => {
                after += 1;
                current = next;
            }
            mixed => panic!("{mixed:?} values are open to the old and the new key in round {round}"),
        }
        if with_file {
            assert_eq!(fs::read_to_string(key_file(&place)).unwrap().trim(), current);
        }
    }
    assert!(before > 0 && after > 0, "no kill came before the end: {before}, {after}");
}

// --- a replica that comes back -----------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_away_while_the_key_changed_seals_nothing_more() {
    let Some(place) = Place::postgres().await else { return };
    let away = place.open().await;
    // Taken for dead, as after ten seconds without the server.
    loop {
        place.run("UPDATE replicas SET leased_until = '-infinity'").await;
        match rotate(&place.url, Some(key()), new()).await {
            Ok(_) => break,
            Err(error) => assert!(error.to_string().contains("the bot runs on it"), "{error}"),
        }
    }
    let refusal = async {
        loop {
            match away.save(7, &subscribed(MONDAY)).await {
                Ok(()) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => break error.to_string(),
            }
        }
    };
    let error = tokio::time::timeout(Duration::from_secs(10), refusal).await.unwrap();
    assert!(error.contains("DATA_KEY is not the key"), "{error}");
    assert!(!away.is_ours(1).await);
    away.close().await;
    assert_eq!(place.count("replicas").await, 0);
}

// --- giving up -----------------------------------------------------------------------------------------------------------------------------

async fn what_no_key_opens_is_given_up_and_the_rest_stays(place: Place) {
    fill(&place).await;
    let good = place.sealed(7).await;
    place.put_sealed(7, &good[1..]).await;
    // Counted first: nothing goes unasked.
    let before = sealed(&place).await;
    let output = command(&place, &["key", "give-up"], &[("DATA_KEY", KEY)]);
    assert_eq!(output.0, Some(1), "{}", output.1);
    for words in ["subscriptions  0 of 3", "inbox          1 of 2", "--yes", "Nothing was deleted"] {
        assert!(output.1.contains(words), "no {words:?} in\n{}", output.1);
    }
    assert_eq!(sealed(&place).await, before);
    let running = place.open().await;
    assert!(give_up(&place.url, Some(key()), true).await.unwrap_err().to_string().contains("the bot runs on it"));
    running.close().await;

    let output = command(&place, &["key", "give-up", "--yes"], &[("DATA_KEY", KEY)]);
    assert_eq!(output.0, Some(0), "{}", output.1);
    let store = place.open().await;
    assert_eq!(store.waiting().await.unwrap(), [(8, b"eight".to_vec())]);
    assert_eq!(store.reader(3).await.unwrap().weekly.unwrap().week_zero, Some(WEEK_ZERO));
    store.close().await;

    // The key is lost: everything sealed goes, everybody stays.
    let given_up = give_up(&place.url, Some(wrong_key()), true).await.unwrap();
    assert_eq!(given_up.values, [("subscriptions", 3, 3), ("readers", 1, 1), ("saved_pages", 1, 1), ("inbox", 1, 1)]);
    let store = place.open_with(wrong_key()).await;
    assert_eq!(store.waiting().await.unwrap(), []);
    let weekly = store.reader(3).await.unwrap().weekly.unwrap();
    assert_eq!((weekly.week_zero, weekly.zone.as_str()), (None, "Pacific/Chatham"));
    store.close().await;
    refused(&place, Some(key())).await;
}

#[tokio::test]
async fn a_lost_key_file_is_made_anew_when_all_is_given_up() {
    let place = with_file().await;
    fs::remove_file(key_file(&place)).unwrap();
    let output = command(&place, &["key", "give-up"], &[]);
    assert!(output.0 == Some(1) && output.1.contains("3 of 3"), "{output:?}");
    assert!(!key_file(&place).exists());
    let output = command(&place, &["key", "give-up", "--yes"], &[]);
    assert_eq!(output.0, Some(0), "{}", output.1);
    store::open(&place.url, None).await.unwrap().close().await;
}

// --- the commands ------------------------------------------------------------------------------------------------------------------------

fn rotate_command(place: &Place, settings: &[(&str, &str)]) -> Command {
    made(place, &["key", "rotate"], settings)
}

fn key_rotate(place: &Place, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    command(place, &["key", "rotate"], settings)
}

fn made(place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
    let folder: &Path = place.folder.path();
    command.args(arguments).current_dir(folder).env_clear().env("DATABASE_URL", &place.url).envs(settings.iter().copied());
    command.stdin(Stdio::null());
    command
}

fn command(place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = made(place, arguments, settings).output().unwrap();
    (output.status.code(), told(&output))
}
