//! What editors are told of a book's files is what the program reads: every file that is right passes, what is wrong is marked, and
//! every key explains itself. The validator is somebody else's.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backcare::author::schema::{FILES, schema};
use jsonschema::Validator;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn kind_of(file: &Path) -> &str {
    let name = file.file_stem().unwrap().to_str().unwrap();
    FILES.into_iter().find(|kind| *kind == name).unwrap_or("pages")
}

fn validator(kind: &str) -> Validator {
    let schema: Value = serde_json::from_str(&schema(kind).unwrap()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{kind} is no schema: {error}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

/// As editors read YAML today: `on` and `No` are words.
fn json(yaml: &str) -> Value {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(yaml, options).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

/// What the validator says of a text, each with its place.
fn said(kind: &str, yaml: &str) -> Vec<String> {
    let value = json(yaml);
    validator(kind).iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn books() -> Vec<PathBuf> {
    let folders = ["dialogues", "examples/knee", "tests/bad/base", "tests/books/rig"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap()).map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|kind| kind == "yaml")).collect()
}

#[test]
fn the_schemas_in_docs_are_todays() {
    for kind in FILES {
        let (path, fresh) = (root().join(format!("docs/schema/{kind}.schema.json")), schema(kind).unwrap());
        if fs::read_to_string(&path).unwrap_or_default() != fresh {
            assert!(std::env::var_os("UPDATE").is_some(), "the keys have changed: UPDATE=1 cargo test --test schema");
            fs::write(path, fresh).unwrap();
        }
    }
}

/// What `translate` writes, filled in or not, is what an editor is told of a language's file.
#[test]
fn a_language_is_told_to_editors_too() {
    let file = root().join("tests/bad/translation-stale/es");
    for entry in fs::read_dir(file).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert_eq!(said("translation", &text), [] as [&str; 0]);
    }
    assert_eq!(said("translation", "home.title:\n  of:\n  say:\nhome.text:\n"), [] as [&str; 0]);
    for wrong in ["home.title: Inicio\n", "home.title: {sya: Inicio}\n", "checked-on: yesterday\n", "home.title: {say: [a]}\n"]
    {
        assert_eq!(said("translation", wrong).len(), 1, "{wrong}");
    }
}

#[test]
fn reviews_are_told_to_editors_too() {
    for name in ["review-stale", "review-comment"] {
        let text = fs::read_to_string(root().join("tests/bad").join(name).join("reviews.yaml")).unwrap();
        assert_eq!(said("reviews", &text), [] as [&str; 0]);
    }
    assert_eq!(said("reviews", "tip:\nhelp: {comments: []}\nhome:\n  comments:\n"), [] as [&str; 0]);
    for (wrong, place) in [
        ("tip: {reviewed_by: Ann}\n", "/tip"),
        ("tip: {reviewed-by: Ann, reviewed-on: 2026-11-20}\n", "/tip"),
        ("tip: {reviewed-by: Ann, reviewed-on: May, of: 0a1b2c3d}\n", "/tip/reviewed-on"),
        ("tip: {comments: [{by: Ann, says: Hm}]}\n", "/tip/comments/0"),
        ("tip: {comments: Hm}\n", "/tip/comments"),
    ] {
        refused("reviews", wrong, place);
    }
}

#[test]
fn every_shipped_file_passes() {
    let mut seen = 0;
    for file in books() {
        let said = said(kind_of(&file), &fs::read_to_string(&file).unwrap());
        assert!(said.is_empty(), "{}:\n{}", file.display(), said.join("\n"));
        seen += 1;
    }
    assert!(seen > 25, "only {seen} files");
}

#[test]
fn every_shipped_file_names_its_schema() {
    for file in books().iter().filter(|file| !file.starts_with(root().join("tests"))) {
        let up = if file.starts_with(root().join("examples")) { "../.." } else { ".." };
        let first = format!("# yaml-language-server: $schema={up}/docs/schema/{}.schema.json\n", kind_of(file));
        assert!(fs::read_to_string(file).unwrap().starts_with(&first), "{} should begin with\n{first}", file.display());
    }
}

/// Every property of every object, with its place.
fn properties<'a>(schema: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                let here = format!("{at}/{key}");
                if key == "properties" {
                    found.extend(value.as_object().unwrap().iter().map(|(name, each)| (format!("{here}/{name}"), each)));
                }
                properties(value, &here, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, at, found)),
        _ => {}
    }
}

#[test]
fn every_key_says_what_it_is_for_and_what_it_takes() {
    for kind in FILES {
        let schema: Value = serde_json::from_str(&schema(kind).unwrap()).unwrap();
        assert!(schema["description"].as_str().is_some_and(|what| what.len() > 10), "{kind}");
        let mut found = Vec::new();
        properties(&schema, kind, &mut found);
        // A key that may not stand here says nothing; the keys that tell a kind say more where that kind is known.
        for (at, key) in found.iter().filter(|(_, key)| **key != Value::Bool(false)) {
            assert!(key["description"].as_str().is_some_and(|what| what.len() > 8), "{at} does not say what it is for");
            let says = ["type", "enum", "anyOf", "$ref"].iter().any(|word| key.get(word).is_some());
            assert!(says || at.contains("any-page"), "{at} does not say what it takes");
        }
    }
}

/// The small whole book with one of its files changed.
fn checked(file: &str, text: &str) -> String {
    let base = root().join("tests/bad/base");
    let mut files: Vec<(String, String)> = fs::read_dir(base)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .filter(|(name, _)| name != file)
        .collect();
    files.push((file.to_owned(), text.to_owned()));
    let (_, report) = backcare::lint::check_files(files);
    if report.errors() == 0 { String::new() } else { report.to_string() }
}

