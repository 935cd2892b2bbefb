//! The documents cannot drift: what they show is run, what they list is compared with the thing itself.
//!
//! The parts between `<!-- name: begin -->` and `<!-- name: end -->` are generated. After a change, read what differs and write
//! them anew: `UPDATE=1 cargo test --test docs`.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use backcare::config::VARIABLES;
use backcare::lint;

mod shipped;

const DOCUMENTS: [&str; 6] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/authors.md", "docs/clinical-safety.md", "docs/dependencies.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A document cut at its generated part: before, the part, after.
fn cut<'a>(file: &str, text: &'a str, part: &str) -> (&'a str, &'a str, &'a str) {
    let (begin, end) = (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->"));
    let at = |mark: &str| text.find(mark).unwrap_or_else(|| panic!("{file} has no {}", mark.trim()));
    let (from, to) = (at(&begin) + begin.len(), at(&end));
    (&text[..from], &text[from..to], &text[to..])
}

/// Holds a generated part against what it should be; with `UPDATE` set, writes it.
fn keep(file: &str, part: &str, fresh: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = read(file);
    let (before, old, after) = cut(file, &text, part);
    if old == fresh {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{file} is behind: read this, then UPDATE=1 cargo test --test docs\n--- it says\n{old}\n--- it should say\n{fresh}"
    );
    fs::write(root().join(file), format!("{before}{fresh}{after}")).unwrap();
}

/// The fenced blocks of a document whose fence says `kind`.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&fence) {
        let body = &rest[at + fence.len()..];
        let end = body.find("```").unwrap_or(body.len());
        found.push(&body[..end]);
        rest = &body[end..];
    }
    found
}

// --- the conversation ----------------------------------------------------------------------------------------------------------------

/// What `backcare chat --region gb` prints when these lines are typed.
fn chat(lines: &[&str]) -> String {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
    bot.args(["--dialogues", "dialogues", "chat", "--region", "gb"]).current_dir(root());
    let mut bot = bot.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = bot.stdin.take().unwrap();
    for line in lines {
        writeln!(stdin, "{line}").unwrap();
    }
    drop(stdin);
    let done = bot.wait_with_output().unwrap();
    assert!(done.status.success(), "chat ended with {}", done.status);
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn the_conversation_in_the_readme_is_real() {
    let readme = read("README.md");
    let (_, old, _) = cut("README.md", &readme, "transcript");
    let lines: Vec<&str> = old.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    assert!(lines.len() >= 2, "a conversation has turns: lines that start with `> `");
    let mut so_far = chat(&[]);
    let mut told = format!("```text\n{}\n", so_far.trim_end());
    for turn in 1..=lines.len() {
        let all = chat(&lines[..turn]);
        let answer = all.strip_prefix(&so_far).unwrap_or_else(|| panic!("the beginning changed:\n{all}"));
        writeln!(told, "\n> {}\n\n{}", lines[turn - 1], answer.trim_end()).unwrap();
        so_far = all;
    }
    told.push_str("```\n");
    keep("README.md", "transcript", &told);
}

// --- the settings ----------------------------------------------------------------------------------------------------------------------

#[test]
fn the_settings_are_those_that_the_program_reads() {
    let mut table = String::from("| setting | default | why |\n|---|---|---|\n");
    for variable in &VARIABLES {
        let default = if variable.default.is_empty() { String::new() } else { format!("`{}`", variable.default) };
        writeln!(table, "| `{}` | {default} | {} |", variable.name, variable.why).unwrap();
    }
    keep("README.md", "settings", &table);
}

// --- what authors are shown ------------------------------------------------------------------------------------------------------------

/// Keys in column 0.
fn page_ids(snippet: &str) -> Vec<&str> {
    let keys = snippet.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key);
    keys.filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()) && *key != "source").collect()
}

