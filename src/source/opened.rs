//! The files of a book, opened: its own, and those in the folders of its languages. What stands in them is for others to say.
//!
//! What was read once can be compared with what stands there later, and is checked as it was read: nothing that is saved meanwhile gets
//! between.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::finding::{FileId, Finding, Report, SourceFile};
use super::lower::is_language;
use super::{Languages, Loaded, Reviews, Shelf, Spans, assemble, rule, whole};

/// No book file comes near it; what is larger was put here by mistake.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// All that a book is made of, as it was read; equal to another if the same book would come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    dir: String,
    opened: Result<Vec<Opened>, Report>,
    shelf: Shelf,
}

impl Files {
    pub fn read(dir: &Path) -> Files {
        Files { dir: dir.display().to_string(), opened: open(dir), shelf: Shelf::read(dir) }
    }

    /// The pictures beside the book, by the names of their files.
    pub fn pictures(&self) -> impl Iterator<Item = (String, Arc<[u8]>)> {
        self.shelf.media.iter().filter_map(|(name, medium)| Some((name.clone(), Arc::clone(medium.content.as_ref()?))))
    }

    /// The book of these files.
    pub fn load(&self) -> Loaded {
        let loaded = match self.opened.clone() {
            Ok(opened) => assemble(opened, &self.dir),
            Err(report) => Loaded {
                book: None,
                spans: Spans::default(),
                shelf: Shelf::default(),
                languages: Languages::default(),
                reviews: Reviews::default(),
                report,
            },
        };
        Loaded { shelf: self.shelf.clone(), ..loaded }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The language whose folder it lies in; `None` for the book's own files.
    pub language: Option<String>,
    pub name: String,
    /// The name in reports, its folder with it.
    pub shown: String,
    /// Or why there is none.
    pub text: Result<String, String>,
}

/// The files of a book: its own, then those of each folder that is named like a language. Other folders are left aside.
pub fn open(dir: &Path) -> Result<Vec<Opened>, Report> {
    let (mut files, folders) = names(dir).map_err(|error| {
        let message = format!("The folder {} can't be opened: {}.", dir.display(), plain(&error));
        let hint = "Name the folder with the dialogues: `--dialogues`.";
        let finding = Finding::new(&rule::UNREADABLE, whole(FileId(0)), message, hint);
        Report::new(vec![SourceFile::new(dir.display().to_string(), String::new())], vec![finding])
    })?;
    let opened = |language: Option<&String>, dir: &Path, name: String| {
        let path = dir.join(&name);
        Opened { language: language.cloned(), shown: path.display().to_string(), text: read(&path), name }
    };
    let mut all: Vec<Opened> = files.drain(..).map(|name| opened(None, dir, name)).collect();
    for language in folders.iter().filter(|name| is_language(name)) {
        let dir = dir.join(language);
        // A folder that can't be opened has no words.
        let (files, _) = names(&dir).unwrap_or_default();
        all.extend(files.into_iter().map(|name| opened(Some(language), &dir, name)));
    }
    Ok(all)
}

/// The same of files that are in memory.
pub fn given(files: Vec<(String, String)>) -> Vec<Opened> {
    let mut all: Vec<Opened> = Vec::with_capacity(files.len());
    for (shown, text) in files.into_iter().filter(|(name, _)| is_yaml(name)) {
        let (language, name) = match shown.split_once('/') {
            Some((folder, name)) if is_language(folder) && !name.contains('/') => (Some(folder.to_owned()), name.to_owned()),
            Some(_) => continue,
            None => (None, shown.clone()),
        };
        all.push(Opened { language, name, shown, text: Ok(text) });
    }
    all.sort_by(|a, b| (&a.language, &a.name).cmp(&(&b.language, &b.name)));
    all
}

/// The names of a folder's YAML files, and of its folders.
fn names(dir: &Path) -> std::io::Result<(Vec<String>, Vec<String>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir)?.filter_map(Result::ok) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.path().is_dir() {
            folders.push(name);
        } else if is_yaml(&name) {
            files.push(name);
        }
    }
    files.sort();
    folders.sort();
    Ok((files, folders))
}

/// A file name is hidden, as editors leave them behind, or it is one of the book's.
pub fn is_yaml(name: &str) -> bool {
    let path = Path::new(name);
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml && !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn read(path: &Path) -> Result<String, String> {
    read_up_to(path, LARGEST)
}

/// A text file of at most so many bytes; or why there is none.
pub fn read_up_to(path: &Path, largest: u64) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| plain(&error))?.len();
    if size > largest {
        return Err(format!("it is larger than {} MB", largest / 1024 / 1024));
    }
    let bytes = fs::read(path).map_err(|error| plain(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = String::from_utf8_lossy(valid).matches('\n').count() + 1;
        format!("it is not UTF-8 text (line {line})")
    })
}

/// Why a file can't be opened, for people.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => String::from("it is not there"),
        std::io::ErrorKind::PermissionDenied => String::from("reading it is not allowed"),
        std::io::ErrorKind::NotADirectory => String::from("it is no folder"),
        _ => error.to_string(),
    }
}
