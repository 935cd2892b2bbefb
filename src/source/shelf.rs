//! What lies in a book's folder beside its YAML: pictures, and the list of ids that were published.
//!
//! Only names, sizes and that list are read: what a picture shows is for others to say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The folder of the pictures, inside the book's.
pub const MEDIA_FOLDER: &str = "media";
/// The list of published ids, one a line.
pub const LOCK_FILE: &str = "ids.lock";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Bytes of each file in the folder of pictures, by name.
    pub media: BTreeMap<String, u64>,
    /// The list of published ids as it stands in its file, if there is one.
    pub lock: Option<String>,
}

impl Shelf {
    /// What lies beside a book; what can't be read counts as not there.
    pub fn read(dir: &Path) -> Shelf {
        let media = fs::read_dir(dir.join(MEDIA_FOLDER)).into_iter().flatten().filter_map(Result::ok).filter_map(|entry| {
            let size = entry.metadata().ok().filter(fs::Metadata::is_file)?.len();
            Some((entry.file_name().into_string().ok()?, size))
        });
        Shelf { media: media.collect(), lock: fs::read_to_string(dir.join(LOCK_FILE)).ok() }
    }
}
