//! A language's folder as a translator works on it: every text of the book beside its words so far. How it is written is for `author`.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::Reading;
use super::finding::Report;
use super::lower::{Credits, Leaf, languages};
use super::opened::{self, Opened};
use super::translation::{Sheet, Ways, normal};
use super::tree::What;
use super::ways::{each_text, has_texts, needs_words};

/// All that a language has, and all that it should have.
#[derive(Debug)]
pub struct Draft {
    pub language: String,
    /// Those that the book lists, its own first.
    pub listed: Vec<String>,
    /// One for each file of the book that holds texts, then those that the book has no file for.
    pub pages: Vec<Page>,
    pub ways: Ways,
}

/// A file of the folder.
#[derive(Debug)]
pub struct Page {
    /// The name that it shares with the book's file.
    pub name: String,
    pub path: PathBuf,
    /// As it stands there now.
    pub written: Option<String>,
    /// What the book's file says, in its order.
    pub texts: Vec<Text>,
    pub credits: Credits,
    pub entries: IndexMap<String, Entry>,
}

/// A text of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub way: String,
    pub words: String,
    /// Whether it differs from language to language.
    pub is_needed: bool,
}

/// The same in the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub of: Option<u32>,
    pub say: Option<String>,
    pub note: Option<String>,
}

/// The folder of a language in a book's folder.
///
/// # Errors
/// What is wrong with the book or with the folder: nothing may be written over files that could not be read.
pub fn draft(dir: &Path, language: &str) -> Result<Draft, Report> {
    Draft::of(opened::open(dir)?, dir, language)
}

/// The same for a book that is in memory: file names and texts.
///
/// # Errors
/// As for [`draft`].
pub fn draft_files(files: Vec<(String, String)>, language: &str) -> Result<Draft, Report> {
    Draft::of(opened::given(files), Path::new(""), language)
}

impl Draft {
    fn of(mut opened: Vec<Opened>, dir: &Path, language: &str) -> Result<Draft, Report> {
        let mut reading = Reading::default();
        let leaves = reading.own(&mut opened, &dir.display().to_string());
        let book = reading.lower(&leaves);
        let (mut sheets, _, is_sound) = reading.sheets(&mut opened, language);
        let Reading { files, findings } = reading;
        if book.is_none() || !is_sound {
            return Err(Report::new(files, findings));
        }
        let page = |name: &str, texts: Vec<Text>, sheet: Option<Sheet>| {
            let written = sheet.as_ref().and_then(|sheet| files.get(sheet.file.0)).map(|file| file.text.to_string());
            let overlay = sheet.map(|sheet| sheet.overlay).unwrap_or_default();
            let entries = overlay.entries.into_iter().map(|(way, translated)| {
                let say = translated.words().map(normal);
                (way, Entry { of: translated.of.filter(|_| say.is_some()), say, note: translated.note.as_deref().map(normal) })
            });
            let path = dir.join(language).join(name);
            Page { name: name.to_owned(), path, written, texts, entries: entries.collect(), credits: overlay.credits }
        };
        let mut pages = Vec::new();
        for leaf in leaves.iter().filter(|leaf| has_texts(&leaf.name)) {
            let sheet = sheets.extract_if(.., |sheet| sheet.name == leaf.name).next();
            pages.push(page(&leaf.name, texts(leaf), sheet));
        }
        pages.extend(sheets.into_iter().map(|sheet| page(&sheet.name.clone(), Vec::new(), Some(sheet))));
        Ok(Draft { language: language.to_owned(), listed: languages(&leaves), pages, ways: Ways::of(&leaves) })
    }
}

fn texts(leaf: &Leaf) -> Vec<Text> {
    let mut texts = Vec::new();
    each_text(&leaf.name, &mut leaf.tree.clone(), &mut |way, tree| {
        if let What::Scalar { raw, .. } = &tree.what {
            texts.push(Text { way: way.to_owned(), words: normal(raw), is_needed: needs_words(raw) });
        }
    });
    texts
}
