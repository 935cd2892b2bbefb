//! Any bytes: what the fuzz targets have found before, and others like it. `scripts/fuzz` looks for new ones.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

mod shipped;
#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use targets::{Desk, TARGETS};

fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/base");
        let small = backcare::source::folder::texts(&base, "yaml").unwrap();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let small = small.into_iter().map(|(path, text)| (name(&path), text)).collect();
        let (book, _) = backcare::lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
        Desk { book: book.unwrap(), small }
    })
}

/// What lies in a target's folder, by file name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut found: Vec<_> =
        files.map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&file).unwrap())).collect();
    found.sort();
    found
}

fn run(target: &str, bytes: &[u8]) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    run(desk(), bytes);
}

#[test]
fn nothing_that_was_found_breaks_the_bot_again() {
    let mut size = 0;
    for (target, _) in TARGETS {
        let corpus = corpus(target);
        assert!((1..=50).contains(&corpus.len()), "{target}: {} files", corpus.len());
        for (name, bytes) in corpus {
            size += bytes.len();
            let kept = std::panic::catch_unwind(|| run(target, &bytes));
            assert!(kept.is_ok(), "fuzz/corpus/{target}/{name}");
        }
    }
    assert!(size <= 100_000, "the corpora come to {size} bytes: keep what reaches something of its own");
}

/// A change of some bytes, as a fuzzer makes it.
#[derive(Debug, Clone)]
enum Edit {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Delete(Index, Index),
    /// Twice or more what stands there.
    Repeat(Index, Index, u8),
    /// The end of another one.
    Splice(Index, Index, Index),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let pieces = select(
        &[
            "\n", ": ", "- ", "  ", "{", "}", "[", "\"", "'", "|", "#", "&a", "*a", "\u{0}", "\u{feff}", "é", "🤰", "1e999",
            "null",
        ][..],
    );
    let pieces = prop_oneof![pieces.prop_map(|piece| piece.as_bytes().to_vec()), proptest::collection::vec(any::<u8>(), 1..5)];
    let edit = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, bits)| Edit::Flip(at, bits)),
        (any::<Index>(), pieces).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Delete(from, to)),
        (any::<Index>(), any::<Index>(), 1..5u8).prop_map(|(from, to, times)| Edit::Repeat(from, to, times)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(at, other, from)| Edit::Splice(at, other, from)),
    ];
    proptest::collection::vec(edit, 0..6)
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit], corpus: &[(String, Vec<u8>)]) -> Vec<u8> {
    for edit in edits {
        let length = bytes.len() + 1;
        let span = |one: &Index, other: &Index| {
            let (one, other) = (one.index(length), other.index(length));
            one.min(other)..one.max(other)
        };
        match edit {
            Edit::Flip(at, bits) => {
                if let Some(byte) = bytes.get_mut(at.index(length)) {
                    *byte ^= bits;
                }
            }
            Edit::Insert(at, piece) => drop(bytes.splice(at.index(length)..at.index(length), piece.iter().copied())),
            Edit::Delete(from, to) => drop(bytes.drain(span(from, to))),
            Edit::Repeat(from, to, times) => {
                let span = span(from, to);
                let again = bytes[span.clone()].repeat(usize::from(*times));
                bytes.splice(span.end..span.end, again);
            }
            Edit::Splice(at, other, from) => {
                let other = &corpus[other.index(corpus.len())].1;
                bytes.truncate(at.index(length));
                bytes.extend_from_slice(&other[from.index(other.len() + 1)..]);
            }
        }
    }
    bytes.truncate(4096);
    bytes
}

/// So many inputs near what was found before.
fn near(target: &str, cases: u32) {
    let corpus = corpus(target);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let inputs = (any::<Index>(), edits());
    let done = runner.run(&inputs, |(first, edits)| {
        let bytes = edited(first.get(&corpus).1.clone(), &edits, &corpus);
        run(target, &bytes);
        Ok(())
    });
    if let Err(error) = done {
        panic!("{target}: {error}");
    }
}

#[test]
fn any_token_is_answered() {
    near("token", 400);
}

#[test]
fn any_file_of_a_book_is_read_or_found_fault_with() {
    near("book", 100);
}

#[test]
fn any_update_is_taken_or_passed_over() {
    near("webhook", 400);
}

#[test]
fn any_words_are_answered() {
    near("understand", 200);
}
