//! A book in another language: the words of the language's folder laid over the book's own, read as the book itself is read.
//!
//! Structure is never repeated, so a translation can say nothing wrong but words. A mistake in them is found by the same readers as one
//! in the book, and told at its place in the language's file. What has no words yet is said in the book's own language.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::finding::{FileId, Finding, Place, SourceFile, Span};
use super::lower::{self, ASKS_FILE, BOOK_FILE, Credits, Leaf, Overlay, Translated, nearest};
use super::spans::Spans;
use super::tree::{Tree, What};
use super::ways::{each_text, has_texts, needs_words};
use crate::dialogue::book::Wording;
use crate::dialogue::{Book, NodeId, Parts};

/// A language of the book beside its own.
#[derive(Debug)]
pub struct Translation {
    pub language: String,
    /// `None` if anything is wrong with its words, or with the book.
    pub edition: Option<Edition>,
    /// How many texts have to be said in it.
    pub texts: usize,
    /// Those that have no words.
    pub missing: Lacking,
    /// Those whose source has changed since.
    pub stale: Lacking,
    /// Words for texts that the book does not have where they stand.
    pub astray: Vec<Astray>,
    /// Where everything of the edition stands; the places are those of joined files, see [`Translation::place`].
    pub spans: Spans,
    joints: HashMap<FileId, Joint>,
}

