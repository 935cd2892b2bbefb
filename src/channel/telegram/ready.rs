//! Screens kept ready as Telegram is sent them, one for each page and region.
//!
//! Only screens without memory are kept: their number is bounded by the book, and nothing of a reader is in them but the region.

use std::sync::{Arc, OnceLock};

use crate::dialogue::{Book, Reader, Screen};
use crate::render;

pub struct Ready {
    book: Arc<Book>,
    /// By page, then by region; the last place of each page is for readers whose region is unknown.
    kept: Vec<OnceLock<Arc<str>>>,
}

impl Ready {
    pub fn new(book: Arc<Book>) -> Ready {
        let places = book.len() * (book.regions().len() + 1);
        Ready { book, kept: (0..places).map(|_| OnceLock::new()).collect() }
    }

    /// The fields of the request that shows `screen` to `reader`.
    pub fn fields(&self, screen: &Screen, reader: &Reader) -> Arc<str> {
        let make = || Arc::from(render::telegram(&self.book.compose(screen, reader)).0);
        if !screen.is_plain() {
            return make();
        }
        let regions = self.book.regions();
        let region = reader.region.as_deref().and_then(|id| regions.get_index_of(id)).unwrap_or(regions.len());
        match self.kept.get(screen.node.0 as usize * (regions.len() + 1) + region) {
            Some(place) => Arc::clone(place.get_or_init(make)),
            None => make(),
        }
    }
}
