//! The reader of books and its rules: each bad book beside the report that its author gets.
//!
//! `UPDATE=1 cargo test --test book` writes the reports anew; read them before you keep them.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use backcare::lint::{self, RULES};
use backcare::source::{self, Severity};
use proptest::prelude::*;

fn bad(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad").join(name)
}

fn files_in(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The small whole book that each bad book is laid over, so that a bad book holds only what is wrong with it.
fn base() -> Vec<(String, String)> {
    let read = |path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap());
    files_in(&bad("base")).into_iter().map(read).collect()
}

/// The report on a bad book. A file `without` lists files of the small book that are left out.
fn report(name: &str) -> String {
    let book = tempfile::tempdir().unwrap();
    let without = fs::read_to_string(bad(name).join("without")).unwrap_or_default();
    for (file, text) in base().into_iter().filter(|(file, _)| !without.lines().any(|line| line == file)) {
        fs::write(book.path().join(file), text).unwrap();
    }
    for file in files_in(&bad(name)).into_iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        fs::copy(&file, book.path().join(file.file_name().unwrap())).unwrap();
    }
    let (_, report) = lint::check_dir(book.path());
    report.to_string().replace(&format!("{}/", book.path().display()), "")
}

#[test]
fn each_bad_book_gets_the_report_beside_it() {
    let mut wrong = Vec::new();
    for dir in files_in(&bad("")).into_iter().filter(|dir| dir.is_dir() && !dir.ends_with("base")) {
        let name = dir.file_name().unwrap().to_str().unwrap();
        let (found, expected) = (report(name), dir.join("expected.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &found).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("--- {name}\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_has_its_bad_book() {
    for row in RULES {
        let expected = fs::read_to_string(bad(row.rule.name).join("expected.txt")).unwrap_or_default();
        let told = format!("{}[{} {}]", row.rule.severity.name(), row.rule.id, row.rule.name);
        assert!(expected.contains(&told), "tests/bad/{} does not show {told}", row.rule.name);
    }
}

#[test]
fn ids_and_names_of_rules_are_used_once_and_in_order() {
    let ids: Vec<&str> = RULES.iter().map(|row| row.rule.id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let names: BTreeMap<&str, &str> = RULES.iter().map(|row| (row.rule.name, row.rule.id)).collect();
    assert_eq!(names.len(), RULES.len());
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(RULES.iter().all(|row| row.rule.summary.ends_with('.')));
}

#[test]
fn the_small_book_has_no_findings() {
    let (book, report) = lint::check_files(base());
    assert_eq!(report.to_string(), "");
    assert_eq!(book.unwrap().len(), 3);
}

#[test]
fn the_shipped_book_has_no_findings() {
    let (book, report) = lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
    assert_eq!(report.to_string(), "");
    assert!(book.is_some());
}

#[test]
fn a_folder_that_is_not_there_is_a_finding() {
    let (book, report) = lint::check_dir(Path::new("no/such/folder"));
    assert!(book.is_none());
    assert_eq!(report.errors(), 1);
    assert!(
        report
            .to_string()
            .starts_with("error[BC0001 unreadable-file]: The folder no/such/folder can't be opened: it is not there.")
    );
}

#[test]
fn one_finding_hides_no_other() {
    let mut files = base();
    files.push(("more.yaml".into(), "a:\n  txet: x\n\nb: [\n\nc:\n  text: x\n  links: [nowhere, b]\n".into()));
    let loaded = source::load_files(files);
    let names: Vec<&str> = loaded.report.findings().iter().map(|finding| finding.rule.name).collect();
    assert_eq!(names, ["unknown-key", "syntax", "unknown-page"], "{}", loaded.report);
}

#[test]
fn a_finding_is_told_as_a_line_and_a_column() {
    let mut files = base();
    files.push(("more.yaml".into(), "more:\n  title: Ünïcode\n  text: a{zz}\n".into()));
    let loaded = source::load_files(files);
    let finding = &loaded.report.findings()[0];
    assert_eq!((finding.rule.severity, loaded.report.address(finding.place).as_str()), (Severity::Error, "more.yaml:3:10"));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut turned = base();
    turned.reverse();
    let ids = |files| source::load_files(files).book.unwrap().nodes().map(|(_, id, _)| id.to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(base()), ids(turned));
}

#[test]
fn windows_line_ends_change_nothing() {
    let files = base().into_iter().map(|(name, text)| (name, format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    let (book, report) = lint::check_files(files.collect());
    assert_eq!(report.to_string(), "");
    assert!(book.is_some());
}

/// A book of 3,000 pages is read without work that grows with the square of it; the bound is wide, for slow machines.
#[test]
fn a_large_book_is_read_in_time() {
    let page = |n: u32| {
        format!(
            "page-{n}:\n  title: Page {n}\n  text: |\n    **Bold** words for {{unit}}.\n  links: [page-{}]\n\n",
            (n + 1) % 3000
        )
    };
    let good: String = (0..3000).map(page).collect();
    let bad = good.replace("links: [page", "links: [pgae").replace("title", "tilte");
    for (text, errors) in [(good, 0), (bad, 6000)] {
        let mut files = base();
        files.push(("many.yaml".into(), format!("source: house\n{text}")));
        let begun = std::time::Instant::now();
        let (_, report) = lint::check_files(files);
        assert_eq!(report.errors(), errors);
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}

/// Text that looks enough like a book to go deep into the reader.
fn almost_yaml() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("title: ".to_owned()),
        Just("text: |\n    ".to_owned()),
        Just("\n  ".to_owned()),
        Just("\n".to_owned()),
        Just("home:\n  ".to_owned()),
        Just("links: [".to_owned()),
        Just("- ".to_owned()),
        Just("{to: home, label: ".to_owned()),
        Just("**".to_owned()),
        Just("{emergency}".to_owned()),
        Just("# ".to_owned()),
        Just("\t".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("---\n".to_owned()),
        "[-a-z0-9:{}\\[\\],\"'|>#*&!%@` \n\u{e9}\u{1f98b}]{0,12}",
    ];
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

const FILES: [&str; 5] = ["book.yaml", "words.yaml", "signs.yaml", "home.yaml", "other.yaml"];

fn with(file: &str, text: String) -> Vec<(String, String)> {
    let mut files = base();
    files.retain(|(name, _)| name != file);
    files.push((file.to_owned(), text));
    files
}

/// Reads and reports, and checks what holds of every report.
fn survives(files: Vec<(String, String)>) {
    let (book, report) = lint::check_files(files);
    assert_eq!(book.is_none(), report.errors() > 0, "{report}");
    let _ = report.render(true);
    for finding in report.findings() {
        let file = report.file(finding.place.file).unwrap();
        assert!(finding.place.span.to <= file.text.len(), "{report}");
        assert!(
            file.text.is_char_boundary(finding.place.span.from) && file.text.is_char_boundary(finding.place.span.to),
            "{report}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_report(file in prop::sample::select(&FILES[..]), text in "\\PC{0,300}") {
        survives(with(file, text));
    }

    #[test]
    fn any_bytes_get_a_report(file in prop::sample::select(&FILES[..]), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(with(file, String::from_utf8_lossy(&bytes).into_owned()));
    }

    #[test]
    fn anything_like_yaml_gets_a_report(file in prop::sample::select(&FILES[..]), text in almost_yaml()) {
        survives(with(file, text));
    }

    #[test]
    fn a_changed_book_gets_a_report(
        file in prop::sample::select(&FILES[..4]), at in 0.0..1.0f64, gone in 0usize..20, new in almost_yaml(),
    ) {
        let text = base().into_iter().find(|(name, _)| name == file).unwrap().1;
        let chars: Vec<char> = text.chars().collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (at * chars.len() as f64) as usize;
        let after = (at + gone).min(chars.len());
        let text: String = chars[..at].iter().copied().chain(new.chars()).chain(chars[after..].iter().copied()).collect();
        survives(with(file, text));
    }
}
