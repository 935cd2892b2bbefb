//! A clinician's review of a book, there and back: what she is given of each page, the file that she sends, and how it comes into
//! `reviews.yaml`. It only says what to write; files are read and written in `source`. Who makes the page that she reads is elsewhere.

mod merge;
mod returned;
mod sheets;

pub use merge::{Came, Merged, Sent, merge};
pub use returned::{FORMAT, Returned, Reviewer, Said, read};
pub use sheets::{Face, Sheet, Shows, sheets};

/// A fingerprint as files hold it.
pub fn written(fingerprint: u32) -> String {
    format!("{fingerprint:08x}")
}
