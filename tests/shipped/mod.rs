//! The shipped book, loaded once for a test program, and a fixed time to read it at.
#![allow(dead_code)] // each test program uses its part

use std::path::Path;
use std::sync::OnceLock;

use backcare::dialogue::Book;
use jiff::Timestamp;

pub fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let (book, report) = backcare::lint::check_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"));
        book.unwrap_or_else(|| panic!("the shipped book does not load:\n{report}"))
    })
}

/// Noon on 23 November 2026, UTC.
pub fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}
