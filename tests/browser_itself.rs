//! The driven browser itself: it waits for what comes late, hits what moves, sees what a policy forbids, and leaves nothing behind.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

mod browser;

use browser::driver::{PATIENCE, Window, can_audit};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";

const PAGE: &str = r##"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A room</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="style.css"><script defer src="script.js"></script></head>
<body><main><h1>A room</h1>
<button id="once">Call</button> <p id="calls">0 calls</p>
<p><button>Late</button></p>
<label>Name <input id="name" value="old"></label> <label>Day <input id="day" type="date"></label>
<label>Country <select id="country"><option>Ireland</option><option>Poland</option></select></label>
<ol id="chat"><li><button>Back</button></li><li><button>Back</button></li></ol>
<p id="said"></p></main></body></html>"##;

/// What a page must not do: run what stands in it, words hardly to be seen, and a field without a name. Letters that join hide none of it.
const POOR: &str = r##"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A poor room</title>
<link rel="stylesheet" href="style.css"><script>document.title = 'run'</script></head>
<body><main><div lang="ar" dir="rtl"><h1>كل يوم</h1><p>الأشياء الثقيلة</p><p>لديك سبب وجيه</p></div><p class="pale">Pale words</p><input></main></body></html>"##;

const STYLE: &str =
    "body { background: #fff; color: #111 } .pale { color: #ccc } .slide { animation: slide 1.5s linear; position: relative }
@keyframes slide { from { left: 900px } to { left: 0 } }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }";

/// Every press draws the buttons anew, as a page that is live does; what comes late slides in, over what is not ready yet.
const SCRIPT: &str = r##"
const say = words => document.querySelector('#said').append(words + ' ');
let calls = 0;
document.addEventListener('click', press => {
  if (press.target.textContent === 'Call') {
    calls += 1;
    document.querySelector('#calls').textContent = `${calls} calls`;
    press.target.replaceWith(press.target.cloneNode(true));
  }
  if (press.target.textContent === 'Back') say(`back ${[...document.querySelectorAll('#chat button')].indexOf(press.target)}`);
  if (press.target.textContent === 'Late') {
    press.target.remove();
    setTimeout(() => {
      const late = document.createElement('button');
      late.textContent = 'Here at last';
      late.className = 'slide';
      late.addEventListener('click', () => say('pressed'));
      document.querySelector('main').append(late);
    }, 300);
  }
});
document.querySelector('#name').addEventListener('input', typed => say(typed.target.value));
document.querySelector('#name').addEventListener('keydown', typed => { if (typed.key === 'Enter') say('entered'); });
new EventSource('never-ends');
"##;

/// Where the rooms are served, until the test ends.
async fn served() -> String {
    let sent = |kind: &'static str, body: &'static str| {
        get(move || async move { ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)], body).into_response() })
    };
    let endless = || async {
        let body = axum::body::Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
        ([(CONTENT_TYPE, "text/event-stream")], body)
    };
    let rooms = Router::new()
        .route("/", sent("text/html", PAGE))
        .route("/poor", sent("text/html", POOR))
        .route("/style.css", sent("text/css", STYLE))
        .route("/script.js", sent("text/javascript", SCRIPT))
        .route("/never-ends", get(endless));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, rooms).await });
    url
}

#[tokio::test]
async fn it_presses_types_and_waits_as_a_person_does() {
    let url = served().await;
    let Some(window) = Window::open(&url).await else { return };
    for calls in 1..=5 {
        window.click("Call").await;
        window.wait_until("the call", &format!("document.querySelector('#calls').textContent === '{calls} calls'")).await;
    }
    window.click("Late").await;
    window.click("Here at last").await;
    window.wait_for_words("pressed").await;
    window.click("Back").await;
    window.click("#chat li:first-child button").await;
    window.wait_for_words("back 1 back 0").await;

    window.type_into("Name", "Anna").await;
    window.press_key("Enter").await;
    window.wait_for_words("A An Ann Anna entered").await;
    window.press_key("Shift+Tab").await;
    assert_eq!(window.eval("document.activeElement.textContent").await, json!("Call"));
    window.type_into("#day", "2026-11-28").await;
    assert_eq!(window.eval("document.querySelector('#day').value").await, json!("2026-11-28"));
    window.choose("#country", "Poland").await;
    assert_eq!(window.eval("document.querySelector('#country').value").await, json!("Poland"));
    assert_eq!(window.texts("#chat li").await, ["Back", "Back"]);
    assert_eq!(window.complaints().await, [""; 0]);
    assert_eq!(window.axe().await, [""; 0]);
}

#[tokio::test]
async fn it_sees_what_is_wrong_and_leaves_nothing_behind() {
    let url = served().await;
    let Some(window) = Window::open(&url).await else { return };
    let ground = "getComputedStyle(document.body).backgroundColor";
    window.size(390, 844).await;
    window.dark().await;
    window.visit(&format!("{url}poor")).await;
    assert_eq!(window.eval("[innerWidth, innerHeight, document.title]").await, json!([390, 844, "A poor room"]));
    assert_eq!(window.eval(ground).await, json!("rgb(17, 17, 17)"));
    let complaints = window.complaints().await;
    assert!(complaints.len() == 1 && complaints[0].contains("Content Security Policy"), "{complaints:?}");
    window.light().await;
    assert_eq!(window.eval(ground).await, json!("rgb(255, 255, 255)"));
    if can_audit() {
        let found = window.axe().await;
        let rules: Vec<_> = found.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(rules, ["color-contrast", "label"], "{found:#?}");
    }
    let profile = window.profile();
    let runs =
        || String::from_utf8_lossy(&Command::new("ps").args(["-eo", "args"]).output().unwrap().stdout).contains(&profile);
    assert!(runs());
    drop(window);
    assert!(!Path::new(&profile).exists());
    let begun = Instant::now();
    while runs() {
        assert!(begun.elapsed() < PATIENCE, "the browser outlives its window");
    }
}
