//! How long an author waits: the check with all rules and proofs, and the preview after an edit, of the shipped book and of a made-up one of
//! 3,000 pages.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a bench that cannot go on fails

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use backcare::lint;
use backcare::lint::proof::{MOST, Ways};
use backcare::preview::Desk;
use backcare::source::Files;
use divan::Bencher;
use jiff::Timestamp;
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn dialogues() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues")
}

/// The shipped book, with 2,900 pages behind one of its own: a tree in which every tenth page asks a question.
fn large(rules: bool) -> Vec<(String, String)> {
    let files = fs::read_dir(dialogues()).expect("the shipped book").map(|entry| entry.expect("a file").path());
    let yaml = files.filter(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    let mut files: Vec<(String, String)> = yaml
        .map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            (name.to_owned(), fs::read_to_string(&path).expect("a text"))
        })
        .collect();
    let mut many = String::from("source: general\n");
    for page in 0..2900 {
        let below: Vec<usize> = (page * 4 + 1..page * 4 + 5).filter(|below| *below < 2900).collect();
        let _ = write!(many, "\np{page}:\n  title: Page {page}\n");
        if page % 10 == 3 && !below.is_empty() {
            many.push_str("  question: |\n    Which of these is it? **Say it.**\n  answers:\n");
            for below in below {
                let _ = writeln!(many, "    a{below}: {{label: Answer {below}, goto: p{below}}}");
            }
        } else {
            let links: Vec<String> = below.iter().map(|below| format!("p{below}")).collect();
            let links = if links.is_empty() { String::from("tips") } else { links.join(", ") };
            let _ = write!(
                many,
                "  text: |\n    **Bend your knees** and hold it close. Call {{unit}} if it hurts.\n  links: [{links}]\n"
            );
            let _ = writeln!(many, "  asks: [number {page} please, how do i do thing {page}]");
        }
    }
    files.push(("many.yaml".into(), many));
    for (name, text) in &mut files {
        if name == "subjects.yaml" || name == "home.yaml" {
            *text = text.replace("    - [menu]\n", "    - [p0]\n");
        }
        if name == "book.yaml" && !rules {
            let (before, rest) = text.split_once("\nrules:\n").expect("the book has rules");
            let after = rest.lines().skip_while(|line| line.starts_with("  - ")).collect::<Vec<_>>().join("\n");
            // Without rules, help is looked for all the same; a limit of one screen ends that at once.
            *text = format!("{before}\n{after}\n").replace("memory: 12h", "memory: 12h, screens: 1");
        }
    }
    files
}

#[divan::bench]
fn check_the_shipped_book() -> usize {
    lint::examine(&dialogues(), None).report.findings().len()
}

#[divan::bench(sample_count = 10)]
fn prove_the_shipped_book(bencher: Bencher) {
    let (book, _) = lint::check_dir(&dialogues());
    let book = book.expect("the shipped book");
    bencher.bench(|| Ways::all(&book, MOST).states.len());
}

#[divan::bench(sample_count = 10)]
fn check_3000_pages_without_proofs(bencher: Bencher) {
    let files = large(false);
    bencher.bench(|| {
        let (book, report) = lint::check_files(files.clone());
        assert!(book.is_some_and(|book| book.len() > 3000), "{report}");
    });
}

#[divan::bench(sample_count = 3)]
fn check_and_prove_3000_pages(bencher: Bencher) {
    let files = large(true);
    bencher.bench(|| {
        let (book, report) = lint::check_files(files.clone());
        assert!(book.is_some_and(|book| book.len() > 3000), "{report}");
    });
}

/// From a saved file to what the preview's page is made of, but for the 40 ms in which a file has to stay as it is.
fn show_an_edit(bencher: Bencher, dir: &Path) {
    let desk = Desk::new(dir.join("walks"), Timestamp::now);
    bencher.bench_local(|| {
        let files = Files::read(dir);
        let loaded = Arc::new(files.load());
        assert!(loaded.book.is_some());
        desk.read(&loaded, &files);
    });
}

#[divan::bench(sample_count = 20)]
fn show_an_edit_of_the_shipped_book(bencher: Bencher) {
    show_an_edit(bencher, &dialogues());
}

#[divan::bench(sample_count = 10)]
fn show_an_edit_of_3000_pages(bencher: Bencher) {
    let dir = TempDir::new().expect("a folder");
    for (name, text) in large(true) {
        fs::write(dir.path().join(name), text).expect("a file");
    }
    show_an_edit(bencher, dir.path());
}
