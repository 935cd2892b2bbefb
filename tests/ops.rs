//! The page of the ops port over made-up numbers: it is safe, it asks for nothing from elsewhere, and it says what matters.
//!
//! To look at it in a browser: `SHOW=/some/folder cargo test --test ops`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use backcare::ops::{BookLook, Look, page};
use backcare::store::{Counts, PageCount, TipCount};
use jiff::{SignedDuration, Timestamp};

mod browser;
mod shipped;

use browser::driver::Window;

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn counted<const N: usize>(counts: [(&str, u64); N]) -> BTreeMap<String, u64> {
    counts.map(|(id, count)| (id.to_owned(), count)).into()
}

/// A bot on its ninth day.
fn busy() -> Look {
    let tips =
        [("lifting", 61, 9), ("pillow", 48, 4), ("shoes", 30, 17), ("warmth", 22, 1), ("sitting", 9, 6), ("walking", 5, 0)];
    let tips = tips.map(|(id, helpful, not_helpful)| {
        (id.to_owned(), TipCount { sent: 400, helpful, not_helpful, missing: counted([("too-long", not_helpful / 3)]) })
    });
    let ratings = [("lifting", [31, 0, 0, 0, 204]), ("all-fours", [44, 0, 0, 0, 97]), ("pillows", [4, 6, 20, 31, 60])];
    let ratings = ratings.map(|(id, values)| {
        let missing = counted([("too-long", values[0] / 2), ("no-relief", values[0] / 3), ("dropped", 2)]);
        (id.to_owned(), PageCount { values, missing })
    });
    let counts = Counts {
        readers: 5210,
        readers_by_region: counted([("gb", 3977), ("us", 604), ("ie", 312), ("", 240), ("atlantis", 77)]),
        readers_by_language: counted([("", 4302), ("es", 511), ("ar", 288), ("en", 96), ("tlh", 13)]),
        subscribers: 1843,
        due: 12,
        inbox: 0,
        tips: tips.into(),
        ratings: ratings.into(),
        ..Counts::default()
    };
    // A day with its night, and the hour on Monday at which most tips come.
    let messages = (0..1440_u32).map(|minute| {
        let day = (f64::from(minute) / 1440.0 * std::f64::consts::TAU).cos() * 14.0 + 15.0;
        let rush = if (1260..1300).contains(&minute) { 24.0 } else { 0.0 };
        (day + rush + f64::from(minute * 7919 % 7)) as u32
    });
    let titles = [
        "Home",
        "It hurts now",
        "When should I get help?",
        "Pain relief",
        "Getting out of bed",
        "Weekly tips",
        "Sleep on your side",
        "Lifting",
    ];
    let shown = [9120, 6044, 3310, 2107, 1822, 1204, 998, 431];
    let book = shipped::book();
    Look {
        version: "0.1.0",
        now: noon(),
        since: noon() - SignedDuration::from_hours(8 * 24 + 5),
        not_ready: Vec::new(),
        book: BookLook::of(book, noon() - SignedDuration::from_hours(3), noon()),
        messages: messages.collect(),
        subscribers: (0..=197_u32).map(|hour| 1200 + hour * 3 + hour % 11).collect(),
        answered: 186_204,
        in_hand: 3,
        tips_out: 3622,
        pages: titles.map(str::to_owned).into_iter().zip(shown).collect(),
        advice: [412, 388, 301, 120, 17],
        counts: Some(Arc::new(counts)),
    }
}

/// A bot that has just begun, and is in trouble.
fn new() -> Look {
    Look {
        since: noon() - SignedDuration::from_secs(70),
        not_ready: vec![String::from("telegram: not heard since the start; see the log, or run `backcare doctor`")],
        messages: Vec::new(),
        subscribers: Vec::new(),
        answered: 0,
        in_hand: 0,
        tips_out: 0,
        pages: Vec::new(),
        advice: [0; 5],
        counts: None,
        ..busy()
    }
}

fn show(name: &str, look: &Look) -> String {
    let page = page(look, false);
    if let Some(folder) = std::env::var_os("SHOW") {
        let folder = Path::new(&folder);
        fs::write(folder.join(format!("{name}.html")), &page).unwrap();
        fs::copy("src/ops/style.css", folder.join("style.css")).unwrap();
    }
    page
}

#[test]
fn the_page_says_what_matters() {
    let page = show("busy", &busy());
    let due = shipped::book().unreviewed();
    let unchecked = format!("nobody has checked {} of {} pages", due.pages, due.of);
    for words in [
        "Ready",
        "up for 8 d 5 h",
        "1\u{202f}843",
        "It hurts now",
        "61 : 9",
        "4.5 of 235",
        "4.1 of 121",
        "Didn't ease it",
        "9\u{202f}120",
        &unchecked,
        "not in the book any more",
    ] {
        assert!(page.contains(words), "{words} is not said in:\n{page}");
    }
    assert!(!page.contains("atlantis<"), "an id that the book has no more is no word of the page");
}

#[test]
fn a_bot_in_trouble_says_so_at_the_top() {
    let page = show("new", &new());
    assert!(page.contains("Not ready") && page.contains("not heard since the start"), "{page}");
    assert!(page.find("not heard").unwrap() < page.find("Messages a minute").unwrap());
    assert!(page.contains("The first minute is not over yet.") && !page.contains("Nobody has said yet."));
}

/// In both colours, on a desk and in a hand.
#[tokio::test]
async fn nothing_stands_in_the_way_of_whoever_reads_it_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("style.css"), fs::read("src/ops/style.css").unwrap()).unwrap();
    for (name, look) in [("busy", busy()), ("new", new())] {
        fs::write(folder.path().join(format!("{name}.html")), page(&look, false)).unwrap();
    }
    let url = |name: &str| format!("file://{}", folder.path().join(format!("{name}.html")).display());
    let Some(window) = Window::open(&url("busy")).await else { return };
    for name in ["busy", "new"] {
        window.visit(&url(name)).await;
        for (size, is_dark) in [((1280, 800), false), ((1280, 800), true), ((390, 844), true), ((390, 844), false)] {
            window.size(size.0, size.1).await;
            if is_dark {
                window.dark().await
            } else {
                window.light().await
            }
            assert_eq!(window.axe().await, [""; 0], "{name}, {size:?}, dark: {is_dark}");
            assert_eq!(window.eval("document.documentElement.scrollWidth").await, size.0, "{name} is wider than the window");
            if let Some(folder) = std::env::var_os("SHOW") {
                window.size(size.0, 2400).await;
                window
                    .screenshot(&Path::new(&folder).join(format!(
                        "{name}-{}-{}.png",
                        size.0,
                        if is_dark { "dark" } else { "light" }
                    )))
                    .await;
            }
        }
    }
    assert_eq!(window.complaints().await, [""; 0]);
}

#[test]
fn nothing_runs_in_the_page_and_nothing_comes_from_elsewhere() {
    let mut look = busy();
    look.pages[0].0 = String::from("<script>alert(1)</script>\" onload=\"x");
    let page = page(&look, false);
    for never in ["<script", "://", " style=", " onload=\"", "src=", "<img", "<iframe", "javascript:"] {
        assert!(!page.contains(never), "{never} in:\n{page}");
    }
    assert!(page.contains("&lt;script&gt;"));
}
