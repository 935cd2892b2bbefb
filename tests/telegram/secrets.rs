//! The log tells of no reader and gives no secret away, at any level of any part: the whole bot is driven through good and bad days, and
//! everything that it printed is searched.

use std::time::Duration;

use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::bot::{Bot, DATA_KEY, HURTS, folder, press, say};
use crate::fake::{Fake, TOKEN, location, photo};

/// As much as can be asked for, of parts by their own names too: a name counts before that of the whole it belongs to.
const EVERYTHING: &str = "trace,backcare=trace,hyper=trace,hyper::proto=trace,hyper_util=trace,hyper_util::client::legacy=trace,\
     hyper_util::client::legacy::connect::http=trace,reqwest=trace,reqwest::connect=trace,teloxide=trace,teloxide_core=trace,\
     sqlx=trace,sqlx::query=trace,sqlx_core=trace,sqlx_sqlite=trace,rustls=trace,tokio=trace,mio=trace,axum=trace";

const TYPED: &str = "zanzibar quokka 7741";
const NAMED: &str = "Wilhelmina-7742";
const PRESSED: &str = "zebra-pressed-7743";
const CAPTION: &str = "pangolin caption 7744";
const LINKED: &str = "axolotl-link-7745";
const CITY: &str = "llanfairpwllgwyn 7746";
const PERSON: i64 = 770_077_747;

#[tokio::test]
async fn no_line_at_any_level_holds_a_token_a_name_or_a_word() {
    let (fake, dir) = (Fake::start().await, folder());
    let settings = [("RUST_LOG", EVERYTHING), ("RETENTION", "1d"), ("OPS_ADDR", "127.0.0.1:0")];
    let mut bot = Bot::start_with(&fake, &dir, &settings).await;
    let anna = fake.person(PERSON);
    let home = say(&fake, &anna, "/start").await;
    let data = home.button(HURTS).and_then(|button| button.data.clone()).expect("data");
    press(&fake, &anna, HURTS).await;
    say(&fake, &anna, TYPED).await;
    fake.wait_shown(anna.press_data(home.id, PRESSED)).await;
    say(&fake, &anna, &format!("/start {LINKED}")).await;
    for other in [photo(CAPTION), location(48.8566, 2.3522), json!({"contact": {"phone_number": "+44 7700 900748"}})] {
        fake.wait_shown(anna.send_other(other)).await;
    }
    let named = json!({"message": {
        "message_id": 4000, "date": 1, "text": TYPED, "chat": {"id": PERSON, "type": "private", "first_name": NAMED},
        "from": {"id": PERSON, "is_bot": false, "first_name": NAMED, "last_name": NAMED, "username": NAMED},
    }});
    fake.wait_shown(fake.push_update(named)).await;
    // A week, a city that there is not, the file of it all.
    say(&fake, &anna, "/weekly").await;
    press(&fake, &anna, "Yes please").await;
    press(&fake, &anna, "Another country").await;
    say(&fake, &anna, CITY).await;
    say(&fake, &anna, "yokohama").await;
    say(&fake, &anna, "/export").await;

    // Telegram has a bad day, polls and all; then the way there breaks off.
    fake.faults(|f| {
        (f.polls, f.bad_gateway, f.too_many, f.drop_before, f.drop_after, f.garbled) = (true, 0.15, 0.1, 0.1, 0.1, 0.1);
    });
    for _ in 0..6 {
        say(&fake, &anna, TYPED).await;
        fake.wait_shown(anna.press_data(home.id, PRESSED)).await;
    }
    fake.faults(|f| {
        (f.polls, f.bad_gateway, f.too_many, f.drop_before, f.drop_after, f.garbled) = (false, 0.0, 0.0, 0.0, 0.0, 0.0);
        f.delay = Duration::from_millis(300);
    });
    // Updates that lie in the inbox, and what is no update.
    let last = [anna.say(TYPED), fake.push_update(json!({"message": {"message_id": TYPED, "chat": NAMED}}))];
    fake.wait_until("both to be confirmed", |fake| fake.confirmed_offset() > last[1]).await;
    fake.wait_shown(last[0]).await;
    fake.faults(|f| f.delay = Duration::ZERO);

    // The store breaks under it.
    let url = format!("sqlite://{}", dir.path().join("bot.db").display());
    let mut beside = SqliteConnection::connect(&url).await.unwrap();
    beside.execute("DROP TABLE readers; DROP TABLE inbox; DROP TABLE deliveries").await.unwrap();
    for words in [TYPED, "/forget", "/export", "i lost my baby"] {
        say(&fake, &anna, words).await;
    }
    fake.faults(|f| f.delay = Duration::from_millis(300));
    fake.wait_shown(anna.say(TYPED)).await;
    bot.term();
    bot.wait_exit(Duration::from_secs(15)).await;

    let output = bot.output();
    assert!(output.contains("no such table") && output.contains("INFO"), "the bad days left no line:\n{output}");
    let secrets = [
        "zanzibar",
        "quokka",
        "7741",
        "Wilhelmina",
        "zebra",
        "pangolin",
        "axolotl",
        "llanfair",
        "yokohama",
        "Tokyo",
        "48.85",
        "900748",
        &PERSON.to_string(),
        PRESSED,
        &data,
        TOKEN,
        "TEST",
        "%3ATEST",
        DATA_KEY,
        "lost my baby",
    ];
    for secret in secrets {
        let line = output.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
    // Nothing but the bot itself says less than a warning.
    let loud = output
        .lines()
        .find(|line| ["TRACE", "DEBUG", "INFO"].iter().any(|level| line.contains(level)) && !line.contains("backcare"));
    assert_eq!(loud, None, "a library below the bot is heard");
}
