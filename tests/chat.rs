//! `backcare chat` over a book that is edited meanwhile: the author sees what the edit makes of the same place, or what is wrong with it.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Somebody at a terminal beside an editor.
struct Author {
    book: TempDir,
    bot: Child,
    types: ChildStdin,
    lines: Receiver<String>,
}

/// A guard, not a measure.
const PATIENCE: Duration = Duration::from_secs(30);

impl Author {
    fn begin() -> Author {
        Author::begin_with(|_| {}, &[])
    }

    /// The same after some change to the book, and with more arguments.
    fn begin_with(change: impl FnOnce(&Path), arguments: &[&str]) -> Author {
        let book = tempfile::tempdir().unwrap();
        for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad/base")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), book.path().join(file.file_name())).unwrap();
        }
        change(book.path());
        let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
        bot.arg("--dialogues").arg(book.path()).arg("chat").args(arguments).current_dir(book.path());
        let mut bot = bot.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (types, reads) = (bot.stdin.take().unwrap(), BufReader::new(bot.stdout.take().unwrap()));
        let (read, lines) = mpsc::channel();
        thread::spawn(move || reads.lines().map_while(Result::ok).try_for_each(|line| read.send(line)));
        Author { book, bot, types, lines }
    }

    fn file(&self) -> PathBuf {
        self.book.path().join("home.yaml")
    }

    fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.file()).unwrap();
        assert!(text.contains(old), "home.yaml has no {old}");
        fs::write(self.file(), text.replace(old, new)).unwrap();
    }

    fn types(&mut self, line: &str) {
        writeln!(self.types, "{line}").unwrap();
    }

    /// Reads on until a line says this, and tells what stood before it.
    fn reads(&mut self, wanted: &str) -> String {
        let mut before = String::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.trim_end() == wanted => return before,
                Ok(line) => before += &format!("{line}\n"),
                Err(_) => {
                    let _ = self.bot.kill();
                    panic!("no {wanted} in:\n{before}");
                }
            }
        }
    }

    /// What was still to be read, and what stood on standard error.
    fn ends(mut self) -> (String, String) {
        drop(self.types);
        let rest: Vec<String> = self.lines.iter().collect();
        let mut told = String::new();
        self.bot.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert!(self.bot.wait().unwrap().success(), "{told}");
        (rest.join("\n"), told)
    }
}

#[test]
fn a_saved_edit_is_shown_where_the_conversation_stands() {
    let mut author = Author::begin();
    author.reads("Hello. What would help?");
    author.types("A tip");
    author.reads("Move a little, often.");
    author.edit("Move a little, often.", "Move a lot.");
    // An empty line only looks.
    author.types("");
    author.reads("Move a lot.");
    // The page is not on the screen: nothing is shown again. The answer comes from the new book.
    author.edit("What would help?", "How are you?");
    author.types("Back");
    assert!(!author.reads("Hello. How are you?").contains("Move a lot."));
    let (rest, told) = author.ends();
    assert!(!rest.contains("How are you?"), "{rest}");
    assert_eq!(told, "The book was read again.\nThe book was read again.\n");
}

#[test]
fn a_number_means_the_button_that_was_seen() {
    let mut author = Author::begin();
    author.reads("Hello. What would help?");
    author.edit("links: [help, tip]", "links: [tip, help]");
    author.types("2");
    author.reads("Hello. What would help?");
    author.reads("Move a little, often.");
    assert_eq!(author.ends().1, "The book was read again.\n");
}

#[test]
fn a_broken_edit_is_told_and_the_conversation_goes_on() {
    let mut author = Author::begin();
    author.reads("Hello. What would help?");
    author.edit("links: [help, tip]", "links: [help, tipp]");
    author.types("A tip");
    author.reads("Move a little, often.");
    author.types("Back");
    author.reads("Hello. What would help?");
    author.edit("links: [help, tipp]", "links: [help, tip]");
    author.types("A tip");
    author.reads("Move a little, often.");
    let place = format!("--> {}:7:17", author.file().display());
    let told = author.ends().1;
    assert_eq!(told.matches(&place).count(), 1, "{told}");
    assert!(told.contains("goes on with the one before") && told.ends_with("as it is spoken here.\n"), "{told}");
}

#[test]
fn another_language_is_read_again_too() {
    let sheet = "translated: machine\nhome.text: {say: Hola.}\n";
    let in_spanish = |book: &Path| {
        let front = fs::read_to_string(book.join("book.yaml")).unwrap();
        fs::write(book.join("book.yaml"), front.replace("home: home\n", "languages: [en, es]\nhome: home\n")).unwrap();
        fs::create_dir(book.join("es")).unwrap();
        fs::write(book.join("es/home.yaml"), sheet).unwrap();
    };
    let mut author = Author::begin_with(in_spanish, &["--lang", "es"]);
    author.reads("Hola.");
    fs::write(author.book.path().join("es/home.yaml"), sheet.replace("Hola.", "Buenas.")).unwrap();
    author.types("");
    author.reads("Buenas.");
    assert_eq!(author.ends().1, "The book was read again.\n");
}

/// A recorded conversation is one on one book, or it could not be played.
#[test]
fn while_a_walk_is_recorded_the_book_stays_as_it_was() {
    let mut author = Author::begin_with(|_| {}, &["--record", "it.walk"]);
    author.reads("Hello. What would help?");
    author.edit("Move a little, often.", "Move a lot.");
    author.types("A tip");
    author.reads("Move a little, often.");
    assert_eq!(author.ends().1, "");
}
