//! There and back: the book as one file, a clinician who ticks and comments in it, and what comes of that in the book.

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::audit::findings;
use crate::author::{Author, Preview};
use crate::browser::driver::{PATIENCE, PAUSE, Window};

const SAID: &str = "Say \"hours\", not <b>ages</b>.";

#[tokio::test]
async fn what_a_clinician_says_comes_back_into_the_book() {
    // Readers are told who has checked a page, in the book's own words.
    let preview = Preview::start_after(|book| {
        let words = book.join("words.yaml");
        let text = fs::read_to_string(&words).unwrap();
        if !text.contains("\nchecked:") {
            fs::write(words, text + "\nchecked: Checked by {name}, on {date}.\n").unwrap();
        }
    });
    let file = preview.path("review.html");
    let done = preview.backcare(&["preview", "--export", file.to_str().unwrap(), "--region", "gb"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let size = fs::metadata(&file).unwrap().len();
    assert!(size < 2_000_000, "{size} bytes");

    let Some(window) = Window::open(&format!("file://{}", file.display())).await else { return };
    let pages = window.texts("article h3").await.len();
    window.wait_for_words(&format!("0 of {pages} pages ticked, 0 with a comment")).await;
    let loaded =
        window.eval("performance.getEntriesByType('resource').filter(one => !one.name.startsWith('data:')).length").await;
    assert_eq!(loaded, json!(0), "it asks for nothing from elsewhere");
    assert_eq!(window.eval("[...document.images].every(one => one.src.startsWith('data:image/'))").await, json!(true));

    let mut found = findings(&window, "review").await;
    window.size(390, 844).await;
    found.extend(findings(&window, "review-small").await);
    assert_eq!(found, [""; 0]);
    window.size(1280, 800).await;

    window.click("#right-call-now").await;
    window.click("#right-lifting").await;
    window.type_into("#comment-sleep", SAID).await;
    window.wait_for_words(&format!("2 of {pages} pages ticked, 1 with a comment")).await;
    // She closes the file, and goes on another day.
    window.reload().await;
    window.wait_for_words(&format!("2 of {pages} pages ticked, 1 with a comment")).await;
    assert_eq!(window.eval("document.querySelector('#comment-sleep').value").await, json!(SAID));
    let folder = preview.path("downloads");
    fs::create_dir(&folder).unwrap();
    window.devtools("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder })).await;
    window.type_into("Your name", "Ann Example").await;
    window.type_into("What you are", "midwife").await;
    window.click("Save my review").await;
    let saved = folder.join("review-backcare-ann-example.json");
    let begun = Instant::now();
    while !saved.exists() {
        assert!(begun.elapsed() < PATIENCE, "no download in {:?}", fs::read_dir(&folder).unwrap().collect::<Vec<_>>());
        sleep(PAUSE).await;
    }
    let review: Value = serde_json::from_slice(&fs::read(&saved).unwrap()).unwrap();
    assert_eq!(review["reviewer"], json!({ "name": "Ann Example", "role": "midwife" }));
    assert_eq!(window.complaints().await, [""; 0]);

    let merged = preview.backcare(&["review", saved.to_str().unwrap()]);
    let told = format!("{}{}", String::from_utf8_lossy(&merged.stdout), String::from_utf8_lossy(&merged.stderr));
    assert!(merged.status.success(), "{told}");
    let kept = fs::read_to_string(preview.path("dialogues/reviews.yaml")).unwrap();
    for words in ["Ann Example", "call-now", "lifting", "sleep"] {
        assert!(kept.contains(words), "{words} is not in\n{kept}");
    }
    let checked = preview.backcare(&["check"]);
    let checked = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.contains("says of `sleep`: \"Say \"hours\"") && checked.contains("reviews.yaml"), "{checked}");

    // The preview that was running all the while shows it too.
    window.visit(&preview.url).await;
    let author = Author { preview, window };
    author.is_whole().await;
    author.looks_at("problems").await;
    author.window.wait_for_words(SAID).await;
    author.does(async || author.window.click("Show sleep").await).await;
    assert_eq!(author.here().await, "sleep");
    author.has_no_complaints().await;
}
