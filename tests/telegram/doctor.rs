//! `backcare doctor` and `backcare stats`: what an operator learns without starting the bot.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::bot::{Bot, DATA_KEY, folder};
use crate::fake::{Fake, PATIENCE, TOKEN};
use crate::weekly::sign_up;

/// Runs a command of the program with its data in `dir`; an empty setting is not set.
async fn run(arguments: &[&str], dir: &TempDir, settings: &[(&str, &str)]) -> (i32, String) {
    let database = format!("sqlite://{}", dir.path().join("bot.db").display());
    let dialogues = concat!(env!("CARGO_MANIFEST_DIR"), "/dialogues");
    let mut command = Command::new(env!("CARGO_BIN_EXE_backcare"));
    command.args(arguments).current_dir(dir.path()).env_clear().stdin(Stdio::null());
    command.env("DATABASE_URL", database).env("DIALOGUES", dialogues).env("TELOXIDE_TOKEN", TOKEN).env("DATA_KEY", DATA_KEY);
    for (name, value) in settings {
        match *value {
            "" => command.env_remove(name),
            value => command.env(name, value),
        };
    }
    // The fake answers from this thread.
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let Output { status, stdout, stderr } = ended.unwrap();
    (status.code().unwrap(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

async fn doctor(api: &str, dir: &TempDir, settings: &[(&str, &str)]) -> (i32, String) {
    let settings: Vec<_> = [("TELOXIDE_API_URL", api)].into_iter().chain(settings.iter().copied()).collect();
    run(&["doctor"], dir, &settings).await
}

/// The line about one thing.
fn line<'a>(told: &'a str, what: &str) -> &'a str {
    let found = told.lines().find(|line| line.split_whitespace().nth(1) == Some(what));
    found.unwrap_or_else(|| panic!("nothing is said of {what} in:\n{told}"))
}

/// What is said to be wrong.
fn wrong(told: &str) -> Vec<&str> {
    let wrong = told.lines().filter_map(|line| line.strip_prefix("✘ "));
    wrong.filter_map(|line| line.split_whitespace().next()).collect()
}

#[tokio::test]
async fn a_bot_in_good_health_gets_a_mark_for_everything() {
    let (fake, dir) = (Fake::start().await, folder());
    let (code, told) = doctor(&fake.url(), &dir, &[]).await;
    assert_eq!((code, wrong(&told)), (0, vec![]), "{told}");
    for what in ["settings", "token", "webhook", "clock", "database", "key", "disk", "book"] {
        assert!(line(&told, what).starts_with("✔"), "{told}");
    }
    assert!(line(&told, "token").contains("@backcare_test_bot"), "{told}");
    assert!(line(&told, "review").starts_with("! ") && told.contains("no clinician has checked"), "{told}");
    assert!(!told.contains(TOKEN) && !told.contains(DATA_KEY), "{told}");
    // It asks and serves nobody.
    assert_eq!((fake.polls(), fake.call_count()), (0, 2));
}

#[tokio::test]
async fn a_revoked_token_is_told_and_hides_nothing_else() {
    let (fake, dir) = (Fake::start().await, folder());
    let (code, told) = doctor(&fake.url(), &dir, &[("TELOXIDE_TOKEN", "123456:REVOKED")]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["token"]), "{told}");
    assert!(line(&told, "token").contains("@BotFather") && line(&told, "webhook").starts_with("–"), "{told}");
    assert!(line(&told, "clock").starts_with("✔"), "a refusal has a date too: {told}");
    assert!(!told.contains("REVOKED"), "{told}");
}

#[tokio::test]
async fn without_a_network_the_rest_is_looked_at_all_the_same() {
    let dir = folder();
    let (code, told) = doctor("http://127.0.0.1:9", &dir, &[]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["token"]), "{told}");
    assert!(line(&told, "token").contains("cannot be reached"), "{told}");
    assert!(line(&told, "clock").starts_with("–") && line(&told, "database").starts_with("✔"), "{told}");
    assert!(!told.contains(TOKEN), "{told}");
}

#[tokio::test]
async fn a_webhook_elsewhere_and_its_last_error_are_told_but_not_its_secret_path() {
    let (fake, dir) = (Fake::start().await, folder());
    fake.set_webhook("https://example.org/secret-4711");
    fake.fail_webhook("Connection timed out");
    fake.person(7).say("/start");
    let (code, told) = doctor(&fake.url(), &dir, &[]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["webhook"]), "{told}");
    for words in ["example.org", "Connection timed out", "1 wait"] {
        assert!(line(&told, "webhook").contains(words), "{words}: {told}");
    }
    assert!(!told.contains("4711"), "{told}");
    assert!(!fake.profile().webhook.is_empty(), "looking takes nothing away");
}

#[tokio::test]
async fn a_webhook_of_the_bots_own_is_nothing_wrong() {
    const URL: &str = "https://bot.example.org/secret-4711";
    let (fake, dir) = (Fake::start().await, folder());
    fake.set_webhook(URL);
    let (code, told) = doctor(&fake.url(), &dir, &[("WEBHOOK_URL", URL)]).await;
    assert_eq!((code, wrong(&told)), (0, vec![]), "{told}");
    assert!(line(&told, "webhook").contains("bot.example.org") && !told.contains("4711"), "{told}");
}

