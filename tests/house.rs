//! The house rules that a machine can hold: which room may use which, where SQL and teloxide may stand, how long a file may grow.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::{Path, PathBuf};

/// The table of `ARCHITECTURE.md`: a room, and the rooms it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("dialogue", &[]),
    ("source", &["dialogue"]),
    ("render", &["dialogue"]),
    ("walk", &["dialogue"]),
    ("media", &["dialogue"]),
    ("leaflet", &["dialogue", "media"]),
    ("lint", &["source", "dialogue", "render", "media"]),
    ("author", &["source", "lint", "walk", "render", "dialogue"]),
    ("places", &["dialogue"]),
    ("store", &["dialogue"]),
    ("service", &["store", "places", "leaflet", "media", "dialogue"]),
    ("channel", &["service", "store", "places", "media", "render", "walk", "dialogue"]),
    ("ops", &["service", "store", "dialogue"]),
    ("preview", &["author", "lint", "source", "walk", "service", "store", "places", "leaflet", "media", "render", "dialogue"]),
];

/// Words that may stand in some rooms alone.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("teloxide::", &["channel/telegram"]),
    ("resvg::", &["media"]),
    ("reqwest::", &["channel/telegram"]),
    ("sqlx::", &["store"]),
    ("serde_saphyr", &["source"]),
    ("getrandom", &["preview/serve.rs", "store"]),
    ("notify::", &["cli/reload"]),
    ("std::fs", &["source", "store", "config.rs", "environment.rs"]),
    ("axum::", &["ops", "preview/serve.rs", "channel/telegram"]),
    ("hyper::", &["channel/telegram/webhook"]),
    ("hyper_util::", &["channel/telegram/webhook"]),
    ("hmac::", &["channel/telegram/webhook"]),
    ("maud::", &["ops", "preview", "leaflet"]),
    ("csv::", &["source"]),
    ("rstar::", &["places"]),
    ("prometheus_client", &["service/meter.rs", "ops"]),
    ("tokio::", &["channel", "service", "store", "ops", "preview", "cli"]),
    ("Timestamp::now", &["channel", "cli"]),
    // A replica's lease runs by its own clock too.
    ("Instant::now", &["channel", "store/postgres"]),
    ("SystemTime", &["channel"]),
];

fn files() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

fn inside(path: &Path) -> String {
    path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().display().to_string()
}

/// The lines of a file that are code, without its comments and its own tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines()).take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn every_arrow_between_rooms_is_in_the_table() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let path = inside(&path);
        let Some((room, allowed)) = ROOMS.iter().find(|(room, _)| path.starts_with(&format!("{room}/"))) else { continue };
        for (number, line) in code(&text) {
            for piece in line.split("crate::").skip(1) {
                let used: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if used != *room && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("src/{path}:{number}: `{room}` may not use `{used}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_src_is_a_room_of_the_table() {
    for (path, _) in files() {
        if let Some((room, _)) = inside(&path).split_once('/') {
            // The wiring may use all rooms, and none may use it.
            let is_known = room == "cli" || ROOMS.iter().any(|(known, _)| *known == room);
            assert!(is_known, "src/{room}/ is no room of the table");
        }
    }
}

#[test]
fn foreign_words_stay_in_their_room() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let path = inside(&path);
        for (number, line) in code(&text) {
            for (word, rooms) in KEPT_IN {
                if line.contains(word) && !rooms.iter().any(|room| path.starts_with(room)) {
                    wrong.push(format!("src/{path}:{number}: `{word}` belongs to {rooms:?} alone"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_what_lives_there() {
    for (path, text) in files() {
        assert!(text.starts_with("//!"), "{} does not open with `//!`", path.display());
    }
}

#[test]
fn no_file_grows_past_its_room() {
    for (path, text) in files() {
        let lines = text.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: the house wants a new room", path.display());
    }
}