/// A small book around a snippet: a home page that leads to it, and a stub for every page of the shipped book that it names.
fn small_book(snippet: &str) -> Vec<(String, String)> {
    let shipped = shipped::book();
    let own = page_ids(snippet);
    let words: BTreeSet<&str> = snippet.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
    let named = shipped.nodes().map(|(_, id, _)| id).filter(|id| words.contains(id) && !own.contains(id) && *id != "home");
    let stubs: Vec<&str> = named.collect();
    let links: Vec<&str> = own.iter().chain(&stubs).copied().collect();
    let mut pages = format!("source: house\nhome:\n  title: Home\n  text: The way in.\n  links: [{}]\n", links.join(", "));
    for stub in &stubs {
        writeln!(pages, "{stub}:\n  title: The page {stub}\n  text: It stands here so that a link finds it.").unwrap();
    }
    let mut front = String::from(
        "format: 1\nid: small\ntitle: A small book\nhome: home\nhelp: home\nfooter: [back, help, more]\nsources:\n",
    );
    for id in shipped.sources().keys() {
        writeln!(front, "  {id}: {{title: A source, clinically-reviewed: false}}").unwrap();
    }
    front.push_str("regions:\n  unknown:\n    name: Another country\n    checked: 2026-11-23\n    say:\n");
    let placeholders: BTreeSet<_> = shipped.region(None).unwrap().say.keys().collect();
    for placeholder in placeholders {
        writeln!(front, "      {placeholder}: somebody").unwrap();
    }
    let words = read("dialogues/words.yaml");
    let files = [("book.yaml", front.as_str()), ("pages.yaml", &pages), ("snippet.yaml", snippet), ("words.yaml", &words)];
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

#[test]
fn every_page_in_the_documents_is_one() {
    let mut seen = 0;
    for file in DOCUMENTS {
        for snippet in blocks(&read(file), "yaml page") {
            let (book, report) = lint::check_files(small_book(snippet));
            assert!(report.is_empty(), "{file}: this page has findings:\n{report}");
            let book = book.unwrap_or_else(|| panic!("{file}: this page makes no book:\n{snippet}"));
            for id in page_ids(snippet) {
                assert!(book.find(id).is_some(), "{file}: the book has no {id}");
                assert!(shipped::book().find(id).is_none(), "{file}: {id} is in the shipped book already; show a new one");
            }
            seen += 1;
        }
    }
    assert!(seen > 0, "no document shows a page");
}

// --- the commands ----------------------------------------------------------------------------------------------------------------------

/// Asks the program whether it knows these arguments, without doing anything: help comes last, so what is wrong before it is told.
fn is_known(arguments: &[&str]) -> Result<(), String> {
    let asked = Command::new(env!("CARGO_BIN_EXE_backcare")).args(arguments).arg("--help").output().unwrap();
    if asked.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&asked.stderr).into_owned()) }
}

fn exists(path: &str) -> Result<(), String> {
    if root().join(path).exists() { Ok(()) } else { Err(format!("there is no {path}")) }
}

/// Whether a command of a document can be typed as it stands.
fn can_be_typed(command: &str) -> Result<(), String> {
    // What stands in quotes is one word.
    let quoted =
        command.split('"').enumerate().map(|(at, part)| if at % 2 == 1 { part.replace(' ', "-") } else { part.to_owned() });
    let command: String = quoted.collect();
    let mut words: Vec<&str> = command.split_whitespace().collect();
    let is_setting =
        |word: &str| word.split_once('=').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    words.retain({
        let mut before = true;
        move |word| {
            before &= is_setting(word);
            !before
        }
    });
    match words.as_slice() {
        ["backcare", arguments @ ..] => is_known(arguments),
        ["cargo", "run", rest @ ..] => {
            let arguments = rest.iter().position(|word| *word == "--").map_or(&[][..], |at| &rest[at + 1..]);
            is_known(arguments)
        }
        ["cargo", "test", "--test", name, ..] => exists(&format!("tests/{name}.rs")),
        ["cargo", "bench", "--bench", name, ..] => exists(&format!("benches/{name}.rs")),
        ["cargo", "build" | "test" | "fmt" | "clippy" | "deny" | "update", ..] | ["openssl", ..] => Ok(()),
        ["cp", from, _] => exists(from),
        [script, ..] if script.starts_with("scripts/") => exists(script),
        _ => Err("no test knows this command: teach tests/docs.rs".to_owned()),
    }
}

