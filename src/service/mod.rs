//! A turn as it is lived: load the reader, step, save what changed.
//!
//! The service knows no channel and no SQL. It never fails: when the store or the core breaks, the reader still gets an answer.

pub mod coach;
mod export;
pub mod flood;
pub mod library;
pub mod meter;
pub mod operator;
pub mod pacer;
pub mod retention;
pub mod weekly;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use log::error;
use tokio::sync::watch;

use crate::dialogue::{Asked, Book, Effect, Event, Input, Located, Reader, Turn, leads_to_help, step};
use crate::places::{self, Facilities};
use crate::store::Store;
use library::{Library, Volume};
use meter::Meter;

pub use export::export;

/// The running library, and word of each that comes in its place.
pub type Running = watch::Receiver<Arc<Library>>;

pub struct Service {
    pub running: Running,
    pub store: Arc<dyn Store>,
    pub meter: Arc<Meter>,
    /// The operator's list of services.
    pub facilities: Arc<Facilities>,
}

/// Words that answer "which clock?" become a time zone before the core hears them; a warning sign stays what it is.
pub fn with_place(book: &Book, reader: &Reader, event: &Event) -> Event {
    match event {
        Event::Said { words, .. } if reader.asked == Some(Asked::Zone) && book.sign_in(words).is_none() => {
            let zone = places::zone_of_city(words, reader.region.as_deref());
            zone.map_or_else(|| event.clone(), |zone| Event::Located(Located { zone: Some(zone), ..Located::default() }))
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
    /// The book of the turn.
    pub volume: Volume,
    pub reader: Reader,
    pub effects: Vec<Effect>,
    /// What [`Effect::Export`] sends.
    pub file: Option<File>,
}

impl Answer {
    pub fn shows_help(&self) -> bool {
        leads_to_help(&self.volume.book, &self.effects)
    }
}

/// A file for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// What kind of file it is, as networks call it.
    pub media: &'static str,
    pub content: String,
}

impl Service {
    /// The library that runs now. Whoever takes a turn asks once, and keeps to it until the turn is shown.
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.running.borrow())
    }

    /// Answers one input of one chat, in the language that the reader chose, else in the one that the channel tells.
    pub async fn turn(&self, chat: i64, input: &Input, told: Option<&str>) -> Answer {
        let library = self.library();
        // A tip may be begun between the look and the save: then the turn is taken again, over what stands now.
        for _ in 0..TRIES {
            if let Ok((volume, turn)) = self.turn_once(&library, chat, input, told).await {
                return self.remember(volume, chat, input, turn).await;
            }
        }
        error!("a reader changed too often to be saved; the reader was told. This is a bug.");
        let volume = library.volume(told);
        let Turn { reader, effects } = sorry(&volume.book, &Reader::default(), input);
        Answer { volume, reader, effects, file: None }
    }

    /// Whether this is answered however much came before it: a warning sign, and whatever leads to help. Told without the store, so
    /// that a flood costs little.
    pub fn leads_to_help(&self, input: &Input, told: Option<&str>) -> bool {
        let Volume { book, .. } = self.library().volume(told);
        let is_sign = matches!(&input.event, Event::Said { words, .. } if book.sign_in(words).is_some());
        is_sign || leads_to_help(&book, &guarded_step(&book, &Reader::default(), input).effects)
    }

    async fn turn_once(
        &self,
        library: &Arc<Library>,
        chat: i64,
        input: &Input,
        told: Option<&str>,
    ) -> Result<(Volume, Turn), Changed> {
        let (before, known) = match self.store.reader(chat).await {
            Ok(reader) => (reader, true),
            // A reader who could not be read must not be overwritten by what we made up instead.
            Err(error) => {
                error!("a reader could not be looked up and is answered as a new one: {error}");
                (Reader::default(), false)
            }
        };
        let volume = library.volume(before.language.as_deref().or(told));
        let input = &Input { at: input.at, event: with_place(&volume.book, &before, &input.event) };
        let turn = guarded_step(&volume.book, &before, input);
        if turn.effects.contains(&Effect::Forget) {
            let turn = self.forget(&volume.book, chat, &before, input, turn).await;
            return Ok((volume, turn));
        }
        // Pages have the same numbers in each language, so the answer can be said in one that was just chosen.
        let volume = match &turn.reader.language {
            same if *same == before.language => volume,
            chosen => library.volume(chosen.as_deref().or(told)),
        };
        if !known || turn.reader == before {
            return Ok((volume, turn));
        }
        match self.store.change(chat, &before, &turn.reader).await {
            Ok(true) => Ok((volume, turn)),
            Ok(false) => Err(Changed),
            Err(error) => {
                error!("what a reader chose could not be saved: {error}");
                Ok((volume, turn))
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
    async fn remember(&self, volume: Volume, chat: i64, input: &Input, turn: Turn) -> Answer {
        self.meter.took_effect(&volume.book, &turn.effects);
        for effect in &turn.effects {
            if let Effect::Rate { tip, helpful, missing } = effect
                && let Err(error) = self.store.rate(chat, tip, *helpful, missing.as_deref()).await
            {
                error!("a rating could not be saved: {error}");
            }
        }
        let Turn { reader, effects } = turn;
        if !effects.contains(&Effect::Export) {
            return Answer { volume, reader, effects, file: None };
        }
        match self.store.kept(chat).await {
            Ok(kept) => {
                let name = format!("{}.json", volume.book.id());
                let file = File { name, media: "application/json", content: export(chat, &kept) };
                Answer { volume, reader, effects, file: Some(file) }
            }
            Err(error) => {
                error!(
                    "what is kept of a reader could not be read for them; the reader was told that something broke: {error}"
                );
                let Turn { reader, effects } = sorry(&volume.book, &reader, input);
                Answer { volume, reader, effects, file: None }
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
