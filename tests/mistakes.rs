//! Forty kinds of mistake and more, each put into the shipped book by itself: it is found, on its line, and not with a crowd of others.
//!
//! To add one, add its row to the table.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use backcare::lint;
use backcare::source::Report;

mod mistakes_made;

use mistakes_made::{Change, MISTAKES, Mistake};

/// So many findings at most come of one mistake.
const MOST: usize = 3;

const DIALOGUES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/dialogues");

/// The shipped book in its own language.
fn shipped() -> Vec<(String, String)> {
    let files = fs::read_dir(DIALOGUES).unwrap().map(|entry| entry.unwrap().path());
    let yaml = files.filter(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    let alone = |text: String| match text.lines().find(|line| line.starts_with("languages: {")) {
        Some(line) => text.replace(line, "languages: [en]"),
        None => text,
    };
    let named = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    yaml.map(|path| (named(&path), alone(fs::read_to_string(&path).unwrap()))).collect()
}

/// The same with one ask for each page, which takes a third of the time; `WHOLE=1` keeps all, as does a mistake among the asks.
fn lightened(mut files: Vec<(String, String)>) -> Vec<(String, String)> {
    let asks = files.iter_mut().find(|(name, _)| name == "asks.yaml").map(|(_, text)| text).unwrap();
    let mut under = 0;
    let kept = asks.lines().filter(|line| {
        under = if line.starts_with("  - ") { under + 1 } else { 0 };
        under <= 1
    });
    *asks = kept.map(|line| format!("{line}\n")).collect();
    files
}

/// The book with the mistake in it, looked at as `check` does.
fn report(mistake: &Mistake, shipped: &[(String, String)]) -> Report {
    let is_among_asks = mistake.file == "asks.yaml" || mistake.at.0 == "asks.yaml";
    let is_whole = is_among_asks || std::env::var_os("WHOLE").is_some();
    let mut files = if is_whole { shipped.to_vec() } else { lightened(shipped.to_vec()) };
    let text = files.iter_mut().find(|(name, _)| name == mistake.file).map(|(_, text)| text);
    match (mistake.change, text) {
        (Change::Swap(old, new), Some(text)) => {
            assert_eq!(text.matches(old).count(), 1, "{}: {} holds this once: {old:?}", mistake.name, mistake.file);
            *text = text.replace(old, new);
        }
        (Change::Append(more), Some(text)) => text.push_str(more),
        (Change::Remove, Some(_)) => files.retain(|(name, _)| name != mistake.file),
        (Change::Beside(text), None) => files.push((mistake.file.to_owned(), text.to_owned())),
        _ => panic!("{}: the book has no {}, or has it already", mistake.name, mistake.file),
    }
    checked(&files)
}

fn checked(files: &[(String, String)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    std::os::unix::fs::symlink(Path::new(DIALOGUES).join("media"), folder.path().join("media")).unwrap();
    lint::examine(folder.path(), Some(jiff::civil::date(2026, 11, 23))).report
}

/// What is wrong with what was found, if anything is.
fn complaint(mistake: &Mistake, report: &Report) -> Option<String> {
    let name = mistake.name;
    let (place, marked) = mistake.at;
    let found = report.findings().iter().filter(|finding| finding.rule.name == mistake.rule);
    let on_its_line = |finding: &&backcare::source::Finding| {
        let file = report.file(finding.place.file).unwrap();
        let line = file.line(file.line_of(finding.place.span.from));
        let is_there = file.name.rsplit('/').next() == Some(place);
        is_there && file.text[line.from..line.to].contains(marked)
    };
    if found.clone().next().is_none() {
        return Some(format!("--- {name}: no {} was found\n{report}", mistake.rule));
    }
    if found.clone().find(on_its_line).is_none() {
        return Some(format!("--- {name}: not on the line of {marked:?} in {place}\n{report}"));
    }
    let count = report.findings().len();
    (count > MOST).then(|| format!("--- {name}: {count} findings\n{report}"))
}

#[test]
fn every_kind_of_mistake_is_found_on_its_line() {
    let shipped = shipped();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let next = || MISTAKES.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(next).filter_map(|mistake| complaint(mistake, &report(mistake, &shipped))).collect()
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| -> Vec<String> { thread.join().unwrap() }).collect()
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), MISTAKES.len(), wrong.join("\n"));
}

#[test]
fn there_are_forty_kinds_and_each_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    assert_eq!(names.len(), MISTAKES.len());
    assert!(names.len() >= 40, "{}", names.len());
}

#[test]
fn without_a_mistake_there_is_nothing_to_find() {
    assert_eq!(checked(&shipped()).to_string(), "");
    assert_eq!(checked(&lightened(shipped())).to_string(), "");
}
