//! The guide for authors builds one small book, step by step, and this does what it says: each block goes where its fence names it, each
//! command is run, and what the guide shows is what comes out. After every chapter the book has nothing to mend.
//!
//! | fence | what becomes of it |
//! |---|---|
//! | `yaml FILE`, `walk FILE`, `svg FILE` | laid into the book: of a page that is there already, only the keys that are new or changed |
//! | `yaml try FILE` | laid over a copy, which has nothing to mend; several in a row are one |
//! | `yaml wrong FILE`, `walk wrong FILE` | laid over a copy; the `text` block behind it is what is said of that |
//! | `sh` | run; the `text` or `mermaid` block behind it is what it says. Lines that begin with `> ` are typed into a chat; `text last` shows only what is said to the last of them |
//!
//! After a change: `UPDATE=1 cargo test --test authors`, and read what differs.

#![allow(clippy::expect_used, clippy::pedantic, clippy::unwrap_used)] // a test that cannot go on fails

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const GUIDE: &str = "docs/authors.md";
const BOOK: &str = "knees";
/// The day on which the book is read between the chapters.
const TODAY: &str = "2026-11-23";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// --- the guide -------------------------------------------------------------------------------------------------------------------------

enum Piece<'a> {
    Prose(&'a str),
    Block { info: &'a str, body: &'a str },
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\n```") {
        let (prose, block) = rest.split_at(at + 1);
        let (info, body) = block[3..].split_once('\n').expect("a fence has a line");
        let end = body.find("```\n").expect("a fence is closed");
        pieces.push(Piece::Prose(prose));
        pieces.push(Piece::Block { info, body: &body[..end] });
        rest = &body[end + 4..];
    }
    pieces.push(Piece::Prose(rest));
    pieces
}

/// The parts of a mapping whose keys stand so far in: each begins with its key, and with the comments above it. Whatever stands before
/// the first key belongs to it.
fn parts(text: &str, depth: usize) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut above = String::new();
    for line in text.lines() {
        let own = line.get(depth..).filter(|_| line[..line.len().min(depth)].trim().is_empty()).unwrap_or_default();
        let is_key = own.starts_with(|c: char| c.is_ascii_alphanumeric()) && own.contains(':');
        if is_key {
            let key = own.split(':').next().unwrap().to_owned();
            parts.push((key, std::mem::take(&mut above)));
        }
        let inside = own.starts_with([' ', '-']) || is_key;
        match parts.last_mut().filter(|_| inside) {
            Some((_, part)) => {
                // An empty line between two paragraphs, or a note between two keys.
                part.push_str(&std::mem::take(&mut above));
                part.push_str(line);
                part.push('\n');
            }
            None => {
                above.push_str(line);
                above.push('\n');
            }
        }
    }
    parts
}

/// A file with a block laid over it. Of a page that is there, a block shows only the keys that are new or changed.
fn laid_over(file: &str, block: &str) -> String {
    let mut all = parts(file, 0);
    for (key, part) in parts(block, 0) {
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = merged(old, &part),
            None => all.push((key, part)),
        }
    }
    all.into_iter().map(|(_, part)| format!("{}\n\n", part.trim_end())).collect()
}

/// A page with some of its keys given anew, the others as they were. What is a list, or stands in one line, is given whole.
fn merged(old: &str, new: &str) -> String {
    let below = |text: &str| text.split_once(":\n").map(|(head, rest)| (format!("{head}:\n"), parts(rest, 2)));
    let (Some((head, mut keys)), Some((_, fresh))) = (below(old), below(new)) else { return new.to_owned() };
    if keys.is_empty() || fresh.is_empty() {
        return new.to_owned();
    }
    for (key, part) in fresh {
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = part,
            None => keys.push((key, part)),
        }
    }
    head + &keys.into_iter().map(|(_, part)| part.trim_end_matches('\n').to_owned() + "\n").collect::<String>()
}

// --- the book --------------------------------------------------------------------------------------------------------------------------

struct Desk {
    folder: PathBuf,
    copies: usize,
}

impl Desk {
    fn new() -> Desk {
        let folder = std::env::temp_dir().join(format!("backcare-authors-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join(BOOK)).unwrap();
        fs::copy(root().join("examples/knee/words.yaml"), folder.join(BOOK).join("words.yaml")).unwrap();
        Desk { folder, copies: 0 }
    }

    /// The whole of it, to be changed and thrown away.
    fn copy(&mut self) -> Desk {
        fn all(from: &Path, to: &Path) {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let path = entry.unwrap().path();
                let to = to.join(path.file_name().unwrap());
                if path.is_dir() {
                    all(&path, &to);
                } else {
                    fs::copy(&path, to).unwrap();
                }
            }
        }
        self.copies += 1;
        let folder = self.folder.with_extension(format!("{}", self.copies));
        let _ = fs::remove_dir_all(&folder);
        all(&self.folder, &folder);
        Desk { folder, copies: 0 }
    }

    fn lay(&self, kind: &str, file: &str, block: &str) {
        let path = match kind {
            "walk" => format!("walks/{file}"),
            "svg" => format!("media/{file}"),
            _ => file.to_owned(),
        };
        let path = self.folder.join(BOOK).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let old = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, if kind == "yaml" { laid_over(&old, block) } else { block.to_owned() }).unwrap();
    }

