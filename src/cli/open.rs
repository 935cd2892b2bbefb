//! A book from its folder to what `run` and the authors' commands work with. What is wrong with it is told on standard error.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::FINDINGS;
use crate::dialogue::Book;
use crate::lint::{self, Checked, Editions};
use crate::media::Gallery;
use crate::service::library::Library;
use crate::source::Files;

/// A book that may go live.
pub struct Open {
    pub library: Arc<Library>,
    /// What it was made of, for those who go on with what is saved there later.
    pub files: Files,
}

/// What becomes of pages of triage and advice whose translation nobody has checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// They stay in the book's own words.
    Original,
    /// They are shown as they are, and say so.
    Shown,
}

/// What an operator has chosen of what a book can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offers {
    pub unchecked: Unchecked,
    /// There is a list of services.
    pub services: bool,
}

impl Offers {
    /// What authors see.
    pub const AUTHORS: Offers = Offers { unchecked: Unchecked::Shown, services: false };
}

/// The book, if it may go live, as authors see it.
pub fn open(dialogues: &Path) -> Result<Open, ExitCode> {
    open_for(dialogues, Offers::AUTHORS)
}

/// The same for readers.
pub fn open_for(dialogues: &Path, offers: Offers) -> Result<Open, ExitCode> {
    let files = Files::read(dialogues);
    let Checked { book, editions, report, .. } = lint::examine_read(&files, None);
    if let Some(book) = book {
        return Ok(Open { library: Arc::new(library(book, editions, &files, offers)), files });
    }
    eprint!("{report}");
    eprintln!("The book in {} has mistakes, so the bot says nothing yet. Mend them and start again.", dialogues.display());
    Err(ExitCode::from(FINDINGS))
}

/// The same, as it was written.
pub fn open_book(dialogues: &Path) -> Result<Arc<Book>, ExitCode> {
    open(dialogues).map(|opened| Arc::clone(opened.library.own()))
}

/// The book in its languages, and the pictures beside it.
pub fn library(book: Book, editions: Editions, files: &Files, offers: Offers) -> Library {
    let lists = |book: Book| if offers.services { book.with_services() } else { book };
    let book = lists(book);
    let others = editions.into_iter().map(|(language, edition)| (language, lists(edition.book)));
    let gallery = Gallery::new(files.pictures());
    match offers.unchecked {
        Unchecked::Original => Library::cautious(book, others, gallery),
        Unchecked::Shown => Library::new(book, others, gallery),
    }
}
