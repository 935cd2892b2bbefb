//! What lies beside the data and has to be in order too: room on the disk, and the key file that nobody else may read.

use std::io;
use std::path::Path;

use super::{key_file, sqlite};

/// The key file as it lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFile {
    Missing,
    /// For its owner alone.
    Closed,
    /// Others on this machine can read it.
    Open,
}

/// The file and the disk of an address, where there are such.
#[derive(Debug)]
pub struct Beside {
    /// The database.
    pub file: std::path::PathBuf,
    pub key_file: std::path::PathBuf,
    pub key: KeyFile,
    /// Bytes that the bot may still fill.
    pub free: io::Result<u64>,
}

impl Beside {
    pub(super) fn of(file: &Path) -> Beside {
        let key_file = sqlite::key_file_of(file);
        let key = match key_file.exists() {
            false => KeyFile::Missing,
            true if key_file::others_can_read(&key_file) => KeyFile::Open,
            true => KeyFile::Closed,
        };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Beside { file: file.to_owned(), key, free: fs4::available_space(folder), key_file }
    }
}