/// The book in another language, and who stands for its words.
#[derive(Debug)]
pub struct Edition {
    pub book: Book,
    /// By the name of the file.
    pub credits: IndexMap<String, Credits>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    pub count: usize,
    /// The way to the first of them, and where it is to be mended; `None` if its file is not there.
    pub first: Option<(String, Option<Place>)>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Astray {
    pub way: String,
    pub place: Place,
    /// The file in which such a text stands.
    pub belongs: Option<String>,
    /// The way that was most likely meant.
    pub near: Option<String>,
}

/// A guess looks at every way of the book: who has more words astray than these has moved a file, and was not slipping with the pen.
const GUESSES: usize = 50;

/// Where a language's file begins behind the book's own.
#[derive(Debug, Clone, Copy)]
struct Joint {
    from: usize,
    file: FileId,
}

/// A file of a language as it was read.
#[derive(Debug)]
pub struct Sheet {
    pub name: String,
    pub file: FileId,
    pub overlay: Overlay,
}

/// What a text was when it was translated: changes with its words, and not with how they are set.
pub fn fingerprint(text: &str) -> u32 {
    let hash = xxhash_rust::xxh3::xxh3_64(normal(text).as_bytes());
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

/// A text without what files and editors make of it.
pub fn normal(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// The book's own trees and what came of them.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    pub leaves: &'a [Leaf],
    /// All files that were read, those of languages too.
    pub files: &'a [SourceFile],
    /// `None` if something is wrong with it, and was reported.
    pub book: Option<&'a Book>,
}

impl Translation {
    /// Lays the sheets of a language over the book. `is_sound` says whether all of them could be read.
    /// `tongue` are its own files of how people say things.
    pub fn new(
        language: &str,
        own: Own,
        (sheets, tongue): (&[Sheet], Vec<Leaf>),
        is_sound: bool,
        findings: &mut Vec<Finding>,
    ) -> Translation {
        let mut laying = Laying::new(language, sheets);
        let joined = laying.join(own);
        let mut leaves: Vec<Leaf> =
            own.leaves.iter().filter(|leaf| has_texts(&leaf.name)).map(|leaf| laying.lay(leaf)).collect();
        let has_asks = tongue.iter().any(|leaf| leaf.name == ASKS_FILE);
        leaves.extend(tongue);
        let mut made = laying.made;
        made.astray = laying.ways.astray(sheets);
        let mut found = Vec::new();
        let mut parts = lower::lower(&leaves, &joined, &mut found);
        if let Some(parts) = parts.as_mut().filter(|_| has_asks) {
            // Those on pages are in the book's own language.
            parts.nodes.values_mut().for_each(|node| node.asks.clear());
        }
        made.spans = Spans::new(leaves, &joined);
        found.retain_mut(|finding| {
            let told = made.place(finding.place);
            let is_ours = told != finding.place;
            finding.place = told;
            // What is wrong with the book itself has been told.
            is_ours || own.book.is_some()
        });
        findings.extend(found);
        made.edition = own.book.zip(parts).filter(|_| is_sound).map(|(book, parts)| {
            let wordings = wordings(own.leaves, sheets, &parts);
            let mut parts = parts;
            if let Some(leaflet) = &mut parts.leaflet {
                leaflet.wording = leaflet_wording(sheets);
            }
            let book = Book::reworded(Parts { language: language.to_owned(), ..parts }, book, wordings);
            let credits = sheets.iter().map(|sheet| (sheet.name.clone(), sheet.overlay.credits.clone())).collect();
            Edition { book, credits }
        });
        made
    }

    /// The place in the language's file of something found in its edition; the same place if it lies in the book's own words.
    pub fn place(&self, place: Place) -> Place {
        let joint = self.joints.get(&place.file).filter(|joint| place.span.from >= joint.from);
        joint.map_or(place, |joint| Place {
            file: joint.file,
            span: Span::new(place.span.from - joint.from, place.span.to - joint.from),
        })
    }
}

/// The pages that are not in words which somebody has checked.
fn wordings(leaves: &[Leaf], sheets: &[Sheet], parts: &Parts) -> HashMap<NodeId, Wording> {
    let mut wordings = HashMap::new();
    for leaf in leaves {
        let sheet = sheets.iter().find(|sheet| sheet.name == leaf.name);
        let entries = sheet.into_iter().flat_map(|sheet| &sheet.overlay.entries);
        let said = entries.filter(|(_, entry)| entry.say.is_some()).filter_map(|(way, _)| way.split('.').next());
        let said: HashSet<&str> = said.collect();
        let is_checked = sheet.is_some_and(|sheet| sheet.overlay.credits.checked_by.is_some());
        let What::Map { entries, .. } = &leaf.tree.what else { continue };
        for page in entries.iter().filter_map(|entry| parts.nodes.get_index_of(&entry.key)) {
            let id = parts.nodes.get_index(page).map_or("", |(id, _)| id);
            let wording = match said.contains(id) {
                true if is_checked => continue,
                true => Wording::Unchecked,
                false => Wording::Original,
            };
            wordings.insert(NodeId(u32::try_from(page).unwrap_or(u32::MAX)), wording);
        }
    }
    wordings
}

/// How the words are worded that the leaflet has for itself.
fn leaflet_wording(sheets: &[Sheet]) -> Option<Wording> {
    let sheet = sheets.iter().find(|sheet| sheet.name == BOOK_FILE);
    let is_said = |(way, entry): (&String, &Translated)| way.starts_with("leaflet.") && entry.say.is_some();
    match sheet {
        Some(sheet) if sheet.overlay.entries.iter().any(is_said) => {
            sheet.overlay.credits.checked_by.is_none().then_some(Wording::Unchecked)
        }
        _ => Some(Wording::Original),
    }
}

struct Laying<'a> {
    made: Translation,
    ways: Ways,
    sheets: HashMap<&'a str, &'a Sheet>,
}

impl<'a> Laying<'a> {
    fn new(language: &str, sheets: &'a [Sheet]) -> Laying<'a> {
        let made = Translation {
            language: language.to_owned(),
            edition: None,
            texts: 0,
            missing: Lacking::default(),
            stale: Lacking::default(),
            astray: Vec::new(),
            spans: Spans::default(),
            joints: HashMap::new(),
        };
        Laying { made, ways: Ways::default(), sheets: sheets.iter().map(|sheet| (sheet.name.as_str(), sheet)).collect() }
    }

    /// The book's files, each with the language's behind it, so that a place in one is never a place in the other.
    fn join(&mut self, own: Own) -> Vec<SourceFile> {
        let mut joined = own.files.to_vec();
        for leaf in own.leaves {
            let sheet = self.sheets.get(leaf.name.as_str());
            let other = sheet.and_then(|sheet| Some((sheet.file, own.files.get(sheet.file.0)?)));
            if let (Some(both), Some((file, other))) = (joined.get_mut(leaf.file.0), other) {
                let (text, from) = both.joined(other);
                *both = text;
                self.made.joints.insert(leaf.file, Joint { from, file });
            }
        }
        joined
    }

    /// A file of the book with the words of the language.
    fn lay(&mut self, leaf: &Leaf) -> Leaf {
        let mut tree = leaf.tree.clone();
        let sheet = self.sheets.get(leaf.name.as_str()).copied();
        let shift = self.made.joints.get(&leaf.file).map_or(0, |joint| joint.from);
        each_text(&leaf.name, &mut tree, &mut |way, text| {
            let What::Scalar { raw, .. } = &text.what else { return };
            self.ways.add(way, &leaf.name);
            let needed = needs_words(raw);
            self.made.texts += usize::from(needed);
            let entry = sheet.and_then(|sheet| sheet.overlay.entries.get(way));
            let Some((entry, say)) = entry.and_then(|entry| Some((entry, entry.say.as_ref()?))) else {
                if needed && !entry.is_some_and(|entry| entry.is_broken) {
                    let span = entry.map(|entry| entry.key_span).unwrap_or_default();
                    self.made.missing.add(way, sheet.map(|sheet| Place { file: sheet.file, span }));
                }
                return;
            };
            if entry.of.is_some_and(|of| of != fingerprint(raw)) {
                self.made.stale.add(way, sheet.map(|sheet| Place { file: sheet.file, span: entry.key_span }));
            }
            let span = Span::new(say.span.from + shift, say.span.to + shift);
            *text = Tree { span, what: say.what.clone() };
        });
        Leaf { file: leaf.file, name: leaf.name.clone(), tree }
    }
}

impl Lacking {
    fn add(&mut self, way: &str, place: Option<Place>) {
        self.count += 1;
        self.first.get_or_insert_with(|| (way.to_owned(), place));
    }
}

/// All ways of the book, each with the file in which it stands.
#[derive(Debug, Default)]
pub struct Ways {
    files: IndexMap<String, Vec<String>>,
}

impl Ways {
    pub fn of(leaves: &[Leaf]) -> Ways {
        let mut ways = Ways::default();
        for leaf in leaves {
            each_text(&leaf.name, &mut leaf.tree.clone(), &mut |way, _| ways.add(way, &leaf.name));
        }
        ways
    }

