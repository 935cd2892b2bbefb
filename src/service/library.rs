//! What runs: the book in each of its languages, and its pictures. A newer one comes in its place as a whole.

use std::sync::Arc;

use indexmap::IndexMap;

use super::File;
use crate::dialogue::Book;
use crate::leaflet::{Order, leaflet};
use crate::media::Gallery;

#[derive(Debug)]
pub struct Library {
    own: Arc<Book>,
    /// The same in other languages, by their two letters.
    others: IndexMap<String, Arc<Book>>,
    pub gallery: Gallery,
}

/// A library, and the book in it that one turn is taken with: its screens can be composed with no other.
#[derive(Debug, Clone)]
pub struct Volume {
    pub library: Arc<Library>,
    pub book: Arc<Book>,
}

impl Volume {
    /// The leaflet in the words of this book, for a reader's region; `link` is where the bot is, if that is known.
    pub fn leaflet(&self, region: Option<&str>, link: Option<&str>) -> Option<File> {
        let Volume { library, book } = self;
        let content = leaflet(&Order { book, own: &library.own, gallery: &library.gallery, region, link })?;
        Some(File { name: format!("{}-{}.html", book.id(), book.language()), media: "text/html", content })
    }
}

impl Library {
    pub fn new(own: Book, others: impl IntoIterator<Item = (String, Book)>, gallery: Gallery) -> Library {
        let others = others.into_iter().map(|(language, book)| (language, Arc::new(book))).collect();
        Library { own: Arc::new(own), others, gallery }
    }

    /// The same with pages of triage and advice that nobody has checked in the book's own words.
    pub fn cautious(own: Book, others: impl IntoIterator<Item = (String, Book)>, gallery: Gallery) -> Library {
        let others: Vec<_> = others.into_iter().map(|(language, book)| (language, book.cautious(&own))).collect();
        Library::new(own, others, gallery)
    }

    /// A book in its own language alone, without pictures.
    pub fn of(book: impl Into<Arc<Book>>) -> Library {
        Library { own: book.into(), others: IndexMap::new(), gallery: Gallery::default() }
    }

    /// The book as it was written.
    pub fn own(&self) -> &Arc<Book> {
        &self.own
    }

    /// The book in just this language.
    pub fn speaks(&self, language: &str) -> Option<&Arc<Book>> {
        if language == self.own.language() { Some(&self.own) } else { self.others.get(language) }
    }

    /// The book in a language; as it was written if it isn't there in that one.
    pub fn book(&self, language: Option<&str>) -> &Arc<Book> {
        language.and_then(|language| self.speaks(language)).unwrap_or(&self.own)
    }

    /// The book in a language, to take a turn with.
    pub fn volume(self: &Arc<Self>, language: Option<&str>) -> Volume {
        Volume { library: Arc::clone(self), book: Arc::clone(self.book(language)) }
    }

    /// The book as it was written, then in its other languages.
    pub fn books(&self) -> impl Iterator<Item = &Arc<Book>> {
        std::iter::once(&self.own).chain(self.others.values())
    }

    /// Does what would hold up the first who need it: learns how things are asked for, and draws the pictures.
    pub fn prepare(&self) {
        self.books().for_each(|book| book.index().learn());
        self.gallery.draw();
    }
}
