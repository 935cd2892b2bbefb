//! Screens as Telegram is sent them. Those without memory are kept ready, one for each page and region of the running book.
//!
//! Their number is bounded by the book, and nothing of a reader is in them but the region. They go with the library that they were
//! made of.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::name::Name;
use crate::dialogue::{Book, Page, Reader, Screen};
use crate::media::Picture;
use crate::render::{self, Fields};
use crate::service::library::{Library, Volume};
use crate::service::{File, Running};

/// A message as Telegram is sent it.
pub struct Message {
    pub fields: Fields,
    /// Then the words stand under it.
    pub picture: Option<Arc<Picture>>,
}

impl Message {
    /// A page with the picture that it names, if there is one.
    fn of(page: &Page, library: &Library, name: &Name) -> Message {
        let link = |page: &str, words: &str| name.share(page, words);
        let picture = page.image.as_ref().and_then(|image| library.gallery.picture(&image.file));
        let (fields, is_pictured) = render::message(page, picture.is_some(), &link);
        Message { fields, picture: picture.filter(|_| is_pictured) }
    }

    /// A page of words alone.
    pub fn plain(page: &Page) -> Message {
        Message { fields: render::telegram(page, &|_, _| None), picture: None }
    }
}

pub struct Ready {
    running: Running,
    name: Arc<Name>,
    kept: RwLock<Arc<Kept>>,
}

/// The ready screens of one library.
struct Kept {
    library: Arc<Library>,
    /// Of each of its books.
    books: Vec<KeptBook>,
}

struct KeptBook {
    book: Arc<Book>,
    /// By page, then by region; the last place of each page is for readers whose region is unknown.
    places: Vec<OnceLock<Arc<Message>>>,
}

impl Ready {
    pub fn new(running: Running, name: Arc<Name>) -> Ready {
        let kept = Kept::of(Arc::clone(&running.borrow()));
        Ready { running, name, kept: RwLock::new(Arc::new(kept)) }
    }

    /// The message that shows a screen of `volume` to `reader`.
    pub fn message(&self, volume: &Volume, screen: &Screen, reader: &Reader) -> Arc<Message> {
        let Volume { library, book } = volume;
        let make = || Arc::new(Message::of(&book.compose(screen, reader), library, &self.name));
        if !book.is_same_for_all(screen, reader) {
            return make();
        }
        // A turn of the library before may still be shown: it is the last that needs that one.
        let kept = self.kept();
        let Some(ready) = kept.books.iter().find(|ready| Arc::ptr_eq(&ready.book, book)) else { return make() };
        let regions = book.regions();
        let region = reader.region.as_deref().and_then(|id| regions.get_index_of(id)).unwrap_or(regions.len());
        match ready.places.get(screen.node.0 as usize * (regions.len() + 1) + region) {
            Some(place) => Arc::clone(place.get_or_init(make)),
            None => make(),
        }
    }

    /// The leaflet in the reader's language and for their region. It is asked for seldom, and made in less time than it takes to send.
    pub fn leaflet(&self, volume: &Volume, reader: &Reader) -> Option<File> {
        volume.leaflet(reader.region.as_deref(), self.name.link().as_deref())
    }

    /// Those of the running library; those of another are let go.
    fn kept(&self) -> Arc<Kept> {
        let kept = Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner));
        let running = Arc::clone(&self.running.borrow());
        if Arc::ptr_eq(&kept.library, &running) {
            return kept;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&kept.library, &running) {
            *kept = Arc::new(Kept::of(running));
        }
        Arc::clone(&kept)
    }
}

impl Kept {
    fn of(library: Arc<Library>) -> Kept {
        let books = library.books().map(|book| {
            let places = book.len() * (book.regions().len() + 1);
            KeptBook { book: Arc::clone(book), places: (0..places).map(|_| OnceLock::new()).collect() }
        });
        Kept { books: books.collect(), library }
    }
}
