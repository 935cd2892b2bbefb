//! The book as a picture: everything is on it, nothing that an author writes can break it, and it is the same every time.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use backcare::author::graph::{Choice, Picture, mermaid::mermaid, picture, svg::svg};
use backcare::dialogue::Book;
use backcare::dialogue::safety::KindName;

mod shipped;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn graph(words: &str) -> Output {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
    bot.args(["--dialogues", "dialogues", "graph"]).args(words.split_whitespace()).current_dir(root()).output().unwrap()
}

fn told(words: &str) -> String {
    let done = graph(words);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The small book of the tests for bad books, with pages of our own.
fn book(pages: &str) -> Book {
    let read = |name: &str| fs::read_to_string(root().join("tests/bad/base").join(name)).unwrap();
    let files = vec![
        (String::from("book.yaml"), read("book.yaml")),
        (String::from("home.yaml"), read("home.yaml")),
        (String::from("words.yaml"), read("words.yaml")),
        (String::from("more.yaml"), pages.to_owned()),
    ];
    backcare::source::load_files(files).book.unwrap_or_else(|| panic!("this makes no book:\n{pages}"))
}

fn whole(book: &Book) -> Picture {
    picture(book, &Choice::default())
}

/// The whole book, its triage, and what is two taps from home.
fn pictures() -> Vec<Picture> {
    let book = shipped::book();
    let triage = Choice { from: book.find("doctor"), until: vec![KindName::Advice], ..Choice::default() };
    let near = Choice { from: book.find("home"), depth: Some(2), ..Choice::default() };
    vec![whole(book), picture(book, &triage), picture(book, &near)]
}

#[test]
fn the_picture_in_the_readme_is_that_of_todays_triage() {
    let fresh = told("--from doctor --until advice --format svg");
    let path = root().join("docs/triage.svg");
    if fs::read_to_string(&path).unwrap_or_default() != fresh {
        assert!(
            std::env::var_os("UPDATE").is_some(),
            "the triage has changed: look at it, then UPDATE=1 cargo test --test graph"
        );
        fs::write(path, fresh).unwrap();
    }
}

#[test]
fn the_triage_is_drawn_to_its_ends_and_no_further() {
    let drawn = mermaid(&pictures()[1]);
    for box_ in ["p_doctor[", "p_weeks[", "p_pain_signs[", "p_outcome[", "p_call_now[", "p_look_after["] {
        assert!(drawn.contains(box_), "{box_} is missing in\n{drawn}");
    }
    assert!(!drawn.contains("p_tips"), "it runs on behind the advice:\n{drawn}");
    assert!(drawn.contains(r#"p_outcome -->|"today"| p_call_today"#), "{drawn}");
    assert!(drawn.contains(r#"p_baby_signs -.->|"ticked or not sure: now"| p_outcome"#), "{drawn}");
}

#[test]
fn every_page_of_the_book_stands_in_it_once() {
    let book = shipped::book();
    let drawn = whole(book);
    let ids: BTreeSet<&str> = drawn.boxes.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids.len(), drawn.boxes.len());
    assert_eq!(ids, book.nodes().map(|(_, id, _)| id).collect());
    let text = mermaid(&drawn);
    for id in ids {
        let name = format!("  p_{}[\"", id.replace('-', "_"));
        assert_eq!(text.matches(&name).count(), 1, "{id}");
    }
}

#[test]
fn every_way_of_the_book_is_drawn() {
    let book = shipped::book();
    let drawn = whole(book);
    let ways: BTreeSet<(&str, &str)> =
        drawn.ways.iter().map(|way| (drawn.boxes[way.from].id.as_str(), drawn.boxes[way.to].id.as_str())).collect();
    for (_, id, node) in book.nodes() {
        for to in node.leads_to() {
            assert!(ways.contains(&(id, book.name(to))), "{id} leads to {}", book.name(to));
        }
    }
}

/// A line is a box, a way, a class, or the beginning; the signs that mean something stand in no label.
#[test]
fn mermaid_can_read_it() {
    let text = mermaid(&whole(shipped::book()));
    let mut lines = text.lines();
    assert_eq!(
        [lines.next(), lines.next(), lines.next(), lines.next()],
        [Some("---"), Some("title: \"Backcare\""), Some("---"), Some("flowchart TD")]
    );
    let is_name =
        |name: &str| name.starts_with("p_") && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    for line in lines {
        let line = line.strip_prefix("  ").unwrap_or_else(|| panic!("not indented: {line}"));
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        if let Some((name, rest)) = line.split_once("[\"") {
            assert!(is_name(name) && rest.contains("\"]:::"), "{line}");
        } else if let Some(class) = line.strip_prefix("classDef ") {
            assert!(class.contains(" fill:#"), "{line}");
        } else {
            let words: Vec<&str> = line.split(' ').collect();
            assert!(is_name(words[0]) && is_name(words[words.len() - 1]) && words[1].contains("->"), "{line}");
        }
    }
}

const AWKWARD: &str = r#"
source: house
end:
  title: "Say \"ouch\" & <wait> [now] #1; a\\b `c` | d"
  text: Wörter, 💛 und mehr.
  links: [graph]
graph:
  title: "ألم الظهر 🤰 — Rückenschmerzen & Übelkeit — 腰痛がひどいときはどうすればいいですか"
  question: Is it?
  answers:
    yes-it-is: {label: "\"Yes\" <b>&amp;</b> ]] --> x", goto: end}
    no: {label: No, goto: graph}
"#;

#[test]
fn no_words_of_an_author_break_it() {
    let drawn = whole(&book(AWKWARD));
    let text = mermaid(&drawn);
    assert!(text.contains(r"Say #34;ouch#34; #38; #60;wait#62; [now] #35;1#59; a#92;b #96;c#96; #124; d"), "{text}");
    assert!(text.contains(r##"p_graph -->|"#34;Yes#34; #60;b#62;#38;amp#59;#60;/b#62; ]] --#62; x"| p_end"##), "{text}");
    assert!(text.contains("ألم الظهر 🤰"), "{text}");
    let svg = svg(&drawn);
    assert!(svg.contains("&quot;ouch&quot; &amp;"), "{svg}");
    assert!(svg.contains("&lt;wait&gt;"), "{svg}");
    assert!(svg.contains("💛"), "{svg}");
    assert!(!svg.contains("<b>") && !svg.contains("<script") && !svg.contains("href"), "{svg}");
    is_well_formed(&svg);
}

/// Every tag that opens is closed, in order, and no sign stands alone that XML would read.
fn is_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for (at, _) in svg.match_indices('<') {
        let tag = &svg[at + 1..at + svg[at..].find('>').expect("a tag ends")];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split([' ', '\n']).next().unwrap());
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
    for (at, _) in svg.match_indices('&') {
        let entity = svg[at..].split(';').next().unwrap();
        assert!(["&amp", "&lt", "&gt", "&quot", "&#39"].contains(&entity), "{entity}");
    }
}

/// The place and the size of every box: x, y, width, height.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let rects = svg.lines().filter(|line| line.starts_with("<g>")).map(|line| &line[line.find("<rect").unwrap()..]);
    let number = |rect: &str, key: &str| {
        let from = rect.find(&format!(" {key}=\"")).unwrap() + key.len() + 3;
        rect[from..].split('"').next().unwrap().parse::<f64>().unwrap()
    };
    rects.map(|rect| ["x", "y", "width", "height"].map(|key| number(rect, key))).collect()
}

#[test]
fn no_two_boxes_lie_on_one_another_and_all_lie_inside() {
    for drawn in pictures() {
        let (svg, words) = (svg(&drawn), drawn.title);
        is_well_formed(&svg);
        let boxes = boxes(&svg);
        assert!(boxes.len() > 5, "{words}");
        let size = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
        let (wide, high) = size.split_once(' ').unwrap();
        let (wide, high): (f64, f64) = (wide.parse().unwrap(), high.parse().unwrap());
        for (at, [x, y, w, h]) in boxes.iter().enumerate() {
            assert!(*x >= 0.0 && *y >= 0.0 && x + w <= wide && y + h <= high, "{words}: box {at} hangs out");
            for [x2, y2, w2, h2] in &boxes[at + 1..] {
                let apart = x + w <= *x2 || x2 + w2 <= *x || y + h <= *y2 || y2 + h2 <= *y;
                assert!(apart, "{words}: two boxes at {x}, {y} and {x2}, {y2}");
            }
        }
    }
}

#[test]
fn it_is_the_same_every_time() {
    for (one, other) in pictures().iter().zip(pictures()) {
        assert_eq!(*one, other);
        assert_eq!(svg(one), svg(&other));
    }
}

#[test]
fn a_part_of_the_book_is_what_was_asked_for() {
    let near = told("--from home --depth 1");
    assert!(near.contains("p_hurts_now[") && near.contains("p_doctor["), "{near}");
    assert!(!near.contains("p_weeks["), "two taps away:\n{near}");
    let subject = told("--subject exercises");
    assert!(subject.contains("p_pelvic_floor[\"") && subject.contains(" beside\n"), "{subject}");
    assert!(!subject.contains("p_home["), "another file:\n{subject}");
    for (words, why) in [("--from nowhere", "no page `nowhere`"), ("--subject nothing", "exercises"), ("--depth 2", "--from")] {
        let done = graph(words);
        assert_eq!(done.status.code(), Some(2), "{words}");
        assert!(String::from_utf8_lossy(&done.stderr).contains(why), "{words}");
    }
}

/// What urgency looks like is told in words and in grey too: the more urgent, the darker.
#[test]
fn colour_is_never_alone() {
    let drawn = svg(&pictures()[1]);
    let grey = |word: &str| {
        let group = drawn.lines().find(|line| line.starts_with("<g>") && line.contains(&format!(">{word}<")));
        let fill = group.unwrap_or_else(|| panic!("no box says {word}")).split("fill=\"#").nth(1).unwrap();
        let part = |at: usize| f64::from(u8::from_str_radix(&fill[at..at + 2], 16).unwrap());
        0.299 * part(0) + 0.587 * part(2) + 0.114 * part(4)
    };
    let urgency = ["emergency", "now", "today", "soon", "self-care"].map(|level| grey(&format!("advice: {level}")));
    assert!(urgency.windows(2).all(|pair| pair[0] + 8.0 < pair[1]), "{urgency:?}");
}

/// A book of the size that is promised is drawn; each page leads on to three, some far away.
#[test]
fn three_thousand_pages_are_drawn() {
    let page = |n: usize| {
        format!(
            "page-{n}:\n  title: Page {n}\n  text: Words.\n  links: [page-{}, page-{}, page-{}]\n",
            (n * 2 + 1) % 3000,
            (n + 1) % 3000,
            (n * 7 + 3) % 3000
        )
    };
    let pages: String = std::iter::once(String::from("source: house\n")).chain((0..3000).map(page)).collect();
    let drawn = whole(&book(&pages));
    assert_eq!(drawn.boxes.len(), 3003);
    assert_eq!(mermaid(&drawn).matches(":::text").count(), 3002);
    assert_eq!(boxes(&svg(&drawn)).len(), 3003);
}
