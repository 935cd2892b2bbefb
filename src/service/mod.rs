//! A turn as it is lived: load the reader, step, save what changed.
//!
//! The service knows no channel and no SQL. It never fails: when the store or the core breaks, the reader still gets an answer.

pub mod flood;
pub mod meter;
pub mod operator;
pub mod pacer;
pub mod weekly;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;
use tokio::sync::watch;

use crate::dialogue::{Asked, Book, Effect, Event, Input, Reader, Turn, leads_to_help, step};
use crate::places;
use crate::store::Store;
use meter::Meter;

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
                return self.remember(book, chat, turn).await;
            }
        }
        error!("a reader changed too often to be saved; the reader was told. This is a bug.");
        let sorry = guarded_step(&book, &Reader::default(), &Input { at: input.at, event: Event::Broken });
        Answer { book, reader: sorry.reader, effects: sorry.effects }
    }

    /// Whether this is answered however much came before it: a warning sign, and whatever leads to help. Told without the store, so
    /// that a flood costs little.
    pub fn leads_to_help(&self, input: &Input) -> bool {
        let book = self.book();
        let is_sign = matches!(&input.event, Event::Said { words, .. } if book.index().sign_in(words).is_some());
        is_sign || leads_to_help(&book, &guarded_step(&book, &Reader::default(), input))
    }

    async fn turn_once(&self, book: &Book, chat: i64, input: &Input) -> Result<Turn, Changed> {
        let before = match self.store.reader(chat).await {
            Ok(reader) => reader,
            // A reader who could not be read must not be overwritten by what we made up instead.
            Err(error) => {
                error!("a reader could not be looked up and is answered as a new one: {error}");
                return Ok(guarded_step(book, &Reader::default(), input));
            }
        };
        let input = &Input { at: input.at, event: with_place(book, &before, &input.event) };
        let turn = guarded_step(book, &before, input);
        if turn.reader == before {
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

    /// What the store keeps of the effects; the channel gets the others.
    async fn remember(&self, book: Arc<Book>, chat: i64, turn: Turn) -> Answer {
        self.meter.took_effect(&book, &turn.effects);
        for effect in &turn.effects {
            if let Effect::Rate { tip, helpful } = effect
                && let Err(error) = self.store.rate(chat, tip, *helpful).await
            {
                error!("a rating could not be saved: {error}");
            }
        }
        Answer { book, reader: turn.reader, effects: turn.effects }
    }
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
