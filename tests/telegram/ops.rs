//! The ops port of a running bot: alive, ready and not, and numbers in which nobody is found.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::bot::{Bot, HURTS, folder, press, say};
use crate::browser::driver::Window;
use crate::fake::{Fake, PATIENCE, TOKEN};

/// Chat numbers and words that are found again wherever they turn up.
const ANNA: i64 = 77_441_123;
const BEN: i64 = 88_552_234;
const TYPED: &str = "what would the quokka of zanzibar say about 7741";

/// A bot with an ops port, and where that is.
async fn start(fake: &Fake, dir: &TempDir) -> (Bot, String) {
    let bot = Bot::start_with(fake, dir, &[("OPS_ADDR", "0")]).await;
    let line = bot.lines(&["ops port listens at"]).remove(0);
    let url = line.split_once("http://").unwrap().1.trim().trim_end_matches('/');
    (bot, format!("http://{url}"))
}

async fn get(url: &str, path: &str) -> (StatusCode, String) {
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{url}{path}")).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Asks until it answers so.
async fn until(url: &str, path: &str, status: StatusCode) -> String {
    let begun = std::time::Instant::now();
    loop {
        let (answered, text) = get(url, path).await;
        if answered == status {
            return text;
        }
        assert!(begun.elapsed() < PATIENCE, "{path} still answers {answered}: {text}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The number behind a name with its labels.
fn number(metrics: &str, name: &str) -> Option<f64> {
    metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[tokio::test]
async fn a_conversation_is_counted_and_nobody_is_found_in_the_numbers() {
    let (fake, dir) = (Fake::start().await, folder());
    let (_bot, url) = start(&fake, &dir).await;
    let (anna, ben) = (fake.person(ANNA), fake.person(BEN));
    let home = say(&fake, &anna, "/start").await;
    let data = home.button(HURTS).and_then(|button| button.data.clone()).expect("data");
    press(&fake, &anna, HURTS).await;
    say(&fake, &anna, TYPED).await;
    fake.wait_shown(anna.press_data(home.id, "zanzibar-pressed")).await;
    say(&fake, &anna, "i cant feel my legs").await;
    say(&fake, &ben, "/weekly").await;
    press(&fake, &ben, "Yes please").await;
    press(&fake, &ben, "England, Scotland or Wales").await;
    say(&fake, &ben, "/language").await;
    press(&fake, &ben, "Español").await;

    say(&fake, &anna, "/start lifting").await;
    press(&fake, &anna, "More").await;
    press(&fake, &anna, "Not really").await;
    press(&fake, &anna, "Too long").await;

    let (status, metrics) = get(&url, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    for (name, expected) in [
        ("backcare_updates_total{kind=\"pressed\"}", 8.0),
        ("backcare_updates_total{kind=\"said\"}", 6.0),
        ("backcare_pages_shown_total{page=\"hurts-now\"}", 1.0),
        ("backcare_advice_shown_total{level=\"emergency\"}", 1.0),
        ("backcare_phrases_shown_total{phrase=\"stale\"}", 1.0),
        ("backcare_turn_seconds_count", 14.0),
        ("backcare_api_call_seconds_count{method=\"answerCallbackQuery\"}", 8.0),
        ("backcare_subscribers{region=\"gb\"}", 1.0),
        ("backcare_readers_by_language{language=\"es\"}", 1.0),
        ("backcare_page_ratings{page=\"lifting\",value=\"1\"}", 1.0),
        ("backcare_page_missing{page=\"lifting\",missing=\"too-long\"}", 1.0),
        ("backcare_book_clinically_reviewed", 0.0),
        ("backcare_updates_in_hand", 0.0),
    ] {
        assert_eq!(number(&metrics, name), Some(expected), "{name} in:\n{metrics}");
    }
    assert!(number(&metrics, "backcare_inbox_waiting").is_some());
    let (_, page) = get(&url, "/").await;
    for text in [&metrics, &page] {
        for secret in ["zanzibar", "quokka", "7741", "legs", "77441123", "88552234", &data, TOKEN, "TEST"] {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} is in there");
        }
    }
    // Every label's value is an id of the book, a fixed name or a code: nothing that could be free text.
    let values = metrics.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('"').skip(1).step_by(2));
    for value in values {
        let is_name = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._+".contains(&b));
        assert!(is_name && value.len() <= 60, "{value:?} is no id");
    }
}

#[tokio::test]
async fn it_is_ready_while_telegram_and_the_store_answer_and_until_it_stops() {
    let (fake, dir) = (Fake::start().await, folder());
    let (mut bot, url) = start(&fake, &dir).await;
    assert_eq!(get(&url, "/health/live").await, (StatusCode::OK, "alive\n".to_owned()));
    // On a quiet day too: the first poll asks without waiting.
    assert_eq!(until(&url, "/health/ready", StatusCode::OK).await, "ready\n");

    // The tables are gone under its feet.
    let database = format!("sqlite://{}", dir.path().join("bot.db").display());
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&database).await.unwrap();
    sqlx::query("ALTER TABLE deliveries RENAME TO elsewhere").execute(&mut connection).await.unwrap();
    let told = until(&url, "/health/ready", StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(told.starts_with("store: "), "{told}");
    assert_eq!(get(&url, "/health/live").await.0, StatusCode::OK);
    sqlx::query("ALTER TABLE elsewhere RENAME TO deliveries").execute(&mut connection).await.unwrap();
    until(&url, "/health/ready", StatusCode::OK).await;

    // A slow answer keeps it from ending at once.
    fake.faults(|f| f.delay = Duration::from_secs(2));
    fake.person(ANNA).say("/start");
    fake.wait_until("the answer to begin", |fake| !fake.calls_in(ANNA).is_empty()).await;
    bot.term();
    let told = until(&url, "/health/ready", StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(told.contains("stopping"), "{told}");
    assert!(bot.wait_exit(Duration::from_secs(15)).await.success());
}

#[tokio::test]
async fn a_telegram_that_was_never_heard_is_not_ready() {
    let dir = folder();
    let mut bot = Bot::spawn("http://127.0.0.1:9", &dir, &[("OPS_ADDR", "0")]);
    bot.wait_line(&["ops port listens at"]).await;
    let line = bot.lines(&["ops port listens at"]).remove(0);
    let url = format!("http://{}", line.split_once("http://").unwrap().1.trim().trim_end_matches('/'));
    let (status, told) = get(&url, "/health/ready").await;
    assert_eq!(
        (status, told.contains("telegram: not heard since the start")),
        (StatusCode::SERVICE_UNAVAILABLE, true),
        "{told}"
    );
    let (_, page) = get(&url, "/").await;
    assert!(page.contains("Not ready") && page.contains("not heard since the start"));
    bot.term();
    bot.wait_exit(Duration::from_secs(15)).await;
}

#[tokio::test]
async fn the_page_allows_itself_nothing_but_its_own_style() {
    let (fake, dir) = (Fake::start().await, folder());
    let (_bot, url) = start(&fake, &dir).await;
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = client.get(&url).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(get(&url, "/style.css").await.0, StatusCode::OK);
    assert_eq!(get(&url, "/anything").await.0, StatusCode::NOT_FOUND);
    let changed = client.post(&url).send().await.unwrap().status();
    assert_eq!(changed, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_so_is_an_address_that_is_none() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let dir = folder();
    let mut bot = Bot::spawn("http://127.0.0.1:9", &dir, &[("OPS_ADDR", &port)]);
    assert_eq!(bot.wait_exit(Duration::from_secs(20)).await.code(), Some(2), "{}", bot.output());
    assert_eq!(bot.lines(&["OPS_ADDR"]).len(), 1, "{}", bot.output());

    let dir = folder();
    let mut bot = Bot::spawn("http://127.0.0.1:9", &dir, &[("OPS_ADDR", "everywhere"), ("RATE", "many")]);
    assert_eq!(bot.wait_exit(Duration::from_secs(20)).await.code(), Some(2), "{}", bot.output());
    assert_eq!((bot.lines(&["OPS_ADDR"]).len(), bot.lines(&["RATE"]).len()), (1, 1), "{}", bot.output());
}

#[tokio::test]
async fn nothing_listens_where_nobody_asked_for_it() {
    let (fake, dir) = (Fake::start().await, folder());
    let bot = Bot::start(&fake, &dir).await;
    assert!(bot.lines(&["ops port"]).is_empty(), "{}", bot.output());
}

#[tokio::test]
async fn admins_ask_in_the_chat_and_nobody_else_learns_that_they_can() {
    let (fake, dir) = (Fake::start().await, folder());
    let admins = ANNA.to_string();
    let _bot = Bot::start_with(&fake, &dir, &[("ADMINS", &admins)]).await;
    let (anna, ben) = (fake.person(ANNA), fake.person(BEN));
    say(&fake, &ben, "/weekly").await;
    press(&fake, &ben, "Yes please").await;
    press(&fake, &ben, "England, Scotland or Wales").await;
    let stats = say(&fake, &anna, "/stats").await;
    assert!(stats.text.contains("1  Readers with weekly tips"), "{}", stats.text);
    let status = say(&fake, &anna, "/status@backcare_test_bot").await;
    assert!(status.text.starts_with("Ready.") && status.text.contains("Not clinically reviewed"), "{}", status.text);
    // For everything else the admin is a reader.
    let home = say(&fake, &anna, "/start").await;
    assert!(home.labels().contains(&HURTS), "{:?}", home.labels());

    let unknown = say(&fake, &ben, "/nosuchthing").await;
    for command in ["/stats", "/status"] {
        let answer = say(&fake, &ben, command).await;
        assert_eq!(answer.text, unknown.text, "{command}");
    }
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
}

#[tokio::test]
async fn a_real_browser_shows_the_page_and_has_nothing_to_complain_of() {
    let (fake, dir) = (Fake::start().await, folder());
    let (_bot, url) = start(&fake, &dir).await;
    let Some(window) = Window::open(&url).await else { return };
    let ben = fake.person(BEN);
    say(&fake, &ben, "/weekly").await;
    press(&fake, &ben, "Yes please").await;
    press(&fake, &ben, "England, Scotland or Wales").await;
    window.size(390, 844).await;
    window.reload().await;
    assert_eq!(window.text("h1").await, "Backcare");
    let painted = window.eval("[document.scripts.length, document.querySelectorAll('svg').length > 0]").await;
    assert_eq!(painted, serde_json::json!([0, true]));
    for is_dark in [false, true] {
        if is_dark {
            window.dark().await
        } else {
            window.light().await
        }
        assert_eq!(window.axe().await, [""; 0], "dark: {is_dark}");
    }
    if let Some(folder) = std::env::var_os("SHOW") {
        window.screenshot(&std::path::Path::new(&folder).join("ops.png")).await;
    }

    // It stands still while it is read, unless that is wished for.
    let refresh = "document.querySelector('meta[http-equiv=refresh]')";
    assert!(window.eval(refresh).await.is_null());
    window.click("Look again every minute").await;
    window.wait_until("a page that comes anew", &format!("{refresh}.content === '60'")).await;
    window.click("Stand still").await;
    window.wait_until("a page that stands still", &format!("!{refresh} && document.querySelector('h1')")).await;
    assert_eq!(window.complaints().await, [""; 0]);
}