    fn add(&mut self, way: &str, file: &str) {
        self.files.entry(way.to_owned()).or_default().push(file.to_owned());
    }

    /// The file to which words belong that stand in `file`, if the book has such a text.
    pub fn home(&self, way: &str, file: &str) -> Option<&str> {
        let files = self.files.get(way)?;
        files.iter().find(|known| *known == file).or(files.first()).map(String::as_str)
    }

    /// The way that was most likely meant: each of its parts is near.
    pub fn near(&self, way: &str) -> Option<&str> {
        let is_near = |(part, known): (&str, &str)| part == known || nearest(part, std::iter::once(known)).is_some();
        let alike = |known: &&str| {
            known.split('.').count() == way.split('.').count() && way.split('.').zip(known.split('.')).all(is_near)
        };
        nearest(way, self.files.keys().map(String::as_str).filter(alike))
    }

    fn astray(&self, sheets: &[Sheet]) -> Vec<Astray> {
        let mut astray = Vec::new();
        for sheet in sheets {
            for (way, entry) in &sheet.overlay.entries {
                let home = self.home(way, &sheet.name);
                if home != Some(sheet.name.as_str()) {
                    let place = Place { file: sheet.file, span: entry.key_span };
                    let is_sought = home.is_none() && astray.len() < GUESSES;
                    let near = is_sought.then(|| self.near(way)).flatten().map(str::to_owned);
                    astray.push(Astray { way: way.clone(), place, belongs: home.map(str::to_owned), near });
                }
            }
        }
        astray
    }
}

/// The languages of a book beside its own.
#[derive(Debug, Default)]
pub struct Languages {
    /// In the order in which the book lists them.
    pub translations: Vec<Translation>,
    /// Folders of languages that the book does not list.
    pub unlisted: Vec<String>,
}
