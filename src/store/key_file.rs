//! The key's file beside an SQLite database, and how another key comes into it.
//!
//! A new key lies in `data.key.new`, safe on the disk, before the database takes it, and comes to `data.key` afterwards. So whenever the
//! work is cut off, one of the two files opens what is sealed, and the database's known text says which: [`settle`] ends what was begun.
//! The key from before is kept in `data.key.old-1`, or the next free number: backups of its time open with no other.
//!
//! Never here: SQL; a key in an error or a log line; a key file that others may read; a key that is overwritten.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use super::seal::{self, DataKey, KeyError};

/// The key's file, beside the data.
pub(super) const NAME: &str = "data.key";

/// The key in this file, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<DataKey>, KeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeyError::File { path: path.into(), doing: "read", source }),
    };
    if others_can_read(path) {
        log::warn!("{}: others on this machine can read the key to what is sealed; do: chmod 600 {0}", path.display());
    }
    text.parse().map(Some).map_err(|wrong| KeyError::InFile { path: path.into(), wrong: Box::new(wrong) })
}

impl DataKey {
    /// The key in this file; where there is none, a new one, readable by its owner alone.
    pub fn from_file_or_new(path: &Path) -> Result<DataKey, KeyError> {
        if let Some(key) = read(path)? {
            return Ok(key);
        }
        make(path)?;
        // Read back rather than kept: of two processes that start at once, both take the one that came first.
        let missing = || KeyError::File { path: path.into(), doing: "read", source: io::ErrorKind::NotFound.into() };
        read(path)?.ok_or_else(missing)
    }
}

/// The key beside a database with this known text. If the key was changed and that was cut off, the change is brought to its end.
pub(super) fn settle(path: &Path, known: Option<&[u8]>) -> Result<Option<DataKey>, KeyError> {
    let current = read(path)?;
    let Some(known) = known.filter(|known| !current.as_ref().is_some_and(|key| key.fits(known))) else {
        return Ok(current);
    };
    match read(&coming(path)) {
        Ok(Some(key)) if key.fits(known) => finish(path).map(|_| Some(key)),
        _ => Ok(current),
    }
}

/// Puts a new key beside the old one, safe on the disk. What lies there from a change that was cut off has sealed nothing.
pub(super) fn prepare(path: &Path, key: &str) -> Result<(), KeyError> {
    let new = coming(path);
    let _ = fs::remove_file(&new);
    write_draft(&new, key).map_err(|source| KeyError::File { path: new.clone(), doing: "make", source })?;
    keep_entry(&new);
    Ok(())
}

/// The new key takes the place of the old one, which is kept in the file that is told.
pub(super) fn finish(path: &Path) -> Result<Option<PathBuf>, KeyError> {
    let wrong = |doing: &'static str| move |source: io::Error| KeyError::File { path: path.into(), doing, source };
    let kept = keep_old(path).map_err(wrong("keep"))?;
    match fs::rename(coming(path), path) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        moved => moved.map_err(wrong("replace"))?,
    }
    keep_entry(path);
    Ok(kept)
}

fn coming(path: &Path) -> PathBuf {
    path.with_added_extension("new")
}

fn keep_old(path: &Path) -> io::Result<Option<PathBuf>> {
    let old = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        old => old?,
    };
    let mut number = 1;
    loop {
        let kept = path.with_added_extension(format!("old-{number}"));
        match fs::read_to_string(&kept) {
            // It was kept before the change was cut off.
            Ok(same) if same == old => return Ok(Some(kept)),
            Ok(_) => number += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Some file systems have no links.
                fs::hard_link(path, &kept).or_else(|_| write_draft(&kept, old.trim_end()))?;
                return Ok(Some(kept));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Written whole beside its place, then linked there, so that a kill leaves no half a key and no key is ever overwritten.
fn make(path: &Path) -> Result<(), KeyError> {
    let key = seal::NewKey::fresh()?;
    let draft = path.with_extension(format!("new-{}", HEXLOWER.encode(&seal::random::<4>()?)));
    let made = write_draft(&draft, key.reveal()).and_then(|()| match fs::hard_link(&draft, path) {
        // Another process came first: its key is the one.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => fs::rename(&draft, path),
        Ok(()) => Ok(()),
    });
    let _ = fs::remove_file(&draft);
    made.map_err(|source| KeyError::File { path: path.into(), doing: "make", source })?;
    keep_entry(path);
    log::warn!(
        "{}: made a new key for what is sealed in the database. It lies beside it, so whoever takes the folder has both: for real \
         use, keep it elsewhere, set DATA_KEY to it and remove the file",
        path.display()
    );
    Ok(())
}

fn write_draft(draft: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Makes the file's name survive a power cut as well; best effort, since not every file system can.
fn keep_entry(path: &Path) {
    if let Some(folder) = path.parent()
        && let Ok(folder) = fs::File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    {
        let _ = folder.sync_all();
    }
}

#[cfg(unix)]
pub(super) fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
pub(super) fn others_can_read(_: &Path) -> bool {
    false
}