#[test]
fn every_command_in_the_documents_can_be_typed() {
    let mut wrong = Vec::new();
    for file in DOCUMENTS {
        for block in blocks(&read(file), "sh") {
            let lines = block.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
            for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
                for command in line.split("&&") {
                    if let Err(why) = can_be_typed(command.trim()) {
                        wrong.push(format!("{file}: {line}\n    {why}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// --- the house -------------------------------------------------------------------------------------------------------------------------

/// The cells of the table rows that begin with a name in backticks.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Words in backticks.
fn ticked(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_rooms_are_those_that_the_house_test_holds() {
    let house = read("tests/house.rs");
    let (_, table) = house.split_once("const ROOMS").unwrap();
    let (_, table) = table.split_once("= &[").unwrap();
    let (table, _) = table.split_once("];").unwrap();
    // Rooms of the plan that are not built yet are no part of the map.
    let is_built = |room: &&str| root().join("src").join(room).is_dir();
    let held: Vec<(String, Vec<String>)> = table
        .lines()
        .map(|line| line.split('"').skip(1).step_by(2).collect::<Vec<_>>())
        .filter(|names| names.first().is_some_and(&is_built))
        .map(|names| {
            (names[0].to_owned(), names[1..].iter().copied().filter(|room| is_built(room)).map(str::to_owned).collect())
        })
        .collect();
    let architecture = read("ARCHITECTURE.md");
    let (_, map, _) = cut("ARCHITECTURE.md", &architecture, "rooms");
    let drawn: Vec<(String, Vec<String>)> = rows(map)
        .iter()
        .map(|cells| {
            let uses = ticked(cells[2]).iter().map(|room| room.trim_end_matches('/').to_owned()).collect();
            (cells[0].trim_matches('`').trim_end_matches('/').to_owned(), uses)
        })
        .collect();
    assert_eq!(drawn, held, "ARCHITECTURE.md (left) and tests/house.rs (right) draw two houses");
}

// --- the dependencies ------------------------------------------------------------------------------------------------------------------

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read("Cargo.toml");
    let reasons = read("docs/dependencies.md");
    for (section, part) in [("[dependencies]", "dependencies"), ("[dev-dependencies]", "dev-dependencies")] {
        let (_, used) = manifest.split_once(&format!("{section}\n")).unwrap();
        let used = used.split("\n[").next().unwrap_or_default();
        let used: BTreeSet<&str> = used
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" ="))
            .map(|(name, _)| name)
            .collect();
        let (_, told, _) = cut("docs/dependencies.md", &reasons, part);
        let rows = rows(told);
        let told: BTreeSet<&str> = rows.iter().map(|cells| cells[0].trim_matches('`')).collect();
        assert_eq!(told, used, "docs/dependencies.md (left) and {section} of Cargo.toml (right) differ");
        assert!(rows.iter().all(|cells| cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty())), "a reason is missing");
    }
}

// --- names -----------------------------------------------------------------------------------------------------------------------------

const FOLDERS: [&str; 10] =
    ["src/", "tests/", "examples/", "dialogues/", "docs/", "scripts/", "migrations/", "benches/", ".ci/", ".env"];

fn sources() -> String {
    fn gather(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, text);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    for folder in ["src", "tests", "benches"] {
        gather(&root().join(folder), &mut text);
    }
    text
}

/// A file that a document names is there, and so is a test.
#[test]
fn what_the_documents_name_exists() {
    let sources = sources();
    let mut wrong = Vec::new();
    for file in DOCUMENTS {
        let text = read(file);
        // Fenced blocks are examples; what they name may be new.
        let prose: String = text.split("```").step_by(2).collect();
        for name in ticked(&prose) {
            let is_pattern = name.contains([' ', '*', '<', '=']) || name.contains("NNNN");
            let is_path = FOLDERS.iter().any(|folder| name.starts_with(folder)) && name != ".env";
            let is_test = name.matches('_').count() >= 3
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if is_path && !is_pattern && !root().join(name).exists() {
                wrong.push(format!("{file}: there is no {name}"));
            }
            if is_test && !sources.contains(&format!("fn {name}(")) {
                wrong.push(format!("{file}: no test is called {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
