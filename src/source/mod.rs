//! Book files to a book: YAML to a spanned tree, the tree to [`Book`], and every mistake on the way as a finding.
//!
//! The only room that reads book files. It knows nothing of channels and stores, and never stops at the first mistake. What can be
//! wrong with a book that was read well is for `lint` to say.

pub mod finding;
mod folder;
mod formats;
mod left_open;
pub mod lower;
mod markdown;
pub mod rule;
mod scalar;
mod shelf;
mod show;
mod spans;
mod syntax;
mod tree;

use std::fs;
use std::path::Path;

pub use finding::{FileId, Finding, Place, Report, SourceFile, Span};
pub use folder::Folder;
pub use rule::{Rule, Severity};
pub use shelf::{LOCK_FILE, MEDIA_FOLDER, Shelf};
pub use show::colour_wanted;
pub use spans::{Root, Spans};

use crate::dialogue::Book;
use folder::{Opened, is_yaml};
use lower::{BOOK_FILE, Leaf, OWN_FILES, WORDS_FILE};
use tree::Tree;

/// What came of reading a book.
#[derive(Debug)]
pub struct Loaded {
    /// `None` if anything is wrong that keeps it from going live.
    pub book: Option<Book>,
    pub spans: Spans,
    pub shelf: Shelf,
    pub report: Report,
}

/// Reads the book in a folder: its `*.yaml` files, sub-folders left aside.
pub fn load(dir: &Path) -> Loaded {
    Folder::read(dir).load()
}

/// Reads a book that is in memory already: file names and their texts.
pub fn load_files(files: Vec<(String, String)>) -> Loaded {
    let opened = files.into_iter().filter(|(name, _)| is_yaml(name));
    let mut opened: Vec<Opened> = opened.map(|(name, text)| Opened { shown: name.clone(), name, text: Ok(text) }).collect();
    opened.sort_by(|a, b| a.name.cmp(&b.name));
    assemble(opened, "")
}

/// Writes a file whole or not at all, so that nobody reads half of it.
///
/// # Errors
/// A folder that cannot be written to.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}

fn whole(file: FileId) -> Place {
    Place { file, span: Span::default() }
}

/// The files with a meaning of their own first, then the pages by file name.
fn assemble(opened: Vec<Opened>, dir: &str) -> Loaded {
    let mut opened = opened;
    let rank = |name: &str| OWN_FILES.iter().position(|first| *first == name).unwrap_or(OWN_FILES.len());
    opened.sort_by_key(|file| rank(&file.name));
    let mut findings = Vec::new();
    let mut files = Vec::with_capacity(opened.len());
    let mut leaves = Vec::with_capacity(opened.len());
    for Opened { name, shown, text } in opened {
        let file = FileId(files.len());
        let (text, tree) = match text {
            Ok(text) => {
                let tree = syntax::read(&text, file, &mut findings);
                (text, tree)
            }
            Err(reason) => {
                let message = format!("This file can't be read: {reason}.");
                findings.push(Finding::new(&rule::UNREADABLE, whole(file), message, "Save it as UTF-8 text, or take it away."));
                (String::new(), Tree::broken(Span::default()))
            }
        };
        files.push(SourceFile::new(shown, text));
        leaves.push(Leaf { file, name, tree });
    }
    missing_files(&mut files, &leaves, dir, &mut findings);
    let book = lower::lower(&leaves, &files, &mut findings);
    Loaded { book, spans: Spans::new(leaves, &files), shelf: Shelf::default(), report: Report::new(files, findings) }
}

/// The two files without which there is no book. Warning signs and weekly tips are left to the author.
fn missing_files(files: &mut Vec<SourceFile>, leaves: &[Leaf], dir: &str, findings: &mut Vec<Finding>) {
    let needed = [
        (BOOK_FILE, "It is the front page: where the book starts, and whom it is for."),
        (WORDS_FILE, "It holds the bot's own phrases."),
    ];
    for (name, what) in needed {
        if leaves.iter().all(|leaf| leaf.name != name) {
            let file = FileId(files.len());
            files.push(SourceFile::new(Path::new(dir).join(name).display().to_string(), String::new()));
            findings.push(Finding::new(&rule::MISSING_FILE, whole(file), format!("`{name}` is missing."), what));
        }
    }
}
