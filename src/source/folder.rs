//! Texts in a folder that are no part of a book: walks, and whatever else authors keep beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::opened;

/// All texts of a kind in a folder and those below it, by path.
///
/// # Errors
/// A folder or a file that cannot be read.
pub fn texts(dir: &Path, extension: &str) -> io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(texts(&path, extension)?);
        } else if path.extension().is_some_and(|kind| kind == extension) {
            let text = fs::read_to_string(&path)?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

/// One text.
///
/// # Errors
/// A file that cannot be read.
pub fn text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// One text that somebody sent, if it is no larger than a file of a book may be.
///
/// # Errors
/// Why there is none, as a part of a sentence.
pub fn sent_text(path: &Path) -> Result<String, String> {
    opened::read_up_to(path, opened::LARGEST)
}

/// Writes a text whole or not at all, so that nobody reads half of it; its folder is made where it is missing.
///
/// # Errors
/// A folder that cannot be written to.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    write_bytes(path, text.as_bytes())
}

/// The same for what is no text.
///
/// # Errors
/// A folder that cannot be written to.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}