/// Holds that a text is refused twice: by the schema at a place, and by `check`.
fn refused(kind: &str, text: &str, place: &str) {
    let said = said(kind, text);
    assert!(said.iter().any(|error| error.starts_with(place)), "nothing at {place}:\n{}\n{text}", said.join("\n"));
    let file = if kind == "pages" { "more.yaml".to_owned() } else { format!("{kind}.yaml") };
    assert!(!checked(&file, text).is_empty(), "`check` takes it:\n{text}");
}

#[test]
fn what_is_wrong_is_marked_where_it_is_wrong() {
    let page = |lines: &str| format!("source: house\npage:\n  {}\n", lines.replace('\n', "\n  "));
    let question = |answer: &str| page(&format!("question: Is it?\nanswers:\n  one: {answer}"));
    let list = |sign: &str| page(&format!("checklist: Any?\nsigns:\n  one: {sign}\nnone: No\nunsure: maybe\nthen: home"));
    let steps = |step: &str| page(&format!("steps:\n- {step}\nthen: home"));
    for (text, place) in [
        (page("text: Hello.\ntitel: Home"), "/page"),
        (page("text: Hello.\nkeep: maybe"), "/page/keep"),
        (page("advice: urgent\ntext: Hello."), "/page/advice"),
        (page("advice: now"), "/page"),
        (page("title: Nothing else"), "/page"),
        (page("question: Is it?\nsteps: []\nanswers: {}"), "/page"),
        (question("{goto: home}"), "/page/answers/one"),
        (question("{label: One}"), "/page/answers/one"),
        (list("{label: Bleeding, level: self-care}"), "/page/signs/one/level"),
        (list("{label: Bleeding, level: now, weeks: late}"), "/page/signs/one/weeks"),
        (steps("{text: Stretch., hold: 5 s}"), "/page/steps/0/hold"),
        (steps("{text: Stretch., hold: 601s}"), "/page/steps/0/hold"),
        (steps("{text: Stretch.}\nrepeat: 0"), "/page/repeat"),
        (page("text: Hello.\nlinks:\n- {to: home, url: \"https://a.org\", label: A}"), "/page/links/0"),
        (page("text: Hello.\nlinks:\n- {url: a.org, label: A}"), "/page/links/0"),
        ("source: house\nPage One:\n  text: Hello.\n".to_owned(), ""),
        ("source: house\nformat: 1\n".to_owned(), "/format"),
    ] {
        refused("pages", &text, place);
    }
    let base = |file: &str| fs::read_to_string(root().join("tests/bad/base").join(file)).unwrap();
    for (kind, from, to, place) in [
        ("book", "format: 1", "format: 2", "/format"),
        ("book", "id: small\n", "", ""),
        ("book", "footer: [back, help, more]", "footer: [back, up]", "/footer/1"),
        ("book", "reviewed: 2026-11-23", "reviewed: May", "/sources/house/reviewed"),
        ("weekly", "hour: 9", "hour: 24", "/policy/hour"),
        ("weekly", "quiet: \"21..8\"", "quiet: night", "/policy/quiet"),
        ("words", "sorry: Sorry", "sorri: Sorry", ""),
        ("words", "November, December]", "November]", "/months"),
        ("signs", "goto: help", "leads: help", "/heavy-bleeding"),
    ] {
        let right = base(&format!("{kind}.yaml"));
        assert!(right.contains(from), "{kind}.yaml has no {from}");
        assert!(said(kind, &right).is_empty());
        refused(kind, &right.replace(from, to), place);
    }
}

/// An editor says of a question what a question lacks, and does not complain of all other kinds.
#[test]
fn what_is_said_of_a_page_is_about_its_kind() {
    let said = said("pages", "page:\n  question: Is it?\n  answers:\n    one: {goto: home}\n");
    assert_eq!(said, ["/page/answers/one: \"label\" is a required property"]);
}

/// A measure is told by a pattern, so the pattern has to know its numbers.
#[test]
fn every_second_that_check_takes_is_taken() {
    let validator = validator("pages");
    for (hold, is_right) in [
        ("1s", true),
        ("9s", true),
        ("10s", true),
        ("59s", true),
        ("99s", true),
        ("100s", true),
        ("599s", true),
        ("600s", true),
        ("0s", false),
        ("601s", false),
        ("700s", false),
        ("1000s", false),
        ("s", false),
        ("5", false),
        ("5h", false),
    ] {
        let text = format!("page:\n  steps: [{{text: Hold., hold: \"{hold}\"}}]\n  then: home\n");
        assert_eq!(validator.is_valid(&json(&text)), is_right, "{hold}");
        // The small book has no words for what is held; that is told of another file.
        let is_taken = !checked("more.yaml", &format!("source: house\n{text}")).contains("--> more.yaml");
        assert_eq!(is_taken, is_right, "{hold}");
    }
}

#[test]
fn the_command_prints_one_or_writes_all() {
    let run = |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_backcare")).arg("schema").args(words).output().unwrap();
    assert_eq!(String::from_utf8(run(&["pages"]).stdout).unwrap(), schema("pages").unwrap());
    let folder = tempfile::tempdir().unwrap();
    assert!(run(&["--out", folder.path().to_str().unwrap()]).status.success());
    for kind in FILES {
        assert_eq!(fs::read_to_string(folder.path().join(format!("{kind}.schema.json"))).unwrap(), schema(kind).unwrap());
    }
    for wrong in [&["nothing"][..], &[][..]] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