#[tokio::test]
async fn a_wrong_clock_is_told_with_its_side() {
    let (fake, dir) = (Fake::start().await, folder());
    fake.shift_clock(20);
    assert!(line(&doctor(&fake.url(), &dir, &[]).await.1, "clock").starts_with("✔"));
    for (shift, side) in [(95, "behind"), (-3600, "ahead of")] {
        fake.shift_clock(shift);
        let (code, told) = doctor(&fake.url(), &dir, &[]).await;
        assert_eq!((code, wrong(&told)), (1, vec!["clock"]), "{told}");
        assert!(line(&told, "clock").contains(side), "{told}");
    }
}

#[tokio::test]
async fn a_key_that_others_can_read_and_a_database_that_is_none_are_told() {
    let (fake, dir) = (Fake::start().await, folder());
    let (code, told) = doctor(&fake.url(), &dir, &[("DATA_KEY", "")]).await;
    assert_eq!(code, 0, "{told}");
    fs::set_permissions(dir.path().join("data.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let (code, told) = doctor(&fake.url(), &dir, &[("DATA_KEY", "")]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["key"]), "{told}");
    assert!(line(&told, "key").contains("chmod 600"), "{told}");

    fs::write(dir.path().join("bot.db"), "no database at all, but a letter to somebody").unwrap();
    let _ = fs::remove_file(dir.path().join("bot.db-wal"));
    let (code, told) = doctor(&fake.url(), &dir, &[]).await;
    assert_eq!((code, wrong(&told).contains(&"database")), (1, true), "{told}");
}

#[tokio::test]
async fn another_key_than_the_databases_is_told_by_the_doctor_and_the_bot_does_not_start() {
    let (fake, dir) = (Fake::start().await, folder());
    let (code, told) = doctor(&fake.url(), &dir, &[]).await;
    assert!(code == 0 && line(&told, "database").contains("opens with this key"), "{told}");
    let other = "99".repeat(32);
    let (code, told) = doctor(&fake.url(), &dir, &[("DATA_KEY", &other)]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["database"]), "{told}");
    assert!(line(&told, "database").contains("DATA_KEY is not the key") && !told.contains(&other), "{told}");
    let mut bot = Bot::spawn(&fake.url(), &dir, &[("DATA_KEY", &other)]);
    assert_eq!(bot.wait_exit(PATIENCE).await.code(), Some(2));
    assert_eq!(bot.lines(&["DATA_KEY is not the key", "key give-up"]).len(), 1, "{}", bot.output());
    assert_eq!(fake.polls(), 0);
}

#[tokio::test]
async fn wrong_settings_are_told_together_and_end_it_with_2() {
    let dir = folder();
    let settings = [("TELOXIDE_TOKEN", ""), ("RATE", "0"), ("OPS_ADDR", "here")];
    let (code, told) = doctor("ftp://nowhere", &dir, &settings).await;
    assert_eq!((code, wrong(&told).len()), (2, 4), "{told}");
    for name in ["TELOXIDE_TOKEN", "TELOXIDE_API_URL", "RATE", "OPS_ADDR"] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(!dir.path().join("bot.db").exists());
}

#[tokio::test]
async fn a_book_with_mistakes_is_told() {
    let (fake, dir) = (Fake::start().await, folder());
    let empty = dir.path().join("nothing");
    fs::create_dir(&empty).unwrap();
    let (code, told) = doctor(&fake.url(), &dir, &[("DIALOGUES", empty.to_str().unwrap())]).await;
    assert_eq!((code, wrong(&told)), (1, vec!["book"]), "{told}");
    assert!(line(&told, "book").contains("backcare check"), "{told}");
}

// --- stats -----------------------------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn stats_are_there_without_token_key_or_bot_and_while_it_runs() {
    let (fake, dir) = (Fake::start().await, folder());
    let (code, told) = run(&["stats"], &dir, &[]).await;
    assert_eq!((code, told.contains("no database yet")), (2, true), "{told}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "looking makes nothing");

    sign_up(&dir, 1..=3).await;
    for id in 1..=3 {
        let _ = fake.person(id).met();
    }
    let bot = Bot::start(&fake, &dir).await;
    fake.wait_until("all tips", |fake| (1..=3).all(|id| !fake.chat(id).messages().is_empty())).await;
    fake.wait_shown(fake.person(2).press("Helpful")).await;

    let none = [("TELOXIDE_TOKEN", ""), ("DATA_KEY", "")];
    let (code, told) = run(&["stats"], &dir, &none).await;
    assert_eq!(code, 0, "{told}");
    for words in ["3  Readers with weekly tips", "3  gb", "Tips sent to those who still have them: 3", "1 helpful, 0 not"] {
        assert!(told.contains(words), "{words} is not in:\n{told}");
    }
    let (code, json) = run(&["stats", "--json"], &dir, &none).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["subscribers"], &json["subscribers_by_region"]["gb"]), (0, &3.into(), &3.into()));
    let helpful: i64 = json["tips"].as_object().unwrap().values().filter_map(|tip| tip["helpful"].as_i64()).sum();
    assert_eq!(helpful, 1);
    assert!(!dir.path().join("data.key").exists(), "counting needs no key");
    bot.term();
}
