//! Book files to a book: YAML to a spanned tree, the tree to [`Book`], and every mistake on the way as a finding.
//!
//! The only room that reads book files. It knows nothing of channels and stores, and never stops at the first mistake. What can be
//! wrong with a book that was read well is for `lint` to say.

mod draft;
pub mod finding;
pub mod folder;
mod formats;
mod left_open;
pub mod lower;
mod markdown;
mod opened;
mod revision;
pub mod rule;
mod scalar;
mod seen;
mod services;
mod shelf;
mod show;
mod spans;
mod syntax;
mod translation;
mod tree;
mod ways;

use std::path::Path;

pub use draft::{Draft, Entry, Page, Text, draft, draft_files};
pub use finding::{FileId, Finding, Place, Report, SourceFile, Span};
pub use lower::{Comment, Credits, PageReview, REVIEWS_FILE, Reviewed, Reviews, is_language};
pub use opened::Files;
pub use revision::{NoRevision, load_revision};
pub use rule::{Rule, Severity};
pub use services::{Listed, listed, services};
pub use shelf::{LARGEST_PICTURE, LOCK_FILE, MEDIA_FOLDER, Medium, Shelf};
pub use show::{Snippet, colour_wanted};
pub use spans::{Root, Spans};
pub use translation::{Astray, Edition, Lacking, Languages, Translation, fingerprint};

use crate::dialogue::{Book, Review, tongues};
use lower::{BOOK_FILE, Leaf, OWN_FILES, UNDERSTANDING_FILES, WORDS_FILE};
use opened::Opened;
use translation::{Own, Sheet};
use tree::Tree;

/// What came of reading a book.
#[derive(Debug)]
pub struct Loaded {
    /// `None` if anything is wrong with it; what is wrong with another language alone is in the report.
    pub book: Option<Book>,
    pub spans: Spans,
    pub shelf: Shelf,
    pub languages: Languages,
    /// What clinicians said of its pages.
    pub reviews: Reviews,
    pub report: Report,
}

/// Reads the book in a folder: its `*.yaml` files, and those in the folders of its languages.
pub fn load(dir: &Path) -> Loaded {
    Files::read(dir).load()
}

/// Reads a book that is in memory already: file names and their texts, those of a language as `es/home.yaml`.
pub fn load_files(files: Vec<(String, String)>) -> Loaded {
    assemble(opened::given(files), "")
}

fn whole(file: FileId) -> Place {
    Place { file, span: Span::default() }
}

/// The files that were read, and what is wrong with them so far.
#[derive(Default)]
struct Reading {
    files: Vec<SourceFile>,
    findings: Vec<Finding>,
}

impl Reading {
    fn leaf(&mut self, Opened { name, shown, text, .. }: Opened) -> Leaf {
        let file = FileId(self.files.len());
        let (text, tree) = match text {
            Ok(text) => {
                let tree = syntax::read(&text, file, &mut self.findings);
                (text, tree)
            }
            Err(reason) => {
                let message = format!("This file can't be read: {reason}.");
                let hint = "Save it as UTF-8 text, or take it away.";
                self.findings.push(Finding::new(&rule::UNREADABLE, whole(file), message, hint));
                (String::new(), Tree::broken(Span::default()))
            }
        };
        self.files.push(SourceFile::new(shown, text));
        Leaf { file, name, tree }
    }

    /// The book's own files: those with a meaning of their own first, then the pages by file name.
    fn own(&mut self, opened: &mut Vec<Opened>, dir: &str) -> Vec<Leaf> {
        let mut own: Vec<Opened> = opened.extract_if(.., |file| file.language.is_none()).collect();
        let rank = |name: &str| OWN_FILES.iter().position(|first| *first == name).unwrap_or(OWN_FILES.len());
        own.sort_by_key(|file| rank(&file.name));
        let leaves: Vec<Leaf> = own.into_iter().map(|file| self.leaf(file)).collect();
        self.missing_files(&leaves, dir);
        leaves
    }

    /// The two files without which there is no book. Warning signs and weekly tips are left to the author.
    fn missing_files(&mut self, leaves: &[Leaf], dir: &str) {
        let needed = [
            (BOOK_FILE, "It is the front page: where the book starts, and whom it is for."),
            (WORDS_FILE, "It holds the bot's own phrases."),
        ];
        for (name, what) in needed {
            if leaves.iter().all(|leaf| leaf.name != name) {
                let file = FileId(self.files.len());
                self.files.push(SourceFile::new(Path::new(dir).join(name).display().to_string(), String::new()));
                self.findings.push(Finding::new(&rule::MISSING_FILE, whole(file), format!("`{name}` is missing."), what));
            }
        }
    }

    /// The files of a language: its words for the book's texts, how people say things in it, and whether all of it could be read.
    fn sheets(&mut self, opened: &mut Vec<Opened>, language: &str) -> (Vec<Sheet>, Vec<Leaf>, bool) {
        let before = self.findings.len();
        let (mut sheets, mut tongue) = (Vec::new(), Vec::new());
        for file in opened.extract_if(.., |file| file.language.as_deref() == Some(language)) {
            let leaf = self.leaf(file);
            if UNDERSTANDING_FILES.contains(&leaf.name.as_str()) {
                tongue.push(leaf);
                continue;
            }
            let overlay = lower::overlay(&leaf, &self.files, &mut self.findings);
            sheets.push(Sheet { name: leaf.name, file: leaf.file, overlay });
        }
        (sheets, tongue, self.findings.len() == before)
    }

    fn lower(&mut self, leaves: &[Leaf]) -> Option<Book> {
        lower::lower(leaves, &self.files, &mut self.findings).map(Book::new)
    }
}

fn assemble(mut opened: Vec<Opened>, dir: &str) -> Loaded {
    let mut reading = Reading::default();
    let leaves = reading.own(&mut opened, dir);
    let mut book = reading.lower(&leaves);
    let reviews = lower::reviews(&leaves, &reading.files, book.as_ref(), &mut reading.findings);
    let mut languages = Languages::default();
    for language in lower::languages(&leaves).iter().skip(1) {
        let (sheets, tongue, is_sound) = reading.sheets(&mut opened, language);
        let Reading { files, findings } = &mut reading;
        let own = Own { leaves: &leaves, files, book: book.as_ref() };
        languages.translations.push(Translation::new(language, own, (&sheets, tongue), is_sound, findings));
    }
    let editions = languages.translations.iter_mut().filter_map(|each| each.edition.as_mut());
    let mut books: Vec<&mut Book> = book.iter_mut().chain(editions.map(|edition| &mut edition.book)).collect();
    tongues::share(&mut books);
    for book in books {
        let current = book.nodes().filter_map(|(at, id, _)| Some((at, reviews.current(id)?)));
        let current = current.map(|(at, Reviewed { by, on, .. })| (at, Review { by: by.clone(), on: *on })).collect();
        book.heed_reviews(current);
    }
    languages.unlisted = opened.into_iter().filter_map(|file| file.language).collect();
    languages.unlisted.dedup();
    let Reading { files, findings } = reading;
    let spans = Spans::new(leaves, &files);
    Loaded { book, spans, shelf: Shelf::default(), languages, reviews, report: Report::new(files, findings) }
}