    /// A page that is written into another file now is taken out of where it was, as the guide says.
    fn take_out_of_others(&self, file: &str, block: &str) {
        let moved: Vec<String> = parts(block, 0).into_iter().map(|(key, _)| key).filter(|key| key != "source").collect();
        let own = ["book.yaml", "words.yaml", "weekly.yaml", "signs.yaml", "asks.yaml", "understanding.yaml"];
        let is_pages = |name: &str| name.ends_with(".yaml") && !own.contains(&name);
        for entry in fs::read_dir(self.folder.join(BOOK)).unwrap().filter(|_| is_pages(file)) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if is_pages(name) && name != file {
                let kept = parts(&fs::read_to_string(&path).unwrap(), 0).into_iter().filter(|(key, _)| !moved.contains(key));
                fs::write(&path, kept.map(|(_, part)| part).collect::<String>()).unwrap();
            }
        }
    }

    /// Whether it ended well, and what was said on both ways out.
    fn run(&self, command: &str, typed: &str) -> (bool, String) {
        let words = words(command);
        let (program, arguments) = words.split_first().expect("a command has words");
        assert_eq!(program, "backcare", "only the program itself is run: {command}");
        let mut bot = Command::new(env!("CARGO_BIN_EXE_backcare"));
        bot.args(arguments).current_dir(&self.folder).env("NO_COLOR", "1").env_remove("DIALOGUES");
        let mut bot = bot.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        bot.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let done = bot.wait_with_output().unwrap();
        let both = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (done.status.success(), both)
    }

    fn has_nothing_to_mend(&self, where_: &str) {
        let (fine, said) = self.run(&format!("backcare --dialogues {BOOK} check --deny warnings --today {TODAY}"), "");
        assert!(fine, "{GUIDE}, {where_}:\n{said}");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The words of a command; quotes keep some together.
fn words(command: &str) -> Vec<String> {
    let quoted = command.split('"').enumerate().flat_map(|(at, part)| {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    });
    quoted.collect()
}

// --- what it says ----------------------------------------------------------------------------------------------------------------------

/// A conversation as the guide shows it: what was typed, and what was answered, turn by turn.
fn conversation(desk: &Desk, command: &str, shown: &str) -> String {
    let typed: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let mut so_far = desk.run(command, "").1;
    // The first screen is the same in every conversation; a guide shows it once.
    let mut told = if shown.starts_with("> ") { String::new() } else { format!("{}\n", so_far.trim_end()) };
    for turn in 1..=typed.len() {
        let lines: String = typed[..turn].iter().map(|line| format!("{line}\n")).collect();
        let (fine, all) = desk.run(command, &lines);
        assert!(fine, "{command}:\n{all}");
        let answer = all.strip_prefix(&so_far).unwrap_or_else(|| panic!("the beginning changed:\n{all}")).trim_end();
        let gap = if told.is_empty() { "" } else { "\n" };
        writeln!(told, "{gap}> {}\n\n{answer}", typed[turn - 1]).unwrap();
        so_far = all;
    }
    told
}

fn only_the_last(conversation: &str) -> String {
    let typed: Vec<&str> = conversation.lines().filter(|line| line.starts_with("> ")).collect();
    let (_, answer) = conversation.rsplit_once("\n> ").expect("a conversation has turns");
    let (_, answer) = answer.split_once('\n').unwrap();
    format!("{}\n{answer}", typed.join("\n"))
}

fn is_chat(command: &str) -> bool {
    words(command).iter().any(|word| word == "chat")
}

/// What stands behind a command, or behind a mistake.
enum Said {
    By(String),
    Nothing,
    /// Of a book that is wrong.
    Of(String),
}

#[test]
fn the_guide_does_what_it_says() {
    let text = fs::read_to_string(root().join(GUIDE)).unwrap();
    assert!(text.contains("`examples/knee/words.yaml`"), "the guide says where the words come from");
    let mut desk = Desk::new();
    let (mut fresh, mut chapter) = (String::new(), String::from("the beginning"));
    let mut said = Said::Nothing;
    let mut tried: Option<Desk> = None;
    let (mut mistakes, mut outputs, mut started) = (0, 0, false);
    let mut above = "";
    let mut unnamed = Vec::new();
    for piece in pieces(&text) {
        let (info, body) = match piece {
            Piece::Prose(prose) => {
                fresh.push_str(prose);
                above = prose.trim_end().rsplit("\n\n").next().unwrap();
                for line in prose.lines().filter_map(|line| line.strip_prefix("## ")) {
                    if started {
                        desk.has_nothing_to_mend(&chapter);
                    }
                    line.clone_into(&mut chapter);
                }
                continue;
            }
            Piece::Block { info, body } => (info, body),
        };
        let mut shown = body.to_owned();
        let parts: Vec<&str> = info.split_whitespace().collect();
        if let Some(tried) = tried.take_if(|_| parts.get(1) != Some(&"try")) {
            tried.has_nothing_to_mend(&chapter);
        }
        // A fence is not seen where the guide is read: the sentence above says which file it is.
        if let ["yaml" | "walk" | "svg", file] | ["yaml", "try", file] = parts.as_slice()
            && !above.contains(&format!("{file}`"))
        {
            unnamed.push(format!("{chapter}: {file}"));
        }
        match parts.as_slice() {
            [kind @ ("yaml" | "walk" | "svg"), file] => {
                desk.lay(kind, file, body);
                if *kind == "yaml" {
                    desk.take_out_of_others(file, body);
                }
                started |= *file == "home.yaml";
            }
            ["yaml", "try", file] => tried.get_or_insert_with(|| desk.copy()).lay("yaml", file, body),
            [kind @ ("yaml" | "walk"), "wrong", file] => {
                let copy = desk.copy();
                copy.lay(kind, file, body);
                let command = if *kind == "walk" { format!("test {file}") } else { String::from("check") };
                let (_, told) = copy.run(&format!("backcare --dialogues {BOOK} {command}"), "");
                let is_found = told.contains("[BC") || told.contains("don't arrive");
                assert!(is_found, "{chapter}: nothing is found in {file}:\n{body}\n{told}");
                said = Said::Of(told);
                mistakes += 1;
            }
            ["sh"] => {
                assert!(!matches!(said, Said::Of(_)), "{chapter}: the mistake before this is not told");
                let commands = body.lines().map(|line| line.split(" #").next().unwrap().trim());
                for command in commands {
                    let needs_somebody = ["--record", "schema"].iter().any(|word| command.contains(word));
                    if !is_chat(command) && !needs_somebody {
                        let (fine, told) = desk.run(command, "");
                        assert!(fine, "{chapter}: {command}\n{told}");
                    }
                    said = Said::By(command.to_owned());
                }
            }
            ["text" | "mermaid"] | ["text", "last"] => {
                shown = match std::mem::replace(&mut said, Said::Nothing) {
                    Said::By(command) if is_chat(&command) => {
                        let all = conversation(&desk, &command, body);
                        if parts.len() > 1 { only_the_last(&all) } else { all }
                    }
                    Said::By(command) => desk.run(&command, "").1,
                    Said::Of(told) => told,
                    Said::Nothing => panic!("{chapter}: nothing stands before this output:\n{body}"),
                };
                shown = format!("{}\n", shown.trim_end());
                outputs += 1;
            }
            _ => panic!("{chapter}: what is a block of `{info}`?"),
        }
        write!(fresh, "```{info}\n{shown}```\n").unwrap();
    }
    desk.has_nothing_to_mend(&chapter);
    assert!(unnamed.is_empty(), "no sentence above these blocks names their file:\n{}", unnamed.join("\n"));
    assert!(mistakes >= 12 && outputs >= 20, "{mistakes} mistakes and {outputs} outputs: the guide shows less than it did");
    if fresh != text {
        let first = fresh.lines().zip(text.lines()).find(|(fresh, text)| fresh != text);
        assert!(
            std::env::var_os("UPDATE").is_some(),
            "{GUIDE} is behind: UPDATE=1 cargo test --test authors\n(it should say, it says): {first:?}"
        );
        fs::write(root().join(GUIDE), fresh).unwrap();
    }
}

/// Every chapter is in the table of contents, in order, and leads there.
#[test]
fn the_table_of_contents_is_whole() {
    let text = fs::read_to_string(root().join(GUIDE)).unwrap();
    let prose: String = pieces(&text).iter().map(|piece| if let Piece::Prose(prose) = piece { *prose } else { "" }).collect();
    let chapters: Vec<&str> = prose.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let anchor = |title: &str| {
        let kept = title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).collect::<String>();
        kept.replace(' ', "-")
    };
    let listed: Vec<&str> = prose.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    let expected: Vec<String> =
        (1..).zip(&chapters).map(|(number, title)| format!("{number}. [{title}](#{})", anchor(title))).collect();
    assert_eq!(listed, expected);
}
