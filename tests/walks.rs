//! Every conversation in `tests/walks`, played on the shipped book.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;

use backcare::walk::Walk;

mod shipped;

#[test]
fn every_walk_arrives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walks");
    let mut walks: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    walks.sort();
    let mut strayed = Vec::new();
    for path in &walks {
        let walk = Walk::read(&fs::read_to_string(path).unwrap());
        assert!(!walk.0.is_empty(), "{} holds no conversation", path.display());
        if let Err(error) = walk.play(shipped::book(), shipped::noon()) {
            strayed.push(format!("{}: {error}", path.display()));
        }
    }
    assert!(walks.len() > 20, "the walks are gone");
    assert!(strayed.is_empty(), "{}", strayed.join("\n\n"));
}

#[test]
fn a_walk_that_strays_says_where_and_what_it_saw() {
    let walk = Walk::read("# a comment\n> /start\n[It hurts now]\nWords that no page of this book says\n");
    let strayed = walk.play(shipped::book(), shipped::noon()).unwrap_err();
    assert_eq!(strayed.line, 4);
    assert!(strayed.shown.contains("Get help"), "{}", strayed.shown);
    let walk = Walk::read("> /start\n![It hurts now]\n");
    assert_eq!(walk.play(shipped::book(), shipped::noon()).unwrap_err().line, 2);
}
