//! Screens kept ready as Telegram is sent them, one for each page and region of the running book.
//!
//! Only screens without memory are kept: their number is bounded by the book, and nothing of a reader is in them but the region. They go
//! with the book that they were made of.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::dialogue::{Book, Reader, Screen};
use crate::render;
use crate::service::Running;

pub struct Ready {
    running: Running,
    kept: RwLock<Arc<Kept>>,
}

/// The ready screens of one book.
struct Kept {
    book: Arc<Book>,
    /// By page, then by region; the last place of each page is for readers whose region is unknown.
    places: Vec<OnceLock<Arc<str>>>,
}

impl Ready {
    pub fn new(running: Running) -> Ready {
        let kept = Kept::of(Arc::clone(&running.borrow()));
        Ready { running, kept: RwLock::new(Arc::new(kept)) }
    }

    /// The fields of the request that shows a screen of `book` to `reader`.
    pub fn fields(&self, book: &Arc<Book>, screen: &Screen, reader: &Reader) -> Arc<str> {
        let make = || Arc::from(render::telegram(&book.compose(screen, reader)).0);
        if !screen.is_plain() {
            return make();
        }
        let kept = self.kept();
        // A turn of the book before is still being shown: it is the last that needs that one.
        if !Arc::ptr_eq(&kept.book, book) {
            return make();
        }
        let regions = book.regions();
        let region = reader.region.as_deref().and_then(|id| regions.get_index_of(id)).unwrap_or(regions.len());
        match kept.places.get(screen.node.0 as usize * (regions.len() + 1) + region) {
            Some(place) => Arc::clone(place.get_or_init(make)),
            None => make(),
        }
    }

    /// Those of the running book; those of another are let go.
    fn kept(&self) -> Arc<Kept> {
        let kept = Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner));
        let running = Arc::clone(&self.running.borrow());
        if Arc::ptr_eq(&kept.book, &running) {
            return kept;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&kept.book, &running) {
            *kept = Arc::new(Kept::of(running));
        }
        Arc::clone(&kept)
    }
}

impl Kept {
    fn of(book: Arc<Book>) -> Kept {
        let places = book.len() * (book.regions().len() + 1);
        Kept { book, places: (0..places).map(|_| OnceLock::new()).collect() }
    }
}
