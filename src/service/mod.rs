//! A turn as it is lived: load the reader, step, save what changed.
//!
//! The service knows no channel and no SQL. It never fails: when the store or the core breaks, the reader still gets an answer.

mod export;
pub mod flood;
pub mod meter;
pub mod operator;
pub mod pacer;
pub mod retention;
pub mod weekly;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;
use tokio::sync::watch;

use crate::dialogue::{Asked, Book, Effect, Event, Input, Reader, Turn, leads_to_help, step};
use crate::places;
use crate::store::Store;
use meter::Meter;

pub use export::export;

/// The running book, and word of each that comes in its place.
pub type Running = watch::Receiver<Arc<Book>>;

pub struct Service {
    pub running: Running,
    pub store: Arc<dyn Store>,
    pub meter: Arc<Meter>,
}

/// Words that answer "which clock?" become a time zone before the core hears them; a warning sign stays what it is.
pub fn with_place(book: &Book, reader: &Reader, event: &Event) -> Event {
    match event {
        Event::Said { words, .. } if reader.asked == Some(Asked::Zone) && book.index().sign_in(words).is_none() => {
            let zone = places::zone_of_city(words, reader.region.as_deref());
            zone.map_or_else(|| event.clone(), |zone| Event::Located(Some(zone)))
        }
        _ => event.clone(),
    }
}

/// The reader changed between the look and the save.
struct Changed;

/// So often a turn is taken again.
const TRIES: usize = 4;

/// What a channel carries out for a reader.
pub struct Answer {
    /// The book of the turn: its screens can be composed with no other.
    pub book: Arc<Book>,
    pub reader: Reader,
    pub effects: Vec<Effect>,
    /// What [`Effect::Export`] sends.
    pub file: Option<File>,
}

/// A file for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub content: String,
}

impl Service {
    /// The book that runs now. Whoever takes a turn asks once, and keeps to that book until the turn is shown.
    pub fn book(&self) -> Arc<Book> {
        Arc::clone(&self.running.borrow())
    }

    /// Answers one input of one chat.
    pub async fn turn(&self, chat: i64, input: &Input) -> Answer {
        let book = self.book();
        // A tip may be begun between the look and the save: then the turn is taken again, over what stands now.
        for _ in 0..TRIES {
            if let Ok(turn) = self.turn_once(&book, chat, input).await {
                return self.remember(book, chat, input, turn).await;
            }
        }
        error!("a reader changed too often to be saved; the reader was told. This is a bug.");
        let Turn { reader, effects } = sorry(&book, &Reader::default(), input);
        Answer { book, reader, effects, file: None }
    }

    /// Whether this is answered however much came before it: a warning sign, and whatever leads to help. Told without the store, so
    /// that a flood costs little.
    pub fn leads_to_help(&self, input: &Input) -> bool {
        let book = self.book();
        let is_sign = matches!(&input.event, Event::Said { words, .. } if book.index().sign_in(words).is_some());
        is_sign || leads_to_help(&book, &guarded_step(&book, &Reader::default(), input))
    }

    async fn turn_once(&self, book: &Book, chat: i64, input: &Input) -> Result<Turn, Changed> {
        let (before, known) = match self.store.reader(chat).await {
            Ok(reader) => (reader, true),
            // A reader who could not be read must not be overwritten by what we made up instead.
            Err(error) => {
                error!("a reader could not be looked up and is answered as a new one: {error}");
                (Reader::default(), false)
            }
        };
        let input = &Input { at: input.at, event: with_place(book, &before, &input.event) };
        let turn = guarded_step(book, &before, input);
        if turn.effects.contains(&Effect::Forget) {
            return Ok(self.forget(book, chat, &before, input, turn).await);
        }
        if !known || turn.reader == before {
            return Ok(turn);
        }
        match self.store.change(chat, &before, &turn.reader).await {
            Ok(true) => Ok(turn),
            Ok(false) => Err(Changed),
            Err(error) => {
                error!("what a reader chose could not be saved: {error}");
                Ok(turn)
            }
        }
    }

    /// All of it goes before the reader is told so; if it can't, they are not told so.
    async fn forget(&self, book: &Book, chat: i64, before: &Reader, input: &Input, turn: Turn) -> Turn {
        match self.store.forget(chat).await {
            Ok(()) => turn,
            Err(error) => {
                error!("what is kept of a reader could not be deleted; the reader was told that something broke: {error}");
                sorry(book, before, input)
            }
        }
    }

    /// What the store keeps or tells of the effects; the channel gets the others.
    async fn remember(&self, book: Arc<Book>, chat: i64, input: &Input, turn: Turn) -> Answer {
        self.meter.took_effect(&book, &turn.effects);
        for effect in &turn.effects {
            if let Effect::Rate { tip, helpful } = effect
                && let Err(error) = self.store.rate(chat, tip, *helpful).await
            {
                error!("a rating could not be saved: {error}");
            }
        }
        let Turn { reader, effects } = turn;
        if !effects.contains(&Effect::Export) {
            return Answer { book, reader, effects, file: None };
        }
        match self.store.kept(chat).await {
            Ok(kept) => {
                let file = File { name: format!("{}.json", book.id()), content: export(chat, &kept) };
                Answer { book, reader, effects, file: Some(file) }
            }
            Err(error) => {
                error!(
                    "what is kept of a reader could not be read for them; the reader was told that something broke: {error}"
                );
                let Turn { reader, effects } = sorry(&book, &reader, input);
                Answer { book, reader, effects, file: None }
            }
        }
    }
}

/// What a reader is told when something broke on our side.
fn sorry(book: &Book, reader: &Reader, input: &Input) -> Turn {
    guarded_step(book, reader, &Input { at: input.at, event: Event::Broken })
}

/// A step that panics costs one answer: the reader gets a kind way on, and nothing of theirs changes.
fn guarded_step(book: &Book, reader: &Reader, input: &Input) -> Turn {
    let guarded = |input: &Input| catch_unwind(AssertUnwindSafe(|| step(book, reader.clone(), input))).ok();
    guarded(input).unwrap_or_else(|| {
        error!("a turn broke; the reader was told. This is a bug.");
        let broken = Input { at: input.at, event: Event::Broken };
        guarded(&broken).unwrap_or(Turn { reader: reader.clone(), effects: Vec::new() })
    })
}
