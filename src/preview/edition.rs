//! The book as it was last read, mistakes and all, with its pictures. An author sees it long before it may go live.

use std::sync::Arc;

use crate::dialogue::{Book, Page};
use crate::leaflet::{Order, leaflet};
use crate::media::Gallery;
use crate::render::{self, Fields};
use crate::service::File;
use crate::source::{Files, Loaded};

/// How an address begins that would offer a page to other people: nobody is here to take it, so the page is opened as they would see it.
pub const SHARED: &str = "#";

/// A book that could be read.
#[derive(Debug)]
pub struct Edition {
    loaded: Arc<Loaded>,
    gallery: Gallery,
}

impl Edition {
    /// `None` if so much is wrong that there is no book. What was drawn for the edition before is not drawn again.
    pub fn of(loaded: &Arc<Loaded>, files: &Files, before: Option<&Edition>) -> Option<Edition> {
        loaded.book.as_ref()?;
        let gallery = before.map_or_else(|| Gallery::new(files.pictures()), |before| before.gallery.renewed(files.pictures()));
        Some(Edition { loaded: Arc::clone(loaded), gallery })
    }

    /// The book as it was written.
    fn own(&self) -> &Book {
        match &self.loaded.book {
            Some(book) => book,
            None => unreachable!("an edition is made of a book that is there"),
        }
    }

    /// The book in a language; as it was written if it isn't there in that one.
    pub fn book(&self, language: Option<&str>) -> &Book {
        let translated = |language: &str| {
            let translation = self.loaded.languages.translations.iter().find(|each| each.language == language)?;
            translation.edition.as_ref().map(|edition| &edition.book)
        };
        language.and_then(translated).unwrap_or_else(|| self.own())
    }

    /// The languages that it can be seen in, its own first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        let translations = self.loaded.languages.translations.iter().filter(|each| each.edition.is_some());
        std::iter::once(self.own().language()).chain(translations.map(|each| each.language.as_str()))
    }

    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    pub fn gallery(&self) -> &Gallery {
        &self.gallery
    }

    /// What Telegram is sent for a page, and whether its picture goes with it.
    pub fn message(&self, page: &Page) -> (Fields, bool) {
        let has_picture = page.image.as_ref().is_some_and(|image| self.gallery.picture(&image.file).is_some());
        render::message(page, has_picture, &|page, _| Some(format!("{SHARED}{page}")))
    }

    pub fn leaflet(&self, language: &str, region: Option<&str>) -> Option<File> {
        let book = self.book(Some(language));
        let content = leaflet(&Order { book, own: self.own(), gallery: &self.gallery, region, link: None })?;
        Some(File { name: format!("{}-{}.html", book.id(), book.language()), media: "text/html", content })
    }
}
