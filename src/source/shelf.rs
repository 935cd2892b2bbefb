//! What lies in a book's folder beside its YAML: pictures, and the list of ids that were published.
//!
//! They are read as they lie there: what a picture shows is for others to say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The folder of the pictures, inside the book's.
pub const MEDIA_FOLDER: &str = "media";
/// The list of published ids, one a line.
pub const LOCK_FILE: &str = "ids.lock";
/// What is larger is not read: nobody wants to wait for it on a phone.
pub const LARGEST_PICTURE: u64 = 1024 * 1024;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Each file in the folder of pictures, by name.
    pub media: BTreeMap<String, Medium>,
    /// The list of published ids as it stands in its file, if there is one.
    pub lock: Option<String>,
}

/// A file in the folder of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    pub bytes: u64,
    /// `None` if it is larger than [`LARGEST_PICTURE`] or can't be read.
    pub content: Option<Arc<[u8]>>,
}

impl Shelf {
    /// What lies beside a book; what can't be listed counts as not there.
    pub fn read(dir: &Path) -> Shelf {
        let media = fs::read_dir(dir.join(MEDIA_FOLDER)).into_iter().flatten().filter_map(Result::ok).filter_map(|entry| {
            let bytes = entry.metadata().ok().filter(fs::Metadata::is_file)?.len();
            let content = (bytes <= LARGEST_PICTURE).then(|| fs::read(entry.path()).ok()).flatten().map(Arc::from);
            Some((entry.file_name().into_string().ok()?, Medium { bytes, content }))
        });
        Shelf { media: media.collect(), lock: fs::read_to_string(dir.join(LOCK_FILE)).ok() }
    }
}
