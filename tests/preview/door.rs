//! Who is let in: nobody but the page itself, and what an author wrote is never markup.

use std::fs;
use std::time::Instant;

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::author::Preview;
use crate::browser::driver::{PATIENCE, PAUSE};

const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What comes back, under the strict policy whatever it is.
async fn answer(request: RequestBuilder) -> (StatusCode, String) {
    let answer = request.send().await.unwrap();
    let (status, url) = (answer.status(), answer.url().clone());
    assert_eq!(answer.headers().get(CONTENT_SECURITY_POLICY), Some(&HeaderValue::from_static(STRICT)), "{url} {status}");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    (status, answer.text().await.unwrap())
}

fn sends(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

const SCRIPT: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn it_opens_for_nobody_else_and_runs_nothing() {
    let preview = Preview::start_after(|book| {
        let home = book.join("home.yaml");
        let text = fs::read_to_string(&home).unwrap();
        fs::write(home, text.replace("title: Everyday tips", &format!("title: \"{SCRIPT}\""))).unwrap();
    });
    nobody_else_is_let_in(&preview).await;
    what_an_author_wrote_is_text(&preview).await;
}

async fn nobody_else_is_let_in(preview: &Preview) {
    let client = Client::new();
    let at = |path: &str| format!("{}{path}", preview.url);
    let own = preview.url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let (host, port) = own.split_once(':').unwrap();
    assert_eq!(host, "127.0.0.1");
    let deed = json!({ "deed": "start-over" });

    for path in ["", "style.css", "script.js", "phone", "setting", "map", "problems", "walk"] {
        assert_eq!(answer(client.get(at(path))).await.0, StatusCode::OK, "{path}");
        // A name that was bent to this machine.
        for name in [
            "evil.example",
            "evil.example:80",
            &format!("evil.example:{port}"),
            "127.0.0.1",
            "127.0.0.1:1",
            "localhost.evil.example",
        ] {
            let (status, said) = answer(client.get(at(path)).header(HOST, name)).await;
            assert_eq!(
                (status, said.as_str()),
                (StatusCode::FORBIDDEN, "This page answers nobody but itself.\n"),
                "{path} {name}"
            );
        }
    }
    assert_eq!(answer(client.get(at("")).header(HOST, format!("localhost:{port}"))).await.0, StatusCode::OK);

    assert_eq!(answer(sends(client.post(at("does")), &deed)).await.0, StatusCode::OK);
    for (path, body) in [
        ("does", &deed),
        ("save", &json!({ "name": "x" })),
        ("weekly", &json!({ "from": "2026-11-30", "zone": "UTC", "week": null })),
    ] {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            let without = client.post(at(path)).header(CONTENT_TYPE, kind).body(body.to_string());
            assert_eq!(answer(without).await.0, StatusCode::FORBIDDEN, "{path} {kind}");
        }
        assert_eq!(answer(client.post(at(path)).body(body.to_string())).await.0, StatusCode::FORBIDDEN, "{path}");
        for origin in ["http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", &format!("https://{own}")] {
            let foreign = sends(client.post(at(path)), body).header(ORIGIN, origin);
            assert_eq!(answer(foreign).await.0, StatusCode::FORBIDDEN, "{path} {origin}");
        }
    }
    assert!(!preview.path("walks").exists());
    let own_page = sends(client.post(at("does")), &deed).header(ORIGIN, format!("http://{own}"));
    assert_eq!(answer(own_page).await.0, StatusCode::OK);

    // Without the path that was printed nothing is there, not even for the right name.
    let token = preview.url.trim_end_matches('/').rsplit('/').next().unwrap();
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    for wrong in
        ["", "phone", "does", &format!("{}/", "0".repeat(32)), &format!("{}/phone", &token[..31]), &format!("{token}0/phone")]
    {
        let url = format!("http://{own}/{wrong}");
        assert_eq!(answer(client.get(&url)).await.0, StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(answer(sends(client.post(&url), &deed)).await.0, StatusCode::NOT_FOUND, "{wrong}");
    }

    for name in ["../x", "a/b", "", ".", "A", "x.walk", "x\u{0}", &"x".repeat(61)] {
        let (status, said) = answer(sends(client.post(at("save")), &json!({ "name": name }))).await;
        assert_eq!(status, StatusCode::CONFLICT, "{name}");
        assert!(said.starts_with("A name is made of small letters"), "{said}");
    }
    assert!(!preview.path("walks").exists() && !preview.path("x.walk").exists());
    for nonsense in [json!({ "deed": "burn" }), json!([]), json!({ "deed": "press", "message": -1, "token": "" })] {
        assert_eq!(answer(sends(client.post(at("does")), &nonsense)).await.0, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

async fn what_an_author_wrote_is_text(preview: &Preview) {
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
    let client = Client::new();
    let at = |path: &str| format!("{}{path}", preview.url);
    // The book is read, drawn and judged by and by.
    let told = async |path: &str, words: &str| {
        let begun = Instant::now();
        while !answer(client.get(at(path))).await.1.contains(words) {
            assert!(begun.elapsed() < PATIENCE, "{path} has no {words}");
            sleep(PAUSE).await;
        }
    };
    told("map", escaped).await;
    for deed in [
        json!({ "deed": "say", "words": format!("{SCRIPT} \" ' &") }),
        json!({ "deed": "open", "page": SCRIPT }),
        json!({ "deed": "open", "page": "home" }),
    ] {
        assert_eq!(answer(sends(client.post(at("does")), &deed)).await.0, StatusCode::OK);
    }
    // In a text there is no HTML, which is told with the line that has it.
    preview.edit("tips.yaml", "Anything lighter: bend", &format!("{SCRIPT} bend"));
    told("problems", escaped).await;
    for path in ["", "phone", "map", "problems", "walk"] {
        let said = answer(client.get(at(path))).await.1;
        assert!(!said.contains(SCRIPT) && said.contains(escaped), "{path}: {said}");
    }
}
