//! A book's folder as it was read: the texts of its files, and what lies beside them.
//!
//! What was read once can be compared with what stands there later, and is checked as it was read: nothing that is saved meanwhile gets
//! between. What the texts say is not looked at here.

use std::fs;
use std::path::Path;

use super::finding::{FileId, Finding, Report, SourceFile};
use super::{Loaded, Shelf, Spans, assemble, rule, whole};

/// No book file comes near it; what is larger was put here by mistake.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Equal to another if a book read from it would be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    shown: String,
    /// The files by name, or why the folder can't be opened.
    files: Result<Vec<Opened>, String>,
    shelf: Shelf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opened {
    pub name: String,
    /// The name in reports, its folder with it.
    pub shown: String,
    /// Or why there is none.
    pub text: Result<String, String>,
}

impl Folder {
    /// Reads `*.yaml` files and the shelf; other sub-folders are left aside.
    pub fn read(dir: &Path) -> Folder {
        let files = fs::read_dir(dir).map_err(|error| plain(&error)).map(|entries| {
            let entries = entries.filter_map(Result::ok).filter(|entry| !entry.path().is_dir());
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|name| is_yaml(name)).collect();
            names.sort();
            let opened = names.into_iter().map(|name| {
                let path = dir.join(&name);
                Opened { shown: path.display().to_string(), text: read(&path), name }
            });
            opened.collect()
        });
        Folder { shown: dir.display().to_string(), files, shelf: Shelf::read(dir) }
    }

    /// The book of these files.
    pub fn load(&self) -> Loaded {
        match &self.files {
            Ok(files) => Loaded { shelf: self.shelf.clone(), ..assemble(files.clone(), &self.shown) },
            Err(why) => {
                let message = format!("The folder {} can't be opened: {why}.", self.shown);
                let hint = "Name the folder with the dialogues: `--dialogues`.";
                let finding = Finding::new(&rule::UNREADABLE, whole(FileId(0)), message, hint);
                let file = SourceFile::new(self.shown.clone(), String::new());
                let report = Report::new(vec![file], vec![finding]);
                Loaded { book: None, spans: Spans::default(), shelf: Shelf::default(), report }
            }
        }
    }
}

/// A file name is hidden, as editors leave them behind, or it is one of the book's.
pub(super) fn is_yaml(name: &str) -> bool {
    let path = Path::new(name);
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml && !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn read(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| plain(&error))?.len();
    if size > LARGEST {
        return Err(format!("it is larger than {} MB", LARGEST / 1024 / 1024));
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
