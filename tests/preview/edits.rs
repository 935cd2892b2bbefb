//! An edit is seen as soon as it is saved, a broken one is told, and a promise of the book that breaks is played.

use serde_json::json;

use crate::audit::findings;
use crate::author::{Author, NEWEST};

pub async fn what_is_saved_is_seen(author: &Author) {
    author.is_checked().await;
    new_words_come_and_nothing_moves(author).await;
    let mut found = a_broken_book_is_told_and_the_one_before_is_shown(author).await;
    found.extend(what_breaks_a_promise_is_played(author).await);
    assert_eq!(found, [""; 0]);
    author.has_no_complaints().await;
}

async fn new_words_come_and_nothing_moves(author: &Author) {
    let (preview, window) = (&author.preview, &author.window);
    for words in ["/tips", "/start sleep", "/start lifting"] {
        author.types(words).await;
    }
    let chat = "document.querySelector('#phone .chat')";
    window.wait_until("pictures", "[...document.querySelectorAll('#phone img')].every(each => each.complete)").await;
    window.eval(&format!("{chat}.scrollTop = 120")).await;
    let scrolled = window.eval(&format!("{chat}.scrollTop")).await;
    assert_eq!(scrolled, json!(120));
    let messages = author.messages().await;

    let (old, new) = ("**Heavy things: ask somebody else.**", "**Heavy things: let 2 > 1 \"others\" & friends do it.**");
    preview.edit("tips.yaml", old, new);
    author.reads("Heavy things: let 2 > 1 \"others\" & friends do it.").await;
    assert_eq!(window.eval(&format!("{chat}.scrollTop")).await, scrolled);
    assert_eq!((author.here().await.as_str(), author.messages().await), ("lifting", messages));
    preview.edit("tips.yaml", new, old);
    author.reads("Heavy things: ask somebody else.").await;
}

/// Waits until the tab counts so many.
async fn count(author: &Author, count: &str) {
    author
        .window
        .wait_until(&format!("the count {count:?}"), &format!("document.querySelector('#count').textContent === '{count}'"))
        .await;
}

/// What stands in anybody's way meanwhile, by day and in the dark.
async fn ways(author: &Author, name: &str) -> Vec<String> {
    let mut found = findings(&author.window, &format!("light-{name}")).await;
    author.window.dark().await;
    found.extend(findings(&author.window, &format!("dark-{name}")).await);
    author.window.light().await;
    found
}

async fn a_broken_book_is_told_and_the_one_before_is_shown(author: &Author) -> Vec<String> {
    let (preview, window) = (&author.preview, &author.window);
    let (old, new) = ("links: [bags, toddler, turning]", "links: [bags, toddler, turning");
    let line = preview.line("tips.yaml", old);
    preview.edit("tips.yaml", old, new);
    count(author, "1").await;
    window
        .wait_until("what the phone shows", "document.querySelector('.stale')?.innerText.includes('This is the one before')")
        .await;
    author.reads("Heavy things: ask somebody else.").await;
    author.looks_at("problems").await;
    let place = window.text(".findings .place code").await;
    let told = place.rsplit_once("tips.yaml:").unwrap_or_else(|| panic!("{place}")).1;
    let told: usize = told.split(':').next().unwrap().parse().unwrap();
    // Where a list that never ends ends is for YAML to say: there or just below.
    assert!((line..line + 3).contains(&told), "{place}, but the mistake is in line {line}");
    let snippet = window.text(".findings pre").await;
    assert!(snippet.contains('^') && snippet.contains(&told.to_string()), "{snippet}");
    let found = ways(author, "broken").await;

    // From a mistake it is one press to its page.
    preview.edit("tips.yaml", new, "links: [bags, toddler, turnings]");
    window.wait_for_words("There is no page `turnings`.").await;
    author.types("/start sleep").await;
    author.does(async || window.click("Show lifting").await).await;
    assert_eq!(author.here().await, "lifting");
    preview.edit("tips.yaml", "links: [bags, toddler, turnings]", old);
    count(author, "").await;
    window.wait_for_words("No mistakes: this book may go live.").await;
    assert_eq!(window.texts(".stale, .findings li").await, [""; 0]);
    found
}

async fn what_breaks_a_promise_is_played(author: &Author) -> Vec<String> {
    let (preview, window) = (&author.preview, &author.window);
    let (old, new) = ("rules:\n", "rules:\n  - budget: {from: home, to: {kind: steps}, taps: 1}\n");
    let line = preview.line("book.yaml", old) + 1;
    preview.edit("book.yaml", old, new);
    count(author, "1").await;
    assert!(window.text(".findings .place code").await.contains(&format!("book.yaml:{line}")));
    author.does(async || window.click("Play it in the phone").await).await;
    let steps = window.texts(".play li").await;
    assert!(steps.len() > 2, "{steps:?}");
    let mut found = Vec::new();
    for step in 1..=steps.len() {
        author.does(async || window.click("Next step").await).await;
        assert_eq!(window.texts(".play .well").await.len(), step);
        if step == 1 {
            found = ways(author, "played").await;
        }
    }
    window.wait_for_words("That is the end of it.").await;
    let keys = window.texts(&format!("{NEWEST} .key")).await;
    assert!(keys.contains(&String::from("Do it with me")), "an exercise: {keys:?}");
    author.does(async || window.click("Close").await).await;
    assert_eq!(window.texts(".play").await, [""; 0]);
    found
}
